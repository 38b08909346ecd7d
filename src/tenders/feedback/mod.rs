//! What bidders are told: what each lot came to, at which price a losing line would have won or which rule stood against it,
//! and never anything about a rival. And what they may say to it: complaints, which hold the orders for the lines concerned.
//!
//! | file | holds |
//! |---|---|
//! | `answers` | an answer for every lot of every opened bid, once there is a plan |
//! | `complaints` | objections and their answers |
//! | `holds` | which awards a complaint is about, for the orders that wait for its answer |
//! | `screens` | patterns of prices that an observer should look at; they block nothing |
//! | `patterns` | reads what the screens look at: a call's opened bids, and those of the calls before it |
//!
//! Invariants: an answer holds its own bidder's figures only; a plan's answers are written once; no order goes out for
//! a line that an open complaint is about.

pub mod answers;
pub mod api;
pub mod complaints;
mod errors;
pub mod holds;
pub mod patterns;
pub mod screens;
mod store;

pub use errors::FeedbackError;
