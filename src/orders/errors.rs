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
        LineUnknown = "ORDER_LINE_UNKNOWN", 422,
            id: "Baris ini tidak ada di pesanan.", "Pakai line_number dari pesanan.",
            en: "The order has no such line.", "Use a line_number of the order.";
        LineRepeated = "ORDER_LINE_REPEATED", 422,
            id: "Baris yang sama disebut dua kali.", "Sebut setiap baris satu kali.",
            en: "The same line is named twice.", "Name each line once.";
        NotShort = "ORDER_LINE_NOT_SHORT", 422,
            id: "Ini tidak kurang dari yang dipesan.", "Isi jumlah yang lebih kecil, atau terima baris ini seluruhnya.",
            en: "This is not less than was ordered.", "Enter a smaller quantity, or leave the line out: it is accepted whole.";
        NotWholePacks = "ORDER_LINE_NOT_WHOLE_PACKS", 422,
            id: "Jumlah ini bukan kemasan utuh.", "Bulatkan ke kemasan utuh sebesar yang disebut.",
            en: "This is not a whole number of packs.", "Round it to whole packs of the size named.";
        NothingAccepted = "ORDER_NOTHING_ACCEPTED", 422,
            id: "Tidak ada satu pun yang diterima.", "Tolak pesanan ini seluruhnya.",
            en: "Nothing of the order is accepted.", "Reject the whole order instead.";
        TotalTooLarge = "ORDER_TOTAL_TOO_LARGE", 422,
            id: "Jumlah pesanan melebihi batas sistem.", "Bagi menjadi beberapa putaran.",
            en: "The order's total is larger than this system accepts.", "Split it into several rounds.";
    }
}
