//! A review -> the files that a methods section rests on, and what is told of it.

mod prisma;
mod records;
mod replay;
mod summary;

pub use prisma::{prisma, prisma_figure};
pub use records::{decisions, overlap, record_lines, records};
pub use replay::replay;
pub use summary::{Letter, arrivals, receipt, review};
