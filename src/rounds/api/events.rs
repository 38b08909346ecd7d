//! State and progress of a solve as server-sent events.
//!
//! `state` carries the round, `progress` what the solver says. The stream ends with a `state` once the round is no longer
//! `solving`; it begins and ends at once when it is not. A solve in another process has no progress here, only states.

use super::super::service;
use super::super::state::Status;
use super::super::types::Round;
use super::json::RoundJson;
use crate::app::App;
use crate::error::AppError;
use crate::parties::Actor;
use crate::web::params::id_of;
use crate::web::problem::Problem;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How often the database is asked whether the solve has ended.
const POLL: Duration = Duration::from_secs(1);

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(watch_round))
}

/// State and progress of a round while it is solved, as server-sent events (`state`, `progress`).
#[utoipa::path(get, path = "/api/v1/rounds/{id}/events", tag = "rounds", params(("id" = String, Path,)),
    responses((status = 200, description = "text/event-stream"), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn watch_round(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, AppError> {
    let id = id_of(&id)?;
    let watch = Watch { feed: app.progress.subscribe(id), app, actor, id, next: Next::First };
    // The first look decides between 404 and a stream.
    watch.look().await?;
    let events = stream::unfold(watch, |mut watch| async move { watch.event().await.map(|event| (Ok(event), watch)) });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// What the stream does next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    First,
    News,
    End,
}

struct Watch {
    app: App,
    actor: Actor,
    id: i64,
    feed: Option<broadcast::Receiver<String>>,
    next: Next,
}

impl Watch {
    async fn look(&self) -> Result<Round, AppError> {
        let id = self.id;
        self.app.read_async(&self.actor, move |connection, scope| service::get(connection, scope, id)).await
    }

    /// The next event; `None` ends the stream.
    async fn event(&mut self) -> Option<Event> {
        if self.next == Next::End {
            return None;
        }
        loop {
            if self.next == Next::News
                && let Some(news) = self.news().await
            {
                return Some(Event::default().event("progress").data(news));
            }
            // A database that cannot be read ends the stream; the client comes back and finds out.
            let round = self.look().await.ok()?;
            let (first, solving) = (self.next == Next::First, round.status == Status::Solving);
            self.next = if solving { Next::News } else { Next::End };
            if first || !solving {
                let json = serde_json::to_string(&RoundJson::from(round)).ok()?;
                return Some(Event::default().event("state").data(json));
            }
            if self.feed.is_none() {
                self.feed = self.app.progress.subscribe(self.id);
            }
        }
    }

    /// News of the solve, or `None` when it is time to look at the round again.
    async fn news(&mut self) -> Option<String> {
        let Some(feed) = &mut self.feed else {
            tokio::time::sleep(POLL).await;
            return None;
        };
        match tokio::time::timeout(POLL, feed.recv()).await {
            Ok(Ok(news)) => Some(news),
            Ok(Err(RecvError::Closed)) => {
                self.feed = None;
                None
            }
            Ok(Err(RecvError::Lagged(_))) | Err(_) => None,
        }
    }
}
