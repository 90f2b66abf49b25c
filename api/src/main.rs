//! The API as a process of its own, for production: settings by environment variables.

use std::{fmt::Display, process::ExitCode, str::FromStr, sync::Arc};

use api::{Config, Limits, LiveLimits, origins, serve};
use domain::{
    clock::Clock,
    database,
    ids::Ids,
    log::{self, Traces},
    settings::{self, DATABASE_URL, INTROSPECTION, LISTEN, REDIS_URL, Setting, TRUSTED_PROXIES},
    shutdown,
    store::Store,
};
use tokio::net::TcpListener;
use tracing::info;

/// A bad setting, by the conventions of command lines.
const BAD_SETTING: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let asked_to_stop = shutdown::asked_for();
    let ready = match start().await {
        Ok(ready) => ready,
        Err(line) => {
            eprintln!("api: {line}");
            return ExitCode::from(BAD_SETTING);
        }
    };
    match serve(ready.listener, ready.config, asked_to_stop).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("api: {error}");
            ExitCode::FAILURE
        }
    }
}

struct Ready {
    /// Sends what is left when the process ends.
    _traces: Option<Traces>,
    listener: TcpListener,
    config: Config,
}

/// Makes everything ready; else says in one line what is wrong.
async fn start() -> Result<Ready, String> {
    let traces = log::start("api", log::Level::INFO).map_err(|wrong| wrong.to_string())?;
    let database_url = settings::database_url().map_err(|wrong| wrong.to_string())?;
    let redis_url = settings::redis_url(&database_url).map_err(|wrong| wrong.to_string())?;
    let loopback_is_operator =
        settings::loopback_is_operator().map_err(|wrong| wrong.to_string())?;
    let limits = Limits::from_environment().map_err(|wrong| wrong.to_string())?;
    let introspection = read(&INTROSPECTION)?;
    let proxies = read(&TRUSTED_PROXIES)?;
    let link_key = settings::link_key().map_err(|wrong| wrong.to_string())?;
    let listen = LISTEN
        .value()
        .unwrap_or_else(|| "127.0.0.1:8000".to_owned());
    let why = |error| LISTEN.wrong(format!("{listen} cannot be listened on ({error})"));
    let listener = TcpListener::bind(&listen)
        .await
        .map_err(|error| why(error).to_string())?;
    let redis = match redis_url {
        None => None,
        Some(url) => {
            let why = |error| REDIS_URL.wrong(format!("Redis does not answer ({error})"));
            Some(
                reached(&url)
                    .await
                    .map_err(|error| why(error).to_string())?,
            )
        }
    };
    let why = |error| DATABASE_URL.wrong(format!("the database does not answer ({error})"));
    let db = database::connect(&database_url)
        .await
        .map_err(|error| why(error).to_string())?;
    migration::migrate(&db)
        .await
        .map_err(|error| format!("The database cannot be brought up to date: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    info!("Listening on http://{address}");
    let store = Store::new(db, Clock::System, Ids::Fresh);
    store.keep_at_most(settings::kept_project_bytes().map_err(|wrong| wrong.to_string())?);
    Ok(Ready {
        _traces: traces,
        listener,
        config: Config {
            loopback_is_operator,
            limits,
            introspection,
            proxies,
            redis,
            live: LiveLimits::from_settings().map_err(|wrong| wrong.to_string())?,
            origins: origins().map_err(|wrong| wrong.to_string())?,
            linger: settings::linger().map_err(|wrong| wrong.to_string())?,
            kept_bytes: settings::kept_bytes().map_err(|wrong| wrong.to_string())?,
            patience: settings::patience().map_err(|wrong| wrong.to_string())?,
            metrics_at: settings::metrics_at().map_err(|wrong| wrong.to_string())?,
            ..Config::new(Arc::new(store), link_key)
        },
    })
}

/// Redis, which answers.
async fn reached(url: &str) -> Result<redis::Client, redis::RedisError> {
    let client = redis::Client::open(url)?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    redis::cmd("PING")
        .query_async::<String>(&mut connection)
        .await?;
    Ok(client)
}

/// The value of a setting, or what holds without it.
fn read<T: FromStr<Err: Display> + Default>(setting: &Setting) -> Result<T, String> {
    match setting.value() {
        None => Ok(T::default()),
        Some(text) => text
            .trim()
            .parse()
            .map_err(|why| setting.wrong(why).to_string()),
    }
}
