//! Why an operation on demands is refused.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    DemandError {
        RoundNotCollecting = "ROUND_NOT_COLLECTING", 409,
            id: "Putaran ini tidak sedang mengumpulkan kebutuhan.", "Pakai putaran yang masih mengumpulkan.",
            en: "This round is not collecting demands.", "Use a round that is collecting.";
        RoundClosedToEntries = "ROUND_CLOSED_TO_ENTRIES", 409,
            id: "Batas waktu putaran ini sudah lewat.", "Masukkan ke putaran berikutnya, atau hubungi operator pasar.",
            en: "This round's closing time has passed.", "Enter it in the next round, or ask the market's operator.";
        DemandExists = "DEMAND_EXISTS", 409,
            id: "Kebutuhan yang sama sudah ada di putaran ini.", "Ubah jumlah pada kebutuhan yang disebut, jangan membuat yang baru.",
            en: "The same need is in this round already.", "Change the quantity of the demand named here instead of posting another.";
        DemandRepeated = "DEMAND_REPEATED", 422,
            id: "Kebutuhan yang sama tertulis dua kali dalam daftar ini.", "Gabungkan jumlahnya menjadi satu baris.",
            en: "The same need is listed twice here.", "Add the quantities up in one line.";
        DemandWithdrawn = "DEMAND_WITHDRAWN", 409,
            id: "Kebutuhan ini sudah dibatalkan.", "Kirim kebutuhan baru bila masih diperlukan.",
            en: "This demand was withdrawn.", "Post it again if it is still needed.";
        CommodityNotInRound = "COMMODITY_NOT_IN_ROUND", 422,
            id: "Komoditas ini tidak termasuk dalam putaran ini.", "Pilih komoditas yang dicakup putaran ini.",
            en: "This round does not cover this commodity.", "Choose a commodity that the round covers.";
        WindowOutsideRound = "WINDOW_OUTSIDE_ROUND", 422,
            id: "Hari penerimaan di luar hari pengiriman putaran ini.", "Pilih hari di antara tanggal yang disebut.",
            en: "The days lie outside the round's delivery days.", "Choose days between the dates named.";
        NoDeliveryDay = "DEMAND_WITHOUT_DELIVERY_DAY", 422,
            id: "Pasar ini tidak mengirim pada hari-hari itu.", "Perpanjang jangka waktunya sampai ada hari pengiriman.",
            en: "The market does not deliver on any of these days.", "Widen the window until it has a delivery day.";
        AcceptBelowQuantity = "ACCEPT_BELOW_QUANTITY", 422,
            id: "Jumlah yang masih diterima lebih kecil dari jumlah yang dibutuhkan.", "Isi paling sedikit sama dengan jumlah yang dibutuhkan.",
            en: "What would be accepted is less than what is needed.", "Enter at least the quantity needed.";
        PriorityOutOfRange = "PRIORITY_OUT_OF_RANGE", 422,
            id: "Prioritas harus 0 sampai 9.", "Pakai 1 bila tidak ada alasan khusus.",
            en: "The priority must be 0 to 9.", "Use 1 unless there is a reason not to.";
        PriorityReserved = "PRIORITY_RESERVED", 422,
            id: "Prioritas 0 hanya untuk dapur makan bergizi.", "Pakai prioritas 1 sampai 9.",
            en: "Priority 0 is for school-meal kitchens.", "Use a priority from 1 to 9.";
        CeilingAboveBinding = "CEILING_ABOVE_BINDING", 422,
            id: "Batas harga Anda melebihi harga eceran tertinggi.", "Isi paling banyak batas yang disebut, atau kosongkan.",
            en: "Your price limit exceeds the highest price the law allows.", "Enter at most the ceiling named here, or leave it empty.";
        PlaceNotYours = "DEMAND_PLACE_UNKNOWN", 422,
            id: "Tempat ini tidak ada dalam daftar tempat organisasi Anda.", "Pilih tempat milik organisasi Anda, atau daftarkan dulu.",
            en: "This place is not one of your organisation's.", "Choose one of your own places, or register it first.";
        TooManyRows = "TOO_MANY_DEMANDS", 422,
            id: "Terlalu banyak baris dalam satu kiriman.", "Bagi menjadi beberapa kiriman.",
            en: "Too many rows in one request.", "Send them in several requests.";
    }
}
