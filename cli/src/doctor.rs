//! `connection doctor`: every setting of a production installation, what its projects hold that the
//! rules refuse, and what to do.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use domain::{
    account::user,
    database,
    settings::{
        self, BASE_URL, DATABASE_URL, HINT_SECONDS, LINK_KEY, LISTEN, MAIL_FROM, REDIS_URL,
        SMTP_URL, Setting,
    },
};
use worker::{
    mail::Mailer,
    queue::Queue,
    smtp::{Smtp, SmtpUrl},
};

use crate::{home, projects};

#[derive(Args, Debug)]
pub struct Doctor {
    /// The folder of the embedded default, which has no settings: its projects alone are checked. Used
    /// where DATABASE_URL is not set.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Doctor {
    pub async fn run(self) -> Result<()> {
        if DATABASE_URL.value().is_some() {
            let checked = check_settings().await;
            // If the database does not respond, the line of its setting says so.
            if let Ok(url) = settings::database_url()
                && let Ok(db) = database::connect(&url).await
            {
                projects::check(db).await?;
            }
            return checked;
        }
        let Some(data) = self.data else {
            return check_settings().await;
        };
        let url = home::existing_url(&data)?;
        let db = database::connect(&url).await;
        projects::check(db.context("the database does not answer")?).await
    }
}

/// Checks every setting and prints a line for each; fails if one is wrong.
async fn check_settings() -> Result<()> {
    if DATABASE_URL.value().is_none() && SMTP_URL.value().is_none() {
        println!(
            "DATABASE_URL and SMTP_URL are not set: `connection up` runs all on this machine."
        );
        println!("For a production installation, set what the README's table names:\n");
    }
    let mut checks = vec![
        (DATABASE_URL, check_database().await),
        (REDIS_URL, check_redis().await),
        (SMTP_URL, check_smtp().await),
        (MAIL_FROM, check_sender()),
        (BASE_URL, check_base_url()),
        (LINK_KEY, check_link_key()),
        (LISTEN, check_listen()),
        (HINT_SECONDS, check_hints()),
    ]
    .into_iter()
    .map(|(Setting { name, .. }, checked)| (name, checked))
    .collect::<Vec<_>>();
    // What several processes read has one line.
    let mut api = api::Settings::checks();
    api.retain(|(name, _)| checks.iter().all(|(checked, _)| checked != name));
    let api = api.into_iter();
    checks.extend(api.map(|(name, checked)| (name, checked.map_err(Into::into))));
    for warning in settings::deprecation_warnings() {
        println!("warn  {warning}");
    }
    let mut failed = 0;
    for (name, result) in checks {
        match result {
            Ok(what) => println!("ok    {name:<25} {what}"),
            Err(error) => {
                failed += 1;
                println!("FAIL  {name:<25} {error:#}");
            }
        }
    }
    if failed > 0 {
        bail!("{failed} setting(s) need attention");
    }
    Ok(())
}

async fn check_database() -> Result<String> {
    let url = settings::database_url()?;
    let db = database::connect(&url).await.context(
        "the database does not answer: is the server up, and are host, name and password right?",
    )?;
    database::ping(&db)
        .await
        .context("the database answers, but not to a query")?;
    let waiting = migration::pending(&db)
        .await
        .context("its migrations cannot be read")?;
    Ok(match waiting {
        0 if user::is_anyone(&db).await? => "answers, and is up to date".into(),
        0 => "answers, and is up to date; nobody can sign in yet: connection user add".into(),
        waiting => format!("answers; {waiting} migration(s) wait for the next start"),
    })
}

async fn check_redis() -> Result<String> {
    let database_url = settings::database_url().unwrap_or_default();
    let Some(url) = settings::redis_url(&database_url)? else {
        return Ok("not set: the queue is a file beside the database".into());
    };
    let queue = Queue::redis(&url).await?;
    Ok(format!(
        "answers; {} hints wait",
        queue.outstanding().await?
    ))
}

async fn check_smtp() -> Result<String> {
    let url: SmtpUrl = SMTP_URL
        .required()?
        .parse()
        .map_err(|error| SMTP_URL.wrong(error))?;
    Smtp::new(url)
        .check()
        .await
        .context("the mail server does not let us in: are host, port, TLS and password right?")?;
    Ok("connects, and lets us in".into())
}

fn check_base_url() -> Result<String> {
    let url = settings::base_url()?;
    Ok(match url.starts_with("https://") {
        true => url,
        false => format!("{url}; browsers keep nobody signed in without https://"),
    })
}

fn check_sender() -> Result<String> {
    let from = MAIL_FROM.required()?;
    let key = domain::link::LinkKey::new(&[0; domain::link::MIN_KEY_BYTES])
        .context("a key of the least length is long enough")?;
    Mailer::new(&from, "https://connection.example", key)
        .map_err(|error| MAIL_FROM.wrong(error))?;
    Ok(from)
}

fn check_link_key() -> Result<String> {
    settings::link_key()?;
    Ok("long enough".into())
}

fn check_hints() -> Result<String> {
    Ok(settings::hint_seconds()?.to_string())
}

fn check_listen() -> Result<String> {
    let text = LISTEN
        .value()
        .unwrap_or_else(|| LISTEN.default.unwrap_or_default().to_owned());
    text.parse::<std::net::SocketAddr>()
        .map_err(|error| LISTEN.wrong(error))?;
    Ok(text)
}
