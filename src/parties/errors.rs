//! Why an operation on organisations or members is refused.

use crate::error_codes;

error_codes! {
    /// Codes of this domain.
    PartyError {
        OrganisationExists = "ORGANISATION_EXISTS", 409,
            id: "Organisasi dengan kode ini sudah terdaftar.", "Pakai organisasi yang sudah ada, atau kode lain.",
            en: "An organisation with this code is registered already.", "Use the existing one, or another code.";
        MemberExists = "MEMBER_EXISTS", 409,
            id: "Orang ini sudah terdaftar dengan peran yang sama.", "Pakai data yang sudah ada.",
            en: "This person is registered with the same role already.", "Use the existing record.";
        SecondFactorNeeded = "SECOND_FACTOR_NEEDED", 403,
            id: "Tindakan ini perlu kode sekali pakai dari aplikasi autentikator.", "Pasang autentikator di halaman Akun, lalu masuk lagi dengan kodenya. Program: /api/v1/accounts/me/totp.",
            en: "This takes a one-time code from an authenticator app.", "Set one up at /api/v1/accounts/me/totp, then sign in again with its code.";
        PersonNeeded = "PERSON_NEEDED", 403,
            id: "Tindakan ini hanya boleh dilakukan orang yang masuk sendiri, bukan program dengan token.", "Masuk dengan kata sandi dan kode autentikator.",
            en: "Only a person who signed in may do this, not a program with a token.", "Sign in with password and authenticator code.";
        OwnPeopleOnly = "OWN_PEOPLE_ONLY", 403,
            id: "Hanya pengurus organisasi itu sendiri yang boleh melakukan ini, bukan pendamping.", "Minta ketua atau pengurus organisasi itu.",
            en: "Only the organisation's own people may do this, not an assistant.", "Ask its chair or another of its people.";
        ReadOnly = "READ_ONLY_ACCESS", 403,
            id: "Izin atau token Anda hanya untuk membaca.", "Minta izin yang lebih luas kepada pengurus organisasi itu.",
            en: "Your grant or token only reads.", "Ask the organisation for one that allows more.";
        NotAPhone = "NOT_A_PHONE", 422,
            id: "Bukan nomor telepon yang benar.", "Tulis seperti 0812 3456 7890 atau +62 812 3456 7890.",
            en: "Not a telephone number.", "Write it like 0812 3456 7890 or +62 812 3456 7890.";
        NotAnEmail = "NOT_AN_EMAIL", 422,
            id: "Bukan alamat surel yang benar.", "Tulis seperti nama@contoh.id.",
            en: "Not an e-mail address.", "Write it like name@example.id.";
        ContactTaken = "CONTACT_TAKEN", 409,
            id: "Nomor atau alamat ini sudah dipakai orang lain.", "Periksa lagi; bila orangnya sama, tambahkan peran pada akunnya.",
            en: "This number or address belongs to another person already.", "Check it; if it is the same person, add the role to that account.";
        NotActive = "ORGANISATION_NOT_ACTIVE", 409,
            id: "Organisasi ini sedang tidak aktif.", "Minta operator pasar mengaktifkannya.",
            en: "This organisation is not active.", "Ask the market's operator to activate it.";
    }
}
