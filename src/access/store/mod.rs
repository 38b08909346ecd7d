//! Rows of credentials, sessions, tokens and grants.

pub mod attempts;
pub mod credentials;
pub mod erase;
pub mod grants;
pub mod sessions;
pub mod tokens;
