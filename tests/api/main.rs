//! The product through its front door: the real server on a free port, the real solver, both databases.

mod catalog;
mod demands;
mod errors;
mod markets;
mod offers;
mod openapi;
mod pages;
mod parties;
mod places;
mod schema;
mod server;
mod support;
mod tidy;
