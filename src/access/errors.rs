//! Why an access is refused.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    AccessError {
        SignInRefused = "SIGN_IN_REFUSED", 401,
            id: "Nomor, alamat atau kata sandi tidak cocok.", "Periksa lagi; bila lupa, minta kode penggantian kepada operator atau pendamping.",
            en: "Number, address or password do not match.", "Check them; if you forgot the password, ask an operator or assistant for a reset code.";
        CodeNeeded = "SIGN_IN_CODE_NEEDED", 401,
            id: "Masuk ke akun ini perlu kode dari aplikasi autentikator.", "Kirim juga kode enam angka yang sedang ditampilkan.",
            en: "Signing in to this account takes a code from the authenticator app.", "Send the six digits it shows now as well.";
        CodeRefused = "SIGN_IN_CODE_REFUSED", 401,
            id: "Kode autentikator salah atau sudah dipakai.", "Tunggu kode berikutnya dan periksa jam ponsel Anda.",
            en: "The authenticator code is wrong or was used already.", "Wait for the next code, and check your phone's clock.";
        NoRole = "NO_ROLE", 403,
            id: "Anda tidak mempunyai peran di organisasi itu.", "Minta pengurus organisasi atau operator memberi peran.",
            en: "You have no role in that organisation.", "Ask the organisation or an operator to give you one.";
        TooManyAttempts = "TOO_MANY_ATTEMPTS", 429,
            id: "Terlalu banyak percobaan.", "Tunggu selama yang disebut pada Retry-After, lalu coba lagi.",
            en: "Too many attempts.", "Wait as long as Retry-After says, then try again.";
        PasswordTooShort = "PASSWORD_TOO_SHORT", 422,
            id: "Kata sandi terlalu pendek.", "Pakai beberapa kata yang mudah Anda ingat, misalnya empat kata.",
            en: "The password is too short.", "Use several words that you remember easily, four for example.";
        PasswordTooLong = "PASSWORD_TOO_LONG", 422,
            id: "Kata sandi terlalu panjang.", "Pendekkan.",
            en: "The password is too long.", "Shorten it.";
        PasswordCommon = "PASSWORD_COMMON", 422,
            id: "Kata sandi ini terlalu mudah ditebak.", "Pakai beberapa kata yang tidak biasa berdampingan.",
            en: "This password is too easy to guess.", "Use several words that do not usually stand together.";
        PasswordAboutOwner = "PASSWORD_ABOUT_OWNER", 422,
            id: "Kata sandi ini memakai nama, nomor atau organisasi Anda.", "Pakai kata lain yang tidak diketahui orang tentang Anda.",
            en: "This password uses your name, number or organisation.", "Use words that others do not know about you.";
        HandoverRefused = "CODE_REFUSED", 401,
            id: "Kode tidak cocok, sudah dipakai, atau sudah lewat waktunya.", "Periksa nomor dan kodenya, atau minta kode baru.",
            en: "The code does not match, was used, or has run out.", "Check number and code, or ask for a new one.";
        HandoverToSelf = "CODE_FOR_SELF", 409,
            id: "Kode untuk diri sendiri tidak dapat dibuat.", "Minta orang lain yang berwenang.",
            en: "You cannot hand a code to yourself.", "Ask somebody else who may.";
        NothingToReset = "NOTHING_TO_RESET", 409,
            id: "Akun ini tidak memakai autentikator.", "Tidak perlu dipulihkan.",
            en: "This account has no authenticator.", "There is nothing to recover.";
        InvitedAlready = "INVITED_ALREADY", 409,
            id: "Orang ini sudah mempunyai kata sandi.", "Buat kode penggantian kata sandi bila lupa.",
            en: "This person has a password already.", "Make a password reset code if it is forgotten.";
        NoContact = "NO_CONTACT", 409,
            id: "Akun ini belum mempunyai nomor telepon atau surel.", "Isi nomor telepon atau surelnya dahulu.",
            en: "This account has neither a telephone number nor an e-mail address.", "Enter one first.";
        SecondFactorExists = "SECOND_FACTOR_EXISTS", 409,
            id: "Autentikator sudah terpasang.", "Bila ponselnya hilang, minta kode pemulihan kepada administrator.",
            en: "An authenticator is set up already.", "If the phone is lost, ask an administrator for a recovery code.";
        SecondFactorNotBegun = "SECOND_FACTOR_NOT_BEGUN", 409,
            id: "Pemasangan autentikator belum dimulai.", "Mulai di halaman Akun. Program: POST /api/v1/accounts/me/totp.",
            en: "Setting up an authenticator has not begun.", "Begin with POST /api/v1/accounts/me/totp.";
        ActingForRefused = "ACTING_FOR_REFUSED", 403,
            id: "Anda tidak boleh bertindak untuk organisasi itu.", "Periksa nomornya, atau minta ketuanya memberi izin pendampingan.",
            en: "You may not act for that organisation.", "Check its number, or ask its chair for a grant.";
        AssistantTrades = "ASSISTANT_TRADES", 409,
            id: "Pendamping tidak boleh menjadi pengurus organisasi yang berjual beli.", "Akhiri peran itu dahulu, atau pilih pendamping lain.",
            en: "An assistant may not belong to an organisation that buys or sells.", "End that role first, or choose another assistant.";
        NotAnAssistant = "NOT_AN_ASSISTANT", 422,
            id: "Orang ini bukan pendamping.", "Pilih dari daftar pendamping. Program: /api/v1/assistants.",
            en: "This is not an assistant.", "Choose one from /api/v1/assistants.";
        GrantExists = "GRANT_EXISTS", 409,
            id: "Pendamping ini sudah mempunyai izin.", "Cabut izin yang lama dahulu.",
            en: "This assistant has a grant already.", "Revoke the old one first.";
        TooManyGrants = "TOO_MANY_GRANTS", 409,
            id: "Pendamping ini sudah mendampingi terlalu banyak organisasi, atau organisasi ini terlalu banyak pendamping.", "Pilih pendamping lain, atau cabut izin yang tidak dipakai.",
            en: "This assistant has too many organisations, or this organisation too many assistants.", "Choose another, or revoke a grant that is not used.";
        RoleDoesNotFit = "ROLE_DOES_NOT_FIT", 409,
            id: "Organisasi ini tidak menjalankan tugas untuk peran itu.", "Pilih peran lain, atau organisasi yang menjalankan pasar, pendampingan atau pengamatan.",
            en: "This organisation does not do what the role is for.", "Choose another role, or an organisation that runs markets, assists or observes.";
        OwnRole = "OWN_ROLE", 409,
            id: "Peran sendiri tidak dapat diubah sendiri.", "Minta orang lain yang berwenang.",
            en: "You cannot change your own role.", "Ask somebody else who may.";
        TokenExists = "TOKEN_EXISTS", 409,
            id: "Anggota ini sudah mempunyai token dengan nama itu.", "Cabut token yang lama dahulu, atau pakai nama lain.",
            en: "This member has a token of that name already.", "Revoke the old one first, or use another name.";
        DaysOutOfRange = "DAYS_OUT_OF_RANGE", 422,
            id: "Jumlah hari di luar batas.", "Pakai jumlah hari di dalam batas yang disebut.",
            en: "The number of days is out of range.", "Use a number of days within the bounds named.";
    }
}
