//! What bidders are told: what each lot came to, at which price a losing line would have won or which rule stood against it,
//! and never anything about a rival. And what they may say to it: complaints, which hold up publishing until they are answered.
//!
//! | file | holds |
//! |---|---|
//! | `answers` | an answer for every lot of every opened bid, once there is a plan |
//! | `complaints` | objections and their answers |
//! | `screens` | patterns of prices that an observer should look at; they block nothing |
//!
//! Invariants: an answer holds its own bidder's figures only; a plan's answers are written once; no round is published while a
//! complaint about one of its calls is open.

pub mod answers;
pub mod api;
pub mod complaints;
mod errors;
pub mod screens;
mod store;

pub use errors::FeedbackError;
