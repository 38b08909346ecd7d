//! Papers of suppliers with a fixed meaning.
//!
//! The archetype table names papers the way people do (`halal (juru sembelih JULEHA)`, `PSAT-PDUK (registrasi)`). Each
//! phrase is mapped here to the certificates it stands for and to how many suppliers of that kind have it. The mapping
//! is a closed list: a phrase that is not in it is an error, so a new row cannot silently lose its papers.

use crate::values::Certificate;

/// How sure it is that a supplier of the kind has the papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// By all.
    ByAll,
    /// By some ("sebagian", "bila ada").
    BySome,
}

/// What a phrase of the archetype table stands for; `None` for a phrase that is not known.
///
/// An empty list is a paper that no demand asks for (tax number, deed of establishment, quality test).
pub fn meaning(phrase: &str) -> Option<(&'static [Certificate], Held)> {
    use Certificate::{Bpom, Cbib, Halal, Nib, NikKoperasi, Nkv, Psat, Skp, Slhs, SppIrt};
    Some(match phrase {
        "NKV" | "NKV (daging)" => (&[Nkv], Held::ByAll),
        "NKV/PSAT sesuai komoditas" => (&[Nkv, Psat], Held::ByAll),
        "halal" | "halal (juru sembelih JULEHA)" | "halal (self declare)" | "halal LN/BPJPH" => (&[Halal], Held::ByAll),
        "PSAT-PD" | "PSAT-PDUK" | "PSAT-PDUK (registrasi)" | "PSAT PL" | "izin edar PSAT" => (&[Psat], Held::ByAll),
        "SPP-IRT" => (&[SppIrt], Held::ByAll),
        "BPOM MD" | "BPOM ML" | "izin edar BPOM MD (produk)" => (&[Bpom], Held::ByAll),
        "SKP" | "SKP (ikan)" => (&[Skp], Held::ByAll),
        "CBIB" => (&[Cbib], Held::ByAll),
        "SLHS" | "SLHS depot air minum" => (&[Slhs], Held::ByAll),
        "SLHS (bila >2 shift)" => (&[Slhs], Held::BySome),
        "NIB" => (&[Nib], Held::ByAll),
        "NIB (sebagian)" => (&[Nib], Held::BySome),
        "NIK koperasi" => (&[NikKoperasi], Held::ByAll),
        "NPWP"
        | "terdaftar SIMIRAH"
        | "ISPO/RSPO"
        | "SNI 7709"
        | "SNI 3140.3 GKP"
        | "SNI 6128 beras"
        | "uji mutu beras"
        | "Prima 3/GAP (sebagian)"
        | "kartu pedagang pasar"
        | "uji residu"
        | "SKKH"
        | "SHTI/SKPT (bila ada)"
        | "es curah"
        | "HACCP"
        | "karantina"
        | "uji TPC"
        | "badan hukum Kemenkumham"
        | "akta badan hukum AHU"
        | "akun SIMKOPDES"
        | "kontrak agen Pertamina"
        | "MAP"
        | "uji lab berkala" => (&[], Held::ByAll),
        _ => return None,
    })
}
