//! A literature review: a protocol of queries, run as a whole, with numbers that add up and a receipt that tells later
//! whether a run anew says the same.
//!
//! The text of a [`Protocol`] and [`Decisions`] enter; a [`Review`] leaves: its records, each once, and the [`Flow`] from
//! what was identified to what is included. A [`Receipt`] is what a later run is compared with ([`replay()`]). Nothing here
//! touches the disk or reads the clock, and no record is ever taken away: what is excluded says so.

mod decisions;
mod flow;
mod protocol;
mod receipt;
mod replay;
mod run;

pub(crate) use decisions::{DECISION, REASON};
pub use decisions::{Decision, Decisions, MARK};
pub use flow::{Flow, Stage};
pub use protocol::{MOST_QUERIES, Protocol, ProtocolQuery, RecordUnit, TEMPLATE};
pub use receipt::{QueryReceipt, Receipt, RecordMark};
pub use replay::{Change, Replay, replay};
pub use run::{Decided, QueryResult, Record, Review, Verdict, review};
