//! The API's settings: how each is read, once for every process that serves and for the doctor.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use domain::{
    files::Files,
    link::LinkKey,
    settings::{
        self, ALLOWED_ORIGINS, BASE_URL, CONNECTIONS, CONNECTIONS_EACH, DRAIN_SECONDS, FILE_MB,
        FILES_FOLDER, HEAD_SECONDS, IDLE_SECONDS, INTROSPECTION, LIVE_CONNECTIONS,
        LIVE_GREETING_SECONDS, LIVE_PING_SECONDS, LIVE_STREAMS, METRICS_LISTEN, OPERATOR,
        PROJECT_CACHE_MB, REQUEST_SECONDS, RESPONSE_CACHE_MB, STALL_SECONDS, Setting,
        TRUSTED_PROXIES, Wrong,
    },
    store::Store,
};

use crate::{
    gateway::{Introspection, LIMITS, Limits},
    http::{Config, ListenLimits, LiveLimits, TrustedProxies, origins},
};

/// What the environment says of the API, but for its address and the servers that it needs.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    loopback_is_operator: bool,
    is_https: bool,
    introspection: Introspection,
    proxies: TrustedProxies,
    linger: Duration,
    request_timeout: Duration,
    response_cache_bytes: u64,
    project_cache_bytes: usize,
    metrics_at: Option<SocketAddr>,
    files: Option<Files>,
    origins: Vec<String>,
    listen: ListenLimits,
    live: LiveLimits,
    limits: Limits,
}

/// Reads a setting into its place, and says in words what holds.
type Read = fn(&mut Settings) -> Result<String, Wrong>;

