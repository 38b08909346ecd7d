//! Why a question about the record is refused.

use crate::error_codes;

error_codes! {
    /// Codes of the record.
    LogError {
        NoCheckpoint = "LOG_NO_CHECKPOINT", 404,
            id: "Belum ada titik catat (checkpoint) sebesar ini.", "Ambil daftar titik catat, lalu pilih salah satu.",
            en: "There is no checkpoint of this size.", "List the checkpoints and take one of those.";
        OutOfRange = "LOG_OUT_OF_RANGE", 422,
            id: "Nomor ini di luar catatan.", "Pakai nomor dari 0 sampai di bawah ukuran catatan; ukuran lama tidak boleh lebih besar dari yang baru.",
            en: "This number is outside the log.", "Use numbers from 0 up to the log's size; an old size cannot exceed the new one.";
        NotYetSigned = "LOG_NOT_YET_SIGNED", 409,
            id: "Catatan ini belum tercakup dalam titik catat yang ditandatangani.", "Coba lagi setelah putaran ditutup atau besok; titik catat dibuat setiap hari.",
            en: "No signed checkpoint covers this entry yet.", "Try again after the round closes, or tomorrow: a checkpoint is signed every day.";
        NotAWitnessKey = "LOG_NOT_A_WITNESS_KEY", 422,
            id: "Ini bukan kunci publik saksi.", "Minta saksi mengirim baris yang dicetak oleh `pasok witness keygen`.",
            en: "This is not the public key of a witness.", "Ask the witness for the line that `pasok witness keygen` printed.";
        NotACosignature = "LOG_NOT_A_COSIGNATURE", 422,
            id: "Baris ini bukan tanda tangan saksi yang dikenal atas salah satu titik catat.", "Periksa bahwa baris disalin utuh dan saksinya sudah didaftarkan.",
            en: "This line is not the signature of a known witness over one of the checkpoints.", "Check that the line was copied whole and that the witness was added.";
    }
}
