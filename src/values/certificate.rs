//! Papers a demand can require and an offer can carry. A closed list: a word nobody can match would be a need nobody
//! can fill, so an unknown word is an error where it is entered.

use crate::word_enum;
use std::collections::BTreeSet;
use std::fmt;

word_enum! {
    /// A certificate or registration.
    Certificate {
        /// Nomor Kontrol Veteriner: meat, egg, milk.
        Nkv = "nkv",
        /// Halal.
        Halal = "halal",
        /// Registration of fresh plant food (PSAT).
        Psat = "psat",
        /// Home-industry processed food.
        SppIrt = "spp_irt",
        /// Processed food registered with BPOM.
        Bpom = "bpom",
        /// Sertifikat Kelayakan Pengolahan: fish processing.
        Skp = "skp",
        /// Good aquaculture practice.
        Cbib = "cbib",
        /// Hygiene certificate of the health office.
        Slhs = "slhs",
        /// Business identity number.
        Nib = "nib",
        /// Cooperative registration number.
        NikKoperasi = "nik_koperasi",
    }
}

/// Certificates without order or repetition. Stored and shown as its words, sorted, with one space between.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct CertificateSet(BTreeSet<Certificate>);

impl CertificateSet {
    /// From the text written by `Display`; `None` if a word is unknown.
    pub fn parse(text: &str) -> Option<Self> {
        text.split_ascii_whitespace().map(Certificate::parse).collect()
    }

    /// The words, sorted.
    pub fn words(&self) -> Vec<&'static str> {
        let mut words: Vec<_> = self.0.iter().map(|certificate| certificate.word()).collect();
        words.sort_unstable();
        words
    }

    /// Whether every certificate of `required` is here.
    pub fn covers(&self, required: &Self) -> bool {
        self.0.is_superset(&required.0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Certificate> for CertificateSet {
    fn from_iter<I: IntoIterator<Item = Certificate>>(certificates: I) -> Self {
        Self(certificates.into_iter().collect())
    }
}

impl fmt::Display for CertificateSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_unknown_word_is_no_certificate() {
        assert_eq!(CertificateSet::parse("halal sulap"), None);
        assert_eq!(CertificateSet::parse(""), Some(CertificateSet::default()));
    }

    proptest! {
        #[test]
        fn text_there_and_back(chosen in prop::sample::subsequence(Certificate::ALL.to_vec(), 0..=Certificate::ALL.len())) {
            let set: CertificateSet = chosen.iter().copied().collect();
            let repeated: CertificateSet = chosen.iter().rev().chain(&chosen).copied().collect();
            prop_assert_eq!(&repeated, &set);
            prop_assert_eq!(CertificateSet::parse(&set.to_string()), Some(set.clone()));
            let all: CertificateSet = Certificate::ALL.iter().copied().collect();
            prop_assert_eq!(set.covers(&all), chosen.len() == Certificate::ALL.len());
            prop_assert!(all.covers(&set));
        }
    }
}
