//! Why something about sealing and opening is refused.

use crate::error_codes;

error_codes! {
    /// Codes of sealed bids and their opening.
    SealError {
        FileNotAge = "SEALED_FILE_NOT_AGE", 422,
            id: "Berkas ini bukan berkas segel (age).", "Segel penawaran lagi dengan halaman Pasok atau berkas luringnya.",
            en: "This is not a sealed file (age).", "Seal the bid again with Pasok's page or its offline file.";
        FileHeader = "SEALED_FILE_HEADER_BROKEN", 422,
            id: "Kepala berkas segel rusak.", "Segel penawaran lagi; jangan mengubah berkasnya.",
            en: "The header of the sealed file is broken.", "Seal the bid again; do not edit the file.";
        FileRecipients = "SEALED_FILE_RECIPIENTS", 422,
            id: "Berkas segel tidak dikunci untuk tepat dua kunci: panitia dan kunci uji.", "Segel penawaran lagi dengan halaman Pasok atau berkas luringnya.",
            en: "The sealed file is not locked for exactly two keys: the committee's and the trial key.", "Seal the bid again with Pasok's page or its offline file.";
        FileSize = "SEALED_FILE_SIZE", 422,
            id: "Ukuran berkas segel tidak cocok; mungkin terpotong saat dikirim.", "Kirim lagi berkas yang utuh.",
            en: "The size of the sealed file is not right; it may have been cut short on the way.", "Send the whole file again.";
        DocumentTooLarge = "BID_DOCUMENT_TOO_LARGE", 422,
            id: "Penawaran terlalu besar untuk disegel.", "Kurangi jumlah paket atau tingkat harga.",
            en: "The bid is too large to be sealed.", "Use fewer bundles or tiers.";
        TrialFailed = "SEAL_TRIAL_FAILED", 503,
            id: "Segel tidak dapat dibuka saat diuji, jadi tidak dipakai.", "Coba lagi; bila berulang, laporkan.",
            en: "The seal did not open on trial, so it was not used.", "Try again; report it if it happens again.";
        NotBase64 = "SEALED_FILE_NOT_BASE64", 422,
            id: "Berkas segel harus dikirim sebagai teks base64.", "Kirim berkasnya sebagai base64.",
            en: "The sealed file must be sent as base64.", "Send the file as base64.";
        OtherKey = "SEALED_FOR_OTHER_KEY", 422,
            id: "Berkas ini disegel untuk kunci panggilan lain.", "Muat ulang halaman panggilan, lalu segel lagi.",
            en: "This file was sealed for the key of another call.", "Reload the call's page and seal again.";
        TooManyVersions = "BID_TOO_MANY_VERSIONS", 409,
            id: "Penawaran ini sudah terlalu sering diganti.", "Hubungi operator pasar.",
            en: "This bid was replaced too often.", "Ask the market's operator.";
        NoKey = "CALL_HAS_NO_KEY", 409,
            id: "Kunci panitia untuk panggilan ini belum dibuat.", "Tunggu sampai tiga petugas pembuka mengambil kursinya.",
            en: "The committee's key of this call is not made yet.", "Wait until three opening officers have taken their seats.";
        SeatsFull = "COMMITTEE_SEATS_TAKEN", 409,
            id: "Ketiga kursi panitia sudah terisi.", "Panggilan ini tidak memerlukan petugas lagi.",
            en: "All three seats of the committee are taken.", "This call needs no further officer.";
        SeatTwice = "COMMITTEE_SEAT_TWICE", 409,
            id: "Anda sudah memegang satu kursi panitia.", "Pakai bagian kunci yang sudah Anda simpan.",
            en: "You hold a seat of the committee already.", "Use the share that you kept.";
        SeatClosed = "COMMITTEE_CLOSED", 409,
            id: "Kursi panitia hanya dapat diambil sebelum panggilan diumumkan.", "Lihat tahap panggilan.",
            en: "Seats of the committee can only be taken before the call is published.", "Look at the call's status.";
        SeatKeyInvalid = "COMMITTEE_SEAT_KEY_INVALID", 409,
            id: "Kunci kursi panitia tidak dapat dipakai.", "Batalkan panggilan dan buat yang baru.",
            en: "A seat's public key cannot be used.", "Cancel the call and make a new one.";
        NotRehearsed = "OPENING_NOT_REHEARSED", 409,
            id: "Pembukaan belum dilatih dengan penawaran contoh.", "Dua petugas menjalankan latihan pembukaan dahulu.",
            en: "The opening was not rehearsed on a dummy bid yet.", "Have two officers rehearse the opening first.";
        NotClosed = "OPENING_TOO_EARLY", 409,
            id: "Penawaran baru boleh dibuka setelah panggilan ditutup.", "Tunggu sampai waktu penutupan.",
            en: "Bids may be opened only after the call has closed.", "Wait until the closing time.";
        ShareUnreadable = "SHARE_UNREADABLE", 422,
            id: "Ini bukan bagian kunci panitia.", "Pindai QR atau unggah berkas bagian kunci.",
            en: "This is not a share of a committee's key.", "Scan the QR code or upload the share's file.";
        ShareMiscopied = "SHARE_MISCOPIED", 422,
            id: "Bagian kunci salah salin: kode periksanya tidak cocok.", "Salin lagi dari cetakan, huruf demi huruf.",
            en: "The share was copied wrongly: its check code does not match.", "Copy it again from the print, letter by letter.";
        ShareOfOtherCall = "SHARE_OF_OTHER_CALL", 422,
            id: "Bagian kunci ini milik panggilan lain.", "Ambil bagian kunci dengan nomor panggilan ini.",
            en: "This share belongs to another call.", "Take the share with this call's number.";
        ShareTwice = "SHARE_TWICE", 422,
            id: "Bagian kunci yang sama diberikan dua kali.", "Petugas kedua memberikan bagiannya sendiri.",
            en: "The same share was given twice.", "The second officer gives their own share.";
        ShareWrong = "SHARE_WRONG", 422,
            id: "Bagian kunci ini tidak cocok dengan panggilan ini.", "Periksa apakah ini bagian kunci yang Anda terima; petugas ketiga dapat menggantikan.",
            en: "This share does not fit this call.", "Check that it is the share you were given; the third officer can stand in.";
        ShareNotYours = "SHARE_NOT_YOURS", 409,
            id: "Bagian kunci ini milik kursi petugas lain.", "Setiap petugas memberikan bagiannya sendiri dengan akunnya sendiri.",
            en: "This share belongs to another officer's seat.", "Each officer gives their own share, signed in as themselves.";
        SharesTooFew = "SHARES_TOO_FEW", 422,
            id: "Diperlukan bagian kunci dari dua petugas.", "Minta petugas kedua memberikan bagiannya.",
            en: "Shares of two officers are needed.", "Have a second officer give their share.";
        KeyMismatch = "COMMITTEE_KEY_MISMATCH", 409,
            id: "Bagian-bagian kunci tidak membentuk kunci panggilan ini; datanya mungkin diubah.", "Jangan lanjutkan; panggil pengawas dan jalankan pasok audit verify.",
            en: "The shares do not make this call's key; stored data may have been changed.", "Do not go on; call the supervisor and run pasok audit verify.";
        SittingOver = "OPENING_SITTING_OVER", 409,
            id: "Sidang pembukaan ini sudah selesai atau lewat waktunya.", "Mulai lagi: petugas pertama memberikan bagiannya.",
            en: "This sitting has ended or its time has passed.", "Begin again: the first officer gives their share.";
        SittingCode = "OPENING_SITTING_CODE_WRONG", 422,
            id: "Kode sidang salah.", "Salin kode yang tampil di layar petugas pertama.",
            en: "The sitting's code is wrong.", "Copy the code shown on the first officer's screen.";
        SamePerson = "OPENING_SAME_PERSON", 409,
            id: "Dua petugas pembuka harus dua orang yang berbeda.", "Minta petugas lain memberikan bagiannya.",
            en: "The two opening officers must be two different people.", "Have another officer give their share.";
        NotOpened = "CALL_NOT_OPENED", 409,
            id: "Penawaran panggilan ini belum dibuka.", "Tunggu sampai sidang pembukaan selesai.",
            en: "The bids of this call are not opened yet.", "Wait until the opening is over.";
    }
}
