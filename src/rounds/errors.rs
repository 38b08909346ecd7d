//! Why an operation on rounds is refused, and why a solve fails.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    RoundError {
        WrongState = "ROUND_WRONG_STATE", 409,
            id: "Putaran ini tidak sedang pada tahap yang memungkinkan tindakan itu.", "Muat ulang putaran dan lihat tahapnya.",
            en: "The round is not in a state that allows this.", "Reload the round and look at its status.";
        Exists = "ROUND_EXISTS", 409,
            id: "Pasar ini sudah punya putaran dengan nama dan masa pengiriman yang sama.", "Pakai putaran itu, atau beri nama lain.",
            en: "The market has a round of this name and delivery window already.", "Use that one, or give another name.";
        ClosesInPast = "ROUND_CLOSES_IN_PAST", 422,
            id: "Waktu penutupan sudah lewat.", "Pilih waktu yang akan datang.",
            en: "The closing time has passed.", "Choose a time to come.";
        ClosesAfterDelivery = "ROUND_CLOSES_AFTER_DELIVERY", 422,
            id: "Waktu penutupan melewati hari pengiriman pertama.", "Tutup putaran sebelum hari pengiriman pertama berakhir.",
            en: "The closing time lies after the first delivery day.", "Close the round before the first delivery day ends.";
        WindowTooLong = "ROUND_WINDOW_TOO_LONG", 422,
            id: "Masa pengiriman terlalu panjang.", "Bagi menjadi beberapa putaran.",
            en: "The delivery window is too long.", "Split it into several rounds.";
        TooManyCommodities = "ROUND_TOO_MANY_COMMODITIES", 422,
            id: "Terlalu banyak komoditas disebut.", "Kosongkan daftarnya bila putaran mencakup semua komoditas.",
            en: "Too many commodities are named.", "Leave the list empty if the round covers every commodity.";
        SamePerson = "ROUND_SAME_PERSON", 409,
            id: "Yang menyetujui harus orang lain dari yang membuka putaran atau menjalankan perhitungan.", "Minta pemegang peran penyetuju yang lain.",
            en: "Whoever approves must be another person than who opened the round or had the plan computed.", "Ask another approver.";
        BothSides = "ROUND_BOTH_SIDES", 409,
            id: "Anda bertindak untuk pembeli atau penjual dalam putaran ini, jadi tidak boleh ikut memutuskannya.", "Minta petugas lain yang tidak ikut berjual beli.",
            en: "You act for a buyer or seller in this round, so you may not decide about it.", "Ask another officer who takes no part in it.";
        Sealed = "ROUND_AWAITS_BIDS", 409,
            id: "Masih ada lelang putaran ini yang belum dibuka.", "Buka atau batalkan lelang itu dahulu.",
            en: "Calls for bids of this round are still sealed.", "Open or cancel those calls first.";
        NoSnapshot = "ROUND_HAS_NO_SNAPSHOT", 409,
            id: "Putaran ini belum ditutup, jadi belum ada datanya yang dibekukan.", "Tutup putaran dahulu.",
            en: "The round is not closed yet, so nothing is frozen.", "Close the round first.";
        NoPlan = "ROUND_HAS_NO_PLAN", 409,
            id: "Belum ada hasil perhitungan untuk putaran ini.", "Jalankan perhitungan dan tunggu sampai selesai.",
            en: "No plan has been computed for this round yet.", "Start the solve and wait until it ends.";
        TooLarge = "ROUND_TOO_LARGE", 422,
            id: "Angka dalam putaran ini terlalu besar untuk dihitung dengan tepat.", "Periksa harga, jarak dan jumlah yang disebut.",
            en: "A number in this round is too large to compute with exactly.", "Check the prices, distances and quantities named here.";
        SnapshotAltered = "ROUND_SNAPSHOT_ALTERED", 409,
            id: "Data beku putaran ini tidak cocok dengan sidik SHA-256-nya.", "Jangan terbitkan; hubungi pengawas dan jalankan pasok check.",
            en: "The round's frozen data do not match their SHA-256.", "Do not publish; tell the supervisor and run pasok check.";
        PlanRefused = "ROUND_PLAN_REFUSED", 409,
            id: "Hasil perhitungan tidak lolos pemeriksaan.", "Jalankan perhitungan lagi; bila berulang, laporkan.",
            en: "The plan did not pass the check.", "Run the solve again; report it if it happens again.";
        SolverMissing = "SOLVER_MISSING", 503,
            id: "Program penghitung tidak dapat dijalankan.", "Periksa pemasangan pasok-solver, lalu jalankan lagi.",
            en: "The solver's program could not be started.", "Check that pasok-solver is installed, then solve again.";
        SolverTimeout = "SOLVER_TIMEOUT", 503,
            id: "Perhitungan melewati batas waktu dan dihentikan.", "Jalankan lagi dengan batas waktu yang lebih panjang.",
            en: "The solve ran past its time limit and was stopped.", "Solve again with a longer time limit.";
        SolverFailed = "SOLVER_FAILED", 503,
            id: "Program penghitung berhenti dengan kesalahan.", "Jalankan lagi; bila berulang, laporkan beserta rinciannya.",
            en: "The solver's program stopped with an error.", "Solve again; report it with the details if it happens again.";
        SolverKilled = "SOLVER_KILLED", 503,
            id: "Program penghitung dihentikan oleh sistem, mungkin karena kehabisan memori.", "Tambah memori, lalu jalankan lagi.",
            en: "The solver's program was killed, perhaps for want of memory.", "Give it more memory, then solve again.";
        SolverUnreadable = "SOLVER_PLAN_UNREADABLE", 503,
            id: "Hasil program penghitung tidak dapat dibaca.", "Jalankan lagi; bila berulang, laporkan.",
            en: "What the solver's program wrote could not be read.", "Solve again; report it if it happens again.";
    }
}
