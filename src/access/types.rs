//! What a session, a token and a grant are.

use crate::parties::{GrantScope, TokenScope};
use crate::values::Timestamp;
use crate::word_enum;

word_enum! {
    /// What a code that is handed over is for.
    CodePurpose {
        /// To choose the first password.
        Invitation = "invitation",
        /// To choose another password.
        PasswordReset = "password_reset",
        /// To choose another password and go on without the lost authenticator.
        SecondFactorReset = "second_factor_reset",
    }
}

/// A code that one person hands to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Its id.
    pub id: i64,
    /// Whose account it is for.
    pub account_id: i64,
    /// What it is for.
    pub purpose: CodePurpose,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// What a person proves themselves with. Never leaves the server.
#[derive(Clone)]
pub struct Credentials {
    /// The person.
    pub account_id: i64,
    /// PHC string; empty without a password.
    pub password_hash: String,
    /// When the password was chosen.
    pub password_set_at: Option<Timestamp>,
    /// Base32; empty without an authenticator.
    pub totp_secret: String,
    /// When the authenticator began to count.
    pub totp_confirmed_at: Option<Timestamp>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("account_id", &self.account_id).finish_non_exhaustive()
    }
}

/// Somebody who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: i64,
    /// The person.
    pub account_id: i64,
    /// The role the person acts in unless a request says otherwise.
    pub member_id: i64,
    /// What signed in, as it named itself.
    pub client: String,
    /// When a one-time code was given.
    pub second_factor_at: Option<Timestamp>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// A program's token of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: i64,
    /// The member who answers for what it does.
    pub member_id: i64,
    /// What it is for.
    pub label: String,
    /// What it allows.
    pub scope: TokenScope,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// A cooperative's leave for an assistant to act for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: i64,
    /// The cooperative.
    pub organisation_id: i64,
    /// The assistant, as a member of the assistants' organisation.
    pub assistant_id: i64,
    /// What it allows.
    pub scope: GrantScope,
    /// Who granted it.
    pub granted_by: i64,
    /// When.
    pub granted_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was ended before that.
    pub revoked_at: Option<Timestamp>,
    /// Rises with every change.
    pub version: i64,
}
