//! Why an operation on a market is refused.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    MarketError {
        MarketExists = "MARKET_EXISTS", 409,
            id: "Pasar dengan kode ini sudah ada.", "Pakai pasar yang sudah ada, atau kode lain.",
            en: "A market with this code exists already.", "Use the existing one, or another code.";
        NotAMember = "MARKET_NOT_A_MEMBER", 403,
            id: "Organisasi Anda belum menjadi anggota pasar ini.", "Minta operator pasar mendaftarkan organisasi Anda.",
            en: "Your organisation is not a member of this market.", "Ask the market's operator to add your organisation.";
        MarketClosed = "MARKET_CLOSED", 409,
            id: "Pasar ini sudah ditutup.", "Pilih pasar yang masih berjalan.",
            en: "This market is closed.", "Choose a market that is active.";
        DeciderTrades = "MARKET_DECIDER_TRADES", 409,
            id: "Anda ikut memutuskan putaran pasar ini, jadi tidak boleh memasukkan permintaan, penawaran atau jawaban.", "Minta orang lain dari organisasi itu.",
            en: "You decide about rounds of this market, so you may not enter demands, offers or answers in it.", "Ask somebody else of that organisation.";
        OperatorNeeded = "MARKET_OPERATOR_NEEDED", 422,
            id: "Organisasi ini bukan operator pasar.", "Daftarkan organisasi dengan kemampuan operator.",
            en: "This organisation does not run markets.", "Register an organisation with the operator capability.";
        WeekdaysInvalid = "WEEKDAYS_INVALID", 422,
            id: "Hari kirim harus angka 1 (Senin) sampai 7 (Minggu), tanpa pengulangan.", "Isi paling sedikit satu hari, misalnya [1,2,3,4,5].",
            en: "Delivery days must be numbers 1 (Monday) to 7 (Sunday), each at most once.", "Give at least one day, such as [1,2,3,4,5].";
        SettingOutOfRange = "SETTING_OUT_OF_RANGE", 422,
            id: "Pengaturan ini di luar batas.", "Pakai nilai di antara batas yang disebut.",
            en: "This setting is out of range.", "Use a value between the bounds named.";
        NothingToChange = "NOTHING_TO_CHANGE", 422,
            id: "Tidak ada pengaturan yang diubah.", "Isi paling sedikit satu pengaturan.",
            en: "No setting was given.", "Give at least one setting.";
    }
}
