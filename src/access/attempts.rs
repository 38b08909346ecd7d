//! How often somebody may try: per login and per address, in windows of a quarter of an hour.
//!
//! An attempt is counted before the password is looked at, so that many at once cannot pass together; a success takes its
//! count back. Logins that belong to nobody are counted like others. Both are stored as hashes.

use super::errors::AccessError;
use super::secrets;
use super::store::attempts as store;
use crate::audit::Work;
use crate::error::AppError;
use crate::parties::Login;
use std::net::IpAddr;

/// Length of a window.
const WINDOW_S: i64 = 15 * 60;
/// Failures per login and window.
pub const PER_LOGIN: i64 = 10;
/// Failures per address and window: more, because a village shares one address.
pub const PER_ADDRESS: i64 = 50;
/// How long a count is kept.
const KEPT_S: i64 = 24 * 3600;

/// Whose attempts are counted together.
#[derive(Debug, Clone)]
pub struct Keys {
    login: String,
    address: Option<String>,
}

impl Keys {
    /// For a login as typed, from an address where that is known.
    pub fn of(login: &str, address: Option<IpAddr>) -> Self {
        let parsed = Login::parse(login);
        let spelled = parsed.as_ref().map_or_else(|| login.trim(), Login::as_str);
        Self {
            login: secrets::hash(&format!("login {}", spelled.to_lowercase())),
            address: address.map(|address| secrets::hash(&format!("address {}", network(address)))),
        }
    }

    /// For a person who is signed in and shows the password or a code again.
    pub fn of_account(account_id: i64) -> Self {
        Self { login: secrets::hash(&format!("account {account_id}")), address: None }
    }

    fn all(&self) -> impl Iterator<Item = (&str, i64)> {
        let address = self.address.as_deref().map(|key| (key, PER_ADDRESS));
        std::iter::once((self.login.as_str(), PER_LOGIN)).chain(address)
    }
}

/// A household or office has a whole /64 of version 6.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Counts an attempt; refused with the time to wait when there were too many.
pub fn begin(work: &mut Work<'_>, keys: &Keys) -> Result<(), AppError> {
    store::prune(work.connection, work.now.plus_seconds(-KEPT_S))?;
    for (key, most) in keys.all() {
        let count = store::count(work.connection, key, work.now, work.now.plus_seconds(-WINDOW_S))?;
        if count.failures > most {
            let ends = count.window_started_at.plus_seconds(WINDOW_S);
            let wait_s = (ends.as_micros() - work.now.as_micros()).div_euclid(1_000_000) + 1;
            return Err(AppError::try_again_in(AccessError::TooManyAttempts, wait_s.unsigned_abs()));
        }
    }
    Ok(())
}

/// The attempt was good: forgets the login's failures and this one of the address.
pub fn succeed(work: &mut Work<'_>, keys: &Keys) -> Result<(), AppError> {
    store::forget(work.connection, &keys.login)?;
    if let Some(address) = &keys.address {
        store::uncount(work.connection, address)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_login_counts_as_one() {
        let login = |text| Keys::of(text, None).login;
        assert_eq!(login("0812-3456-7890"), login("+62 812 3456 7890"));
        assert_eq!(login("A@B.id"), login("a@b.ID "));
        assert_ne!(login("0812-3456-7890"), login("0812-3456-7891"));
        assert_eq!(login("nobody"), login(" NOBODY"));
    }

    #[test]
    fn addresses_of_one_house_count_as_one() {
        let address = |text: &str| Keys::of("x", Some(text.parse().unwrap())).address;
        assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("::ffff:10.0.0.1"), address("10.0.0.1"));
    }
}
