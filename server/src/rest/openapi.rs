//! The description of the API, after OpenAPI 3.1.
//!
//! Paths, bodies and answers are told beside the handlers; what holds for all of them is added here
//! from the business's own tables: who may call what, with which scope, and how it is refused.

use super::{attachments, chat, events, teams, tickets};
use crate::http::problem::{Body, MEDIA_TYPE};
use crate::http::session::COOKIE;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use coco::actor::{Action, entry};
use std::sync::LazyLock;
use utoipa::openapi::path::{HttpMethod, Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, OpenApiVersion, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};

/// The socket, which no handler describes.
const SOCKET: &str = "Frames are JSON texts with a `type`.

To follow: `{\"type\":\"subscribe\",\"topics\":[\"ticket:…\",\"inbox:…\",\"customer:…\"],\"since\":1234}`. What happened after `since` \
is told first, in the order of `seq`, then `{\"type\":\"subscribed\",\"topics\":[…],\"seq\":1300}`, then what happens. Without `since` it \
begins now. A topic that is refused is told as `{\"type\":\"error\",\"code\":\"not_found\",\"topic\":\"…\"}`. When too much happened to tell it \
all: `{\"type\":\"resync\",\"seq\":1300}`. `unsubscribe` ends it.

To act: `message` with `conversationId` and `data` of `content`, `clientId`, `internal`, `attachments` is answered by `ack` once it is \
stored, or by `error`; `typing` and `stop_typing`; `read` and `delivered` with `data.messageId` or `data.position`; `presence` with \
`data.status`; `ping`. A frame without `conversationId` or `ticketId` is about the only ticket that is followed.

What comes: events of the journey as they are stored (`message`, `note`, `agent_assigned`, `status_change`, `ticket_created` …) with `seq`, \
`timestamp`, `conversationId`, `ticketId`, `actor` and `data`; and without `seq`: `typing`, `receipt`, `presence`, `pong`, \
and on the topic `queue:<vendor id>` `queue_moved`. Staff who follow an inbox hear of the presence of each colleague, by `data.userId`; \
customers who follow themselves only whether a vendor's desk is `online` or `offline`, by `data.vendorId`.

Close codes: 1008 too many unreadable frames, 1009 a frame over 64 KB, 1012 restart or a newly confirmed address, 1013 too \
slow, 4401 the session or token ended. After 1012 and 1013 connect again and subscribe with the last `seq`.";

#[derive(OpenApi)]
#[openapi(
    version = "3.1.0",
    info(
        title = "COCO",
        version = "1",
        description = "Tickets, conversations and live updates of a COCO installation.\n\nA program proves itself with an API token \
            (profile, *API tokens*); pages use their session. Customers see their own things, staff those of their vendors; \
            what one may not know of is 404. Texts are cleaned of control and direction-changing characters. Fields not named here \
            are ignored.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/")),
    paths(
        tickets::create, tickets::list, tickets::show, tickets::update, teams::list,
        chat::start, chat::show, chat::update, chat::send, chat::messages, chat::queue, chat::analytics,
        attachments::upload, attachments::download, attachments::thumbnail,
        events::events, described::openapi, described::docs, described::socket,
    ),
    components(schemas(Body)),
    tags(
        (name = "Tickets", description = "What someone needs, who works on it, and its state."),
        (name = "Chat", description = "The conversations that tickets consist of."),
        (name = "Files", description = "Uploaded first, then named in a message."),
        (name = "Live", description = "What happens, as it happens."),
        (name = "About", description = "This description."),
    ),
    modifiers(&Common)
)]
struct Described;

/// Routes whose handlers have nothing to tell.
#[expect(dead_code, reason = "only described")]
mod described {
    /// This description as JSON.
    #[utoipa::path(get, path = "/api/openapi.json", tag = "About", operation_id = "getOpenApi",
        responses((status = 200, description = "An OpenAPI 3.1 document.", content_type = "application/json")))]
    pub fn openapi() {}

    /// This description for people.
    #[utoipa::path(get, path = "/api/docs", tag = "About", operation_id = "getDocs",
        responses((status = 200, description = "A page.", content_type = "text/html")))]
    pub fn docs() {}

    /// The socket.
    #[utoipa::path(get, path = "/ws", tag = "Live", operation_id = "openSocket",
        params(("access_token" = Option<String>, Query, description = "The token, for clients that cannot send a header.")),
        responses((status = 101, description = "It is open."), (status = 426, description = "This was no WebSocket.")))]
    pub fn socket() {}
}

/// The whole description.
#[must_use]
pub fn describe() -> Document {
    Described::openapi()
}

/// The description as text, made once.
pub static TEXT: LazyLock<String> = LazyLock::new(|| serde_json::to_string(&describe()).unwrap_or_default());

/// `GET /api/openapi.json`
pub async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")], TEXT.as_str()).into_response()
}

