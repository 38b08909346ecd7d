//! Lists in pages: an opaque cursor, links in the body, no counts and no offsets.

use crate::error::{AppError, CommonError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

const DEFAULT_LIMIT: i64 = 50;
/// Most records on one page.
pub const LARGEST_LIMIT: i64 = 500;

/// Where a page starts and how long it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Where the page before ended; from its `next` link.
    pub cursor: Option<String>,
    /// Most records to answer, 1 to 500.
    pub limit: Option<i64>,
}

impl PageQuery {
    /// The id after which the page starts (0 at the beginning).
    pub fn after(&self) -> Result<i64, AppError> {
        let Some(cursor) = &self.cursor else { return Ok(0) };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
        let id = bytes.and_then(|bytes| Some(i64::from_be_bytes(bytes.try_into().ok()?)));
        id.filter(|id| *id > 0).ok_or_else(|| AppError::refused_with(CommonError::BadParameter, "cursor"))
    }

    /// Records on this page.
    pub fn limit(&self) -> Result<i64, AppError> {
        match self.limit.unwrap_or(DEFAULT_LIMIT) {
            limit @ 1..=LARGEST_LIMIT => Ok(limit),
            _ => Err(AppError::refused_with(CommonError::BadParameter, "limit: 1..500")),
        }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The records.
    pub items: Vec<T>,
    /// Address of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page made from up to `limit + 1` records: the one too many only tells that there is a next page.
    ///
    /// `address` is the list's path with its own filters (`/api/v1/offers?market=1`).
    pub fn from_rows<R>(
        mut rows: Vec<R>,
        limit: i64,
        address: &str,
        id: impl Fn(&R) -> i64,
        item: impl Fn(R) -> T,
    ) -> Self {
        let limit_rows = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit_rows;
        rows.truncate(limit_rows);
        let next = rows.last().filter(|_| more).map(|last| {
            let joint = if address.contains('?') { '&' } else { '?' };
            format!("{address}{joint}limit={limit}&cursor={}", URL_SAFE_NO_PAD.encode(id(last).to_be_bytes()))
        });
        Self { items: rows.into_iter().map(item).collect(), next }
    }
}
