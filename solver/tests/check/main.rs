//! The referee judged by facts: what it accepts, what it refuses, and that its bound is a bound.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bound;
mod cases;
mod every;
mod explain;
mod fair;
mod mutation;
mod person;
mod pins;
mod random;
mod repairs;
mod second;
mod solved;
