//! What every route shares: the router, extractors, problem documents, safe retries, paging, the server itself.
//!
//! Handlers know HTTP and call services; nothing here knows a domain.

pub mod address;
pub mod auth;
pub mod body;
pub mod health;
pub mod idempotency;
pub mod load;
pub mod openapi;
pub mod origin;
pub mod paging;
pub mod params;
pub mod problem;
pub mod progress;
pub mod reply;
pub mod server;
pub mod shield;
pub mod text;
pub mod version;

pub use body::Body;
pub use idempotency::IdempotencyKey;
pub use paging::{Page, PageQuery};
pub use params::Params;
pub use reply::Reply;
pub use version::ExpectedVersion;
