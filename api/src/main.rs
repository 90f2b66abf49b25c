//! The API as a process of its own, for production: settings by environment variables.

use std::{process::ExitCode, sync::Arc};

use api::{Config, Settings, raise_open_files, serve};
use domain::{
    clock::Clock,
    database,
    ids::Ids,
    log::{self, Traces},
    settings::{self, DATABASE_URL, LISTEN, REDIS_URL},
    shutdown,
    store::Store,
};
use tokio::net::TcpListener;
use tracing::info;

/// Made for many small values that come and go at once, as in answers.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A bad setting, by the conventions of command lines.
const BAD_SETTING: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    domain::private::keep_files_private();
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
    raise_open_files();
    let database_url = settings::database_url().map_err(|wrong| wrong.to_string())?;
    let redis_url = settings::redis_url(&database_url).map_err(|wrong| wrong.to_string())?;
    let told = Settings::read().map_err(|wrong| wrong.to_string())?;
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
    Ok(Ready {
        _traces: traces,
        listener,
        config: Config {
            redis,
            ..told.config(Arc::new(store), link_key)
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
