//! Safe retries: the same key gets the stored answer, and nothing happens twice.
//!
//! The key, a hash of the request and the answer are stored in the transaction of the effect: either all are there or
//! none is. Refusals are not stored, so a mended request may reuse its key.

use super::reply::Reply;
use crate::app::App;
use crate::audit::Work;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::parties::Actor;
use crate::scope::Scope;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// The caller's key for one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

impl FromRequestParts<App> for IdempotencyKey {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Self::Rejection> {
        let value = parts.headers.get("idempotency-key").ok_or(CommonError::KeyMissing)?;
        let text = value.to_str().map_err(|_| CommonError::KeyInvalid)?;
        if (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(CommonError::KeyInvalid.into())
        }
    }
}

/// What makes a request the same request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The operation and the record it is about (`orders.answer/123`).
    pub operation: String,
    /// The caller's key.
    pub key: IdempotencyKey,
    /// SHA-256 of the body.
    pub sha256: String,
}

impl App {
    /// Runs `effect` once per key in one transaction, and answers what it answered the first time.
    pub async fn once(
        &self,
        actor: &Actor,
        request: Request,
        effect: impl FnMut(&mut Work<'_>) -> Result<Reply, AppError> + Send + 'static,
    ) -> Result<Reply, AppError> {
        self.once_within(actor.scope(), actor, request, effect).await
    }

    /// [`App::once`] within another scope than the actor's: what it does must check for itself whom it is about.
    pub async fn once_within(
        &self,
        scope: Scope,
        actor: &Actor,
        request: Request,
        mut effect: impl FnMut(&mut Work<'_>) -> Result<Reply, AppError> + Send + 'static,
    ) -> Result<Reply, AppError> {
        let organisation_id = actor.organisation_id;
        self.write_async(scope, move |work| {
            if !kept::claim(work, organisation_id, &request)? {
                return kept::stored(work.connection, organisation_id, &request);
            }
            let reply = effect(work)?;
            kept::finish(work.connection, organisation_id, &request, &reply)?;
            Ok(reply)
        })
        .await
    }

    /// [`App::once`] for what must leave no trace that others see: its answer is kept apart from the log.
    pub async fn once_quiet(
        &self,
        actor: &Actor,
        request: Request,
        mut effect: impl FnMut(&mut Work<'_>) -> Result<Reply, AppError> + Send + 'static,
    ) -> Result<Reply, AppError> {
        let organisation_id = actor.organisation_id;
        self.write_async(actor, move |work| {
            if !quiet::claim(work, organisation_id, &request)? {
                return quiet::stored(work.connection, organisation_id, &request);
            }
            let reply = effect(work)?;
            quiet::finish(work.connection, organisation_id, &request, &reply)?;
            Ok(reply)
        })
        .await
    }
}

impl App {
    /// Like [`App::once`], for an effect whose answer shows a secret. Secrets are not stored, so a retry with the same
    /// key has no second effect and is refused instead of answered.
    pub async fn once_secret<T: Send + 'static>(
        &self,
        scope: Scope,
        actor: &Actor,
        request: Request,
        mut effect: impl FnMut(&mut Work<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let organisation_id = actor.organisation_id;
        self.write_async(scope, move |work| {
            if !kept::claim(work, organisation_id, &request)? {
                kept::stored(work.connection, organisation_id, &request)?;
                return Err(CommonError::SecretShown.into());
            }
            let shown = effect(work)?;
            let reply = Reply { status: 201, etag: None, location: None, body: String::new() };
            kept::finish(work.connection, organisation_id, &request, &reply)?;
            Ok(shown)
        })
        .await
    }
}

/// The same steps over a table of answers: `idempotency_keys`, whose rows the log binds, and `sealed_keys`, whose rows it does not.
macro_rules! answers_in {
    ($name:ident, $table:ident) => {
        mod $name {
            use super::{AppError, CommonError, DbConnection, Reply, Request, Work};
            use crate::db::schema::$table as keys;
            use crate::on_backend;
            use diesel::prelude::*;

            /// Takes the key; false if it was taken before. On PostgreSQL this waits for a transaction that holds the same key.
            pub(super) fn claim(work: &mut Work<'_>, organisation_id: i64, request: &Request) -> Result<bool, AppError> {
                let values = (
                    keys::organisation_id.eq(organisation_id),
                    keys::operation.eq(&request.operation),
                    keys::key.eq(&request.key.0),
                    keys::request_hash.eq(&request.sha256),
                    keys::response_status.eq(0),
                    keys::response_body.eq(""),
                    keys::created_at.eq(work.now.as_micros()),
                );
                let inserted = on_backend!(work.connection, inner => diesel::insert_into(keys::table)
                    .values(values)
                    .on_conflict_do_nothing()
                    .execute(inner)?);
                Ok(inserted == 1)
            }

            pub(super) fn stored(connection: &mut DbConnection, organisation_id: i64, request: &Request) -> Result<Reply, AppError> {
                let (hash, status, headers, body): (String, i32, String, String) = keys::table
                    .find((organisation_id, &request.operation, &request.key.0))
                    .select((keys::request_hash, keys::response_status, keys::response_headers, keys::response_body))
                    .first(connection)?;
                if hash != request.sha256 {
                    return Err(CommonError::KeyReused.into());
                }
                let (etag, location) = headers.split_once('\n').unwrap_or(("", ""));
                let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
                match u16::try_from(status) {
                    Ok(status) if status > 0 => Ok(Reply { status, etag: some(etag), location: some(location), body }),
                    _ => Err(CommonError::KeyInFlight.into()),
                }
            }

            pub(super) fn finish(
                connection: &mut DbConnection,
                organisation_id: i64,
                request: &Request,
                reply: &Reply,
            ) -> Result<(), AppError> {
                let headers =
                    format!("{}\n{}", reply.etag.as_deref().unwrap_or_default(), reply.location.as_deref().unwrap_or_default());
                diesel::update(keys::table.find((organisation_id, &request.operation, &request.key.0)))
                    .set((
                        keys::response_status.eq(i32::from(reply.status)),
                        keys::response_headers.eq(headers),
                        keys::response_body.eq(&reply.body),
                    ))
                    .execute(connection)?;
                Ok(())
            }
        }
    };
}

answers_in!(kept, idempotency_keys);
answers_in!(quiet, sealed_keys);
