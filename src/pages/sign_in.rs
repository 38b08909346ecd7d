//! Signing in and out, using a code that somebody handed over, and choosing the language.

use super::form::{self, Form};
use super::view::View;
use super::visit::{ACTING_COOKIE, LANGUAGE_COOKIE, Open, Visit, set_cookie};
use super::{render, with_status};
use crate::access::codes::{self, Redemption};
use crate::access::sign_in::{self, Attempt};
use crate::access::{AccessError, EVERYBODY, sessions};
use crate::app::App;
use crate::audit::Principal;
use crate::error::AppError;
use crate::parties::people;
use crate::scope::Scope;
use crate::web::address::ClientAddress;
use crate::web::auth::{self, SignedIn};
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

/// Longest name of a browser that is kept.
const CLIENT_CHARACTERS: usize = 120;
/// A year.
const LANGUAGE_LIFE_S: i64 = 365 * 24 * 3600;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/sign-in", get(show).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/code", get(show_code).post(redeem))
        .route("/language", post(choose_language))
}

#[derive(Template)]
#[template(path = "sign_in/sign_in.html")]
struct SignInPage {
    view: View,
    form: Form,
}

#[derive(Template)]
#[template(path = "sign_in/code.html")]
struct CodePage {
    view: View,
    form: Form,
}

#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn show(Visit(view): Visit, next: Result<Query<Next>, QueryRejection>) -> Result<Response, AppError> {
    let next = next.map(|Query(next)| next.next).unwrap_or_default();
    let form = Form::blank([("next", local(&next).to_owned())]);
    render(&SignInPage { view, form })
}

async fn sign_in(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    sent: Open,
) -> Result<Response, AppError> {
    let Open { view, mut form } = sent;
    let attempt = Attempt {
        login: form.value("login").to_owned(),
        password: form.exact("password"),
        code: form.optional("code").map(|code| code.chars().filter(char::is_ascii_digit).collect()),
        organisation_id: None,
        client: client(&headers),
        address: address.0,
    };
    match sign_in::sign_in(&app, attempt).await {
        Ok((_, secret)) => Ok(enter(&secret, local(form.value("next")))),
        Err(error) => {
            let needs_code = [AccessError::CodeNeeded.code(), AccessError::CodeRefused.code()].contains(&error.code());
            form.refuse(&view, error, form::plain)?;
            if needs_code {
                form.add_problem("code", view.say("sign-in-code-now"));
                form.add_problem("password", view.say("sign-in-password-again"));
            }
            render(&SignInPage { view, form }).map(|page| with_status(page, 422))
        }
    }
}

/// Begins the session in the browser; whoever acted for a cooperative before begins anew.
pub(super) fn enter(secret: &str, next: &str) -> Response {
    let cookies = AppendHeaders([
        (header::SET_COOKIE, auth::cookie(secret)),
        (header::SET_COOKIE, set_cookie(ACTING_COOKIE, "", 0)),
    ]);
    (cookies, Redirect::to(if next.is_empty() { "/home" } else { next })).into_response()
}

/// An address of our own, or nothing: a link must not lead elsewhere through us.
fn local(address: &str) -> &str {
    let is_local =
        address.starts_with('/') && !address.starts_with("//") && !address.contains(['\\', '\n', '\r', '\t']);
    if is_local && address.is_ascii() { address } else { "" }
}

pub(super) fn client(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(CLIENT_CHARACTERS).collect()
}

/// Ends the session, and clears what the phone keeps: pages seen last and drafts.
async fn sign_out(State(app): State<App>, person: Result<SignedIn, AppError>) -> Result<Response, AppError> {
    if let Ok(SignedIn { session }) = person {
        let member_id = session.member_id;
        let member = app.read_async(EVERYBODY, move |connection, _| people::get_member(connection, member_id)).await?;
        let principal = Principal { member_id: Some(member.id), organisation_id: Some(member.organisation_id) };
        app.write_async(Scope::system_for("sign-out", principal), move |work| {
            sessions::end(work, session.account_id, session.id)
        })
        .await?;
    }
    let mut response = Redirect::to("/sign-in?done=signed-out").into_response();
    let headers = response.headers_mut();
    for cookie in [auth::no_cookie(), set_cookie(ACTING_COOKIE, "", 0)] {
        headers.append(header::SET_COOKIE, HeaderValue::from_str(&cookie).map_err(AppError::internal)?);
    }
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

async fn show_code(Visit(view): Visit) -> Result<Response, AppError> {
    render(&CodePage { view, form: Form::default() })
}

async fn redeem(State(app): State<App>, address: ClientAddress, sent: Open) -> Result<Response, AppError> {
    let Open { view, mut form } = sent;
    if form.exact("password") != form.exact("again") {
        form.add_problem("again", view.say("code-not-the-same"));
        return render(&CodePage { view, form }).map(|page| with_status(page, 422));
    }
    let redemption = Redemption {
        login: form.value("login").to_owned(),
        code: form.value("code").to_owned(),
        password: form.exact("password"),
        address: address.0,
    };
    match codes::redeem(&app, redemption).await {
        Ok(_) => Ok(Redirect::to("/sign-in?done=password-chosen").into_response()),
        Err(error) => {
            form.refuse(&view, error, form::plain)?;
            render(&CodePage { view, form }).map(|page| with_status(page, 422))
        }
    }
}

async fn choose_language(sent: Open) -> Response {
    let language = if sent.form.value("language") == "en" { "en" } else { "id" };
    let back = local(sent.form.value("back"));
    let cookie = [(header::SET_COOKIE, set_cookie(LANGUAGE_COOKIE, language, LANGUAGE_LIFE_S))];
    (AppendHeaders(cookie), Redirect::to(if back.is_empty() { "/" } else { back })).into_response()
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_addresses_of_our_own_are_followed() {
        for (address, followed) in [
            ("/home", "/home"),
            ("/rounds/1?after=2", "/rounds/1?after=2"),
            ("//evil.example", ""),
            ("https://evil.example", ""),
            ("/\\evil.example", ""),
            ("home", ""),
            ("", ""),
        ] {
            assert_eq!(local(address), followed);
        }
    }
}
