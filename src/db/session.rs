//! What PostgreSQL is told at the start of a transaction, so that row-level security applies the scope a second time.
//!
//! One statement more in the message that begins the transaction: no further round trip. The role and the settings are
//! `LOCAL`, so they end with the transaction and cannot leak into the next one on the same connection. Who forgets to
//! begin here keeps the role of the connection, for which no policy lets anything through.

use crate::scope::Scope;

/// The role of the system's own tasks: policies let it through.
const SYSTEM_ROLE: &str = "pasok_system";
/// The role of everybody else: policies compare with the settings below.
const APP_ROLE: &str = "pasok_app";

/// SQL that gives the rest of the transaction the reach of `scope`.
pub(super) fn statements(scope: &Scope) -> String {
    let Some(bounds) = scope.bounds() else {
        return format!("SET LOCAL ROLE {SYSTEM_ROLE}");
    };
    let lists = [
        ("organisations", bounds.organisations.clone()),
        ("operates", bounds.operates.clone()),
        ("reads", [bounds.operates.as_slice(), &bounds.observes].concat()),
        ("markets", [bounds.operates.as_slice(), &bounds.observes, &bounds.belongs].concat()),
    ];
    let mut settings: Vec<String> = lists.map(|(name, ids)| setting(name, &numbers(&ids))).into();
    settings.push(setting("account", &bounds.account_id.to_string()));
    settings.push(setting("registers", if bounds.registers { "1" } else { "0" }));
    format!("SET LOCAL ROLE {APP_ROLE}; SELECT {}", settings.join(", "))
}

/// Only digits and commas get here, so nothing needs quoting.
fn setting(name: &str, value: &str) -> String {
    format!("set_config('pasok.{name}', '{value}', true)")
}

fn numbers(ids: &[i64]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Principal;
    use crate::scope::Bounds;

    #[test]
    fn a_scope_becomes_a_role_and_lists() {
        assert_eq!(statements(&Scope::system("a test")), "SET LOCAL ROLE pasok_system");
        let bounds = Bounds { organisations: vec![7], operates: vec![1, 2], observes: vec![3], ..Bounds::default() };
        let text = statements(&Scope::bounded(Principal { member_id: Some(9), organisation_id: Some(7) }, bounds));
        assert!(text.starts_with("SET LOCAL ROLE pasok_app; SELECT "), "{text}");
        for part in [
            "'pasok.organisations', '7'",
            "'pasok.operates', '1,2'",
            "'pasok.reads', '1,2,3'",
            "'pasok.registers', '0'",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
