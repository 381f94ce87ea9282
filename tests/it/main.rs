//! The programs as a user meets them, and what must hold between the rooms.

mod command;
mod readme;
mod tidy;
#[allow(dead_code)]
mod world;
