//! Spans to a collector of OpenTelemetry, by OTLP over HTTP. Only with the feature `otel`, and only where the environment
//! names a collector.

use bytes::Bytes;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use std::future::ready;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::runtime::Runtime;
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{Filtered, LevelFilter, Targets};
use tracing_subscriber::registry::LookupSpan;

/// The variables that name a collector, by the specification of OpenTelemetry.
const COLLECTOR: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// How long a collector may take to take something: the specification's own default.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What gathers spans until they are sent.
static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// The layer that takes in the server's spans.
pub(super) type Spans<S> = Filtered<OpenTelemetryLayer<S, SdkTracer>, Targets, S>;

/// The layer that sends spans, where a collector is named.
pub(super) fn layer<S: Subscriber + for<'a> LookupSpan<'a>>() -> Option<Spans<S>> {
    COLLECTOR.iter().find_map(|name| std::env::var_os(name).filter(|value| !value.is_empty()))?;
    let exporter = Carrier::new()
        .map_err(|error| error.to_string())
        .and_then(|carrier| {
            SpanExporter::builder().with_http().with_http_client(carrier).build().map_err(|error| error.to_string())
        })
        .map_err(|error| {
            super::complain(format_args!("no spans are sent: {error}; check OTEL_EXPORTER_OTLP_ENDPOINT"));
        });
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter.ok()?).with_resource(resource()).build();
    let tracer = PROVIDER.get_or_init(|| provider).tracer("copydesk");
    let spans = Targets::new().with_target(crate::serve::SPANS, LevelFilter::INFO);
    Some(tracing_opentelemetry::layer().with_tracer(tracer).with_filter(spans))
}

/// What we are called: what the environment says, or else our name.
fn resource() -> Resource {
    let builder = Resource::builder();
    let is_named = std::env::var_os("OTEL_SERVICE_NAME").is_some_and(|name| !name.is_empty());
    if is_named { builder.build() } else { builder.with_service_name("copydesk").build() }
}

/// Sends what is left.
pub(super) fn end() {
    if let Some(provider) = PROVIDER.get()
        && let Err(error) = provider.shutdown()
    {
        tracing::warn!(%error, "the last spans were not sent");
    }
}

/// Carries spans to the collector. It is called on a thread of the library's own, so that it may wait.
#[derive(Debug)]
struct Carrier {
    client: reqwest::Client,
    runtime: Runtime,
}

impl Carrier {
    fn new() -> Result<Self, HttpError> {
        // The second in one process is refused, and the first one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(TIMEOUT).no_proxy().build()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { client, runtime })
    }

    async fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let sent = self.client.request(head.method, head.uri.to_string()).headers(head.headers).body(body);
        let answer = sent.send().await?;
        let status = answer.status();
        let mut response = Response::new(answer.bytes().await?);
        *response.status_mut() = status;
        Ok(response)
    }
}

impl HttpClient for Carrier {
    fn send_bytes<'this, 'sent>(
        &'this self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'sent>>
    where
        'this: 'sent,
        Self: 'sent,
    {
        Box::pin(ready(self.runtime.block_on(self.carry(request))))
    }
}
