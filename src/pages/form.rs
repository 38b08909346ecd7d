//! A form on its way in and out: what was typed, what is wrong with it, and the key that makes sending it twice harmless.

use super::view::View;
use super::words;
use crate::error::{AppError, CommonError, Refusal};
use crate::web::idempotency::Request;
use crate::web::{IdempotencyKey, Reply};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;

/// The hidden field with the key of the form.
const KEY: &str = "key";

/// What was typed into a form and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    sha256: String,
    /// What is wrong as a whole: what happened and what to do.
    pub headline: Vec<(String, String)>,
    problems: BTreeMap<String, Vec<String>>,
}

impl Form {
    /// A form to fill in, with values to begin with.
    pub fn blank(values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let fields = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { fields, ..Self::default() }
    }

    /// A form that was sent.
    pub(super) fn sent(fields: Vec<(String, String)>, sha256: String) -> Self {
        Self { fields, sha256, ..Self::default() }
    }

    /// What stands in a field; empty where there is none.
    pub fn value(&self, name: impl AsRef<str>) -> &str {
        let name = name.as_ref();
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// Everything that stands in fields of this name, in order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.fields.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// What stands in a field that may be left empty.
    pub fn optional(&self, name: &str) -> Option<String> {
        Some(self.value(name).to_owned()).filter(|value| !value.is_empty())
    }

    /// A field exactly as typed: for passwords.
    pub fn exact(&self, name: &str) -> String {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Whether a field has this value: for choices and boxes.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|(known, found)| known == name && found == value)
    }

    /// Puts a value into a field.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.fields.push((name.to_owned(), value)),
        }
    }

    /// Adds a value beside those that stand in fields of this name: for choices and boxes.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.fields.push((name.to_owned(), value.into()));
    }

    /// What is wrong with a field.
    pub fn problems(&self, name: impl AsRef<str>) -> &[String] {
        self.problems.get(name.as_ref()).map_or(&[], Vec::as_slice)
    }

    /// Notes that something is wrong with a field, in the reader's words.
    pub fn add_problem(&mut self, name: &str, problem: impl Into<String>) {
        self.problems.entry(name.to_owned()).or_default().push(problem.into());
    }

    /// Takes over what is wrong with another form, whose values stay behind: for a page with several forms.
    pub fn take_problems(&mut self, other: Self) {
        self.headline = other.headline;
        self.problems = other.problems;
    }

    /// Whether anything is wrong.
    pub fn is_wrong(&self) -> bool {
        !self.headline.is_empty() || !self.problems.is_empty()
    }

    /// The first field with a problem, to lead there.
    pub fn first_wrong(&self) -> Option<&str> {
        self.problems.keys().next().map(String::as_str)
    }

    /// The version of the record that the form was filled in for.
    pub fn version(&self) -> Result<i64, AppError> {
        self.value("version").parse().map_err(|_| CommonError::VersionStale.into())
    }

    /// The form sent for this operation, for [`crate::app::App::once`].
    pub fn request(&self, operation: impl Into<String>) -> Result<Request, AppError> {
        let key = self.value(KEY);
        if !(16..=64).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(CommonError::KeyMissing.into());
        }
        Ok(Request { operation: operation.into(), key: IdempotencyKey(key.to_owned()), sha256: self.sha256.clone() })
    }

    /// Takes in a refusal that the person can mend here, each problem beside its field; anything else comes back.
    ///
    /// `field` says which field a JSON pointer of the service is about; `None` puts the problem at the top.
    pub fn refuse(
        &mut self,
        view: &View,
        error: AppError,
        field: impl Fn(&str) -> Option<String>,
    ) -> Result<(), AppError> {
        let refusal = match error {
            AppError::Refused(refusal) if is_mendable(&refusal) => *refusal,
            other => return Err(other),
        };
        self.take(view, &refusal, field);
        Ok(())
    }

    /// Where a form led; nothing where it must be shown again, with what is wrong beside its fields.
    pub fn settle(
        &mut self,
        view: &View,
        done: Result<Reply, AppError>,
        field: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Response>, AppError> {
        match done {
            Ok(reply) => Ok(Some(reply.into_response())),
            Err(error) => {
                self.refuse(view, error, field)?;
                Ok(None)
            }
        }
    }

    fn take(&mut self, view: &View, refusal: &Refusal, field: impl Fn(&str) -> Option<String>) {
        let hint = |text: &str| match words::hint(view.language, text) {
            text if text.is_empty() => text,
            text => format!(" ({text})"),
        };
        let (detail, action) = view.refusal(refusal.def);
        self.headline.push((format!("{detail}{}", hint(&refusal.hint)), action));
        for issue in &refusal.issues {
            let (detail, action) = view.refusal(issue.def);
            // Programs write numbers their own way, people theirs.
            let is_number = issue.def.code == CommonError::NotANumber.code();
            let text = if is_number {
                view.say("tenders-not-a-number")
            } else {
                format!("{detail}{} {action}", hint(&issue.hint))
            };
            match field(&issue.pointer) {
                Some(name) => self.add_problem(&name, text),
                None if issue.def.code == refusal.def.code => {}
                None => self.headline.push((detail, action)),
            }
        }
    }
}

/// Refusals that a form shows where it stands; a missing session or record and our own failures are pages of their own.
fn is_mendable(refusal: &Refusal) -> bool {
    matches!(refusal.def.status, 400 | 401 | 403 | 409 | 412 | 422 | 428 | 429)
        && refusal.def.code != CommonError::SignInNeeded.code()
}

/// A pointer such as `/password` as the field `password`.
pub fn plain(pointer: &str) -> Option<String> {
    let name = pointer.trim_start_matches('/');
    (!name.is_empty() && !name.contains('/')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Form {
        let fields = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Form::sent(fields, "00".to_owned())
    }

    #[test]
    fn a_form_without_a_good_key_has_no_effect() {
        for key in ["", "short", "0123456789abcdef0123456789abcdeg", "drop table; --------------"] {
            assert_eq!(sent(&[("key", key)]).request("x").unwrap_err().code(), "IDEMPOTENCY_KEY_MISSING", "{key}");
        }
        assert!(sent(&[("key", "0123456789abcdef0123456789abcdef")]).request("x").is_ok());
    }

    #[test]
    fn fields_are_found_by_name_prefix_and_value() {
        let form = sent(&[("line.beras", " 2 "), ("line.telur", "3"), ("box", "a"), ("box", "b"), ("password", " x ")]);
        assert_eq!(form.value("line.beras"), "2");
        assert_eq!(form.exact("password"), " x ");
        assert!(form.has("box", "b") && !form.has("box", "c"));
        assert_eq!((plain("/login"), plain("/a/b"), plain("")), (Some("login".to_owned()), None, None));
    }
}
