//! Every way in which Pasok says no: a code, a status, and in two languages what happened and what to do.
//!
//! Each domain lists its own codes with [`error_codes!`](crate::error_codes); [`AppError`] carries any of them to the
//! edge, where `web::problem` renders it. `docs/errors.md` is generated from `router::error_catalogue`.
//!
//! Which to use: [`AppError::Refused`] for anything the caller can mend; [`AppError::Internal`] for what only we can
//! mend (its text goes to the log, never to a client).

use crate::db::{DbError, LostRace};

/// One code and what it means to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorDef {
    /// Stable name for programs.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What happened, in Indonesian.
    pub detail_id: &'static str,
    /// What happened, in English.
    pub detail_en: &'static str,
    /// What to do, in Indonesian.
    pub action_id: &'static str,
    /// What to do, in English.
    pub action_en: &'static str,
}

/// Lists the error codes of one domain as an enum.
#[macro_export]
macro_rules! error_codes {
    ($(#[$meta:meta])* $name:ident {
        $($variant:ident = $code:literal, $status:literal,
            id: $detail_id:literal, $action_id:literal,
            en: $detail_en:literal, $action_en:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $(#[doc = $detail_en] $variant,)* }

        impl $name {
            /// Every code of this domain.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// What the code means.
            pub const fn def(self) -> &'static $crate::error::ErrorDef {
                match self {
                    $($name::$variant => &$crate::error::ErrorDef {
                        code: $code, status: $status,
                        detail_id: $detail_id, detail_en: $detail_en,
                        action_id: $action_id, action_en: $action_en,
                    },)*
                }
            }

            /// The stable name for programs.
            pub const fn code(self) -> &'static str { self.def().code }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.def().detail_en)
            }
        }

        impl std::error::Error for $name {}

        impl From<$name> for &'static $crate::error::ErrorDef {
            fn from(error: $name) -> Self { error.def() }
        }

        impl From<$name> for $crate::error::AppError {
            fn from(error: $name) -> Self { $crate::error::AppError::refused(error.def()) }
        }
    };
}

/// One thing wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldIssue {
    /// JSON pointer into the request body, or the name of a parameter.
    pub pointer: String,
    /// What is wrong.
    pub def: &'static ErrorDef,
    /// What exactly, where the definition alone does not say it (a bound, the allowed words); the same in both languages.
    pub hint: String,
}

/// A refusal: one headline, and every field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The headline.
    pub def: &'static ErrorDef,
    /// Every field that is wrong, not only the first.
    pub issues: Vec<FieldIssue>,
    /// What exactly, where the definition alone does not say it.
    pub hint: String,
    /// How long to wait before trying again, in seconds.
    pub retry_after_s: Option<u64>,
}

/// Anything that stops an operation.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The caller can mend it.
    #[error("{}: {}{}", .0.def.code, .0.def.detail_en, list(.0))]
    Refused(Box<Refusal>),
    /// Only we can mend it.
    #[error("{0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

fn list(refusal: &Refusal) -> String {
    let bracketed = |hint: &str| {
        if hint.is_empty() { String::new() } else { format!(" ({hint})") }
    };
    let issues = refusal.issues.iter().map(|issue| {
        let (code, detail) = (issue.def.code, issue.def.detail_en);
        format!("\n  {} {code}: {detail}{}", issue.pointer, bracketed(&issue.hint))
    });
    std::iter::once(bracketed(&refusal.hint)).chain(issues).collect()
}

impl AppError {
    /// A refusal with nothing to add to its definition.
    pub fn refused(def: &'static ErrorDef) -> Self {
        Self::Refused(Box::new(Refusal { def, issues: Vec::new(), hint: String::new(), retry_after_s: None }))
    }

    /// A refusal that says what exactly.
    pub fn refused_with(def: impl Into<&'static ErrorDef>, hint: impl Into<String>) -> Self {
        Self::Refused(Box::new(Refusal { def: def.into(), issues: Vec::new(), hint: hint.into(), retry_after_s: None }))
    }

    /// A refusal that ends after so many seconds.
    pub fn try_again_in(def: impl Into<&'static ErrorDef>, seconds: u64) -> Self {
        let refusal =
            Refusal { def: def.into(), issues: Vec::new(), hint: String::new(), retry_after_s: Some(seconds) };
        Self::Refused(Box::new(refusal))
    }

    /// A fault of ours.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }

    /// A stored value that this program does not know: the database was changed by other means.
    pub fn unknown_stored(value: impl std::fmt::Display) -> Self {
        Self::internal(DbError::Unusable(format!("unknown value '{value}' in the database")))
    }

