//! The product through its front door: the real server on a free port, the real solver, both databases.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails at that line")]

mod access;
mod catalog;
mod check;
mod classes;
mod clock;
mod demands;
mod demo;
mod errors;
mod fault;
mod hostile;
mod imports;
mod injection;
mod logs;
mod markets;
mod matrix;
mod offers;
mod openapi;
mod orders;
mod pages;
mod parties;
mod places;
mod record;
mod retry;
mod rounds;
mod schema;
mod seal;
mod server;
mod stock;
mod support;
mod tenders;
mod tidy;
mod tour;
mod volume;
