//! Traces for an OpenTelemetry collector: what is logged in spans goes there too, over HTTP.

use std::collections::HashMap;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{SdkTracer, SdkTracerProvider},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::settings::{OTEL_EXPORTER_OTLP_ENDPOINT, Wrong};

/// Sends spans to the collector until it is dropped; what is left is sent then.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Sends them where the setting says; none where it says nothing.
    ///
    /// # Errors
    /// When the setting is no address of a collector.
    pub fn start(process: &'static str) -> Result<Option<Self>, Wrong> {
        let Some(url) = OTEL_EXPORTER_OTLP_ENDPOINT.value() else {
            return Ok(None);
        };
        if !url.starts_with("http://") {
            return Err(OTEL_EXPORTER_OTLP_ENDPOINT.wrong(
                "it does not begin with http:// (a collector beside the process takes traces on \
                 over TLS)",
            ));
        }
        // The exporter reads the address from the same variable, and adds its path.
        let exporter = SpanExporter::builder()
            .with_http()
            .build()
            .map_err(|error| OTEL_EXPORTER_OTLP_ENDPOINT.wrong(error))?;
        let resource = Resource::builder()
            .with_service_name(format!("connection-{process}"))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource)
            .build();
        Ok(Some(Self(provider)))
    }

    pub fn tracer(&self) -> SdkTracer {
        self.0.tracer("connection")
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "The last traces could not be sent");
        }
    }
}

/// Makes a span part of the trace that a caller began, as its `traceparent` says.
pub fn follow(span: &Span, traceparent: &str) {
    let carrier = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    let context = TraceContextPropagator::new().extract(&carrier);
    // Without a collector there is nothing to follow.
    let _ = span.set_parent(context);
}
