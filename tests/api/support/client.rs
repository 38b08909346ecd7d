//! A small HTTP client that speaks the API's conventions.

use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

static NEXT_KEY: AtomicU64 = AtomicU64::new(1);

/// One person's connection.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    acting_for: Option<i64>,
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// A header as text; empty if absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The problem's code.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// `pointer code` of every wrong field, sorted.
    pub fn field_codes(&self) -> Vec<String> {
        let json = self.json();
        let fields = json["errors"].as_array().cloned().unwrap_or_default();
        let mut codes: Vec<String> = fields
            .iter()
            .map(|field| format!("{} {}", field["pointer"].as_str().unwrap(), field["code"].as_str().unwrap()))
            .collect();
        codes.sort();
        codes
    }

    /// The answer, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

impl Client {
    pub fn new(address: SocketAddr, token: Option<String>) -> Self {
        Self { http: reqwest::Client::new(), base: format!("http://{address}"), token, acting_for: None }
    }

    /// The same person at another server.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { base: format!("http://{address}"), ..self.clone() }
    }

    /// The same person acting for an organisation.
    pub fn acting_for(self, organisation_id: i64) -> Self {
        Self { acting_for: Some(organisation_id), ..self }
    }

    /// The same client with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// A request to build on; nothing is added but the token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = match self.acting_for {
            Some(id) => request.header("pasok-acting-for", id.to_string()),
            None => request,
        };
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request and reads the answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.expect("a body") }
    }

    /// [`Client::send`] that keeps the client for as long as it takes.
    pub async fn send_owned(self, request: RequestBuilder) -> Answer {
        self.send(request).await
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// DELETE with a fresh idempotency key.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).header("idempotency-key", fresh_key())).await
    }

    /// POST with a fresh idempotency key.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with_key(path, body, &fresh_key()).await
    }

    /// POST with a given idempotency key.
    pub async fn post_with_key(&self, path: &str, body: &Value, key: &str) -> Answer {
        self.send(self.request(Method::POST, path).header("idempotency-key", key).json(body)).await
    }

    /// A change with a fresh key and the version that was seen.
    pub async fn change(&self, method: Method, path: &str, version: &str, body: &Value) -> Answer {
        let request = self.request(method, path).header("idempotency-key", fresh_key());
        self.send(request.header("if-match", version).json(body)).await
    }
}

/// A key that no other request used.
pub fn fresh_key() -> String {
    format!("test-{}", NEXT_KEY.fetch_add(1, Ordering::Relaxed))
}
