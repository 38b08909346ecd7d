//! What holds for every operation, added to the document in one place: how callers show who they are, the statuses that
//! the layers around all routes answer, and the media type of refusals.

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

/// What any operation may be answered by the layers around it.
const ALWAYS: &[&str] = &["400", "503", "504"];
/// The same for operations that only somebody who is known may use.
const KNOWN: &[&str] = &["401", "403"];
/// The same for operations that take a body.
const WITH_BODY: &[&str] = &["403", "408", "413", "415", "422"];

/// The document with all of it.
pub fn complete(document: OpenApi) -> OpenApi {
    let Ok(mut value) = serde_json::to_value(&document) else { return document };
    if let Some(components) = value["components"].as_object_mut() {
        components.insert("securitySchemes".to_owned(), schemes());
    }
    let paths = value["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for (method, operation) in paths.filter_map(Value::as_object_mut).flatten() {
        add(method, operation);
    }
    // It was one before and only statuses were added, so it can be read again.
    serde_json::from_value(value).unwrap_or(document)
}

fn schemes() -> Value {
    json!({
        "session": { "type": "apiKey", "in": "cookie", "name": super::auth::COOKIE },
        "token": { "type": "http", "scheme": "bearer" }
    })
}

fn add(method: &str, operation: &mut Value) {
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    let is_known = KNOWN.iter().any(|status| responses.contains_key(*status));
    let has_body = method != "get";
    let more = [(ALWAYS, true), (KNOWN, is_known), (WITH_BODY, has_body)];
    for status in more.iter().filter(|(_, applies)| *applies).flat_map(|(statuses, _)| *statuses) {
        responses.entry(*status).or_insert_with(refusal);
    }
    for (_, response) in responses.iter_mut().filter(|(status, _)| status.starts_with(['4', '5'])) {
        *response = refusal();
    }
    if is_known {
        operation["security"] = json!([{ "session": [] }, { "token": [] }]);
    }
}

fn refusal() -> Value {
    json!({
        "description": "Refused; the code says why",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
    })
}
