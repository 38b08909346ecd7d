//! Rows of sessions, tokens and grants.

pub mod grants;
pub mod sessions;
pub mod tokens;
