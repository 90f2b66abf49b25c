//! The list of settings, in the order of their themes.

use super::Setting;

pub const DATABASE_URL: Setting = Setting {
    name: "DATABASE_URL",
    used_by: "api, worker",
    meaning: "PostgreSQL, or SQLite for a small installation on one machine",
    default: None,
    example: "postgres://connection:secret@db.example/connection",
};
pub const REDIS_URL: Setting = Setting {
    name: "REDIS_URL",
    used_by: "api, worker",
    meaning: "Redis, which carries the queue, by `rediss://` over TLS; must be set with PostgreSQL",
    default: Some("with SQLite: a queue file beside the database"),
    example: "redis://redis.example:6379",
};
pub const SMTP_URL: Setting = Setting {
    name: "SMTP_URL",
    used_by: "worker",
    meaning: "the mail server: `smtps://`, or `smtp://` with `?tls=required` for STARTTLS; a password goes \
              to another machine over TLS alone",
    default: None,
    example: "smtp://user:secret@mail.example:587?tls=required",
};
pub const MAIL_FROM: Setting = Setting {
    name: "MAIL_FROM",
    used_by: "worker",
    meaning: "the sender of all mail",
    default: None,
    example: "CONNECTION <connection@eurocities.example>",
};
pub const BASE_URL: Setting = Setting {
    name: "BASE_URL",
    used_by: "api, worker",
    meaning: "where the API is reached from outside; links in mails begin with it, and where it is \
              https the API tells browsers to stay with that; the API may do without",
    default: None,
    example: "https://connection.example",
};
pub const LINK_KEY: Setting = Setting {
    name: "LINK_KEY",
    used_by: "api, worker",
    meaning: "at least 32 characters, the same in all processes: signs the links in mails",
    default: None,
    example: "the output of `openssl rand -hex 32`",
};
pub const LISTEN: Setting = Setting {
    name: "LISTEN",
    used_by: "api",
    meaning: "address and port of the API",
    default: Some("127.0.0.1:8000"),
    example: "0.0.0.0:8000",
};
pub const OPERATOR: Setting = Setting {
    name: "OPERATOR",
    used_by: "api",
    meaning: "who sees people, ledger and previews: `nobody`, or `loopback`: whoever asks from this \
              machine itself by HTTP/1.1, and not through a proxy (never behind a proxy on it \
              that hides itself); of `connection up` who holds the key that it prints, with \
              `nobody` nobody",
    default: Some("nobody"),
    example: "loopback",
};
pub const INTROSPECTION: Setting = Setting {
    name: "INTROSPECTION",
    used_by: "api",
    meaning: "who is told what the schema holds, by introspection, `/schema.graphql`, GraphiQL and \
              what is said of a wrong document: `everyone`, or the `operator`",
    default: Some("everyone"),
    example: "operator",
};
pub const TRUSTED_PROXIES: Setting = Setting {
    name: "TRUSTED_PROXIES",
    used_by: "api",
    meaning: "addresses and networks whose `X-Forwarded-For` tells who asks; the rate limits go by it",
    default: Some("127.0.0.0/8,::1"),
    example: "10.0.0.0/8,192.0.2.7",
};
pub const DRAIN_SECONDS: Setting = Setting {
    name: "DRAIN_SECONDS",
    used_by: "api",
    meaning: "how long it goes on answering once asked to stop, while `/readyz` says no",
    default: Some("0"),
    example: "5",
};
pub const ALLOWED_ORIGINS: Setting = Setting {
    name: "ALLOWED_ORIGINS",
    used_by: "api",
    meaning: "the sites, with commas between them, whose pages may ask from a browser",
    default: Some("only the API's own pages"),
    example: "https://dashboard.example,https://torino.example",
};
pub const CONNECTIONS: Setting = Setting {
    name: "CONNECTIONS",
    used_by: "api",
    meaning: "how many connections may be open at once; never more than the limit of open files allows",
    default: Some("8000"),
    example: "20000",
};
pub const CONNECTIONS_EACH: Setting = Setting {
    name: "CONNECTIONS_EACH",
    used_by: "api",
    meaning: "how many of them one address may have, of IPv6 one /64 network; trusted proxies may have all",
    default: Some("250"),
    example: "1000",
};
pub const HEAD_SECONDS: Setting = Setting {
    name: "HEAD_SECONDS",
    used_by: "api",
    meaning: "how long a client may take for the head of a request",
    default: Some("10"),
    example: "5",
};
pub const IDLE_SECONDS: Setting = Setting {
    name: "IDLE_SECONDS",
    used_by: "api",
    meaning: "how long a connection may wait for its next request; longer than proxies keep theirs",
    default: Some("75"),
    example: "120",
};
pub const STALL_SECONDS: Setting = Setting {
    name: "STALL_SECONDS",
    used_by: "api",
    meaning: "how long a client may take nothing of its answer, or next to nothing",
    default: Some("30"),
    example: "60",
};
pub const LIVE_CONNECTIONS: Setting = Setting {
    name: "LIVE_CONNECTIONS",
    used_by: "api",
    meaning: "how many sockets and event streams one address may keep open; behind trusted \
              proxies the address of the client",
    default: Some("100"),
    example: "1000",
};
pub const LIVE_STREAMS: Setting = Setting {
    name: "LIVE_STREAMS",
    used_by: "api",
    meaning: "how many operations may run on one socket at once",
    default: Some("50"),
    example: "20",
};
pub const LIVE_GREETING_SECONDS: Setting = Setting {
    name: "LIVE_GREETING_SECONDS",
    used_by: "api",
    meaning: "how long a new socket may wait with its `connection_init`",
    default: Some("10"),
    example: "3",
};
pub const LIVE_PING_SECONDS: Setting = Setting {
    name: "LIVE_PING_SECONDS",
    used_by: "api",
    meaning: "how often sockets are pinged, and event streams kept alive; who has not answered by \
              the next ping is gone",
    default: Some("20"),
    example: "12",
};
pub const LOG: Setting = Setting {
    name: "LOG",
    used_by: "api, worker",
    meaning: "what is logged: a level, or levels by module",
    default: Some("info"),
    example: "info,worker=debug",
};
pub const LOG_FORMAT: Setting = Setting {
    name: "LOG_FORMAT",
    used_by: "api, worker",
    meaning: "`text` for people, `json` for machines",
    default: Some("text"),
    example: "json",
};
pub const OTEL_EXPORTER_OTLP_ENDPOINT: Setting = Setting {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    used_by: "api, worker",
    meaning: "the OpenTelemetry collector that takes traces over HTTP; without it there are none",
    default: Some("none"),
    example: "http://127.0.0.1:4318",
};
pub const PROJECT_CACHE_MB: Setting = Setting {
    name: "PROJECT_CACHE_MB",
    used_by: "api, worker",
    meaning: "how much memory the project cache may take, in megabytes; one project stays even \
              where it alone is larger",
    default: Some("256"),
    example: "1024",
};
pub const METRICS_LISTEN: Setting = Setting {
    name: "METRICS_LISTEN",
    used_by: "api",
    meaning: "an address and port that gives `/metrics`, `/healthz` and `/readyz` to everyone who \
              reaches it; elsewhere `/metrics` is the operator's",
    default: Some("none"),
    example: "127.0.0.1:9464",
};
pub const REQUEST_SECONDS: Setting = Setting {
    name: "REQUEST_SECONDS",
    used_by: "api",
    meaning: "how long a request may take; its body has half of that",
    default: Some("30"),
    example: "10",
};
pub const RESPONSE_CACHE_MB: Setting = Setting {
    name: "RESPONSE_CACHE_MB",
    used_by: "api",
    meaning: "how much memory the response cache may take, in megabytes; 0 caches nothing",
    default: Some("64"),
    example: "256",
};
pub const FILES_FOLDER: Setting = Setting {
    name: "FILES_FOLDER",
    used_by: "api, worker",
    meaning: "where the files that people send as evidence are kept; the same folder for all processes",
    default: Some("files"),
    example: "/var/lib/connection/files",
};
pub const FILE_MB: Setting = Setting {
    name: "FILE_MB",
    used_by: "api",
    meaning: "how large such a file may be, in megabytes; 0 takes none",
    default: Some("25"),
    example: "100",
};
pub const KEEP_SIGN_INS_DAYS: Setting = Setting {
    name: "KEEP_SIGN_INS_DAYS",
    used_by: "worker",
    meaning: "for how many days links, sessions and tokens are kept after they are over; a link an hour at least",
    default: Some("30"),
    example: "7",
};
pub const KEEP_UPLOADS_DAYS: Setting = Setting {
    name: "KEEP_UPLOADS_DAYS",
    used_by: "worker",
    meaning: "for how many days files are kept that became no evidence",
    default: Some("7"),
    example: "1",
};
pub const KEEP_LEDGER_DAYS: Setting = Setting {
    name: "KEEP_LEDGER_DAYS",
    used_by: "worker",
    meaning: "for how many days mail stands in the ledger, 90 at least",
    default: Some("1098"),
    example: "400",
};
pub const HINT_SECONDS: Setting = Setting {
    name: "HINT_SECONDS",
    used_by: "worker",
    meaning: "after how many seconds the queue is told again of a mail that still waits",
    default: Some("30"),
    example: "10",
};

/// All of them, in the order of the README.
pub const SETTINGS: [Setting; 34] = [
    DATABASE_URL,
    REDIS_URL,
    SMTP_URL,
    MAIL_FROM,
    BASE_URL,
    LINK_KEY,
    LISTEN,
    OPERATOR,
    INTROSPECTION,
    TRUSTED_PROXIES,
    DRAIN_SECONDS,
    REQUEST_SECONDS,
    RESPONSE_CACHE_MB,
    PROJECT_CACHE_MB,
    METRICS_LISTEN,
    ALLOWED_ORIGINS,
    CONNECTIONS,
    CONNECTIONS_EACH,
    HEAD_SECONDS,
    IDLE_SECONDS,
    STALL_SECONDS,
    LIVE_CONNECTIONS,
    LIVE_STREAMS,
    LIVE_GREETING_SECONDS,
    LIVE_PING_SECONDS,
    LOG,
    LOG_FORMAT,
    OTEL_EXPORTER_OTLP_ENDPOINT,
    FILES_FOLDER,
    FILE_MB,
    KEEP_SIGN_INS_DAYS,
    KEEP_UPLOADS_DAYS,
    KEEP_LEDGER_DAYS,
    HINT_SECONDS,
];
