//! The worker of a production installation: settings by environment variables.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context, Result};
use domain::{
    clock::Clock,
    database,
    files::Files,
    ids::Ids,
    log::{self, Traces},
    retention::Retention,
    settings::{self, MAIL_FROM, SMTP_URL, Wrong},
    store::Store,
};
use tokio::sync::{Mutex, watch};
use worker::{
    mail::Mailer,
    queue::Queue,
    run::Worker,
    send::Sender,
    smtp::{Smtp, SmtpUrl},
    transport::Transport,
};

/// A memory allocator for many small, short-lived values.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Settings from the environment, checked before anything starts.
struct Settings {
    /// Sends the remaining traces when the process ends.
    _traces: Option<Traces>,
    database_url: String,
    redis_url: Option<String>,
    smtp: SmtpUrl,
    mailer: Mailer,
    hint_seconds: i64,
    retention: Retention,
    files: Option<Files>,
    project_cache_bytes: usize,
}

fn settings() -> Result<Settings, Wrong> {
    let database_url = settings::database_url()?;
    let redis_url = settings::redis_url(&database_url)?;
    let smtp = SMTP_URL
        .required()?
        .parse()
        .map_err(|error| SMTP_URL.wrong(error))?;
    let from = MAIL_FROM.required()?;
    let mailer = Mailer::new(&from, &settings::base_url()?, settings::link_key()?)
        .map_err(|error| MAIL_FROM.wrong(error))?;
    let traces = log::start("worker", log::Level::INFO)?;
    Ok(Settings {
        _traces: traces,
        database_url,
        redis_url,
        smtp,
        mailer,
        hint_seconds: settings::hint_seconds()?,
        retention: settings::retention()?,
        files: settings::files()?,
        project_cache_bytes: settings::project_cache_bytes()?,
    })
}

#[tokio::main]
async fn main() -> ExitCode {
    domain::private::keep_files_private();
    let settings = match settings() {
        Ok(settings) => settings,
        Err(wrong) => {
            eprintln!("worker: {wrong}");
            return ExitCode::from(2);
        }
    };
    match work(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("worker: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn work(settings: Settings) -> Result<()> {
    let db = database::connect(&settings.database_url)
        .await
        .context("DATABASE_URL: the database does not answer")?;
    migration::migrate(&db)
        .await
        .context("DATABASE_URL: the database cannot be migrated")?;
    let queue = match &settings.redis_url {
        Some(url) => Queue::redis(url).await?,
        None => Queue::sqlite(&queue_file(&settings.database_url)).await?,
    };
    let store = Store::new(db, Clock::System, Ids::Fresh);
    store.set_cache_capacity(settings.project_cache_bytes);
    let worker = Worker {
        sender: Arc::new(Sender {
            store: Arc::new(store),
            mailer: settings.mailer,
            transport: Transport::Smtp(Mutex::new(Smtp::new(settings.smtp))),
        }),
        queue,
        hint_seconds: settings.hint_seconds,
        retention: settings.retention,
        files: settings.files,
    };
    let (stop, stop_signal) = watch::channel(false);
    let interrupt = domain::shutdown::asked_for();
    tokio::spawn(async move {
        interrupt.await;
        tracing::info!("Stopping: mails in hand are finished first");
        // An error means that the worker has already ended.
        let _ = stop.send(true);
    });
    tracing::info!("The worker waits for mail that is due");
    worker.run(stop_signal).await
}

/// The queue of an installation without Redis: a file beside the database's.
fn queue_file(database_url: &str) -> PathBuf {
    let path = database_url
        .trim_start_matches("sqlite:")
        .trim_start_matches("//");
    let path = path.split('?').next().unwrap_or(path);
    PathBuf::from(format!("{path}.queue"))
}
