//! Rows of organisations, people and their roles.

pub mod organisations;
pub mod people;
