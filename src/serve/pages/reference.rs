//! The interface for programs, to be read by people: the description that programs read, set as a page.

use super::framed;
use crate::serve::openapi::DOCUMENT;
use axum::body::Body;
use axum::http::Response;
use maud::{Markup, html};
use serde_json::Value;

/// The page.
pub(super) fn page() -> Response<Body> {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap_or_default();
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    let content = html! {
        h1 { "Interface" }
        p.lead { (prose(&document["info"]["description"])) }
        p { "For programs: " a href="/openapi.json" { "openapi.json" } " (OpenAPI 3.1)." }
        @for tag in document["tags"].as_array().into_iter().flatten() {
            section {
                h2 { (tag["description"].as_str().unwrap_or_default()) }
                @for (path, methods) in &paths {
                    @for (method, operation) in methods.as_object().into_iter().flatten() {
                        @if operation["tags"][0] == tag["name"] { (shown(path, method, operation, &document)) }
                    }
                }
            }
        }
    };
    framed("/reference", "Interface", &content)
}

fn shown(path: &str, method: &str, operation: &Value, document: &Value) -> Markup {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        details.operation id=(operation["operationId"].as_str().unwrap_or_default()) {
            summary {
                code { b { (method.to_uppercase()) } " " (path) }
                " " (operation["summary"].as_str().unwrap_or_default())
            }
            @if !operation["description"].is_null() { p { (prose(&operation["description"])) } }
            @if !parameters.is_empty() {
                div.scroll tabindex="0" role="region" aria-label="Parameters" {
                    table {
                        thead { tr { th scope="col" { "Parameter" } th scope="col" { "In" } th scope="col" { "What it does" } } }
                        tbody {
                            @for parameter in parameters {
                                tr {
                                    th scope="row" { code { (parameter["name"].as_str().unwrap_or_default()) } }
                                    td { (parameter["in"].as_str().unwrap_or_default()) }
                                    td { (prose(&parameter["description"])) (allowed(&parameter["schema"])) }
                                }
                            }
                        }
                    }
                }
            }
            h3 { "Answers" }
            dl.facts {
                @for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                    dt { code { (status) } }
                    dd { (prose(&resolved(response, document)["description"])) (kinds(resolved(response, document))) }
                }
            }
        }
    }
}

/// What a reference leads to, or the value itself.
fn resolved<'a>(value: &'a Value, document: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|place| place.strip_prefix('#'));
    target.and_then(|place| document.pointer(place)).unwrap_or(value)
}

fn allowed(schema: &Value) -> Markup {
    let words: Vec<&str> = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    html! {
        @if !words.is_empty() { " One of " (words.join(", ")) "." }
        @if !schema["default"].is_null() { " Else " (schema["default"].to_string()) "." }
    }
}

fn kinds(response: &Value) -> Markup {
    let kinds: Vec<&str> =
        response["content"].as_object().into_iter().flatten().map(|(kind, _)| kind.as_str()).collect();
    html! { @if !kinds.is_empty() { " " span.quiet { (kinds.join(", ")) } } }
}

/// A text with its code between backticks.
fn prose(text: &Value) -> Markup {
    let parts = text.as_str().unwrap_or_default().split('`').enumerate();
    html! { @for (index, part) in parts { @if index % 2 == 1 { code { (part) } } @else { (part) } } }
}
