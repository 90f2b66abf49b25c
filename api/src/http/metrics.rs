//! Metrics of the process in the format of Prometheus.

use std::{
    sync::atomic::{AtomicI64, AtomicU64},
    time::Duration,
};

use crate::gateway::Unfinished;
use poem::http::{Method, StatusCode};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};

/// The media type of the text.
pub const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Count = Counter<u64, AtomicU64>;
type Level = Gauge<i64, AtomicI64>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    page: &'static str,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PageLabel {
    page: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabel {
    reason: &'static str,
}

/// The metrics of connections, of all listeners together.
#[derive(Clone, Debug, Default)]
pub struct ConnectionMetrics {
    open: Level,
    refused: Family<ReasonLabel, Count>,
    cut: Family<ReasonLabel, Count>,
}

impl ConnectionMetrics {
    fn register(&self, registry: &mut Registry) {
        let open = self.open.clone();
        registry.register("connections", "Open connections of any kind", open);
        let refused = "Connections that were closed because too many are open";
        registry.register("connections_refused", refused, self.refused.clone());
        let cut = "Connections that a deadline ended";
        registry.register("connections_cut", cut, self.cut.clone());
    }

    pub fn opened(&self) {
        self.open.inc();
    }

    pub fn closed(&self) {
        self.open.dec();
    }

    /// Records a connection for which there was no room: in all, or for its address.
    pub fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&ReasonLabel { reason }).inc();
    }

    /// Records a connection that ended by a deadline.
    pub fn cut(&self, reason: &'static str) {
        self.cut.get_or_create(&ReasonLabel { reason }).inc();
    }
}

/// Counters that requests increase, and gauges that are read on each scrape.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Count>,
    seconds: Family<PageLabel, Histogram>,
    pub cache_hits: Count,
    pub cache_misses: Count,
    cached_responses: Level,
    cached_bytes: Level,
    database_connections: Level,
    idle: Level,
    projects: Level,
    project_bytes: Level,
    live: Level,
    live_answers: Level,
    pub connections: ConnectionMetrics,
    /// The cost of the executed operations.
    pub cost: Histogram,
}

impl Metrics {
    pub fn new(unfinished: &Unfinished) -> Self {
        let mut registry = Registry::with_prefix("connection");
        let seconds = || Histogram::new(exponential_buckets(0.000_1, 4.0, 9));
        let metrics = Self {
            requests: Family::default(),
            seconds: Family::new_with_constructor(seconds),
            cache_hits: Counter::default(),
            cache_misses: Counter::default(),
            cached_responses: Level::default(),
            cached_bytes: Level::default(),
            database_connections: Level::default(),
            idle: Level::default(),
            projects: Level::default(),
            project_bytes: Level::default(),
            live: Level::default(),
            live_answers: Level::default(),
            connections: ConnectionMetrics::default(),
            cost: Histogram::new(exponential_buckets(1.0, 8.0, 7)),
            registry: Registry::default(),
        };
        metrics.connections.register(&mut registry);
        registry.register("requests", "Requests answered", metrics.requests.clone());
        registry.register(
            "request_seconds",
            "How long requests took, in seconds",
            metrics.seconds.clone(),
        );
        registry.register(
            "query_cost",
            "The cost of the operations that ran",
            metrics.cost.clone(),
        );
        let counters = [
            (
                "answers_kept",
                "Requests that the response cache answered",
                &metrics.cache_hits,
            ),
            (
                "answers_made",
                "Requests that it could not answer",
                &metrics.cache_misses,
            ),
            (
                "answers_too_complex",
                "Answers that were stopped at a bound of what is made",
                &unfinished.too_complex,
            ),
            (
                "answers_dropped",
                "Answers that were begun and dropped: their time was up, or their client left",
                &unfinished.dropped,
            ),
        ];
        for (name, help, counter) in counters {
            registry.register(name, help, counter.clone());
        }
        let levels = [
            (
                "kept_answers",
                "Responses in the response cache",
                &metrics.cached_responses,
            ),
            (
                "kept_answer_bytes",
                "What they take, in bytes, about",
                &metrics.cached_bytes,
            ),
            (
                "database_connections",
                "Open connections to the database",
                &metrics.database_connections,
            ),
            (
                "database_connections_idle",
                "Those of them that nobody uses",
                &metrics.idle,
            ),
            (
                "projects_in_memory",
                "Projects that are kept",
                &metrics.projects,
            ),
            (
                "project_bytes",
                "What they take, in bytes, about",
                &metrics.project_bytes,
            ),
            (
                "live_connections",
                "Open sockets and event streams",
                &metrics.live,
            ),
            (
                "live_answers",
                "Answers to subscriptions that were made, each for all who share it",
                &metrics.live_answers,
            ),
        ];
        for (name, help, level) in levels {
            registry.register(name, help, level.clone());
        }
        Self {
            registry,
            ..metrics
        }
    }

    /// Records a response.
    pub fn answered(&self, method: &Method, path: &str, status: StatusCode, took: Duration) {
        let page = page_of(path);
        let labels = RequestLabels {
            page,
            method: name_of(method),
            status: status.as_u16(),
        };
        self.requests.get_or_create(&labels).inc();
        self.seconds
            .get_or_create(&PageLabel { page })
            .observe(took.as_secs_f64());
    }
}

impl Metrics {
    /// The current values of all metrics, with the sizes of what the process has now.
    pub fn text(&self, sizes: &Sizes) -> String {
        set(&self.cached_responses, sizes.cached_responses);
        set(&self.cached_bytes, sizes.cached_bytes);
        set(&self.projects, sizes.projects);
        set(&self.project_bytes, sizes.project_bytes);
        set(&self.live, sizes.live);
        set(&self.live_answers, sizes.live_answers);
        set(&self.database_connections, sizes.connections);
        set(&self.idle, sizes.idle);
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a String takes all that is written");
        text
    }
}

/// What a process has at the moment.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub cached_responses: usize,
    pub cached_bytes: u64,
    pub projects: usize,
    pub project_bytes: usize,
    /// Live connections.
    pub live: usize,
    pub live_answers: u64,
    /// Connections to the database, and how many of them do nothing.
    pub connections: u32,
    pub idle: usize,
}

fn set(level: &Level, value: impl TryInto<i64>) {
    level.set(value.try_into().unwrap_or(i64::MAX));
}

/// The label of a path. All unknown paths have the same label, so that clients cannot create any
/// number of labels.
fn page_of(path: &str) -> &'static str {
    const PAGES: [&str; 11] = [
        "graphql",
        "graphiql",
        "schema.graphql",
        "healthz",
        "readyz",
        "metrics",
        "reports",
        "outbox",
        "sign-in",
        "sign-out",
        "unsubscribe",
    ];
    let first = path.trim_start_matches('/').split('/').next().unwrap_or("");
    match PAGES.into_iter().find(|page| *page == first) {
        Some(page) => page,
        None if path == "/" => "start",
        None => "none",
    }
}

fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
