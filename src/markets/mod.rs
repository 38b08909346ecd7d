//! Markets: one area with its operator, members, delivery days, freight and rules.
//!
//! Invariants: a market has one operator, and only that organisation changes it; who is neither operator nor member is
//! told that there is no such market; every change of a setting is written down old and new.

pub mod api;
pub mod duties;
pub mod errors;
pub mod service;
mod store;
pub mod traders;
pub mod types;
mod wire;

pub use errors::MarketError;
pub use traders::Traders;
pub use types::{DeliveryWeekdays, FreightSettings, Market, MarketKind, MarketStatus, Membership, TimeZone};
