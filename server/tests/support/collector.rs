//! An OpenTelemetry collector as it is met on the network: it takes OTLP over HTTP and decodes it.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use prost::Message;
use std::sync::mpsc::{Receiver, channel};

/// Starts one; its address, and what comes in. It ends with the tests.
pub fn start() -> (String, Receiver<ResourceSpans>) {
    let (told, spans) = channel();
    let take = move |headers: HeaderMap, body: Bytes| async move {
        let Ok(request) = ExportTraceServiceRequest::decode(body) else { return Err(StatusCode::BAD_REQUEST) };
        if headers.get("content-type").is_none_or(|kind| kind != "application/x-protobuf") {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        request.resource_spans.into_iter().for_each(|spans| drop(told.send(spans)));
        Ok(([("content-type", "application/x-protobuf")], ExportTraceServiceResponse::default().encode_to_vec()))
    };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, Router::new().route("/v1/traces", post(take))).await.unwrap();
        });
    });
    (address, spans)
}

/// An attribute as text.
pub fn attribute(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|a| a.key == key)?;
    match &found.value {
        Some(AnyValue { value: Some(Value::StringValue(text)) }) => Some(text.clone()),
        Some(AnyValue { value: Some(Value::IntValue(n)) }) => Some(n.to_string()),
        _ => None,
    }
}
