//! `connection up`: API and worker in one process, on a data folder.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use api::OperatorKey;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use clap::Args;
use domain::{
    account::user, actor::Actor, clock::Clock, command::Import, data, file, secret, settings,
    store::Store,
};
use entities::{PersonId, PersonKind, RoleKind, person};
use tokio::{net::TcpListener, sync::watch};
use worker::{
    mail::Mailer, outbox::Outbox, queue::Queue, run::Worker, send::Sender, transport::Transport,
};

use crate::{
    clock,
    home::{self, DEFAULT_ADDRESS},
    key_file::read_or_generate,
    link::{key_in, sign_in_url},
    problem::by_line,
};

const DATA: &str = "./data";
/// The seconds after which a waiting mail gets another hint.
const HINT_SECONDS: i64 = 10;

#[derive(Args, Debug)]
pub struct Up {
    /// Address and port of the API.
    #[arg(long, value_name = "ADDR:PORT", default_value = DEFAULT_ADDRESS)]
    listen: SocketAddr,
    /// The folder for database, queue and outbox.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
    /// Set the clock to a date (its first moment in UTC) or an instant, and let it run on from there.
    #[arg(long, value_name = "DATE-OR-INSTANT")]
    at: Option<At>,
}

impl Default for Up {
    fn default() -> Self {
        Self {
            listen: DEFAULT_ADDRESS.parse().expect("an address and a port"),
            data: DATA.into(),
            at: None,
        }
    }
}

/// A date or an instant.
#[derive(Clone, Copy, Debug)]
struct At(DateTime<Utc>);

impl FromStr for At {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let date = || {
            text.parse::<NaiveDate>()
                .map(|day| day.and_time(NaiveTime::MIN).and_utc())
        };
        text.parse::<DateTime<Utc>>()
            .or_else(|_| date())
            .ok()
            .filter(|instant| (1950..2200).contains(&instant.year()))
            .map(Self)
            .ok_or_else(|| {
                "write a date such as 2021-09-06 or an instant such as 2021-09-06T05:59:30Z".into()
            })
    }
}

impl Up {
    pub async fn run(self) -> Result<()> {
        let settings = api::Settings::read()?;
        api::raise_open_files();
        let retention = settings::retention()?;
        let clock = self.at.map_or(Clock::System, |at| Clock::starting_at(at.0));
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("{} is in use: name another with --listen", self.listen))?;
        let url = home::embedded_url(&self.data)?;
        let _announcement = clock::announce(&self.data, &clock).await?;
        let store = Arc::new(home::open(&url, clock).await?);
        fill(&store).await?;
        if self.at.is_some()
            && let Some(instant) = store.rewind_clock().await?
        {
            bail!(
                "mail of {} was sent from {} already: name another folder with --data",
                instant.format("%Y-%m-%d"),
                self.data.display()
            );
        }
        let base_url = format!("http://{}", reachable(listener.local_addr()?));
        let link_key = key_in(&self.data)?;
        let outbox = self.data.join("outbox");
        let worker = Worker {
            sender: Arc::new(Sender {
                store: Arc::clone(&store),
                mailer: Mailer::new(
                    "Connection <connection@connection.example>",
                    &base_url,
                    link_key.clone(),
                )?,
                transport: Transport::Outbox(Outbox::new(&outbox)),
            }),
            queue: Queue::sqlite(&self.data.join("queue.db")).await?,
            hint_seconds: HINT_SECONDS,
            retention,
            files: settings.files(self.data.join("files")),
        };
        let (stop, stop_signal) = watch::channel(false);
        let interrupt = domain::shutdown::asked_for();
        tokio::spawn(async move {
            interrupt.await;
            // An error means that both have already ended.
            let _ = stop.send(true);
        });
        let person = operator(&store).await?;
        let sign_in = sign_in_url(&store, &link_key, &base_url, person).await?;
        let operator_key = operator_key(&self.data)?;
        print_addresses(&base_url, operator_key.as_ref(), &sign_in, &store);
        let files = settings.files(self.data.join("files"));
        let config = api::Config {
            outbox: Some(outbox),
            loopback_is_operator: false,
            operator_key,
            files,
            ..settings.config(store, link_key)
        };
        let mut api_stop = stop_signal.clone();
        let api = api::serve(listener, config, async move {
            // An error means that the sender is dropped, which also means to stop.
            let _ = api_stop.wait_for(|stop| *stop).await;
        });
        let api = async { api.await.context("the API ended") };
        tokio::try_join!(api, worker.run(stop_signal))?;
        Ok(())
    }
}

/// An address that a browser on this machine can open, which an unspecified one (0.0.0.0) is not.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    address
}

/// Imports the bundled data set into an empty database.
async fn fill(store: &Store) -> Result<()> {
    if store.keys().await?.is_empty() {
        let file = file::read(data::CONNECTION)
            .map_err(|problems| anyhow::anyhow!("the embedded data set is wrong: {problems:?}"))?;
        store.import(&file, Import::default()).await?;
    }
    Ok(())
}

/// The person who signs in on this machine: a human who coordinates the first project, else a new
/// one.
async fn operator(store: &Store) -> Result<PersonId> {
    let key = store.keys().await?.into_iter().next();
    if let Some(key) = &key {
        let project = store.project(key).await?;
        let coordinates = |person: &&person::Model| {
            let mut roles = project.roles_in_force_of(person.id).iter();
            let may_enter = person.kind == PersonKind::Human && person.erased_at.is_none();
            may_enter && roles.any(|role| role.kind == RoleKind::Coordinator)
        };
        if let Some(person) = project.people.iter().find(coordinates) {
            return Ok(person.id);
        }
    }
    let operator = user::NewUser {
        key: Some("operator".to_owned()),
        name: Some("Operator".to_owned()),
        address: None,
        locale: "en".to_owned(),
        time_zone: "Europe/Brussels".to_owned(),
        role: key.map(|key| (key, RoleKind::Coordinator)),
        may_create_projects: true,
    };
    let added = user::add(store, &Actor::COMMAND, operator).await;
    Ok(added.map_err(by_line)?.id)
}

/// The key by which the operator is known; `None` where nobody is to be it.
fn operator_key(data: &Path) -> Result<Option<OperatorKey>> {
    if settings::nobody_is_operator() {
        return Ok(None);
    }
    let path = data.join("operator.key");
    let text = read_or_generate(&path, secret::fresh)?;
    let key = OperatorKey::new(&text).with_context(|| {
        let shown = path.display();
        format!("{shown} holds no key: remove it, and a new one is generated")
    })?;
    Ok(Some(key))
}

fn print_addresses(base_url: &str, key: Option<&OperatorKey>, sign_in: &str, store: &Store) {
    let address = |path: &str| {
        let url = format!("{base_url}{path}");
        key.map_or_else(|| url.clone(), |key| key.address(&url))
    };
    println!(
        "Connection runs. By its clock it is {}.",
        store.clock().now().format("%A %-d %B %Y, %H:%M:%S UTC")
    );
    println!("  GraphiQL, with a first query:  {}", address("/graphiql"));
    if key.is_some() {
        println!("  mail that goes out:            {}", address("/outbox"));
    }
    println!("  sign in, once, in 15 minutes:  {sign_in}");
    if key.is_some() {
        println!("Whoever has an address with its key is the operator, and sees everything.");
    }
    println!("Ctrl-C stops it.");
}
