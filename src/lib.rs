//! Full-text search over coverage of conflicts, whose unit is the paragraph.
//!
//! An article on its way in, and a question on its way out:
//!
//! ```text
//! files ─ read ─▶ Article ─▶ paragraphs ─ text ─▶ tokens ─┬─ index ────▶ terms ─────────┐
//!                                                         ├─ codebook ─▶ facets ────────┼─▶ one generation on disk
//!                                                         └─ groups ───▶ fingerprints ──┘
//! text ─ query ─▶ tree ─ meaning ─▶ clause ─ search ─▶ plan ─▶ scans ─▶ hits ─ highlight ─▶ Answer ─ print ─▶ bytes
//! ```
//!
//! [`build`] brings an index in line with a folder of articles, [`Index::open`] opens it read-only, [`search()`] answers a
//! [`Request`] with an [`Answer`]: exact totals, and the best groups of copies with the matched words marked.
//!
//! ```
//! use nutgraf::codebook::Codebook;
//! use nutgraf::index::Build;
//! use nutgraf::{Index, Join, Question, Request, build, search};
//!
//! let home = tempfile::tempdir()?;
//! let articles = home.path().join("articles");
//! std::fs::create_dir(&articles)?;
//! std::fs::write(articles.join("wire.txt"), "Assets frozen\n\nThe assets of the bank were frozen in March.\n")?;
//!
//! let (now, today) = (std::time::SystemTime::UNIX_EPOCH, "1970-01-01".parse()?);
//! let folder = home.path().join("index");
//! build(&folder, &Build::new(vec![articles], Codebook::conflict(), now, today), &|_| {})?;
//! let index = Index::open(&folder)?;
//! let answer = search(&index, &Request::new(Question::read("frozen asset", Join::All)?))?;
//! assert_eq!(answer.total.paragraphs, 2);
//! assert_eq!(&answer.hits[0].text[answer.hits[0].highlights[0].clone()], "Assets");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Rooms use only rooms above them: [`error`] and [`article`]; [`text`] and [`read`]; [`interval`], [`query`], [`meaning`],
//! [`codebook`] and [`groups`]; [`index`]; [`highlight`] and [`search`](mod@search); [`review`]; [`print`](mod@print). docs/ARCHITECTURE.md says what each is for.

pub mod article;
pub mod codebook;
pub mod error;
pub mod groups;
pub mod highlight;
pub mod index;
pub mod interval;
pub mod meaning;
pub mod print;
pub mod query;
pub mod read;
pub mod review;
pub mod search;
pub mod text;

pub use article::{Article, ArticleId, PubDate, Ref};
pub use error::{Error, Result};
pub use index::{Index, build};
pub use query::{Join, Question};
pub use search::answer::{Answer, Hit};
pub use search::{Request, search};
