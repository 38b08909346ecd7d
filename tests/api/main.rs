//! The product through its front door: the real server on a free port, the real solver, both databases.

mod errors;
mod openapi;
mod pages;
mod parties;
mod schema;
mod server;
mod support;
mod tidy;
