//! Traces: what a request did and how long each part took, sent to an OpenTelemetry collector.
//!
//! Spans are made with [`coco::trace_span!`] and seen by no one else. They are sent in batches from a
//! thread of their own; when it cannot keep up, spans are lost and nobody waits. What has no request
//! above it, as the work of workers, is not traced.

use super::carrier::Carrier;
use super::word;
use crate::config::{Config, Ratio};
use anyhow::{Context, Result};
use axum::extract::Request;
use axum::http::StatusCode;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{Link, SpanKind, TraceContextExt, TraceId, TraceState, TracerProvider};
use opentelemetry::{Context as Parent, KeyValue};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample};
use std::time::Duration;
use tracing::field::Empty;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

/// How long a batch may be on its way, with all that is tried again.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way to the collector.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// As configured; none when there is no collector. Needs a Tokio runtime.
    ///
    /// # Errors
    /// When the standard's own variables, such as `OTEL_EXPORTER_OTLP_HEADERS`, make no sense.
    pub fn new(config: &Config) -> Result<Option<Self>> {
        let Some(endpoint) = &config.otlp_endpoint else { return Ok(None) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Carrier::new(endpoint))
            .with_endpoint(format!("{endpoint}/v1/traces"))
            .with_timeout(PATIENCE)
            .build()
            .context("COCO_OTLP_ENDPOINT: nothing can be sent there")?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let provider = SdkTracerProvider::builder()
            .with_resource(Resource::builder().with_service_name("coco").with_attribute(version).build())
            .with_sampler(Sampler::ParentBased(Box::new(Requests::share(config.otlp_ratio))))
            .with_batch_exporter(exporter)
            .build();
        Ok(Some(Self(provider)))
    }

    /// What takes spans from the program's.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync>(&self) -> impl Layer<S> + use<S> {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("coco"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(|meta| meta.is_span() && meta.target() == coco::trace::TARGET))
    }

    /// Sends what is left, for no longer than a batch may take.
    pub async fn finish(self) {
        let sent = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(PATIENCE)).await;
        if !matches!(sent, Ok(Ok(()))) {
            tracing::warn!("traces.not_finished");
        }
    }
}

/// The span of a request, below that of its caller where `traceparent` names one.
pub fn request(request: &Request, route: &str) -> Span {
    let span = coco::trace_span!(
        "request",
        otel.name = named(request, route),
        otel.kind = "server",
        http.request.method = method(request),
        http.route = matched(route),
        http.response.status_code = Empty,
        "error.type" = Empty,
        otel.status_code = Empty,
    );
    if !span.is_disabled() {
        // Only fails where nobody traces.
        let _ = span.set_parent(TraceContextPropagator::new().extract_with_context(&Parent::new(), &HeaderExtractor(request.headers())));
    }
    span
}

/// By which the trace of a request is found, for its log lines.
pub fn id(span: &Span) -> Option<TraceId> {
    if span.is_disabled() {
        return None;
    }
    let id = span.context().span().span_context().trace_id();
    (id != TraceId::INVALID).then_some(id)
}

/// Adds to the span of a request how it went.
pub fn answered(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.record("error.type", status.as_str());
        span.record("otel.status_code", "ERROR");
    }
}

/// As OpenTelemetry's conventions name it: by method, and by route where it is known.
fn named(request: &Request, route: &str) -> String {
    let method = match method(request) {
        "_OTHER" => "HTTP",
        known => known,
    };
    matched(route).map_or_else(|| method.to_owned(), |route| format!("{method} {route}"))
}

fn matched(route: &str) -> Option<&str> {
    Some(route).filter(|route| *route != super::UNMATCHED)
}

fn method(request: &Request) -> &'static str {
    match word(request.method()) {
        "other" => "_OTHER",
        known => known,
    }
}

/// Traces a share of the requests, and nothing else that has no parent.
#[derive(Debug, Clone)]
struct Requests(Sampler);

impl Requests {
    fn share(ratio: Ratio) -> Self {
        Self(Sampler::TraceIdRatioBased(ratio.as_f64()))
    }
}

impl ShouldSample for Requests {
    fn should_sample(
        &self,
        parent: Option<&Parent>,
        trace: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        if *kind == SpanKind::Server {
            return self.0.should_sample(parent, trace, name, kind, attributes, links);
        }
        SamplingResult { decision: SamplingDecision::Drop, attributes: Vec::new(), trace_state: TraceState::default() }
    }
}
