//! The log of changes in words: who (the role, never the name) did what when, of the markets that one runs or observes.

use super::super::view::View;
use super::super::visit::Signed;
use super::super::{PUBLIC, render, words};
use crate::app::App;
use crate::audit::service::{self as log, EntryFilter};
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::markets::{self, Market};
use crate::parties::{self, people};
use crate::scope::Scope;
use crate::values::Timestamp;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Entries on one page, and markets to choose from.
const LIMIT: usize = 50;
const MARKETS: i64 = 50;
/// Longest state or reason that is shown at once, in characters; the rest unfolds.
const LONGEST: usize = 60;
/// What the log can be narrowed to.
const SUBJECTS: [&str; 9] =
    ["rounds", "demands", "offers", "orders", "calls", "scenarios", "complaints", "markets", "market_members"];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    market: String,
    subject: String,
    before: String,
}

/// One entry in words.
struct Row {
    index: i64,
    at: Timestamp,
    who: String,
    what: String,
    states: String,
    reason: String,
    /// Before, after and reason as they were written down, where they were too long to be shown at once.
    whole: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "observe/log.html")]
struct Log {
    view: View,
    market: Market,
    markets: Vec<Market>,
    asked: Asked,
    rows: Vec<Row>,
    next: Option<i64>,
    subjects: [&'static str; 9],
}

impl Log {
    fn subject(&self, word: &str) -> String {
        subject(&self.view, word)
    }
}

/// A word of the log as people say it; as it is where the catalogue has none.
fn known(view: &View, key: &str, word: &str) -> String {
    let key = format!("{key}-{}", word.replace('_', "-"));
    if words::exists(&key) { view.say(key) } else { word.replace('_', " ") }
}

fn subject(view: &View, word: &str) -> String {
    known(view, "log-subject", word)
}

pub(super) async fn show(
    Signed { view, actor }: Signed,
    State(app): State<App>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, AppError> {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let scope = actor.scope();
    let markets = app
        .read_async(&actor, move |connection, scope| {
            let mut all = markets::service::list(connection, scope, 0, MARKETS)?;
            all.retain(|market| scope.sees_whole(market.id));
            Ok(all)
        })
        .await?;
    let wanted = markets.iter().find(|market| market.id.to_string() == asked.market).or(markets.first());
    let market = wanted.cloned().ok_or(CommonError::Forbidden)?;
    // The entries are those within the reader's own scope; only the names of roles and organisations are looked up wider.
    let filter = EntryFilter {
        market_id: market.id,
        subject: SUBJECTS.into_iter().find(|known| *known == asked.subject),
        before: asked.before.parse().unwrap_or(i64::MAX),
        limit: LIMIT + 1,
    };
    let mut entries =
        app.read_async(scope, move |connection, scope| log::list_entries(connection, scope, &filter)).await?;
    let more = entries.len() > LIMIT;
    entries.truncate(LIMIT);
    let next = entries.last().filter(|_| more).map(|entry| entry.leaf_index);
    let page = app
        .read_async(PUBLIC, move |connection, scope| {
            let who = people_of(connection, scope, &entries, &view)?;
            let rows = entries.into_iter().map(|entry| row(&view, &who, &entry)).collect();
            Ok(Log { view, market, markets, asked, rows, next, subjects: SUBJECTS })
        })
        .await?;
    render(&page)
}

/// Role and organisation of whoever acts in some entries, by member.
type Who = BTreeMap<(Option<i64>, Option<i64>), String>;

fn people_of(
    connection: &mut DbConnection,
    scope: &Scope,
    entries: &[log::Entry],
    view: &View,
) -> Result<Who, AppError> {
    let ids: Vec<i64> = entries.iter().filter_map(|entry| entry.organisation_id).collect();
    let organisations = parties::service::list_by_ids(connection, scope, &super::super::why::unique(ids))?;
    let names: BTreeMap<i64, String> = organisations.into_iter().map(|one| (one.id, one.name)).collect();
    let mut who = Who::new();
    for entry in entries {
        let key = (entry.member_id, entry.organisation_id);
        if who.contains_key(&key) {
            continue;
        }
        let role = match entry.member_id {
            Some(id) => known(view, "role", people::get_member(connection, id)?.role.word()),
            None => view.say("log-system"),
        };
        let organisation = entry.organisation_id.and_then(|id| names.get(&id));
        let said = organisation.map_or_else(|| role.clone(), |name| format!("{role}, {name}"));
        who.insert(key, said);
    }
    Ok(who)
}

fn row(view: &View, who: &Who, entry: &log::Entry) -> Row {
    let key = (entry.member_id, entry.organisation_id);
    let state = |text: &str| known_state(view, &entry.subject, text);
    let (old, new) = (state(&entry.old_value), state(&entry.new_value));
    let differing = differing(view, &old, &new);
    let is_cut = differing.is_some() || [&old, &new, &entry.reason].iter().any(|text| text.chars().count() > LONGEST);
    let states = differing.unwrap_or_else(|| match (shown(&old), shown(&new)) {
        (old, new) if old.is_empty() || new.is_empty() => old + &new,
        (old, new) => format!("{old} → {new}"),
    });
    let reason = shown(&entry.reason);
    let all = [("log-before", old), ("log-after", new), ("log-why", entry.reason.clone())];
    Row {
        index: entry.leaf_index,
        at: Timestamp::from_micros(entry.at),
        who: who.get(&key).cloned().unwrap_or_default(),
        what: format!("{} {}", subject(view, &entry.subject), known(view, "log-event", &entry.event)),
        states,
        reason,
        whole: if is_cut { all.into_iter().filter(|(_, text)| !text.is_empty()).collect() } else { Vec::new() },
    }
}

/// What differs between two states that are written down field by field, in words; `None` where they are not.
fn differing(view: &View, old: &str, new: &str) -> Option<String> {
    let after = fields(new)?;
    let before = fields(old).unwrap_or_default();
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(*value));
    let said = changed.map(|(name, value)| {
        let called = known(view, "log-field", name);
        match before.get(name) {
            Some(old) => format!("{called} {} → {}", shown(old), shown(value)),
            // That a rule is there says enough; its parts unfold.
            None if value == "true" || value.starts_with(['{', '[']) => called,
            None => format!("{called} {}", shown(value)),
        }
    });
    Some(said.collect::<Vec<_>>().join(", "))
}

/// The fields of a JSON object, their values as text.
fn fields(text: &str) -> Option<BTreeMap<String, String>> {
    let found: BTreeMap<String, Value> = serde_json::from_str(text).ok()?;
    let text = |value: Value| if let Value::String(text) = value { text } else { value.to_string() };
    Some(found.into_iter().map(|(name, value)| (name, text(value))).collect())
}

/// A state as people say it, where it is one.
fn known_state(view: &View, subject: &str, text: &str) -> String {
    let key = match subject {
        "rounds" => format!("round-status-{text}"),
        "orders" => format!("order-status-{}", text.replace('_', "-")),
        _ => return text.to_owned(),
    };
    if words::exists(&key) { view.say(key) } else { text.to_owned() }
}

/// Whether a state is a fingerprint, which says nothing to a reader at once.
fn is_fingerprint(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn shown(text: &str) -> String {
    if is_fingerprint(text) {
        return String::new();
    }
    let short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
