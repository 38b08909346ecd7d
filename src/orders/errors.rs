//! Why an operation on orders is refused.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    OrderError {
        AlreadyAnswered = "ORDER_ALREADY_ANSWERED", 409,
            id: "Pesanan ini sudah dijawab, dan jawaban itu final.", "Hubungi pembeli bila keadaan berubah.",
            en: "This order has been answered already, and the answer is final.", "Talk to the buyer if things have changed.";
        Held = "ORDER_HELD", 409,
            id: "Pesanan ini ditahan: ada sanggahan yang belum dijawab.", "Tunggu sampai sanggahan itu dijawab.",
            en: "This order is held: a complaint about it is not answered yet.", "Wait until the complaint is answered.";
        Withdrawn = "ORDER_WITHDRAWN", 409,
            id: "Pesanan ini batal: sanggahan tentangnya diterima.", "Kebutuhannya dapat masuk putaran berikutnya.",
            en: "This order is void: a complaint about it was upheld.", "The need can go into the next round.";
        NoteMissing = "ORDER_NOTE_MISSING", 422,
            id: "Alasan lain-lain perlu penjelasan.", "Tulis alasannya pada isian note.",
            en: "The reason OTHER needs a note.", "Write the reason in note.";
        TotalTooLarge = "ORDER_TOTAL_TOO_LARGE", 422,
            id: "Jumlah pesanan melebihi batas sistem.", "Bagi menjadi beberapa putaran.",
            en: "The order's total is larger than this system accepts.", "Split it into several rounds.";
    }
}
