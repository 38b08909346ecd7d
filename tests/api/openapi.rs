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
fn no_body_may_carry_a_field_that_is_not_described() {
    let document: serde_json::Value = serde_json::from_str(&pasok::router::openapi().to_json().unwrap()).unwrap();
    let mut wanted: Vec<String> = Vec::new();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    for operation in operations {
        collect_references(&operation["requestBody"]["content"]["application/json"], &mut wanted);
    }
    assert!(wanted.len() > 10);
    let mut index = 0;
    while let Some(name) = wanted.get(index).cloned() {
        let schema = &document["components"]["schemas"][&name];
        if schema["type"] == "object" {
            assert_eq!(schema["additionalProperties"], false, "{name} lacks serde(deny_unknown_fields)");
        }
        collect_references(schema, &mut wanted);
        index += 1;
    }
}

/// Names of the schemas that a part of the document refers to, added where missing.
fn collect_references(part: &serde_json::Value, names: &mut Vec<String>) {
    match part {
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                let reference = value.as_str().filter(|_| key == "$ref");
                if let Some(name) = reference.and_then(|text| text.rsplit('/').next())
                    && !names.iter().any(|known| known == name)
                {
                    names.push(name.to_owned());
                }
                collect_references(value, names);
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect_references(value, names)),
        _ => {}
    }
}

#[test]
fn the_committed_document_is_current() {
    let document = pasok::router::openapi().to_pretty_json().unwrap();
    crate::support::assert_document("docs/openapi.json", &format!("{document}\n"));
}