/// The name of a setting, with what holds, or with what is wrong.
type Check = (&'static str, Result<String, Wrong>);

/// How each setting is read, but for the limits, which know that themselves.
const READ: [(Setting, Read); 21] = [
    (OPERATOR, |to| {
        to.loopback_is_operator = settings::loopback_is_operator()?;
        let who = if to.loopback_is_operator {
            "loopback"
        } else {
            "nobody"
        };
        Ok(who.to_owned())
    }),
    (BASE_URL, |to| {
        to.is_https = settings::is_https()?;
        Ok(shown(BASE_URL))
    }),
    (INTROSPECTION, |to| {
        to.introspection = INTROSPECTION.parsed()?.unwrap_or_default();
        let who = match to.introspection {
            Introspection::Everyone => "everyone",
            Introspection::Operator => "operator",
        };
        Ok(who.to_owned())
    }),
    (TRUSTED_PROXIES, |to| {
        to.proxies = TRUSTED_PROXIES.parsed()?.unwrap_or_default();
        Ok(shown(TRUSTED_PROXIES))
    }),
    (DRAIN_SECONDS, |to| {
        to.linger = settings::linger()?;
        Ok(to.linger.as_secs().to_string())
    }),
    (REQUEST_SECONDS, |to| {
        to.request_timeout = settings::request_timeout()?;
        Ok(to.request_timeout.as_secs().to_string())
    }),
    (RESPONSE_CACHE_MB, |to| {
        to.response_cache_bytes = settings::response_cache_bytes()?;
        Ok(shown(RESPONSE_CACHE_MB))
    }),
    (PROJECT_CACHE_MB, |to| {
        to.project_cache_bytes = settings::project_cache_bytes()?;
        Ok(shown(PROJECT_CACHE_MB))
    }),
    (METRICS_LISTEN, |to| {
        to.metrics_at = settings::metrics_at()?;
        Ok(shown(METRICS_LISTEN))
    }),
    (FILES_FOLDER, |_| Ok(shown(FILES_FOLDER))),
    (FILE_MB, |to| {
        to.files = settings::files()?;
        Ok(shown(FILE_MB))
    }),
    (ALLOWED_ORIGINS, |to| {
        to.origins = origins()?;
        Ok(shown(ALLOWED_ORIGINS))
    }),
    (CONNECTIONS, |to| {
        let most = CONNECTIONS.number(16..=1_000_000)?;
        to.listen.connections = most.unwrap_or(to.listen.connections);
        Ok(to.listen.connections.to_string())
    }),
    (CONNECTIONS_EACH, |to| {
        let most = CONNECTIONS_EACH.number(4..=1_000_000)?;
        to.listen.connections_each = most.unwrap_or(to.listen.connections_each);
        Ok(to.listen.connections_each.to_string())
    }),
    (HEAD_SECONDS, |to| {
        seconds(HEAD_SECONDS, &mut to.listen.head)
    }),
    (IDLE_SECONDS, |to| {
        seconds(IDLE_SECONDS, &mut to.listen.idle)
    }),
    (STALL_SECONDS, |to| {
        seconds(STALL_SECONDS, &mut to.listen.stall)
    }),
    (LIVE_CONNECTIONS, |to| {
        let most = LIVE_CONNECTIONS.number(1..=to.live.connections)?;
        to.live.connections_each = most.unwrap_or(to.live.connections_each);
        Ok(to.live.connections_each.to_string())
    }),
    (LIVE_STREAMS, |to| {
        to.live.streams = LIVE_STREAMS.number(1..=1_000)?.unwrap_or(to.live.streams);
        Ok(to.live.streams.to_string())
    }),
    (LIVE_GREETING_SECONDS, |to| {
        seconds(LIVE_GREETING_SECONDS, &mut to.live.greeting)
    }),
    (LIVE_PING_SECONDS, |to| {
        seconds(LIVE_PING_SECONDS, &mut to.live.ping)
    }),
];

/// Reads seconds, where they are set, and says what holds.
fn seconds(setting: Setting, to: &mut Duration) -> Result<String, Wrong> {
    let seconds = setting.number(1..=600)?;
    *to = seconds.map_or(*to, Duration::from_secs);
    Ok(to.as_secs().to_string())
}

/// The text of a setting, or of what holds without it.
fn shown(setting: Setting) -> String {
    let text = setting.value().map(|text| text.trim().to_owned());
    text.unwrap_or_else(|| setting.default.unwrap_or_default().to_owned())
}

impl Settings {
    /// What the environment says.
    ///
    /// # Errors
    /// At the first setting that is wrong.
    pub fn read() -> Result<Self, Wrong> {
        let mut read = Self::default();
        for (_, result) in read.each() {
            result?;
        }
        Ok(read)
    }

    /// Every setting with what holds, in words, or with what is wrong. Of the limits only those that
    /// are set.
    #[must_use]
    pub fn checks() -> Vec<Check> {
        Self::default().each()
    }

    fn each(&mut self) -> Vec<Check> {
        let mut each: Vec<_> = READ
            .iter()
            .map(|(setting, read)| (setting.name, read(self)))
            .collect();
        for limit in &LIMITS {
            if let Some(text) = settings::value(limit.name) {
                let set = limit.set(&mut self.limits, &text);
                each.push((limit.name, set.map(|()| text)));
            }
        }
        each
    }

    /// Where files are kept, in a folder of one's own choice.
    #[must_use]
    pub fn files(&self, folder: PathBuf) -> Option<Files> {
        self.files.clone().map(|files| files.moved_to(folder))
    }

    /// What is served so, from a store that keeps no more projects than the settings say.
    #[must_use]
    pub fn config(self, store: Arc<Store>, link_key: LinkKey) -> Config {
        store.set_cache_capacity(self.project_cache_bytes);
        Config {
            loopback_is_operator: self.loopback_is_operator,
            limits: self.limits,
            listen: self.listen,
            live: self.live,
            origins: self.origins,
            is_https: self.is_https,
            introspection: self.introspection,
            proxies: self.proxies,
            linger: self.linger,
            response_cache_bytes: self.response_cache_bytes,
            request_timeout: self.request_timeout,
            metrics_at: self.metrics_at,
            files: self.files,
            ..Config::new(store, link_key)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_of_the_api_is_read() {
        let elsewhere = [
            "DATABASE_URL",
            "REDIS_URL",
            "LINK_KEY",
            "LISTEN",
            "LOG",
            "LOG_FORMAT",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
        ];
        for setting in settings::SETTINGS {
            let is_ours = setting.used_by.contains("api") && !elsewhere.contains(&setting.name);
            let is_read = READ.iter().any(|(read, _)| *read == setting);
            assert_eq!(is_read, is_ours, "{}", setting.name);
        }
    }
}
