//! Sealed bids: closed until the opening, opened as they were committed to, by two people who have no part in them.

use super::Session;
use super::store::{self, VersionRow};
use crate::error::AppError;
use crate::tenders::seal::envelope::{Envelope, unhex};
use crate::tenders::seal::file::SealedFile;
use crate::values::hex::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The invariant that what was opened is what was committed to; found in the pass over the sealed files.
const OPENS: &str = "I17";

/// Nothing is open before the opening, and every sealed file is one.
pub(super) fn closed(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::open_too_early(session.connection)? {
        session.found("calls", row.id, format!("is sealed, and {} records tell what bids say", row.found));
    }
    let mut after = i64::MIN;
    loop {
        let page = store::bid_versions(session.connection, after)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for version in page {
            if !STANDARD.decode(&version.sealed).is_ok_and(|bytes| SealedFile::parse(bytes).is_ok()) {
                session.found("bid_versions", version.id, "is not a sealed file");
            }
            for what in [unbound(&version), differs(&version)].into_iter().flatten() {
                session.found_as(OPENS, "bid_versions", version.id, what);
            }
        }
    }
    committed(session)
}

/// A version of a closed call, against the hash of its row that the log has held since the close.
fn unbound(version: &VersionRow) -> Option<&'static str> {
    let wanted = format!("{} {}", version.commitment, sha256(version.cells.as_deref()?));
    (version.logged.as_ref() != Some(&wanted)).then_some("is not as the log bound it at the close")
}

fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text))
}

/// What an opened version says, against what its bidder committed to.
fn differs(version: &VersionRow) -> Option<&'static str> {
    let (outcome, nonce, document) =
        (version.outcome.as_deref()?, version.nonce.as_deref()?, version.document.as_deref()?);
    if nonce.is_empty() {
        return (outcome == "valid").then_some("was opened, and the nonce of its commitment is missing");
    }
    let Some(nonce) = unhex(nonce) else { return Some("was opened, and its nonce is none") };
    let envelope = Envelope {
        call_id: version.call_id,
        bidder_id: version.bidder_id,
        nonce,
        document: Zeroizing::new(document.as_bytes().to_vec()),
    };
    (envelope.commitment() != version.commitment).then_some("was opened as something else than was committed to")
}

/// Each bid of a closed call is as the log bound it last, and was opened in the version that counted.
fn committed(session: &mut Session<'_>) -> Result<(), AppError> {
    let mut after = i64::MIN;
    loop {
        let page = store::closed_bids(session.connection, after)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for bid in page {
            if bid.logged != Some(sha256(&bid.cells)) {
                session.found_as(OPENS, "bids", bid.id, "is not as the log bound it last");
            }
        }
    }
    for row in store::lost_bids(session.connection)? {
        session.found_as(
            OPENS,
            "audit_entries",
            row.id,
            format!("tells of bid {}, or a version of it, that is gone", row.found),
        );
    }
    for row in store::unopened_bids(session.connection)? {
        let what = format!("was opened {} times in the version that counts, not {}", row.found, row.wanted);
        session.found_as(OPENS, "bids", row.id, what);
    }
    Ok(())
}

/// No bid came at or after the close.
pub(super) fn late(session: &mut Session<'_>) -> Result<(), AppError> {
    for row in store::late_versions(session.connection)? {
        let what = format!("was placed at {}, the call closed at {}", row.found, row.wanted);
        session.found("bid_versions", row.id, what);
    }
    Ok(())
}

/// Two officers opened, each with a seat, neither with a part in a bid.
pub(super) fn officers(session: &mut Session<'_>) -> Result<(), AppError> {
    for (call, what) in store::doubtful_openings(session.connection)? {
        session.found("calls", call, what);
    }
    Ok(())
}
