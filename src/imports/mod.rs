//! Many demands, offers or parties from one table, and tables of them to take away.
//!
//! A file is read by a child process (`sheets`), its headers matched to columns, every cell checked, and then all rows go
//! through the same service as single entries, in one transaction: either every row is good, or nothing is written and
//! every bad cell is named. Rows that say what is there already change nothing, so a file can be sent twice.

pub mod api;
mod bid_columns;
mod columns;
mod errors;
mod export;
mod goods;
mod literal;
mod parties;
pub mod service;
mod table;

pub(crate) use columns::folded;
pub use columns::{Kind, Language};
pub use errors::ImportError;
pub use export::{Fields, export, filled, template};
pub use goods::TIERS;
pub(crate) use table::{Row, Table};
