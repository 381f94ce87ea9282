//! The programs as a user meets them, and what must hold between the rooms.

mod codebook;
mod command;
mod copies;
mod corpus;
mod crash;
mod damage;
mod groups;
mod hostile;
mod meaning;
mod ranking;
mod readme;
mod review;
mod same;
mod sync;
mod tidy;
mod timeline;
mod world;
