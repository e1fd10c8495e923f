//! Traces, as a collector gets them from a whole process.

use crate::serving::Serving;
use crate::support::collector::{self, attribute};
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span};
use std::net::TcpListener;
use std::time::{Duration, Instant};

const CALLER: &str = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";

fn spans(batches: &[ResourceSpans]) -> Vec<&Span> {
    batches.iter().flat_map(|b| &b.scope_spans).flat_map(|s| &s.spans).collect()
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_request_is_traced_from_its_caller_down_to_sql() {
    let (address, received) = collector::start();
    let (mut coco, log) = Serving::start_with(&[("COCO_OTLP_ENDPOINT", &address), ("COCO_LOG", "server=debug")]);
    let log = std::thread::spawn(move || log.collect::<Vec<_>>());
    assert!(coco.get_with("/rate/secret-key?email=someone@example.com", CALLER).starts_with("HTTP/1.1 "));
    let token = coco::auth::secret::new_token();
    assert!(coco.get_with("/api/tickets/secret-key", &format!("{CALLER}Authorization: Bearer {token}\r\n")).starts_with("HTTP/1.1 401"));
    assert!(coco.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(coco.stop().success());

    let batches: Vec<ResourceSpans> = received.try_iter().collect();
    let resource = batches[0].resource.as_ref().unwrap();
    assert_eq!(attribute(&resource.attributes, "service.name").as_deref(), Some("coco"));
    assert_eq!(attribute(&resource.attributes, "service.version").as_deref(), Some(env!("CARGO_PKG_VERSION")));
    let all = spans(&batches);
    let find = |name: &str| *all.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("{name} in {all:#?}"));

    let call = find("GET /api/tickets/{ticketId}");
    assert_eq!(hex(&call.trace_id), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(hex(&call.parent_span_id), "00f067aa0ba902b7");
    assert_eq!(call.kind(), SpanKind::Server);
    for (key, value) in [("http.request.method", "GET"), ("http.route", "/api/tickets/{ticketId}"), ("http.response.status_code", "401")] {
        assert_eq!(attribute(&call.attributes, key).as_deref(), Some(value), "{key}");
    }

    let service = find("auth.by_token");
    assert_eq!((&service.trace_id, service.kind()), (&call.trace_id, SpanKind::Internal));
    assert!(all.iter().any(|s| s.parent_span_id == service.span_id && s.kind() == SpanKind::Client), "it asks the database");

    let ready = find("GET /readyz");
    assert_ne!(ready.trace_id, call.trace_id);
    assert!(ready.parent_span_id.is_empty());
    let below = |s: &&&Span| s.trace_id == ready.trace_id && s.span_id != ready.span_id;
    let query = all.iter().find(below).expect("the database was asked");
    assert_eq!((query.kind(), attribute(&query.attributes, "db.system.name").as_deref()), (SpanKind::Client, Some("sqlite")));
    assert!(attribute(&query.attributes, "db.query.text").is_some_and(|text| text.starts_with("SELECT")));

    for span in &all {
        for secret in ["secret-key", "someone@", &token] {
            assert!(!format!("{span:?}").contains(secret), "{span:?}");
        }
        assert!(all.iter().any(|root| root.trace_id == span.trace_id && root.kind() == SpanKind::Server), "of no request: {span:?}");
    }
    let log = log.join().unwrap();
    assert!(log.iter().any(|l| l.contains("trace_id") && l.contains(&hex(&ready.trace_id))), "{log:#?}");
}

#[test]
fn a_caller_or_the_share_may_leave_a_request_out() {
    let (address, received) = collector::start();
    let (mut coco, log) = Serving::start_with(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &address), ("COCO_OTLP_RATIO", "0")]);
    std::thread::spawn(move || log.for_each(drop));
    assert!(coco.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(coco.get_with("/healthz", &CALLER.replace("-01\r", "-00\r")).starts_with("HTTP/1.1 200"));
    assert!(coco.get_with("/healthz", CALLER).starts_with("HTTP/1.1 200"));
    assert!(coco.stop().success());
    let batches: Vec<ResourceSpans> = received.try_iter().collect();
    let names: Vec<&str> = spans(&batches).iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["GET /healthz"]);
}

#[test]
fn a_collector_that_is_away_or_silent_delays_nobody_and_is_told_of_once() {
    // One that takes connections and never answers, and one that is not there.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [silent.local_addr().unwrap(), gone] {
        let (mut coco, log) = Serving::start_with(&[("COCO_OTLP_ENDPOINT", &format!("http://{address}"))]);
        let log = std::thread::spawn(move || log.collect::<Vec<_>>());
        let start = Instant::now();
        for _ in 0..600 {
            assert!(coco.get("/healthz").starts_with("HTTP/1.1 200"));
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
        assert!(coco.stop().success());
        let log = log.join().unwrap();
        assert_eq!(log.iter().filter(|l| l.contains("traces.not_sent")).count(), 1, "{log:#?}");
    }
}
