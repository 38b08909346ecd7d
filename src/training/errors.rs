//! Why a training market says no.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    TrainingError {
        ClassUnknown = "TRAINING_CLASS_UNKNOWN", 404,
            id: "Tidak ada kelas latihan dengan kode ini.", "Periksa kodenya; enam huruf dan angka, misalnya 7KQ2MX.",
            en: "There is no training class with this code.", "Check the code: six letters and digits, such as 7KQ2MX.";
        SeatUnknown = "TRAINING_SEAT_UNKNOWN", 422,
            id: "Kursi ini tidak ada di kelas ini.", "Pilih kursi dari daftar.",
            en: "There is no such seat in this class.", "Choose a seat of the list.";
        NameReserved = "TRAINING_NAME_RESERVED", 422,
            id: "Nama ini dipakai komputer.", "Pakai nama Anda sendiri.",
            en: "The computer uses this name.", "Use your own name.";
        ClassFull = "TRAINING_CLASS_FULL", 409,
            id: "Kelas ini sudah penuh.", "Minta pemandu membuka kelas lain.",
            en: "This class is full.", "Ask the leader to open another class.";
        NotLeader = "TRAINING_NOT_LEADER", 403,
            id: "Ini hanya boleh dilakukan petugas pasar latihan atau kantor yang membuka kelas.", "Minta mereka melakukannya.",
            en: "Only the training market's operator or the office that opened the class may do this.", "Ask them to do it.";
        GoodsMissing = "TRAINING_GOODS_MISSING", 409,
            id: "Daftar barang di server ini belum lengkap untuk latihan.", "Minta pengelola server menjalankan `pasok seed`.",
            en: "The list of goods on this server is not complete enough for training.", "Ask whoever runs the server to run `pasok seed`.";
        TooManyClasses = "TRAINING_TOO_MANY_CLASSES", 409,
            id: "Terlalu banyak kelas latihan.", "Pakai lagi kelas yang ada dengan mengulangnya dari awal.",
            en: "There are too many training classes.", "Use one of them again by starting it over.";
    }
}
