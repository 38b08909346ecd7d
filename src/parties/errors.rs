//! Why an operation on organisations or members is refused.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    PartyError {
        OrganisationExists = "ORGANISATION_EXISTS", 409,
            id: "Organisasi dengan kode ini sudah terdaftar.", "Pakai organisasi yang sudah ada, atau kode lain.",
            en: "An organisation with this code is registered already.", "Use the existing one, or another code.";
        MemberExists = "MEMBER_EXISTS", 409,
            id: "Orang ini sudah terdaftar dengan peran yang sama.", "Pakai data yang sudah ada.",
            en: "This person is registered with the same role already.", "Use the existing record.";
        NotActive = "ORGANISATION_NOT_ACTIVE", 409,
            id: "Organisasi ini sedang tidak aktif.", "Minta operator pasar mengaktifkannya.",
            en: "This organisation is not active.", "Ask the market's operator to activate it.";
    }
}
