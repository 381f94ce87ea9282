//! The programs as a user meets them, and what must hold between the rooms.

mod command;
mod meaning;
mod readme;
mod tidy;
mod world;
