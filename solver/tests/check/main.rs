//! The referee judged by facts: what it accepts, what it refuses, and that its bound is a bound.

mod bound;
mod explain;
mod mutation;
mod person;
mod pins;
mod random;
mod second;
mod solved;