    /// The HTTP status it is answered with.
    pub fn status(&self) -> u16 {
        match self {
            Self::Refused(refusal) => refusal.def.status,
            Self::Internal(_) => CommonError::Internal.def().status,
        }
    }

    /// The code, for tests and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.def.code,
            Self::Internal(_) => CommonError::Internal.code(),
        }
    }
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Pool(_) => CommonError::Overloaded.into(),
            // The second layer of isolation spoke: our first one has a hole. Whoever asks learns nothing by it.
            other if other.is_row_security() => {
                tracing::error!(error = %other, "row-level security refused what a store let through");
                CommonError::NotFound.into()
            }
            other => Self::internal(other),
        }
    }
}

impl From<diesel::result::Error> for AppError {
    fn from(error: diesel::result::Error) -> Self {
        DbError::from(error).into()
    }
}

impl LostRace for AppError {
    fn lost_race(&self) -> bool {
        match self {
            Self::Internal(error) => error.downcast_ref::<DbError>().is_some_and(LostRace::lost_race),
            Self::Refused(_) => false,
        }
    }
}

/// HTTP's status for a request that is in order but conflicts with what exists.
const CONFLICT: u16 = 409;

/// Gathers everything that is wrong with an input, so that it can be told at once.
#[derive(Debug, Default)]
pub struct Checks {
    issues: Vec<FieldIssue>,
    within: String,
}

impl Checks {
    /// Notes from now on are about the part of the body at this pointer (`/demands/3`).
    pub fn within(&mut self, pointer: String) {
        self.within = pointer;
    }

    /// Notes that the field at `pointer` is wrong.
    pub fn add(&mut self, pointer: &str, def: impl Into<&'static ErrorDef>) {
        self.add_with(pointer, def, "");
    }

    /// Notes that the field at `pointer` is wrong, and what exactly.
    pub fn add_with(&mut self, pointer: &str, def: impl Into<&'static ErrorDef>, hint: impl Into<String>) {
        self.issues.push(FieldIssue {
            pointer: format!("{}{pointer}", self.within),
            def: def.into(),
            hint: hint.into(),
        });
    }

    /// The value, or a note that the field at `pointer` is wrong.
    pub fn ok<T, E: Into<&'static ErrorDef>>(&mut self, pointer: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.add(pointer, error)).ok()
    }

    /// Whether nothing was noted so far.
    pub fn is_clean(&self) -> bool {
        self.issues.is_empty()
    }

    /// Refuses if anything was noted. The headline is `INVALID_INPUT`, unless the input is in order and only conflicts
    /// with what exists: then it is the conflict.
    pub fn finish(self) -> Result<(), AppError> {
        let Some(first) = self.issues.first() else {
            return Ok(());
        };
        let is_conflict = self.issues.iter().all(|issue| issue.def.status == CONFLICT);
        let (def, hint) = if is_conflict {
            (first.def, first.hint.clone())
        } else {
            (CommonError::InvalidInput.def(), String::new())
        };
        Err(AppError::Refused(Box::new(Refusal { def, issues: self.issues, hint, retry_after_s: None })))
    }

    /// What an input becomes once every part of it was read; refuses if anything was noted or a part is missing.
    pub fn finish_with<T>(self, value: Option<T>) -> Result<T, AppError> {
        self.finish()?;
        value.ok_or_else(|| CommonError::InvalidInput.into())
    }
}

