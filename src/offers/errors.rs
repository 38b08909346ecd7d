//! Why an operation on offers is refused.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    OfferError {
        OfferExists = "OFFER_EXISTS", 409,
            id: "Penawaran yang sama sudah ada.", "Ubah stok atau harga pada penawaran yang disebut, atau beri nama lot lain.",
            en: "The same offer exists already.", "Change stock or price of the offer named here, or give another lot name.";
        OfferRepeated = "OFFER_REPEATED", 422,
            id: "Penawaran yang sama tertulis dua kali dalam daftar ini.", "Gabungkan stoknya, atau beri nama lot yang berbeda.",
            en: "The same offer is listed twice here.", "Add the stocks up, or give the lots different names.";
        OfferWithdrawn = "OFFER_WITHDRAWN", 409,
            id: "Penawaran ini sudah ditarik.", "Kirim penawaran baru bila barangnya masih ada.",
            en: "This offer was withdrawn.", "Post it again if the goods are still there.";
        BoundByBid = "OFFER_BOUND_BY_BID", 409,
            id: "Penawaran ini berasal dari lelang yang sudah dibuka dan mengikat.", "Penawaran lelang tidak dapat diubah atau ditarik setelah dibuka.",
            en: "This offer came from an opened bid, which binds.", "An opened bid can be neither changed nor withdrawn.";
        StockGone = "STOCK_GONE", 409,
            id: "Stok penawaran ini sudah tidak cukup.", "Hitung ulang pembagian dengan stok yang tersisa.",
            en: "The offer no longer has enough stock.", "Solve again with the stock that is left.";
        StockBelowReserved = "STOCK_BELOW_RESERVED", 422,
            id: "Stok lebih kecil dari yang sudah dipesan.", "Isi paling sedikit jumlah yang sudah dipesan.",
            en: "The stock is less than what is reserved already.", "Enter at least what is reserved.";
        StockBelowLine = "STOCK_BELOW_LINE", 422,
            id: "Stok tidak cukup untuk satu kemasan atau satu pembelian terkecil.", "Tambah stok, atau kecilkan kemasan atau minimum.",
            en: "The stock does not hold one pack or one smallest line.", "Raise the stock, or lower the pack or the minimum.";
        StockPerDayBelowLine = "STOCK_PER_DAY_BELOW_LINE", 422,
            id: "Stok per hari tidak cukup untuk satu kemasan atau satu pembelian terkecil.", "Tambah stok per hari, atau kecilkan kemasan atau minimum.",
            en: "The stock per day does not hold one pack or one smallest line.", "Raise the stock per day, or lower the pack or the minimum.";
        TooManyTiers = "OFFER_TOO_MANY_TIERS", 422,
            id: "Terlalu banyak tingkat harga.", "Pakai tingkat harga yang lebih sedikit.",
            en: "Too many tiers.", "Use fewer tiers.";
        TierPriceRises = "OFFER_TIER_PRICE_RISES", 422,
            id: "Harga untuk jumlah lebih besar harus lebih rendah dari harga sebelumnya.", "Turunkan harga tingkat ini, atau hapus tingkatnya.",
            en: "The price of a larger quantity must be lower than the one before.", "Lower this tier's price or remove the tier.";
        TiersOverlap = "OFFER_TIERS_OVERLAP", 422,
            id: "Awal tingkat harga tumpang tindih atau tidak urut.", "Urutkan; tiap tingkat mulai dari jumlah yang lebih besar.",
            en: "Tiers overlap or are not sorted.", "Sort them; each starts at a larger quantity.";
        TierBeyondStock = "OFFER_TIER_BEYOND_STOCK", 422,
            id: "Tingkat harga mulai di atas stok.", "Tambah stok, atau mulai tingkatnya dari jumlah yang lebih kecil.",
            en: "A tier starts above the stock.", "Raise the stock or let the tier start earlier.";
        TierInsidePack = "OFFER_TIER_INSIDE_PACK", 422,
            id: "Awal tingkat harga bukan kelipatan kemasan.", "Pakai kelipatan kemasan yang disebut.",
            en: "A tier does not start at a multiple of the pack.", "Use a multiple of the pack named here.";
        PriceAboveCeiling = "PRICE_ABOVE_CEILING", 422,
            id: "Harga melebihi harga eceran tertinggi.", "Turunkan harga sampai batas yang disebut.",
            en: "The price exceeds the highest price the law allows.", "Lower it to the ceiling named here.";
        PriceImplausible = "PRICE_IMPLAUSIBLE", 422,
            id: "Harga ini jauh dari harga wajar.", "Periksa satuannya; bila memang benar, kirim lagi dengan confirm_unusual_price: true.",
            en: "This price is far from what is usual.", "Check the unit; if it is right, send again with confirm_unusual_price: true.";
        FreightContradicts = "FREIGHT_CONTRADICTS", 422,
            id: "Harga sudah termasuk pengiriman, tetapi ongkos angkut juga diisi.", "Pilih salah satu: delivered, atau ongkos angkut sendiri.",
            en: "The price includes delivery, yet freight is stated too.", "Use one of the two: delivered, or freight rates of your own.";
        WindowInPast = "OFFER_WINDOW_PAST", 422,
            id: "Hari terakhir pengiriman sudah lewat.", "Pilih hari mulai hari ini.",
            en: "The last delivery day has passed.", "Choose days from today on.";
        WindowTooLong = "OFFER_WINDOW_TOO_LONG", 422,
            id: "Jangka waktu penawaran terlalu panjang.", "Perpendek; penawaran dapat diperbarui nanti.",
            en: "The offer runs for too long.", "Shorten it; it can be renewed later.";
        NoDeliveryDay = "OFFER_WITHOUT_DELIVERY_DAY", 422,
            id: "Pasar ini tidak mengirim pada hari-hari itu.", "Perpanjang jangka waktunya sampai ada hari pengiriman.",
            en: "The market does not deliver on any of these days.", "Widen the window until it has a delivery day.";
        PlaceNotYours = "OFFER_PLACE_UNKNOWN", 422,
            id: "Tempat ini tidak ada dalam daftar tempat organisasi Anda.", "Pilih tempat milik organisasi Anda, atau daftarkan dulu.",
            en: "This place is not one of your organisation's.", "Choose one of your own places, or register it first.";
        TooManyRows = "TOO_MANY_OFFERS", 422,
            id: "Terlalu banyak baris dalam satu kiriman.", "Bagi menjadi beberapa kiriman.",
            en: "Too many rows in one request.", "Send them in several requests.";
    }
}
