//! Tenders: pooled need put out to bid, sealed bids, their opening, and the scenarios compared before an award.
//!
//! | folder | holds |
//! |---|---|
//! | `aggregate` | the open demands of a round as pooled figures that name nobody |
//! | `calls` | calls for bids: scope, lots, terms, timetable |
//! | `bids` | sealed versions; what a bid may say and what is wrong with one |
//! | `seal` | the committee's key, its shares, sealed files, receipts |
//! | `feedback` | what bidders are told, their complaints, patterns worth a look |
//! | `ocds` | the open record of a published round |
//! | `opening` | opened bids become offers with terms, in the round's frozen problem |
//! | `scenarios` | the same problem under several sets of rules, solved side by side and compared |
//!
//! Invariants:
//! * before its call closes, a bid exists for its bidder alone: no list, count, error or metric tells anybody else of it;
//! * the server keeps ciphertext and commitment, never what a bid says, until the opening hands the documents in;
//! * a bid counts only under the terms it was placed or confirmed for; all versions are kept;
//! * the server's time decides: what arrives at or after the closing time is refused with its own code;
//! * while a call of a round is sealed, no plan of the round is computed; opened bids join the *frozen* problem, so nobody
//!   else's offer can change after prices are known;
//! * bids and plain offers compete in one problem: a bid's line is an offer with terms (`offers::terms`).

pub mod aggregate;
pub mod api;
pub mod bids;
pub mod calls;
mod errors;
pub mod feedback;
pub mod ocds;
pub mod opening;
pub mod scenarios;
pub mod seal;
pub mod state;

pub use errors::TenderError;
