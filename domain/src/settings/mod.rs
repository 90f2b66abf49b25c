//! The settings of the production processes: environment variables, each with its meaning.
//!
//! The README's table says the same; a test holds them together.

mod list;

use std::{fmt, net::SocketAddr, ops::RangeInclusive, path::PathBuf, str::FromStr, time::Duration};

pub use list::*;

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
    if url.starts_with("postgres") {
        readable(DATABASE_URL, &url)?;
    }
    Ok(url)
}

/// Refuses a URL that cannot be read, before anybody else prints it with its password.
fn readable(setting: Setting, url: &str) -> Result<(), Wrong> {
    let wrong = |error| {
        setting.wrong(format!(
            "it is no URL ({error}); in a password, signs such as / @ # are written %2F %40 %23"
        ))
    };
    url::Url::parse(url).map(drop).map_err(wrong)
}

/// Redis for a database: PostgreSQL must have one, SQLite may.
///
/// # Errors
/// When it is missing beside PostgreSQL, or no Redis URL.
pub fn redis_url(database_url: &str) -> Result<Option<String>, Wrong> {
    match REDIS_URL.value() {
        Some(url) if url.starts_with("redis://") || url.starts_with("rediss://") => {
            readable(REDIS_URL, &url)?;
            Ok(Some(url))
        }
        Some(_) => Err(REDIS_URL.wrong("it begins with neither redis:// nor rediss://")),
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

/// Whether browsers reach the API by https alone.
///
/// # Errors
/// When `BASE_URL` is no web address.
pub fn is_https() -> Result<bool, Wrong> {
    match BASE_URL.value() {
        None => Ok(false),
        Some(_) => Ok(base_url()?.starts_with("https://")),
    }
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

/// The folder in which files are kept.
#[must_use]
pub fn files_folder() -> PathBuf {
    let folder = FILES_FOLDER.value();
    folder.unwrap_or_else(|| "files".to_owned()).into()
}

/// Where files are kept, and how large they may be; none where none are taken.
///
/// # Errors
/// When the size is no number of megabytes from 0 to 1024.
pub fn files() -> Result<Option<crate::files::Files>, Wrong> {
    let megabytes: usize = FILE_MB.number(0..=1024)?.unwrap_or(25);
    let files = crate::files::Files::in_folder(files_folder(), megabytes * 1024 * 1024);
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

/// Whether nobody is the operator of `connection up` either, who else holds the key that it prints.
#[must_use]
pub fn nobody_is_operator() -> bool {
    OPERATOR.value().as_deref() == Some("nobody")
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
