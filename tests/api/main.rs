//! The product through its front door: the real server on a free port, the real solver, both databases.

mod catalog;
mod errors;
mod markets;
mod openapi;
mod pages;
mod parties;
mod places;
mod schema;
mod server;
mod support;
mod tidy;
