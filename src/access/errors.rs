//! Why an access is refused.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    AccessError {
        ActingForRefused = "ACTING_FOR_REFUSED", 403,
            id: "Anda tidak boleh bertindak untuk organisasi itu.", "Periksa nomornya, atau minta ketuanya memberi izin pendampingan.",
            en: "You may not act for that organisation.", "Check its number, or ask its chair for a grant.";
        AssistantTrades = "ASSISTANT_TRADES", 409,
            id: "Pendamping tidak boleh menjadi pengurus organisasi yang berjual beli.", "Akhiri peran itu dahulu, atau pilih pendamping lain.",
            en: "An assistant may not belong to an organisation that buys or sells.", "End that role first, or choose another assistant.";
    }
}
