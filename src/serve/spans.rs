//! Spans of requests for OpenTelemetry, with the names that its conventions have for them.

use super::{Desk, Line, Route, SPANS};
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, Span, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

impl Desk {
    /// Answers a request within a span, which goes on the client's trace where it names one (`traceparent`).
    pub(super) async fn answer_in_span(
        self: Arc<Self>,
        request: Request<Body>,
        line: Line,
        stop: CancellationToken,
    ) -> Response<Body> {
        let route = Route::of(request.uri().path());
        let route = route.as_ref().map_or("none", Route::name);
        let method = request.method();
        let span = tracing::info_span!(
            target: SPANS, "request", otel.name = format!("{method} {route}"), otel.kind = "server",
            http.request.method = %method, http.route = route, http.response.status_code = Empty, request.id = Empty,
        );
        adopt(&span, request.headers());
        let response = self.answer(request, line, stop).instrument(span.clone()).await;
        // The conventions have a whole number here; one without a sign would be sent as a text.
        span.record("http.response.status_code", i64::from(response.status().as_u16()));
        if let Some(id) = response.headers().get(super::X_REQUEST_ID).and_then(|id| id.to_str().ok()) {
            span.record("request.id", id);
        }
        response
    }
}

/// Makes a span part of the trace that headers name.
fn adopt(span: &Span, headers: &HeaderMap) {
    let context = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    // Without a collector there is no trace to be part of.
    let _ = span.set_parent(context);
}
