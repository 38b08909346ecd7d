//! The API describes itself.

use crate::support::on_each_database;

#[test]
fn the_document_is_openapi_3_1_and_browsable() {
    on_each_database(|test| async move {
        let anyone = test.anyone();
        let document = anyone.get("/api/v1/openapi.json").await.expect(200).json();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                assert!(operation["summary"].is_string(), "{method} {path} has no summary");
                assert!(operation["operationId"].is_string(), "{method} {path} has no operation id");
            }
        }
        let page = anyone.get("/api/v1/docs/").await.expect(200);
        assert!(page.text.contains("swagger"));
    });
}

#[test]
fn the_committed_document_is_current() {
    let document = pasok::router::openapi().to_pretty_json().unwrap();
    crate::support::assert_document("docs/openapi.json", &format!("{document}\n"));
}
