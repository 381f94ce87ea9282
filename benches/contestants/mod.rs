//! The contestants: nutgraf, bare tantivy, SQLite.

#![allow(dead_code, reason = "each benchmark uses its part of it")]

pub(crate) mod bare;
pub(crate) mod nutgraf;
pub(crate) mod sqlite;

/// What every writer may keep in memory, in bytes: the default of `nutgraf-index`.
pub(crate) const MEMORY: usize = 256 << 20;
