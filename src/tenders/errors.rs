//! Why an operation on calls, bids or scenarios is refused, and what can be wrong with a bid.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    TenderError {
        WrongState = "CALL_WRONG_STATE", 409,
            id: "Lelang ini tidak sedang pada tahap yang memungkinkan tindakan itu.", "Muat ulang lelang dan lihat tahapnya.",
            en: "The call for bids is not in a state that allows this.", "Reload the call and look at its status.";
        Exists = "CALL_EXISTS", 409,
            id: "Putaran ini sudah punya lelang dengan judul yang sama.", "Pakai lelang itu, atau beri judul lain.",
            en: "The round has a call of this title already.", "Use that one, or give another title.";
        Closed = "BIDS_CLOSED", 409,
            id: "Waktu penutupan lelang sudah lewat; jam server yang menentukan.", "Penawaran setelah penutupan tidak dapat diterima.",
            en: "The call's closing time has passed; the server's clock decides.", "A bid after the close cannot be taken.";
        NotOpened = "BIDS_STILL_SEALED", 409,
            id: "Penawaran lelang ini belum dibuka.", "Tunggu pembukaan oleh dua petugas.",
            en: "The bids of this call are still sealed.", "Wait until two officers open them.";
        RoundNotFrozen = "ROUND_NOT_FROZEN", 409,
            id: "Putaran harus sudah ditutup sebelum penawaran dibuka.", "Tutup putaran dahulu, supaya tidak ada yang mengubah penawarannya setelah harga diketahui.",
            en: "The round must be closed before bids are opened.", "Close the round first, so that nobody changes an offer once prices are known.";
        RoundNotCollecting = "CALL_ROUND_NOT_COLLECTING", 409,
            id: "Putaran ini sudah ditutup.", "Buat lelang pada putaran yang masih mengumpulkan kebutuhan.",
            en: "The round is closed already.", "Make the call in a round that still collects needs.";
        NoLots = "CALL_WITHOUT_LOTS", 422,
            id: "Lelang belum punya paket barang.", "Tambahkan paling sedikit satu paket.",
            en: "The call has no lots.", "Add at least one lot.";
        TooManyLots = "TOO_MANY_LOTS", 422,
            id: "Terlalu banyak paket dalam satu lelang.", "Bagi menjadi beberapa lelang.",
            en: "Too many lots in one call.", "Split it into several calls.";
        LotOutOfScope = "LOT_OUT_OF_SCOPE", 422,
            id: "Barang atau hari paket ini di luar putarannya.", "Pilih barang dan hari yang tercakup putaran.",
            en: "The goods or days of this lot lie outside its round.", "Choose goods and days that the round covers.";
        LotRepeated = "LOT_REPEATED", 422,
            id: "Paket yang sama tertulis dua kali.", "Hapus salah satunya.",
            en: "The same lot is listed twice.", "Remove one of them.";
        ClosesBadly = "CALL_CLOSES_BADLY", 422,
            id: "Waktu penutupan lelang harus setelah sekarang dan tidak setelah penutupan putaran.", "Pilih waktu di antara keduanya.",
            en: "The call must close after now and no later than its round.", "Choose a time between the two.";
        ComplaintsTooLate = "CALL_COMPLAINTS_TOO_LATE", 422,
            id: "Masa keberatan masih berjalan pada hari pengiriman pertama, sehingga pesanan tertahan.", "Isi jam yang lebih sedikit, atau tutup lelang lebih awal.",
            en: "The time for complaints runs into the first delivery day, which would hold orders back.", "State fewer hours, or close the call earlier.";
        StepsNotRising = "LOT_STEPS_NOT_RISING", 422,
            id: "Tingkat jumlah harus naik dan berupa kelipatan kemasan.", "Urutkan dari kecil ke besar.",
            en: "Steps must rise and be multiples of the pack.", "Sort them from small to large.";
        NothingNew = "CALL_UNCHANGED", 422,
            id: "Tidak ada ketentuan yang berubah.", "Ubah paling sedikit satu ketentuan.",
            en: "No term changes.", "Change at least one term.";
        BidderClass = "BIDDER_CLASS", 403,
            id: "Golongan usaha Anda tidak diundang dalam lelang ini.", "Lihat siapa yang boleh menawar pada ketentuan lelang.",
            en: "Your class of organisation is not invited.", "See in the call's terms who may bid.";
        SealMalformed = "SEAL_MALFORMED", 422,
            id: "Berkas penawaran tersegel tidak utuh.", "Segel lagi dari awal, lalu kirim.",
            en: "The sealed bid is not a whole sealed file.", "Seal it again from the start and send that.";
        TermsChanged = "BID_TERMS_CHANGED", 409,
            id: "Ketentuan lelang sudah berubah sejak penawaran ini dibuat.", "Baca ketentuan yang baru, lalu kirim atau tegaskan lagi penawaran Anda.",
            en: "The call's terms have changed since this bid was made.", "Read the new terms, then place or confirm your bid again.";
        BidWithdrawn = "BID_WITHDRAWN", 409,
            id: "Penawaran ini sudah ditarik.", "Kirim penawaran baru bila Anda masih mau ikut.",
            en: "This bid was withdrawn.", "Place it again if you still want to take part.";
        DocumentFormat = "BID_FORMAT", 422,
            id: "Dokumen penawaran ini dari versi lain.", "Pakai halaman atau berkas penyegel yang terbaru.",
            en: "The bid document is of another version.", "Use the newest page or sealing file.";
        WrongCall = "BID_OF_ANOTHER_CALL", 422,
            id: "Dokumen ini untuk lelang atau penawar lain.", "Buat penawaran dari lelang ini, atas nama organisasi Anda.",
            en: "The document is for another call or bidder.", "Make the bid from this call, for your organisation.";
        PlaceUnknown = "BID_PLACE_UNKNOWN", 422,
            id: "Tempat asal barang bukan milik penawar.", "Pilih tempat milik organisasi penawar.",
            en: "The place that goods leave from is not the bidder's.", "Choose one of the bidder's places.";
        ValidTooShort = "BID_VALID_TOO_SHORT", 422,
            id: "Penawaran habis berlaku sebelum hari pengiriman terakhir.", "Perpanjang masa berlakunya.",
            en: "The bid ends before the last delivery day.", "Extend its validity.";
        CertificateMissing = "BID_CERTIFICATE_MISSING", 422,
            id: "Sertifikat yang disyaratkan lelang tidak disebut.", "Sebut semua sertifikat yang disyaratkan dan Anda miliki.",
            en: "A certificate that the call requires is not named.", "Name every required certificate you hold.";
        NoLines = "BID_WITHOUT_LINES", 422,
            id: "Penawaran tidak berisi paket apa pun.", "Tawar paling sedikit satu paket.",
            en: "The bid has no lines.", "Bid on at least one lot.";
        TooManyLines = "TOO_MANY_BID_LINES", 422,
            id: "Terlalu banyak baris penawaran.", "Satu baris untuk satu paket.",
            en: "Too many lines in one bid.", "Use one line per lot.";
        LotUnknown = "BID_OUT_OF_SCOPE", 422,
            id: "Paket ini tidak ada dalam lelang.", "Pilih nomor paket dari lelang.",
            en: "There is no such lot in the call.", "Choose a lot number of the call.";
        LineRepeated = "BID_LINE_REPEATED", 422,
            id: "Paket ini sudah ditawar pada baris lain.", "Gabungkan menjadi satu baris dengan tingkat harga.",
            en: "This lot has another line already.", "Make it one line with tiers.";
        AboveCeiling = "BID_ABOVE_CEILING", 422,
            id: "Harga melebihi batas tertinggi paket.", "Turunkan harga sampai batas yang disebut.",
            en: "The price exceeds the lot's ceiling.", "Lower it to the ceiling named here.";
        LowUnjustified = "BID_LOW_UNJUSTIFIED", 422,
            id: "Harga ini sangat rendah dan belum dijelaskan.", "Rinci biayanya: jumlah rincian harus sama dengan harga.",
            en: "The price is abnormally low and not justified.", "State its cost lines; they must add up to the price.";
        CostsDiffer = "BID_COSTS_DIFFER", 422,
            id: "Jumlah rincian biaya tidak sama dengan harga.", "Perbaiki rincian atau harganya.",
            en: "The cost lines do not add up to the price.", "Mend the cost lines or the price.";
        TooManyTiers = "TOO_MANY_TIERS", 422,
            id: "Terlalu banyak tingkat harga.", "Pakai tingkat harga yang lebih sedikit.",
            en: "Too many tiers.", "Use fewer tiers.";
        TiersRise = "TIER_PRICE_RISES", 422,
            id: "Harga tingkat berikutnya harus lebih rendah.", "Turunkan harga tingkat ini, atau hapus tingkatnya.",
            en: "A tier's price must be lower than the one before.", "Lower this tier's price or remove the tier.";
        TiersUnsorted = "TIERS_OVERLAP", 422,
            id: "Awal tingkat harga tumpang tindih atau tidak urut.", "Urutkan; tiap tingkat mulai dari jumlah yang lebih besar.",
            en: "Tiers overlap or are not sorted.", "Sort them; each starts at a larger quantity.";
        TierBeyond = "TIER_BEYOND_MAXIMUM", 422,
            id: "Tingkat harga mulai di atas jumlah terbanyak yang ditawarkan.", "Naikkan jumlah terbanyak atau hapus tingkatnya.",
            en: "A tier starts above the maximum quantity.", "Raise the maximum or remove the tier.";
        NotAMultiple = "NOT_A_MULTIPLE", 422,
            id: "Jumlah ini bukan kelipatan kemasan.", "Pakai kelipatan kemasan yang disebut.",
            en: "The quantity is not a multiple of the pack.", "Use a multiple of the pack named here.";
        MinAboveMax = "MINIMUM_ABOVE_MAXIMUM", 422,
            id: "Jumlah terkecil melebihi jumlah terbanyak.", "Kecilkan jumlah terkecil.",
            en: "The minimum exceeds the maximum.", "Lower the minimum.";
        MinAboveLot = "MINIMUM_ABOVE_LOT", 422,
            id: "Jumlah terkecil melebihi kebutuhan paket.", "Kecilkan; paket tidak membutuhkan sebanyak itu.",
            en: "The minimum exceeds what the lot needs.", "Lower it; the lot does not need that much.";
        PartialRefused = "PARTIAL_AWARD_EXPECTED", 422,
            id: "Lelang ini hanya menerima paket utuh.", "Isi jumlah terkecil sama dengan jumlah terbanyak.",
            en: "This call takes whole lots only.", "Let the minimum equal the maximum.";
        TooManyBundles = "TOO_MANY_BUNDLES", 422,
            id: "Terlalu banyak gabungan paket.", "Pakai gabungan yang lebih sedikit.",
            en: "Too many bundles.", "Use fewer bundles.";
        BundleTooSmall = "BUNDLE_TOO_SMALL", 422,
            id: "Gabungan ini menyebut terlalu sedikit paket.", "Sebut paling sedikit dua paket, atau satu di tiap sisi potongan.",
            en: "The bundle names too few lots.", "Name two lots at least, or one on each side of a discount.";
        BundleLotNotBid = "BUNDLE_LOT_NOT_BID", 422,
            id: "Gabungan menyebut paket yang tidak Anda tawar.", "Tawar paket itu, atau keluarkan dari gabungan.",
            en: "The bundle names a lot that you did not bid on.", "Bid on that lot, or take it out of the bundle.";
        BundleLotRepeated = "BUNDLE_LOT_REPEATED", 422,
            id: "Paket ini disebut dua kali dalam satu gabungan.", "Sebut sekali saja.",
            en: "The lot is named twice in one bundle.", "Name it once.";
        DiscountNotPositive = "DISCOUNT_NOT_POSITIVE", 422,
            id: "Potongan harus lebih dari nol.", "Isi potongan yang benar.",
            en: "A discount must be more than zero.", "State a real discount.";
        DiscountTooLarge = "DISCOUNT_TOO_LARGE", 422,
            id: "Potongan menghabiskan harga.", "Kecilkan potongan; harga harus tetap lebih dari nol.",
            en: "The discounts use up the price.", "Lower them; the price must stay above zero.";
        DiscountTwoWays = "DISCOUNT_TWO_WAYS", 422,
            id: "Isi salah satu: potongan rupiah atau persen.", "Hapus salah satunya.",
            en: "State either a discount in rupiah or in per cent.", "Remove one of the two.";
        DiscountUnreachable = "DISCOUNT_UNREACHABLE", 422,
            id: "Syarat potongan melebihi jumlah yang Anda tawarkan.", "Kecilkan syaratnya.",
            en: "The condition exceeds what you offer.", "Lower it.";
        DiscountMixed = "DISCOUNT_MIXED_UNITS", 422,
            id: "Syarat potongan mencampur barang dengan satuan yang berbeda.", "Sebut barang dengan satuan yang sama.",
            en: "The condition mixes goods of different units.", "Name goods of one unit.";
        SealUnreadable = "SEAL_UNREADABLE", 422,
            id: "Segel penawaran ini tidak dapat dibuka.", "Simpan tanda terima; petugas mencatatnya dalam berita acara.",
            en: "The seal of this bid cannot be opened.", "Keep the receipt; the minutes state it.";
        BidMissing = "OPENING_INCOMPLETE", 422,
            id: "Pembukaan harus memuat semua penawaran yang berlaku.", "Sertakan setiap penawaran, juga yang segelnya rusak.",
            en: "An opening must hand in every bid that counts.", "Include every bid, also those whose seal is broken.";
        SheetDiffers = "BID_SHEET_DIFFERS", 422,
            id: "Kolom ini berlaku untuk seluruh penawaran, tetapi barisnya berbeda-beda.", "Isi pada satu baris saja, atau sama pada semua baris.",
            en: "This column is about the whole bid, but rows differ.", "Fill it in on one row, or alike on all.";
        ScenarioRules = "SCENARIO_RULES", 422,
            id: "Aturan skenario tidak benar.", "Perbaiki aturan yang disebut.",
            en: "The scenario's rules are not right.", "Mend the rules named here.";
        ScenarioUnsolved = "SCENARIO_UNSOLVED", 409,
            id: "Skenario ini belum punya hasil.", "Tunggu sampai hitungannya selesai.",
            en: "The scenario has no plan yet.", "Wait until it is solved.";
        ScenarioOutdated = "SCENARIO_OUTDATED", 409,
            id: "Data putaran sudah dibekukan ulang setelah skenario ini dihitung.", "Hitung skenario lagi dengan data yang baru.",
            en: "The round was frozen anew after this scenario was solved.", "Solve the scenarios again.";
        ScenarioNotBuyable = "SCENARIO_FOR_COMPARISON", 409,
            id: "Skenario ini hanya pembanding, bukan rencana yang dapat dibeli.", "Usulkan skenario lain.",
            en: "This scenario is for comparison only; it cannot be bought.", "Propose another one.";
        ReasonNeeded = "SCENARIO_REASON_NEEDED", 422,
            id: "Memilih selain yang termurah perlu alasan.", "Tulis alasannya; alasan dicatat untuk umum.",
            en: "Choosing any but the cheapest needs a reason.", "State it; it goes on record.";
        TooManyScenarios = "TOO_MANY_SCENARIOS", 422,
            id: "Terlalu banyak skenario sekaligus.", "Hitung dalam beberapa kali.",
            en: "Too many scenarios at once.", "Solve them in several goes.";
    }
}