error_codes! {
    /// Codes that every domain shares.
    CommonError {
        InvalidInput = "INVALID_INPUT", 422,
            id: "Ada isian yang belum benar.", "Perbaiki setiap isian yang disebut, lalu kirim lagi.",
            en: "Some fields are not right.", "Mend every field named here and send again.";
        MalformedJson = "MALFORMED_JSON", 400,
            id: "Isi permintaan bukan JSON yang utuh.", "Periksa tanda kurung dan koma, lalu kirim lagi.",
            en: "The request body is not complete, well-formed JSON.", "Check brackets and commas and send again.";
        WrongShape = "WRONG_SHAPE", 422,
            id: "Ada isian yang tidak dikenal atau salah jenis.", "Muat ulang halaman lalu isi lagi. Program: ikuti nama dan jenis isian di dokumentasi API.",
            en: "A field has an unknown name or the wrong type.", "Follow the names and types in the API documentation.";
        UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", 415,
            id: "Kiriman ini bukan jenis yang diterima di sini.", "Muat ulang halaman lalu ulangi. Program: kirim JSON dengan Content-Type: application/json.",
            en: "The request must be JSON.", "Send it with Content-Type: application/json.";
        BodyTooLarge = "BODY_TOO_LARGE", 413,
            id: "Isi permintaan terlalu besar.", "Kirim dalam beberapa bagian yang lebih kecil.",
            en: "The request body is too large.", "Send it in several smaller parts.";
        BodyTooSlow = "BODY_TOO_SLOW", 408,
            id: "Kiriman tidak sampai tepat waktu.", "Periksa sambungan, lalu kirim lagi; tidak akan dihitung dua kali. Program: dengan kunci yang sama.",
            en: "The request body did not arrive in time.", "Check the connection and send it again with the same key.";
        ForeignOrigin = "FOREIGN_ORIGIN", 403,
            id: "Permintaan ini datang dari situs lain.", "Buka halaman Pasok sendiri, lalu ulangi di sana.",
            en: "This request came from another site.", "Open Pasok's own page and do it there.";
        BadParameter = "BAD_PARAMETER", 400,
            id: "Ada bagian alamat yang tidak benar.", "Mulai lagi dari menu. Program: periksa parameter yang disebut.",
            en: "A parameter in the address is not right.", "Check the parameter named here.";
        NotFound = "NOT_FOUND", 404,
            id: "Data tidak ditemukan.", "Periksa nomornya; data organisasi lain juga tampak tidak ada.",
            en: "There is no such record.", "Check the identifier; other organisations' records look missing too.";
        NoSuchPage = "NO_SUCH_PAGE", 404,
            id: "Alamat ini tidak ada.", "Mulai dari halaman depan. Program: lihat /api/v1/openapi.json.",
            en: "There is nothing at this address.", "Start from /api/v1/openapi.json or the front page.";
        MethodNotAllowed = "METHOD_NOT_ALLOWED", 405,
            id: "Cara ini tidak tersedia di alamat ini.", "Mulai lagi dari menu. Program: lihat cara yang tersedia pada tajuk Allow.",
            en: "This method is not available at this address.", "See the Allow header for what is.";
        SignInNeeded = "SIGN_IN_NEEDED", 401,
            id: "Anda belum masuk, atau waktu masuk sudah habis.", "Masuk lagi. Program: kirim Authorization: Bearer dengan token yang masih berlaku.",
            en: "No valid token was sent.", "Send Authorization: Bearer with a token that is still valid.";
        Forbidden = "FORBIDDEN", 403,
            id: "Peran Anda tidak boleh melakukan ini.", "Minta orang dengan peran yang sesuai.",
            en: "Your role may not do this.", "Ask somebody whose role may.";
        VersionMissing = "VERSION_MISSING", 428,
            id: "Tidak disebut versi mana yang diubah.", "Muat ulang halaman lalu ulangi. Program: baca datanya dulu, lalu kirim If-Match dengan ETag-nya.",
            en: "The version to change was not stated.", "Read the record first and send its ETag as If-Match.";
        VersionStale = "VERSION_STALE", 412,
            id: "Data sudah diubah orang lain.", "Muat ulang, periksa perubahannya, lalu ulangi.",
            en: "Somebody else changed the record.", "Reload it, look at what changed, and try again.";
        KeyMissing = "IDEMPOTENCY_KEY_MISSING", 400,
            id: "Kiriman ini tidak punya kunci pengulangan.", "Muat ulang halaman lalu kirim lagi. Program: beri tiap tindakan satu Idempotency-Key acak, yang sama bila mengulang.",
            en: "The Idempotency-Key header is missing.", "Make one random key per action and send the same key when you retry.";
        KeyInvalid = "IDEMPOTENCY_KEY_INVALID", 400,
            id: "Kunci pengulangan harus 1 sampai 255 huruf atau angka ASCII.", "Muat ulang halaman lalu kirim lagi. Program: pakai misalnya UUID sebagai Idempotency-Key.",
            en: "Idempotency-Key must be 1 to 255 visible ASCII characters.", "Use a UUID, for example.";
        KeyReused = "IDEMPOTENCY_KEY_REUSED", 422,
            id: "Halaman ini sudah dipakai untuk kiriman lain.", "Muat ulang halaman lalu isi lagi. Program: pakai Idempotency-Key baru untuk permintaan baru.",
            en: "This key was used for a different request.", "Use a new key for a new request.";
        KeyInFlight = "IDEMPOTENCY_KEY_IN_FLIGHT", 409,
            id: "Kiriman yang sama masih diproses.", "Tunggu sebentar, lalu muat ulang halaman. Program: kirim lagi dengan kunci yang sama.",
            en: "A request with this key is still running.", "Wait a moment and send it again with the same key.";
        SecretShown = "SECRET_SHOWN_ONCE", 409,
            id: "Rahasia ini sudah dibuat dan hanya ditampilkan sekali.", "Bila Anda tidak sempat mencatatnya, cabut yang lama lalu buat yang baru.",
            en: "The secret was made already and is shown only once.", "If the answer got lost, revoke it and make another with a new key.";
        Required = "REQUIRED", 422,
            id: "Wajib diisi.", "Isi bagian ini.",
            en: "This field is required.", "Fill it in.";
        TooLong = "TOO_LONG", 422,
            id: "Terlalu panjang.", "Pendekkan isian ini.",
            en: "This text is too long.", "Shorten it.";
        ControlCharacter = "CONTROL_CHARACTER", 422,
            id: "Ada huruf yang tidak dapat dicetak.", "Hapus huruf itu atau ketik ulang.",
            en: "This text has characters that cannot be printed.", "Remove them or type it again.";
        UnknownChoice = "UNKNOWN_CHOICE", 422,
            id: "Pilihan ini tidak dikenal.", "Pakai salah satu pilihan yang disebut.",
            en: "This is not one of the choices.", "Use one of the choices named.";
        NotANumber = "NOT_A_NUMBER", 422,
            id: "Bukan angka desimal biasa.", "Tulis angka seperti 12 atau 12.5, tanpa pemisah ribuan.",
            en: "Not a plain decimal number.", "Write numbers like 12 or 12.5, without thousands separators.";
        TooPrecise = "TOO_PRECISE", 422,
            id: "Angka di belakang koma terlalu banyak.", "Kurangi angka di belakang koma.",
            en: "Too many digits after the decimal point.", "Use fewer decimals.";
        NotPositive = "NOT_POSITIVE", 422,
            id: "Harus lebih dari nol.", "Isi angka di atas nol.",
            en: "Must be more than zero.", "Enter a number above zero.";
        TooLarge = "TOO_LARGE", 422,
            id: "Angka ini melebihi batas wajar.", "Periksa satuannya: kilogram atau ton?",
            en: "Larger than this system accepts.", "Check the unit: kilograms or tonnes?";
        NotWhole = "NOT_WHOLE", 422,
            id: "Bukan kelipatan satuan terkecil.", "Bulatkan ke gram, mililiter, atau buah yang utuh.",
            en: "Not a whole number of the smallest unit.", "Round it to whole grams, millilitres or pieces.";
        NotADate = "NOT_A_DATE", 422,
            id: "Bukan tanggal yang benar.", "Tulis seperti 2026-01-31.",
            en: "Not a date of the form YYYY-MM-DD.", "Write it like 2026-01-31.";
        NotAnId = "NOT_AN_ID", 422,
            id: "Bukan nomor data yang benar.", "Pilih dari daftar, atau salin nomornya dengan lengkap.",
            en: "Not an identifier.", "Copy the identifier from the API's answer.";
        NotOnEarth = "NOT_ON_EARTH", 422,
            id: "Koordinat di luar bumi.", "Lintang -90 sampai 90, bujur -180 sampai 180.",
            en: "Not a place on Earth.", "Latitude -90 to 90, longitude -180 to 180.";
        DaysReversed = "DAYS_REVERSED", 422,
            id: "Hari terakhir mendahului hari pertama.", "Tukar kedua tanggal.",
            en: "The last day comes before the first.", "Swap the two dates.";
        Overloaded = "OVERLOADED", 503,
            id: "Sistem sedang sibuk.", "Coba lagi beberapa detik lagi; kiriman yang sama tidak dihitung dua kali. Program: dengan kunci yang sama.",
            en: "The system is busy.", "Try again in a few seconds with the same key.";
        Timeout = "TIMEOUT", 504,
            id: "Permintaan terlalu lama.", "Coba lagi; hasilnya tidak akan ganda. Program: dengan kunci yang sama.",
            en: "The request took too long.", "Try again with the same key; nothing will happen twice.";
        Internal = "INTERNAL", 500,
            id: "Terjadi kesalahan di sistem kami.", "Coba lagi; bila berulang, sampaikan nomor permintaan ini.",
            en: "Something went wrong on our side.", "Try again; if it happens again, tell us the request id.";
    }
}

impl From<crate::values::ValueError> for &'static ErrorDef {
    fn from(error: crate::values::ValueError) -> Self {
        use crate::values::ValueError as V;
        match error {
            V::NotANumber => CommonError::NotANumber,
            V::TooPrecise => CommonError::TooPrecise,
            V::NotPositive => CommonError::NotPositive,
            V::TooLarge => CommonError::TooLarge,
            V::NotWhole => CommonError::NotWhole,
            V::NotADate => CommonError::NotADate,
            V::DaysReversed => CommonError::DaysReversed,
            V::NotAnId => CommonError::NotAnId,
            V::NotOnEarth => CommonError::NotOnEarth,
        }
        .def()
    }
}
