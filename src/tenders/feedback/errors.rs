//! Why something about answers and complaints is refused.

use crate::error_codes;

error_codes! {
    /// Codes of answers and complaints.
    FeedbackError {
        NotAnswered = "BID_NOT_ANSWERED", 409,
            id: "Belum ada jawaban untuk penawaran ini.", "Tunggu sampai hasil perhitungan diusulkan.",
            en: "There is no answer to this bid yet.", "Wait until a plan is proposed.";
        NothingToContest = "NOTHING_TO_CONTEST", 409,
            id: "Keberatan dapat diajukan setelah penawaran dibuka sampai waktu keberatannya habis.", "Lihat tahap panggilan.",
            en: "A complaint can be made after the opening, until the time for complaints is over.", "Look at the call's status.";
        ComplaintExists = "COMPLAINT_EXISTS", 409,
            id: "Anda sudah mengajukan keberatan tentang hal ini.", "Tunggu jawabannya.",
            en: "You have complained about this already.", "Wait for the answer.";
        ComplaintAnswered = "COMPLAINT_ANSWERED", 409,
            id: "Keberatan ini sudah dijawab.", "Muat ulang daftarnya.",
            en: "This complaint was answered already.", "Reload the list.";
        LotUnknown = "COMPLAINT_LOT_UNKNOWN", 422,
            id: "Penawaran Anda tidak memuat lot itu.", "Sebut lot yang Anda tawar, atau kosongkan.",
            en: "Your bid has no such lot.", "Name a lot that you bid on, or leave it out.";
    }
}
