use super::*;
use crate::tenders::seal::envelope::sample;
use proptest::prelude::*;

fn sealed() -> (Identity, SealedFile) {
    let key = Identity::generate();
    let sealed = SealedFile::seal(&sample(br#"{"price":"12345"}"#), &key.to_public()).unwrap();
    (key, sealed)
}

fn text_of(file: &SealedFile) -> (String, Vec<u8>) {
    let at = file.bytes().windows(5).position(|w| w == b"\n--- ").unwrap();
    let end = at + 5 + file.bytes()[at + 5..].iter().position(|b| *b == b'\n').unwrap() + 1;
    (String::from_utf8(file.bytes()[..end].to_vec()).unwrap(), file.bytes()[end..].to_vec())
}

#[test]
fn what_is_sealed_opens_with_the_committees_key_alone() {
    let (key, file) = sealed();
    assert_eq!(file.open(&key).unwrap(), sample(br#"{"price":"12345"}"#));
    assert_eq!(file.open(&Identity::generate()), Err(Fault::OtherKey));
    assert!(!file.bytes().windows(5).any(|w| w == b"12345"));
}

#[test]
fn two_bids_of_different_length_make_payloads_of_the_same_length() {
    let key = Identity::generate().to_public();
    let lengths: Vec<usize> =
        [1, 100, 10_000].map(|n| text_of(&SealedFile::seal(&sample(&vec![b'1'; n]), &key).unwrap()).1.len()).into();
    assert_eq!(lengths, vec![payload(BUCKETS[0]); 3]);
}

#[test]
fn a_file_of_another_shape_is_refused_with_its_reason() {
    let (_, file) = sealed();
    let (head, body) = text_of(&file);
    let with = |head: &str, body: &[u8]| SealedFile::parse([head.as_bytes(), body].concat()).map(|_| ());
    assert_eq!(with(&head, &body), Ok(()));
    assert_eq!(with("", b"not age at all"), Err(SealError::FileNotAge));
    assert_eq!(with(&head.replace("v1", "v2"), &body), Err(SealError::FileNotAge));
    // Cut short or drawn out: what a broken upload looks like.
    assert_eq!(with(&head, &body[1..]), Err(SealError::FileSize));
    assert_eq!(with(&head, &[&body, &b"x"[..]].concat()), Err(SealError::FileSize));
    assert_eq!(with(&head, b""), Err(SealError::FileSize));
    assert_eq!(SealedFile::parse(vec![b'x'; LARGEST + 1]), Err(SealError::FileSize));
    assert_eq!(with(&head.replace("-> X25519 ", "-> X25519 A"), &body), Err(SealError::FileHeader));
    assert_eq!(with(&head.replacen("-> X25519", "-> scrypt", 1), &body), Err(SealError::FileRecipients));
    assert_eq!(with("age-encryption.org/v1\n--- AAAA\n", &body), Err(SealError::FileHeader));
    assert_eq!(with("age-encryption.org/v1\n", &[]), Err(SealError::FileHeader));
    // One recipient only, and three.
    let stanza = head.find("-> X25519").unwrap();
    let second = stanza + 1 + head[stanza + 1..].find("-> X25519").unwrap();
    let first = &head[stanza..second];
    assert_eq!(with(&head.replacen(first, "", 1), &body), Err(SealError::FileRecipients));
    assert_eq!(with(&head.replacen(first, &first.repeat(2), 1), &body), Err(SealError::FileRecipients));
}

#[test]
fn every_altered_byte_is_found_when_opening_at_the_latest() {
    let (key, file) = sealed();
    for at in (0..file.bytes().len()).step_by(7).chain(0..400) {
        let mut bent = file.bytes().to_vec();
        bent[at] ^= 1;
        // Bytes of the trial key's stanza are bound by the header's MAC as well.
        let opened = SealedFile::parse(bent).map(|bent| bent.open(&key));
        assert!(!matches!(opened, Ok(Ok(_))), "byte {at}");
    }
}

#[test]
fn a_document_beyond_the_largest_bucket_is_refused() {
    let key = Identity::generate().to_public();
    assert_eq!(SealedFile::seal(&sample(&vec![0; BUCKETS[2]]), &key), Err(SealError::DocumentTooLarge));
}

proptest! {
    #[test]
    fn random_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..3_000)) {
        prop_assert!(SealedFile::parse(bytes.clone()).is_err());
        prop_assert!(SealedFile::parse([VERSION, &bytes].concat()).is_err());
    }
}

/// Written by `scripts/seal-page/check.mjs`, the browser's code; the key is of no call.
const BY_PAGE: &str = include_str!("sealed-by-page.json");

#[test]
fn what_the_browser_seals_opens_here_with_the_same_commitment() {
    let page: serde_json::Value = serde_json::from_str(BY_PAGE).unwrap();
    let text = |name: &str| page[name].as_str().unwrap().to_owned();
    let bytes = base64::engine::general_purpose::STANDARD.decode(text("sealed")).unwrap();
    let opened = SealedFile::parse(bytes).unwrap().open(&text("key").parse().unwrap()).unwrap();
    assert_eq!(opened.commitment(), text("commitment"));
    assert_eq!((opened.call_id.to_string(), opened.bidder_id.to_string()), (text("call"), text("bidder")));
    assert_eq!(*opened.document, text("document").into_bytes());
}
