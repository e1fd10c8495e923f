//! `/api/docs`: the description of the API for people, as one page that needs nothing else.

use super::openapi::TEXT;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::fmt::Write;
use std::sync::LazyLock;

/// The order of methods on the page.
const METHODS: [&str; 3] = ["get", "post", "put"];

const STYLE: &str = "
:root{color-scheme:light dark;--line:light-dark(#e5e7eb,#374151);--soft:light-dark(#f9fafb,#1f2937);--mute:light-dark(#4b5563,#9ca3af);
--blue:light-dark(#1d4ed8,#93c5fd)}
*{box-sizing:border-box}
body{margin:0;font:16px/1.6 Inter,system-ui,sans-serif;background:light-dark(#fff,#111827);color:light-dark(#111827,#f3f4f6)}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem 6rem}
a{color:var(--blue)}
h1{font-size:1.75rem;margin:0 0 .5rem}h2{margin:3rem 0 .25rem}h3{margin:0;font-size:1rem;font-weight:600}
nav ul{padding:0;list-style:none;columns:2 18rem}
article{border:1px solid var(--line);border-radius:.75rem;padding:1rem 1.25rem;margin:1rem 0}
code,pre{font:14px/1.5 ui-monospace,monospace}
pre{background:var(--soft);border:1px solid var(--line);border-radius:.5rem;padding:.75rem;overflow-x:auto;white-space:pre-wrap}
.way{display:flex;gap:.75rem;align-items:baseline;flex-wrap:wrap}
.method{font-weight:700;min-width:3.5rem;color:var(--blue)}
.mute{color:var(--mute)}
table{width:100%;border-collapse:collapse;margin:.5rem 0 1rem}
th,td{text-align:left;vertical-align:top;padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line)}
summary{cursor:pointer;padding:.25rem 0}
:focus-visible{outline:3px solid #3b82f6;outline-offset:2px}
@media(max-width:40rem){table,tbody,tr,td{display:block}thead{display:none}tr{border-bottom:1px solid var(--line)}td{border:0;padding:.125rem 0}}
";

/// The page without its style, made once.
static PAGE: LazyLock<String> = LazyLock::new(|| render(&serde_json::from_str(&TEXT).unwrap_or_default()));

/// `GET /api/docs`
pub async fn page() -> Response {
    let nonce = leptos::nonce::Nonce::new();
    let policy = format!("default-src 'none'; style-src 'nonce-{nonce}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>COCO API</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style nonce=\"{nonce}\">{STYLE}</style></head>{}</html>",
        *PAGE
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, page).into_response()
}

fn render(document: &Value) -> String {
    let mut page = String::from("<body><main><h1>");
    let info = &document["info"];
    push(&mut page, &[&escape(word(info, "title")), " API</h1>", &prose(word(info, "description"))]);
    page.push_str("<p>As a document for tools: <a href=\"/api/openapi.json\">/api/openapi.json</a>.</p><nav aria-label=\"Contents\"><ul>");
    for (path, method, operation) in operations(document, None) {
        let _ = write!(page, "<li><a href=\"#{}\">{} {}</a></li>", id(operation), method.to_uppercase(), escape(path));
    }
    page.push_str("</ul></nav>");
    for tag in list(&document["tags"]) {
        let name = word(tag, "name");
        push(&mut page, &["<h2>", &escape(name), "</h2><p class=\"mute\">", &escape(word(tag, "description")), "</p>"]);
        for (path, method, operation) in operations(document, Some(name)) {
            operation_on(&mut page, path, method, operation);
        }
    }
    page.push_str("<h2>Shapes</h2>");
    for (name, schema) in fields(&document["components"]["schemas"]) {
        shape_on(&mut page, name, schema);
    }
    page.push_str("</main></body>");
    page
}

fn operation_on(page: &mut String, path: &str, method: &str, operation: &Value) {
    let _ = write!(
        page,
        "<article id=\"{}\"><div class=\"way\"><span class=\"method\">{}</span><code>{}</code>",
        id(operation),
        method.to_uppercase(),
        escape(path)
    );
    push(page, &["</div><h3>", &escape(word(operation, "summary")), "</h3>", &prose(word(operation, "description"))]);
    push(page, &["<p class=\"mute\">", &escape(&rights(operation)), "</p>"]);
    let parameters = list(&operation["parameters"]);
    if !parameters.is_empty() {
        page.push_str("<table><thead><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr></thead><tbody>");
        for p in parameters {
            let needed = if p["required"] == true { ", required" } else { "" };
            let place = [word(p, "in"), needed].concat();
            push(
                page,
                &[
                    "<tr><td><code>",
                    &escape(word(p, "name")),
                    "</code></td><td>",
                    &escape(&place),
                    "</td><td>",
                    &inline(word(p, "description")),
                    "</td></tr>",
                ],
            );
        }
        page.push_str("</tbody></table>");
    }
    for (kind, content) in fields(&operation["requestBody"]["content"]) {
        push(page, &["<p>Body: ", &shape_of(&content["schema"]), " as <code>", &escape(kind), "</code></p>"]);
        if let Some(example) = content.get("example") {
            push(page, &["<pre>", &escape(&serde_json::to_string_pretty(example).unwrap_or_default()), "</pre>"]);
        }
    }
    page.push_str("<details><summary>Answers</summary><table><tbody>");
    for (status, response) in fields(&operation["responses"]) {
        let body: Vec<String> = fields(&response["content"]).map(|(_, content)| shape_of(&content["schema"])).collect();
        push(
            page,
            &[
                "<tr><td><code>",
                &escape(status),
                "</code></td><td>",
                &inline(word(response, "description")),
                "</td><td>",
                &body.join(" "),
                "</td></tr>",
            ],
        );
    }
    page.push_str("</tbody></table></details></article>");
}

fn shape_on(page: &mut String, name: &str, schema: &Value) {
    push(page, &["<article id=\"shape-", &escape(name), "\"><h3>", &escape(name), "</h3>", &prose(word(schema, "description"))]);
    let words: Vec<String> = enumerated(schema);
    if !words.is_empty() {
        push(page, &["<p>", &words.join(" "), "</p>"]);
    }
    let required = list(&schema["required"]);
    let mut rows = fields(&schema["properties"]).peekable();
    if rows.peek().is_some() {
        page.push_str("<table><tbody>");
        for (field, of) in rows {
            let needed = if required.iter().any(|r| r == field) { "" } else { " <span class=\"mute\">optional</span>" };
            push(
                page,
                &[
                    "<tr><td><code>",
                    &escape(field),
                    "</code>",
                    needed,
                    "</td><td>",
                    &shape_of(of),
                    "</td><td>",
                    &inline(word(of, "description")),
                    "</td></tr>",
                ],
            );
        }
        page.push_str("</tbody></table>");
    }
    page.push_str("</article>");
}

/// Who may call it.
fn rights(operation: &Value) -> String {
    let ways = list(&operation["security"]);
    let scope = ways.iter().find_map(|w| w["bearer"][0].as_str());
    match scope {
        Some(scope) => format!("With a session, or a token with the scope {scope}."),
        None if ways.iter().any(|w| w.get("cookie").is_some()) => "With a session only.".into(),
        None => "For everyone.".into(),
    }
}

/// A schema in a few words, with a link to what it refers to.
fn shape_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return format!("<a href=\"#shape-{0}\">{0}</a>", escape(name));
    }
    for choice in ["oneOf", "anyOf"] {
        let kinds: Vec<String> = list(&schema[choice]).iter().map(shape_of).collect();
        if !kinds.is_empty() {
            return kinds.join(" or ");
        }
    }
    if schema["type"] == "array" {
        return format!("list of {}", shape_of(&schema["items"]));
    }
    match &schema["type"] {
        Value::String(kind) => escape(kind),
        Value::Array(kinds) => escape(&kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")),
        _ => "anything".into(),
    }
}

/// The words of an enumeration.
fn enumerated(schema: &Value) -> Vec<String> {
    let variants = list(&schema["oneOf"]).iter().flat_map(|v| list(&v["enum"]));
    list(&schema["enum"]).iter().chain(variants).filter_map(Value::as_str).map(|w| format!("<code>{}</code>", escape(w))).collect()
}

fn operations<'a>(document: &'a Value, tag: Option<&'a str>) -> impl Iterator<Item = (&'a str, &'static str, &'a Value)> {
    let all = fields(&document["paths"]).flat_map(|(path, item)| METHODS.iter().filter_map(move |m| Some((path, *m, item.get(*m)?))));
    all.filter(move |(_, _, operation)| tag.is_none_or(|t| operation["tags"][0] == t))
}

fn fields(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn id(operation: &Value) -> String {
    escape(word(operation, "operationId"))
}

fn push(page: &mut String, parts: &[&str]) {
    parts.iter().for_each(|p| page.push_str(p));
}

/// Paragraphs.
fn prose(text: &str) -> String {
    text.split("\n\n").filter(|p| !p.trim().is_empty()).map(|p| format!("<p>{}</p>", inline(p))).collect()
}

/// One paragraph, with `code` and *emphasis* of the descriptions.
fn inline(text: &str) -> String {
    let marked = |text: &str, mark: char, tag: &str| {
        let mut out = String::new();
        for (i, part) in text.split(mark).enumerate() {
            if i % 2 == 1 { push(&mut out, &["<", tag, ">", part, "</", tag, ">"]) } else { out.push_str(part) }
        }
        out
    };
    marked(&marked(&escape(text), '`', "code"), '*', "em")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_of_every_route_and_shape() {
        for (method, path) in super::super::ROUTES {
            assert!(PAGE.contains(&format!("<span class=\"method\">{method}</span><code>{path}</code>")), "{method} {path}");
        }
        assert!(PAGE.contains("id=\"shape-CreateTicket\"") && PAGE.contains("waiting_for_agent"));
    }

    #[test]
    fn every_link_leads_somewhere() {
        for target in PAGE.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(PAGE.contains(&format!("id=\"{target}\"")), "#{target}");
        }
    }

    #[test]
    fn needs_nothing_from_elsewhere() {
        assert!(!PAGE.contains("http://") && !PAGE.contains("https://") && !PAGE.contains("<script"));
    }

    #[test]
    fn markup_stays_text() {
        assert_eq!(inline("a <b> `x` *y*"), "a &lt;b&gt; <code>x</code> <em>y</em>");
    }
}
