//! One-time codes by time (RFC 6238): six digits, 30 seconds, SHA-1, one step early or late; a code works once. The secret is
//! stored encrypted.

use super::errors::AccessError;
use super::store::credentials as store;
use super::types::Credentials;
use super::vault::Vault;
use crate::app::App;
use crate::audit::{Change, Work};
use crate::error::AppError;
use crate::parties::Account;
use crate::scope::Scope;
use totp_rs::{Builder, Secret, Totp};

/// What the vault encrypts here.
const TOTP: &str = "totp";

/// A secret to put into an authenticator app; shown once.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// Base32, to type.
    pub secret: String,
    /// `otpauth://…`, to show as a picture.
    pub uri: String,
}

/// Begins to set up an authenticator; nothing counts until [`confirm`].
pub fn begin(
    work: &mut Work<'_>,
    vault: &Vault,
    account: &Account,
    credentials: &Credentials,
) -> Result<Enrolment, AppError> {
    if credentials.totp_confirmed_at.is_some() {
        return Err(AccessError::SecondFactorExists.into());
    }
    let secret = Secret::new_stack(rand::random::<[u8; 20]>()).to_base32();
    store::set_totp(work.connection, account.id, &vault.seal(TOTP, account.id, &secret)?)?;
    work.record(Change {
        subject: "accounts",
        subject_id: account.id,
        event: "second_factor_begun",
        ..Change::default()
    })?;
    let login =
        account.phone.as_ref().map(ToString::to_string).or_else(|| account.email.as_ref().map(ToString::to_string));
    let login = login.unwrap_or_else(|| account.id.to_string()).replace('+', "%2B").replace('@', "%40");
    let uri = format!("otpauth://totp/Pasok:{login}?secret={secret}&issuer=Pasok&algorithm=SHA1&digits=6&period=30");
    Ok(Enrolment { secret, uri })
}

/// Counts the authenticator from now on: its code was right.
pub fn confirm(work: &mut Work<'_>, vault: &Vault, credentials: &Credentials, code: &str) -> Result<(), AppError> {
    if credentials.totp_confirmed_at.is_some() {
        return Err(AccessError::SecondFactorExists.into());
    }
    if credentials.totp_secret.is_empty() {
        return Err(AccessError::SecondFactorNotBegun.into());
    }
    use_code(work, vault, credentials, code)?;
    store::confirm_totp(work.connection, credentials.account_id, work.now)?;
    work.record(Change {
        subject: "accounts",
        subject_id: credentials.account_id,
        event: "second_factor_set",
        ..Change::default()
    })
}

/// Accepts a code and spends its step.
pub fn use_code(work: &mut Work<'_>, vault: &Vault, credentials: &Credentials, code: &str) -> Result<(), AppError> {
    let seconds = u64::try_from(work.now.as_micros() / 1_000_000).map_err(AppError::internal)?;
    let secret = vault.open(TOTP, credentials.account_id, &credentials.totp_secret)?;
    let step = totp(&secret)?.check(code.trim(), seconds).ok_or(AccessError::CodeRefused)?;
    let step = i64::try_from(step).map_err(AppError::internal)?;
    if store::spend_step(work.connection, credentials.account_id, step)? {
        Ok(())
    } else {
        Err(AccessError::CodeRefused.into())
    }
}

/// Encrypts every secret with a new key, and forgets the older keys once that is stored; answers how many there were.
pub fn renew_secrets(app: &App, scope: &Scope) -> Result<usize, AppError> {
    app.vault.add_key()?;
    let renewed = app.write(scope.clone(), |work| {
        let secrets = store::list_totp(work.connection)?;
        for (account_id, sealed) in &secrets {
            let plain = app.vault.open(TOTP, *account_id, sealed)?;
            store::replace_totp(work.connection, *account_id, &app.vault.seal(TOTP, *account_id, &plain)?)?;
        }
        work.record(Change { subject: "credentials", event: "secrets_renewed", ..Change::default() })?;
        Ok(secrets.len())
    })?;
    app.vault.drop_old_keys()?;
    Ok(renewed)
}

fn totp(secret: &str) -> Result<Totp, AppError> {
    let secret = Secret::try_from_base32(secret).map_err(|_| AppError::unknown_stored("totp_secret"))?;
    Builder::new().with_secret(secret).with_skew(1).build().map_err(|_| AppError::unknown_stored("totp_secret"))
}

/// The code an authenticator shows at a time; for tests and for nothing else.
#[cfg(test)]
fn code_at(secret: &str, seconds: u64) -> String {
    totp(secret).unwrap().generate(seconds).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, SHA-1: the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = Secret::new_stack(*b"12345678901234567890").to_base32();
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(code_at(&secret, seconds), code);
            let check = |at| totp(&secret).unwrap().check(code, at);
            assert_eq!(check(seconds), Some(seconds / 30));
            assert!(check(seconds + 30).is_some() && check(seconds - 30).is_some());
            assert!(check(seconds + 60).is_none() && (seconds < 60 || check(seconds - 60).is_none()));
        }
    }
}
