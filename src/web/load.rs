//! How much may happen at once, by class of work: sign-in, import, starting a solve, and the rest.
//!
//! Each class has places of its own, so that a flood of one leaves the others their own. A request that finds no free
//! place is answered 503 at once and does nothing; it never waits in a queue that grows.

use crate::config::Limits;
use crate::error::{AppError, CommonError};
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A class of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Hashes a password: 19 MiB and tens of milliseconds of a core each.
    SignIn,
    /// Reads a spreadsheet in a process of its own.
    Import,
    /// Starts a solve.
    Solve,
    /// Everything else.
    Other,
}

/// Addresses below which passwords and one-time codes are tried.
const SIGN_IN: &[&str] =
    &["/api/v1/sessions", "/api/v1/codes/redeem", "/api/v1/accounts/me/", "/sign-in", "/code", "/account/"];

/// Ends of addresses at which a bid is read from a spreadsheet.
const SHEETS: &[&str] = &["/bids/sheet", "/bid/sheet"];

impl Class {
    fn of(method: &Method, path: &str) -> Self {
        if *method != Method::POST {
            return Self::Other;
        }
        if path.starts_with("/api/v1/imports") || SHEETS.iter().any(|end| path.ends_with(end)) {
            Self::Import
        } else if path.starts_with("/api/v1/rounds/") && path.ends_with("/solve") {
            Self::Solve
        } else if SIGN_IN.iter().any(|prefix| path.starts_with(prefix)) {
            Self::SignIn
        } else {
            Self::Other
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Import => "import",
            Self::Solve => "solve",
            Self::Other => "other",
        }
    }
}

/// The places of every class.
#[derive(Debug, Clone)]
pub struct Places {
    sign_in: Arc<Semaphore>,
    import: Arc<Semaphore>,
    solve: Arc<Semaphore>,
    other: Arc<Semaphore>,
}

impl Places {
    /// As many places as the limits say.
    pub fn new(limits: &Limits) -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        Self {
            sign_in: places(limits.sign_ins),
            import: places(limits.imports),
            solve: places(limits.solve_requests),
            other: places(limits.requests),
        }
    }

    fn of(&self, class: Class) -> &Semaphore {
        match class {
            Class::SignIn => &self.sign_in,
            Class::Import => &self.import,
            Class::Solve => &self.solve,
            Class::Other => &self.other,
        }
    }
}

/// Middleware: lets a request in if its class has a free place, and keeps the place until the answer begins.
pub async fn admit(State(places): State<Places>, request: Request, next: Next) -> Response {
    let class = Class::of(request.method(), request.uri().path());
    let Ok(_place) = places.of(class).try_acquire() else {
        metrics::counter!("http_requests_shed_total", "class" => class.word()).increment(1);
        return AppError::from(CommonError::Overloaded).into_response();
    };
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costly_work_has_a_class_of_its_own() {
        for (method, path, class) in [
            (Method::POST, "/api/v1/imports", Class::Import),
            (Method::POST, "/api/v1/imports/preview", Class::Import),
            (Method::GET, "/api/v1/imports/template", Class::Other),
            (Method::POST, "/api/v1/calls/1/bids/sheet", Class::Import),
            (Method::POST, "/calls/1/bid/sheet", Class::Import),
            (Method::POST, "/calls/1/bid/sheet/counter", Class::Other),
            (Method::POST, "/api/v1/rounds/1/solve", Class::Solve),
            (Method::POST, "/api/v1/rounds/1/close", Class::Other),
            (Method::POST, "/api/v1/sessions", Class::SignIn),
            (Method::POST, "/api/v1/codes/redeem", Class::SignIn),
            (Method::POST, "/api/v1/accounts/me/password", Class::SignIn),
            (Method::POST, "/api/v1/accounts/1/codes", Class::Other),
            (Method::GET, "/api/v1/sessions", Class::Other),
        ] {
            assert_eq!(Class::of(&method, path), class, "{method} {path}");
        }
    }
}
