//! What an index was made with: if it differs, nothing of the index can be taken over.

use xxhash_rust::xxh3::xxh3_64;

use super::build::Build;
use super::generation::{self, Manifest, PROGRAM};
use crate::groups::Near;
use crate::read;

/// How alike near copies are: as is asked for, or as in the index there is.
pub(super) fn near(build: &Build, before: Option<&Manifest>) -> Near {
    build.near.or(before.map(|before| before.copies.near)).unwrap_or_default()
}

/// A hash of what may be read and under which names, in hexadecimal.
pub(super) fn reading(options: &read::Options) -> String {
    // Which files are found is seen in the files themselves, and what is a date ahead in the doubts about them.
    let read::Options { limits, mapping, hidden: _, follow_links: _, today: _ } = options;
    format!("{:016x}", xxh3_64(format!("{limits:?} {mapping:?}").as_bytes()))
}

/// What of the settings is other than it was, as a clause.
pub(super) fn differ(build: &Build, before: &Manifest) -> Option<&'static str> {
    let checks = [
        (before.program != PROGRAM, "the index was made by another version of the program"),
        (before.codebook != generation::mark(&build.codebook).0, "the codebook has changed"),
        (before.reading != reading(&build.read), "the limits or the names of fields have changed"),
        (before.copies.near != near(build, Some(before)), "what counts as a near copy has changed"),
    ];
    checks.into_iter().find(|(differs, _)| *differs).map(|(_, what)| what)
}
