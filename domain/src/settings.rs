//! The settings of the production processes: environment variables, each with its meaning.
//!
//! The README's table says the same; a test holds them together.

use std::{fmt, net::SocketAddr, ops::RangeInclusive, str::FromStr, time::Duration};

/// One environment variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: &'static str,
    /// Which processes read it.
    pub used_by: &'static str,
    pub meaning: &'static str,
    /// What holds when it is not set; none: it must be set.
    pub default: Option<&'static str>,
    pub example: &'static str,
}

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
    meaning: "Redis, which carries the queue; must be set with PostgreSQL",
    default: Some("with SQLite: a queue file beside the database"),
    example: "redis://redis.example:6379",
};
pub const SMTP_URL: Setting = Setting {
    name: "SMTP_URL",
    used_by: "worker",
    meaning: "the mail server: `smtps://`, or `smtp://` with `?tls=required` for STARTTLS",
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
    used_by: "worker",
    meaning: "where the API is reached from outside; links in mails begin with it",
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
              machine itself (never behind a proxy on it)",
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
pub const LIVE_CONNECTIONS: Setting = Setting {
    name: "LIVE_CONNECTIONS",
    used_by: "api",
    meaning: "how many sockets and event streams one address may keep open; as many as are wanted \
              in all behind a proxy, which is one address",
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
pub const SETTINGS: [Setting; 29] = [
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

/// A setting that is missing or wrong, in one line that says what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong(String);

impl Wrong {
    /// That a variable is wrong, why, and what would be right.
    #[must_use]
    pub fn new(name: &str, why: impl fmt::Display, example: impl fmt::Display) -> Self {
        Self(format!(
            "{name} is wrong: {why}. For example {name}={example}"
        ))
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

impl Setting {
    /// Its value in the environment; empty counts as not set.
    #[must_use]
    pub fn value(&self) -> Option<String> {
        value(self.name)
    }

    /// Its value, which must be there.
    ///
    /// # Errors
    /// When it is not set.
    pub fn required(&self) -> Result<String, Wrong> {
        let Setting {
            name,
            meaning,
            example,
            ..
        } = self;
        self.value().ok_or_else(|| {
            Wrong(format!(
                "{name} is not set: {meaning}. For example {name}={example}"
            ))
        })
    }

    /// Its value as a number between bounds; none where it is not set.
    ///
    /// # Errors
    /// When it is no such number.
    pub fn number<T>(&self, bounds: RangeInclusive<T>) -> Result<Option<T>, Wrong>
    where
        T: FromStr + PartialOrd + fmt::Display,
    {
        let Some(text) = self.value() else {
            return Ok(None);
        };
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        let (least, most) = bounds.into_inner();
        let wrong = || self.wrong(format!("it is no number from {least} to {most}"));
        number.map(Some).ok_or_else(wrong)
    }

    /// Its value, read as what it stands for; none where it is not set.
    ///
    /// # Errors
    /// When it stands for nothing.
    pub fn parsed<T>(&self) -> Result<Option<T>, Wrong>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let value = self.value();
        let parsed = value.map(|text| text.trim().parse().map_err(|why| self.wrong(why)));
        parsed.transpose()
    }

    /// That its value is wrong, and why.
    #[must_use]
    pub fn wrong(&self, why: impl fmt::Display) -> Wrong {
        Wrong::new(self.name, why, self.example)
    }
}

/// The old names of settings, which hold for one release more: each new name with its old one.
pub const DEPRECATED: [(&str, &str); 5] = [
    ("RESPONSE_CACHE_MB", "KEPT_ANSWERS_MB"),
    ("PROJECT_CACHE_MB", "KEPT_PROJECTS_MB"),
    ("LIMIT_CACHED_DOCUMENTS", "LIMIT_KEPT_DOCUMENTS"),
    ("LIMIT_DOCUMENT_CACHE_BYTES", "LIMIT_KEPT_BYTES"),
    ("LIMIT_RATE_KEYS", "LIMIT_KEPT_ADDRESSES"),
];

/// The value of an environment variable, or of its old name; empty counts as not set.
#[must_use]
pub fn value(name: &str) -> Option<String> {
    variable(name).or_else(|| {
        let (_, old) = DEPRECATED.iter().find(|(new, _)| *new == name)?;
        variable(old)
    })
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.trim().is_empty())
}

/// A line for each old name that the environment sets.
#[must_use]
pub fn deprecation_warnings() -> Vec<String> {
    let set = DEPRECATED.iter().filter(|(_, old)| variable(old).is_some());
    set.map(|(new, old)| match variable(new) {
        None => format!("{old} is called {new} now: the old name holds for this release alone"),
        Some(_) => format!("{old} is called {new} now, which is set, too: the old one is ignored"),
    })
    .collect()
}

/// The database of a production process.
///
/// # Errors
/// When it is missing or of another kind.
pub fn database_url() -> Result<String, Wrong> {
    let url = DATABASE_URL.required()?;
    if !["postgres://", "postgresql://", "sqlite:"]
        .iter()
        .any(|kind| url.starts_with(kind))
    {
        return Err(DATABASE_URL.wrong("it begins with neither postgres:// nor sqlite:"));
    }
    Ok(url)
}

/// Redis for a database: PostgreSQL must have one, SQLite may.
///
/// # Errors
/// When it is missing beside PostgreSQL, or no Redis URL.
pub fn redis_url(database_url: &str) -> Result<Option<String>, Wrong> {
    match REDIS_URL.value() {
        Some(url) if url.starts_with("redis://") => Ok(Some(url)),
        Some(_) => Err(REDIS_URL.wrong("it does not begin with redis://")),
        None if database_url.starts_with("postgres") => REDIS_URL.required().map(Some),
        None => Ok(None),
    }
}

/// The key that signs links in mails.
///
/// # Errors
/// When it is missing or too short.
pub fn link_key() -> Result<crate::link::LinkKey, Wrong> {
    let key = LINK_KEY.required()?;
    crate::link::LinkKey::new(key.as_bytes()).ok_or_else(|| {
        LINK_KEY.wrong(format!(
            "it has fewer than {} characters",
            crate::link::MIN_KEY_BYTES
        ))
    })
}

/// Where the API is reached from outside, without a slash at its end.
///
/// # Errors
/// When it is missing or no web address.
pub fn base_url() -> Result<String, Wrong> {
    let url = BASE_URL.required()?;
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(BASE_URL.wrong("it begins with neither https:// nor http://"));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// After how many seconds the queue is told again of a mail that still waits.
///
/// # Errors
/// When it is no number from 1 to 3600.
pub fn hint_seconds() -> Result<i64, Wrong> {
    let seconds = HINT_SECONDS.number(1..=3600)?;
    Ok(seconds.unwrap_or(30))
}

/// How long the API goes on answering once it is asked to stop.
///
/// # Errors
/// When it is no number from 0 to 600.
pub fn linger() -> Result<Duration, Wrong> {
    let seconds = DRAIN_SECONDS.number(0..=600)?;
    Ok(Duration::from_secs(seconds.unwrap_or(0)))
}

/// The time limit of a request.
///
/// # Errors
/// When it is no number from 1 to 600.
pub fn request_timeout() -> Result<Duration, Wrong> {
    let seconds = REQUEST_SECONDS.number(1..=600)?;
    Ok(Duration::from_secs(seconds.unwrap_or(30)))
}

/// How many bytes the response cache may take.
///
/// # Errors
/// When it is no number of megabytes from 0 to 65536.
pub fn response_cache_bytes() -> Result<u64, Wrong> {
    let megabytes: Option<u64> = RESPONSE_CACHE_MB.number(0..=65_536)?;
    Ok(megabytes.unwrap_or(64) * 1024 * 1024)
}

/// How long is kept what nobody needs for good.
///
/// # Errors
/// When one of them is no number of days.
pub fn retention() -> Result<crate::retention::Retention, Wrong> {
    let usual = crate::retention::Retention::default();
    let at_least = crate::retention::LEDGER_AT_LEAST;
    Ok(crate::retention::Retention {
        sign_ins: KEEP_SIGN_INS_DAYS
            .number(0..=3660)?
            .unwrap_or(usual.sign_ins),
        uploads: KEEP_UPLOADS_DAYS.number(1..=3660)?.unwrap_or(usual.uploads),
        ledger: KEEP_LEDGER_DAYS
            .number(at_least..=36_600)?
            .unwrap_or(usual.ledger),
    })
}

/// Where files are kept, and how large they may be; none where none are taken.
///
/// # Errors
/// When the size is no number of megabytes from 0 to 1024.
pub fn files() -> Result<Option<crate::files::Files>, Wrong> {
    let megabytes: usize = FILE_MB.number(0..=1024)?.unwrap_or(25);
    let folder = FILES_FOLDER.value().unwrap_or_else(|| "files".to_owned());
    let files = crate::files::Files::in_folder(folder, megabytes * 1024 * 1024);
    Ok((megabytes > 0).then_some(files))
}

/// How many bytes the project cache may take.
///
/// # Errors
/// When it is no number of megabytes from 1 to 65536.
pub fn project_cache_bytes() -> Result<usize, Wrong> {
    let megabytes: Option<usize> = PROJECT_CACHE_MB.number(1..=65_536)?;
    Ok(megabytes.unwrap_or(256) * 1024 * 1024)
}

/// Where metrics are given to everyone.
///
/// # Errors
/// When it is no address with a port.
pub fn metrics_at() -> Result<Option<SocketAddr>, Wrong> {
    let Some(text) = METRICS_LISTEN.value() else {
        return Ok(None);
    };
    let wrong = |_| METRICS_LISTEN.wrong("it is no address with a port");
    text.parse().map(Some).map_err(wrong)
}

/// Whether whoever asks from the API's own machine is its operator.
///
/// # Errors
/// When it is neither `nobody` nor `loopback`.
pub fn loopback_is_operator() -> Result<bool, Wrong> {
    match OPERATOR.value().as_deref() {
        None | Some("nobody") => Ok(false),
        Some("loopback") => Ok(true),
        Some(_) => Err(OPERATOR.wrong("it is neither nobody nor loopback")),
    }
}
