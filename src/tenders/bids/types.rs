//! What the server keeps of a bid.

use super::super::state::BidStatus;
use crate::values::Timestamp;
use crate::word_enum;

word_enum! {
    /// Where a bid was sealed.
    SealedWhere {
        /// In the bidder's browser, by the page: nobody else saw what it says.
        Browser = "browser",
        /// By the offline file.
        Offline = "offline",
        /// At the counter, by the server, at once: the server saw it for that moment.
        Counter = "counter",
    }
}

/// A bidder's bid on a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bid {
    /// Its id.
    pub id: i64,
    /// The market.
    pub market_id: i64,
    /// The call.
    pub call_id: i64,
    /// Who bids.
    pub bidder_id: i64,
    /// What became of it.
    pub status: BidStatus,
    /// Number of the version that counts.
    pub current: i64,
    /// The terms it was placed or confirmed for.
    pub terms_version: i64,
    /// When the current version was placed.
    pub placed_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
}

/// One version of a bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BidVersion {
    /// Its id.
    pub id: i64,
    /// The bid.
    pub bid_id: i64,
    /// 1 for the first.
    pub number: i64,
    /// The terms it was made for.
    pub terms_version: i64,
    /// Base64 of the sealed bytes.
    pub sealed: String,
    /// SHA-256 that the bidder committed to, in hexadecimal.
    pub commitment: String,
    /// Where it was sealed.
    pub sealed_where: SealedWhere,
    /// When it was placed.
    pub placed_at: Timestamp,
}

/// What a bidder hands in: sealed bytes, and the commitment to what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedBid {
    /// The terms it was made for.
    pub terms_version: i64,
    /// Base64 (standard alphabet, padded) of the sealed bytes.
    pub sealed: String,
    /// The public key it was sealed to.
    pub recipient: String,
    /// SHA-256 over the commitment's bytes, 64 hexadecimal digits.
    pub commitment: String,
    /// Where it was sealed.
    pub sealed_where: SealedWhere,
}

/// What an opening hands in for one bid: the document, or why the seal could not be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedBid {
    /// The bid.
    pub bid_id: i64,
    /// The document, or a reason in plain words.
    pub document: Result<OpenedDocument, String>,
}

/// What was in a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedDocument {
    /// The very bytes that the bidder committed to: JSON.
    pub bytes: Vec<u8>,
    /// The commitment's nonce in hexadecimal; with it, anybody who holds the document can compute the commitment.
    pub nonce: String,
}
