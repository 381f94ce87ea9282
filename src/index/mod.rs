//! The tantivy side: schema, build, generations, opening.
//!
//! An index directory holds one file `current`, which names a generation, and that generation's directory. A build
//! writes a fresh generation beside the one in use and then replaces `current` in one step: a run that is killed leaves
//! the old index whole, and the next run clears away what it left. Readers open the generation that `current` names and
//! keep it until they end.

mod analyzers;
mod build;
mod cards;
mod check;
mod copies;
mod document;
mod facets;
mod files;
mod finish;
mod forms;
mod generation;
mod guarded;
mod inverted;
mod open;
mod past;
mod schema;
mod segment;
mod settings;
mod snapshot;
mod sums;
mod table;
mod terms;
mod work;

pub use build::{Build, Changes, Event, Mode, Report, build};
pub use check::{Check, Checkup, MOST_TOLD, Part, SAMPLED, check};
pub use files::Arrival;
pub use generation::{Card, CodebookMark, CopiesMark, Lock, Manifest, Past};
pub use open::{Held, Index};
pub use snapshot::{snapshot, snapshots};

pub(crate) use analyzers::Lent;
pub(crate) use facets::FacetColumn;
pub(crate) use open::Segment;
pub(crate) use schema::{FACETS, SENTENCE, is_of_articles};
pub(crate) use table::{NONE, Table};
pub(crate) use terms::LookedUp;
