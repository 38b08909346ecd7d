use super::*;
use proptest::prelude::*;

/// The example of the signed note specification of Go's checksum database, which the C2SP format is taken from.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETERS_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn signer(kind: Kind) -> Signer {
    Signer::new("example.com/log", kind, [7; 32])
}

#[test]
fn a_note_that_another_program_signed_is_accepted() {
    let key = Verifier::parse(PETER).unwrap();
    assert_eq!(key.to_string(), PETER);
    let note = Note::parse(PETERS_NOTE).unwrap();
    assert!(note.is_signed_by(&key));
    assert_eq!(note.to_string(), PETERS_NOTE);
    let other = Note::parse(&PETERS_NOTE.replace("answer", "ANSWER")).unwrap();
    assert!(!other.is_signed_by(&key));
}

#[test]
fn keys_are_read_back_and_bent_ones_are_not() {
    for kind in [Kind::Plain, Kind::Cosignature] {
        let signer = signer(kind);
        assert_eq!(Signer::parse(&signer.secret()).unwrap().verifier(), signer.verifier());
        let text = signer.verifier().to_string();
        assert_eq!(Verifier::parse(&text), Some(signer.verifier()));
        assert_eq!(Verifier::parse(&text.replace("example", "exbmple")), None);
    }
    assert_ne!(signer(Kind::Plain).verifier().id(), signer(Kind::Cosignature).verifier().id());
}

#[test]
fn a_cosignature_states_its_time_and_is_no_plain_signature() {
    let (log, witness) = (signer(Kind::Plain), Signer::new("witness.example/w", Kind::Cosignature, [9; 32]));
    let text = "example.com/log\n4\nAAAA\n".to_owned();
    let note = Note { signatures: vec![log.sign(&text, 0), witness.sign(&text, 1_679_315_147)], text };
    let read = Note::parse(&note.to_string()).unwrap();
    assert_eq!(read, note);
    assert!(read.is_signed_by(&log.verifier()) && read.is_signed_by(&witness.verifier()));
    assert_eq!(witness.verifier().judge(&note.text, &note.signatures[1]), Verdict::Valid { time: 1_679_315_147 });
    let mut moved = note.signatures[1].clone();
    moved.bytes[7] ^= 1;
    assert_eq!(witness.verifier().judge(&note.text, &moved), Verdict::Wrong);
    assert_eq!(log.verifier().judge(&note.text, &note.signatures[1]), Verdict::OtherKey);
}

#[test]
fn what_is_no_note_is_refused() {
    for wrong in
        ["", "a\n", "a\n\n", "a\n\nb\n", "a\n\n— b\n", "a\n\n— b !\n", "a\r\n\n— b AAAAAAAA\n", "\n\n— b AAAAAAAA\n"]
    {
        assert_eq!(Note::parse(wrong), None, "{wrong:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Some(note) = Note::parse(&text) {
            prop_assert_eq!(note.to_string(), text);
        }
    }

    #[test]
    fn one_bent_bit_of_a_signature_is_found(bit in 0usize..512) {
        let signer = signer(Kind::Plain);
        let text = "a\n".to_owned();
        let mut line = signer.sign(&text, 0);
        line.bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(signer.verifier().judge(&text, &line), Verdict::Wrong);
    }
}