/// What holds for every operation.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut Document) {
        document.openapi = OpenApiVersion::Version31;
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API token."));
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(COOKIE, "The session of a browser."));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                complete(operation, &method, path);
                if path == "/ws" {
                    operation.description = Some(SOCKET.into());
                }
            }
        }
    }
}

/// The operations of a path by method.
fn operations(item: &mut PathItem) -> Vec<(HttpMethod, &mut Operation)> {
    let all = [(HttpMethod::Get, &mut item.get), (HttpMethod::Post, &mut item.post), (HttpMethod::Put, &mut item.put)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?))).collect()
}

fn complete(operation: &mut Operation, method: &HttpMethod, path: &str) {
    let word = word(method);
    let action = entry(word, path).map_or(Action::Public, |e| e.action);
    let has_body = operation.request_body.is_some();
    let is_form = path == "/api/attachments";
    let mut refusals = vec![("429", "Too many requests; `Retry-After` says when to come back."), ("500", "A fault of ours.")];
    if action != Action::Public {
        refusals.push(("401", "Nobody is signed in, or the token is not valid."));
        refusals.push(("403", "It is not for this person, or not for this token."));
        refusals.push(("503", "Nothing was stored: storage, or for a file the virus scan, does not answer. Try again."));
        refusals.push(("422", "A field is wrong; `errors` names it."));
    }
    if path.contains('{') || operation.parameters.is_some() {
        refusals.push(("404", "There is no such thing, or not for this person."));
    }
    if has_body {
        refusals.push(("400", "The body can't be read."));
        refusals.push(("413", if is_form { "The file is over 25 MB." } else { "The body is over 1 MB." }));
        if !is_form {
            refusals.push(("415", "The body is not declared as JSON."));
        }
    }
    if word == "PUT" {
        refusals.push(("409", "Someone changed it meanwhile, or its state does not allow it."));
    }
    for (status, description) in refusals {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Body"))).build();
        let response = ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build();
        operation.responses.responses.entry(status.into()).or_insert(RefOr::T(response));
    }
    if word == "POST" {
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .description(Some(
                "Made by the client: the same request with the same key does its work once, and is answered alike for a day.",
            ))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).max_length(Some(255)).build()))
            .build();
        operation.parameters.get_or_insert_default().push(RefOr::T(key));
    }
    // Actions without a scope are for sessions only.
    operation.security = Some(match (action, action.scope()) {
        (Action::Public, _) => vec![SecurityRequirement::default()],
        (_, Some(scope)) => vec![SecurityRequirement::new("bearer", [scope.as_str()]), SecurityRequirement::new("cookie", [""; 0])],
        (_, None) => vec![SecurityRequirement::new("cookie", [""; 0])],
    });
}

const fn word(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        _ => "GET",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Method and path of everything described.
    fn described() -> BTreeSet<(String, String)> {
        let mut document = describe();
        let mut all = BTreeSet::new();
        for (path, item) in &mut document.paths.paths {
            for (method, _) in operations(item) {
                all.insert((word(&method).to_owned(), path.clone()));
            }
        }
        all
    }

    #[test]
    fn describes_every_route_and_nothing_else() {
        let routes = super::super::ROUTES.iter().chain(crate::live::ROUTES);
        let routes: BTreeSet<(String, String)> = routes.map(|(m, p)| ((*m).to_owned(), (*p).to_owned())).collect();
        assert_eq!(described(), routes);
        for (method, path) in &routes {
            assert!(entry(method, path).is_some(), "{method} {path} is not in ENTRY_POINTS");
        }
    }

    #[test]
    fn is_a_whole_document() {
        let document: serde_json::Value = serde_json::from_str(&TEXT).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
        let create = &document["paths"]["/api/tickets"]["post"];
        assert_eq!(create["security"][0]["bearer"][0], "tickets:write");
        assert!(create["requestBody"]["content"]["application/json"]["example"]["subject"].is_string());
        assert_eq!(create["responses"]["422"]["content"][MEDIA_TYPE]["schema"]["$ref"], "#/components/schemas/Body");
        assert_eq!(document["paths"]["/api/docs"]["get"]["security"][0], serde_json::json!({}));
        assert_eq!(document["paths"]["/api/chat/analytics"]["get"]["operationId"], "getAnalytics");
        assert!(!TEXT.contains("\"operationId\":null"));
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document: serde_json::Value = serde_json::from_str(&TEXT).unwrap();
        for part in TEXT.split("\"$ref\":\"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }

    #[test]
    fn every_field_is_explained() {
        let document: serde_json::Value = serde_json::from_str(&TEXT).unwrap();
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            for (field, of) in schema["properties"].as_object().into_iter().flatten() {
                assert!(of.to_string().contains("description"), "{name}.{field}");
            }
        }
    }
}
