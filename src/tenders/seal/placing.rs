//! Sealing at the counter, and the receipt that a bidder leaves with.

use super::super::bids::{self, Bid, BidVersion, SealedBid, SealedWhere};
use super::super::calls::{self, Call};
use super::envelope::Envelope;
use super::file::SealedFile;
use super::receipt::Receipt;
use super::{SealError, service};
use crate::audit::Work;
use crate::audit::note::Signer;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::parties::Actor;
use crate::scope::Scope;
use crate::tenders::bids::BidDocument;
use crate::values::hex::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Digits of a receipt's number that do not repeat by chance.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Takes a sealed bid and answers its receipt.
pub fn place(work: &mut Work<'_>, actor: &Actor, call_id: i64, sealed: &SealedBid) -> Result<(Bid, Receipt), AppError> {
    let bid = bids::service::place(work, actor, call_id, sealed)?;
    let receipt = current(work.connection, work.scope, &bid)?;
    Ok((bid, receipt))
}

/// Seals a document at once and takes the sealed bid; the document itself is stored nowhere. For bidders whose phone cannot
/// seal: the server sees the price for this moment, and the receipt says so.
pub fn place_at_counter(
    work: &mut Work<'_>,
    actor: &Actor,
    call_id: i64,
    document: &BidDocument,
) -> Result<(Bid, Receipt), AppError> {
    let call = calls::service::get(work.connection, work.scope, call_id)?;
    bids::service::check_document(work.connection, work.scope, call.id, actor.organisation_id, document)?;
    let envelope = Envelope {
        call_id: call.id,
        bidder_id: actor.organisation_id,
        nonce: Zeroizing::new(rand::random()),
        document: Zeroizing::new(document.to_json()),
    };
    let sealed = seal(work, &call, &envelope, document.terms_version)?;
    place(work, actor, call.id, &sealed)
}

fn seal(work: &mut Work<'_>, call: &Call, envelope: &Envelope, terms_version: i64) -> Result<SealedBid, AppError> {
    let recipient = service::recipient(work.connection, work.scope, call.id)?;
    let key = recipient.parse().map_err(|_| SealError::SeatKeyInvalid)?;
    Ok(SealedBid {
        terms_version,
        sealed: STANDARD.encode(SealedFile::seal(envelope, &key)?.bytes()),
        recipient,
        commitment: envelope.commitment(),
        sealed_where: SealedWhere::Counter,
    })
}

/// The hash of a request that holds a price, mixed with a secret: by itself it would let the price be guessed.
pub fn private_hash(signer: &Signer, sha256: &str) -> String {
    let mixed = Sha256::new_with_prefix("pasok-counter-request\n").chain_update(signer.secret()).chain_update(sha256);
    hex(&mixed.finalize())
}

/// The receipt of a bid's current version.
pub fn current(connection: &mut DbConnection, scope: &Scope, bid: &Bid) -> Result<Receipt, AppError> {
    let versions = bids::service::versions(connection, scope, bid.id)?;
    let version = versions.into_iter().find(|version| version.number == bid.current);
    receipt(bid, &version.ok_or(CommonError::NotFound)?)
}

/// Receipts of all versions of one of the actor's bids, by version.
pub fn receipts(
    connection: &mut DbConnection,
    scope: &Scope,
    actor: &Actor,
    bid_id: i64,
) -> Result<Vec<Receipt>, AppError> {
    let bid = bids::service::get(connection, scope, bid_id)?;
    if bid.bidder_id != actor.organisation_id {
        return Err(CommonError::Forbidden.into());
    }
    bids::service::versions(connection, scope, bid.id)?.iter().map(|version| receipt(&bid, version)).collect()
}

fn receipt(bid: &Bid, version: &BidVersion) -> Result<Receipt, AppError> {
    let bytes = STANDARD.decode(&version.sealed).map_err(AppError::internal)?;
    Ok(Receipt {
        number: number(&version.commitment),
        call_id: bid.call_id,
        bidder_id: bid.bidder_id,
        version: version.number,
        received_at: version.placed_at,
        sealed_where: version.sealed_where.word(),
        commitment: version.commitment.clone(),
        file_sha256: hex(&Sha256::digest(&bytes)),
    })
}

/// A number for people, from the commitment, which is as good as random: a running number would tell how many bids there are.
fn number(commitment: &str) -> String {
    let digest = Sha256::new_with_prefix("pasok-receipt-number-v1\n").chain_update(commitment).finalize();
    let digit = |byte: &u8| DIGITS.get(usize::from(byte & 31)).map_or('0', |digit| char::from(*digit));
    let digits: String = digest.iter().take(12).map(digit).collect();
    format!("{}-{}-{}", part(&digits, 0), part(&digits, 4), part(&digits, 8))
}

fn part(digits: &str, at: usize) -> &str {
    digits.get(at..at + 4).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_from_commitments_and_tell_nothing_of_order() {
        let numbers: std::collections::BTreeSet<String> = (0..1_000).map(|n| number(&format!("{n:064x}"))).collect();
        assert_eq!(numbers.len(), 1_000);
        assert_eq!(number(&"ab".repeat(32)), number(&"ab".repeat(32)));
        assert_eq!(number("").len(), 14);
    }
}
