//! The engines judged by the independent referee, by brute force and by one another.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../check/random.rs"]
#[expect(dead_code, reason = "shared with the referee's own tests")]
mod random;

mod agreement;
mod brute;
mod build;
mod charges;
mod examples;
mod fair;
mod reasons;
mod recorded;
mod rounds;
mod sameness;
mod tender;
mod validation;
mod warehouses;
