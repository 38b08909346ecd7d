//! Opens every bid that counts, with the committee's key. One that does not open, or is not what its receipt says, is
//! recorded with its reason and stops no other.

use super::super::bids::types::{OpenedBid, OpenedDocument};
use super::super::bids::{self, Bid, BidVersion};
use super::super::calls::Call;
use super::envelope::Envelope;
use super::file::{Fault, SealedFile};
use crate::audit::Work;
use crate::error::AppError;
use crate::tenders::opening as tender_opening;
use crate::values::hex::hex;
use age::x25519::Identity;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

/// Opens the bids of a closed call and hands them on; answers the minutes.
pub(super) fn open(work: &mut Work<'_>, call: &Call, secret: &Identity, officers: &[&str]) -> Result<String, AppError> {
    let found = bids::service::list_for_opening(work.connection, work.scope, call)?;
    let mut opened = Vec::with_capacity(found.len());
    let mut lines = String::new();
    for (bid, version) in &found {
        let outcome = unseal(call, bid, version, secret);
        let word = outcome.as_ref().map_or_else(|fault| fault.word(), |_| "opened");
        // Writing to a String cannot fail.
        let _ = writeln!(lines, "{} versi {} {} {word}", bid.id, version.number, version.commitment);
        opened.push(OpenedBid {
            bid_id: bid.id,
            document: outcome.as_ref().map(handed_in).map_err(|fault| fault.reason().to_owned()),
        });
    }
    let text = format!(
        "Berita acara pembukaan penawaran\npanggilan {} ({})\nwaktu server {}\npetugas {}\npenawaran {}\n{lines}",
        call.number,
        call.id,
        work.now,
        officers.join(" dan "),
        found.len()
    );
    tender_opening::open(work, call, &opened)?;
    Ok(text)
}

fn handed_in(envelope: &Envelope) -> OpenedDocument {
    OpenedDocument { bytes: envelope.document.to_vec(), nonce: hex(envelope.nonce.as_slice()) }
}

/// What is in a sealed file, if it is whose and what it claims to be.
fn unseal(call: &Call, bid: &Bid, version: &BidVersion, secret: &Identity) -> Result<Envelope, Fault> {
    let bytes = STANDARD.decode(&version.sealed).map_err(|_| Fault::Corrupted)?;
    let envelope = SealedFile::parse(bytes).map_err(|_| Fault::Corrupted)?.open(secret)?;
    if envelope.call_id != call.id {
        return Err(Fault::OtherCall);
    }
    if envelope.bidder_id != bid.bidder_id {
        return Err(Fault::OtherBidder);
    }
    if envelope.commitment() != version.commitment {
        return Err(Fault::CommitmentDiffers);
    }
    Ok(envelope)
}
