//! A person's own account: roles, authenticator, password.

use super::form::{self, Form};
use super::view::View;
use super::visit::{ACTING_COOKIE, Open, Visit, set_cookie};
use super::{render, with_status};
use crate::access::sessions::Opened;
use crate::access::{EVERYBODY, accounts, sign_in};
use crate::app::App;
use crate::error::AppError;
use crate::parties;
use crate::web::auth::{self, SignedIn};
use crate::web::params::id_of;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use qrcode::QrCode;
use qrcode::render::svg;

/// Side of the picture of an authenticator's secret, in pixels.
const PICTURE_PX: u32 = 240;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/account", get(show))
        .route("/account/role", post(change_role))
        .route("/account/password", post(change_password))
        .route("/account/authenticator", post(begin))
        .route("/account/authenticator/confirm", post(confirm))
}

/// One role to act in.
struct RoleRow {
    member_id: i64,
    organisation: String,
    role: &'static str,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "account/account.html")]
struct Page {
    view: View,
    form: Form,
    name: String,
    contact: String,
    roles: Vec<RoleRow>,
    has_authenticator: bool,
    is_proven: bool,
}

#[derive(Template)]
#[template(path = "account/authenticator.html")]
struct Enrol {
    view: View,
    form: Form,
    secret: String,
    picture: String,
}

async fn show(State(app): State<App>, person: SignedIn, Visit(view): Visit) -> Result<Response, AppError> {
    page(&app, person, view, Form::default()).await
}

async fn page(app: &App, person: SignedIn, view: View, form: Form) -> Result<Response, AppError> {
    let (session, now) = (person.session, app.clock.now());
    let load = move |connection: &mut _, system: &crate::scope::Scope| {
        let own = accounts::get_own(connection, session.account_id, now)?;
        let ids: Vec<i64> = own.members.iter().map(|member| member.organisation_id).collect();
        let organisations = parties::service::list_by_ids(connection, system, &ids)?;
        let name_of = |id| organisations.iter().find(|found| found.id == id).map(|found| found.name.clone());
        let roles = own.members.iter().map(|member| RoleRow {
            member_id: member.id,
            organisation: name_of(member.organisation_id).unwrap_or_default(),
            role: member.role.word(),
            is_current: member.id == session.member_id,
        });
        let contact =
            [own.account.phone.map(|phone| phone.to_string()), own.account.email.map(|email| email.to_string())];
        Ok(Page {
            view,
            form,
            name: own.account.name.clone(),
            contact: contact.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            roles: roles.collect(),
            has_authenticator: own.second_factor,
            is_proven: session.second_factor_at.is_some(),
        })
    };
    render(&app.read_async(EVERYBODY, load).await?)
}

impl Page {
    fn role(&self, row: &RoleRow) -> String {
        self.view.say(format!("role-{}", row.role.replace('_', "-")))
    }
}

/// The browser carries the new secret from now on.
fn carry_on((_, secret): Opened, address: &str) -> Response {
    let cookies = AppendHeaders([
        (header::SET_COOKIE, auth::cookie(&secret)),
        (header::SET_COOKIE, set_cookie(ACTING_COOKIE, "", 0)),
    ]);
    (cookies, Redirect::to(address)).into_response()
}

async fn change_role(State(app): State<App>, person: SignedIn, sent: Open) -> Result<Response, AppError> {
    let member_id = id_of(sent.form.value("member"))?;
    Ok(carry_on(sign_in::change_member(&app, person.session, member_id).await?, "/home"))
}

async fn change_password(State(app): State<App>, person: SignedIn, sent: Open) -> Result<Response, AppError> {
    let Open { view, mut form } = sent;
    if form.exact("new") != form.exact("again") {
        form.add_problem("again", view.say("code-not-the-same"));
        return page(&app, person, view, form).await.map(|page| with_status(page, 422));
    }
    let (current, new) = (form.exact("current"), form.exact("new"));
    match sign_in::change_password(&app, person.session.clone(), current, new).await {
        Ok(opened) => Ok(carry_on(opened, "/account?done=password-changed")),
        Err(error) => {
            form.refuse(&view, error, form::plain)?;
            page(&app, person, view, form).await.map(|page| with_status(page, 422))
        }
    }
}

async fn begin(State(app): State<App>, person: SignedIn, sent: Open) -> Result<Response, AppError> {
    let Open { view, mut form } = sent;
    match sign_in::begin_second_factor(&app, person.session.clone(), form.exact("password")).await {
        Ok(enrolment) => {
            let picture = picture(&enrolment.uri)?;
            render(&Enrol { view, form: Form::default(), secret: enrolment.secret, picture })
        }
        Err(error) => {
            form.refuse(&view, error, form::plain)?;
            page(&app, person, view, form).await.map(|page| with_status(page, 422))
        }
    }
}

/// The secret as a picture to point a phone at: SVG made here, so nothing of it leaves the server.
fn picture(uri: &str) -> Result<String, AppError> {
    let code = QrCode::new(uri.as_bytes()).map_err(AppError::internal)?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(PICTURE_PX, PICTURE_PX).build();
    // The XML declaration has no place inside a page.
    Ok(drawn.split_once("?>").map_or(drawn.clone(), |(_, picture)| picture.to_owned()))
}

async fn confirm(State(app): State<App>, person: SignedIn, sent: Open) -> Result<Response, AppError> {
    let Open { view, mut form } = sent;
    let code: String = form.value("code").chars().filter(char::is_ascii_digit).collect();
    match sign_in::confirm_second_factor(&app, person.session, code).await {
        Ok(opened) => Ok(carry_on(opened, "/account?done=authenticator-set")),
        Err(error) => {
            form.refuse(&view, error, form::plain)?;
            // The secret is shown once; who mistypes begins the code again, not the set-up.
            render(&Enrol { view, form, secret: String::new(), picture: String::new() })
                .map(|page| with_status(page, 422))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::pages::words;
    use crate::parties::Role;

    #[test]
    fn every_role_has_a_name() {
        for role in Role::ALL {
            assert!(words::exists(&format!("role-{}", role.word().replace('_', "-"))), "{role}");
        }
    }
}
