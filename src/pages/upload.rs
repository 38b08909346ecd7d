//! A form with a file about one record, as browsers send it (`multipart/form-data`).

use super::form::Form;
use super::visit::{self, About};
use crate::app::App;
use crate::error::{AppError, CommonError};
use crate::sheets::LARGEST_FILE;
use crate::values::hex::hex;
use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use sha2::{Digest, Sha256};

/// Most bytes of a whole form: the largest file, and room for fields.
pub const LARGEST_FORM: usize = LARGEST_FILE + 64 * 1024;
/// Most fields beside the file.
const MOST_FIELDS: usize = 40;

/// A form with a file that somebody signed in sent.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The form; the file is not in its fields.
    pub about: About,
    /// The file that was chosen; empty where none was.
    pub file: Bytes,
}

impl FromRequest<App> for Upload {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let (parts, content) = request.into_parts();
        let request = Request::from_parts(parts.clone(), content);
        let sent = Multipart::from_request(request, app).await.map_err(|_| CommonError::UnsupportedMediaType)?;
        let (fields, file) = read(sent).await?;
        // The same fields with another file are another request.
        let mut hash = Sha256::new();
        for (name, value) in &fields {
            hash.update(format!("{}:{name}{}:{value}", name.len(), value.len()));
        }
        let sha256 = hex(&hash.chain_update(&file).finalize());
        let about = visit::about(parts, app, Form::sent(fields, sha256)).await?;
        Ok(Self { about, file })
    }
}

async fn read(mut sent: Multipart) -> Result<(Vec<(String, String)>, Bytes), AppError> {
    let (mut fields, mut file) = (Vec::new(), Bytes::new());
    while let Some(field) = sent.next_field().await.map_err(|error| explain(&error))? {
        let (name, is_file) = (field.name().unwrap_or_default().to_owned(), field.file_name().is_some());
        let bytes = field.bytes().await.map_err(|error| explain(&error))?;
        if is_file {
            file = bytes;
        } else if fields.len() < MOST_FIELDS {
            fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok((fields, file))
}

fn explain(error: &MultipartError) -> AppError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => CommonError::BodyTooLarge.into(),
        StatusCode::BAD_REQUEST => CommonError::UnsupportedMediaType.into(),
        _ => CommonError::BodyTooSlow.into(),
    }
}
