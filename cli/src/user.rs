//! `connection user`: who can sign in.

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use domain::{
    account::{
        correction::{self, Correction},
        privacy, user,
    },
    actor::Actor,
    link::LinkKey,
    settings::BASE_URL,
    store::Store,
};
use entities::{PersonId, RoleKind};

use crate::{
    home::{DEFAULT_ADDRESS, Home},
    link::{key_in, sign_in_url},
    problem::by_line,
    table::table,
    token::keeper,
};

#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person, or give an existing one another role, and print a link to sign in with.
    Add(Box<Add>),
    /// Print a link to sign in with, for an existing person.
    Link(Link),
    /// List who can sign in.
    List(Home),
    /// Correct the name, address, language or time zone of a person or mailbox.
    Correct(Box<Correct>),
    /// Export the personal data of a person as one JSON document.
    Export(Named),
    /// Erase a person for good: name, address, sessions, tokens and roles.
    Erase(Named),
}

#[derive(Args, Debug)]
pub struct Named {
    /// The person's key, address or id.
    #[arg(value_name = "PERSON")]
    person: String,
    #[command(flatten)]
    home: Home,
}

impl Named {
    async fn export(self) -> Result<()> {
        let store = self.home.open_existing().await?;
        let person = user::find(&store, &self.person).await.map_err(by_line)?;
        let keeper = keeper(&person)?;
        let file = privacy::export(&store, &keeper).await?;
        println!("{}", serde_json::to_string_pretty(&file)?);
        Ok(())
    }

    async fn erase(self) -> Result<()> {
        let store = self.home.open_existing().await?;
        let person = user::find(&store, &self.person).await.map_err(by_line)?;
        privacy::erase(&store, &Actor::COMMAND, &keeper(&person)?).await?;
        println!("Erased. Mails in an outbox go within a minute of a running worker.");
        Ok(())
    }
}

impl User {
    pub async fn run(self) -> Result<()> {
        match self {
            Self::Add(add) => add.run().await,
            Self::Link(link) => link.run().await,
            Self::List(home) => list(&home).await,
            Self::Correct(correct) => correct.run().await,
            Self::Export(named) => named.export().await,
            Self::Erase(named) => named.erase().await,
        }
    }
}

/// A role that a command can grant.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Role {
    Coordinator,
    Expert,
    /// Acts for a partner: --organisation names it.
    Partner,
    Funder,
    Viewer,
}

impl From<Role> for RoleKind {
    fn from(role: Role) -> Self {
        match role {
            Role::Coordinator => Self::Coordinator,
            Role::Expert => Self::Expert,
            Role::Partner => Self::Partner,
            Role::Funder => Self::Funder,
            Role::Viewer => Self::Viewer,
        }
    }
}

#[derive(Args, Debug)]
pub struct Add {
    /// The person's name.
    #[arg(long)]
    name: Option<String>,
    /// The mail address for sign-in links; without one, only this command prints them.
    #[arg(long)]
    address: Option<String>,
    /// The key in project files; generated if left out.
    #[arg(long)]
    key: Option<String>,
    /// The key of the project in which to grant the role.
    #[arg(long, requires = "role")]
    project: Option<String>,
    /// The role.
    #[arg(long, requires = "project")]
    role: Option<Role>,
    /// The partner for which they act: the key of its organisation.
    #[arg(
        long,
        value_name = "KEY",
        requires = "role",
        required_if_eq("role", "partner")
    )]
    organisation: Option<String>,
    /// Let them create projects.
    #[arg(long)]
    creates_projects: bool,
    /// The language of their mail, as a BCP 47 tag.
    #[arg(long, default_value = "en")]
    locale: String,
    /// Their IANA time zone.
    #[arg(long, default_value = "Europe/Brussels")]
    time_zone: String,
    #[command(flatten)]
    leads_to: LeadsTo,
}

/// The installation that a link is for.
#[derive(Args, Debug)]
struct LeadsTo {
    /// The URL of the API; if left out, BASE_URL, else the embedded default's address.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    #[command(flatten)]
    home: Home,
}

impl LeadsTo {
    /// The base of links and what signs them: read before anything is changed, since a setting may
    /// be missing.
    fn links(&self) -> Result<Links> {
        let is_embedded = self.home.is_embedded();
        let base = match self.base_url.clone().or_else(|| BASE_URL.value()) {
            Some(base) => base,
            None if is_embedded => format!("http://{DEFAULT_ADDRESS}"),
            None => BASE_URL.required()?,
        };
        let key = match is_embedded {
            true => key_in(&self.home.data)?,
            false => domain::settings::link_key()?,
        };
        Ok(Links { base, key })
    }
}

struct Links {
    base: String,
    key: LinkKey,
}

impl Links {
    /// Prints a sign-in link for a person.
    async fn print(&self, store: &Store, person: PersonId) -> Result<()> {
        let url = sign_in_url(store, &self.key, &self.base, person).await?;
        println!("Sign in once, within 15 minutes, with any browser:\n  {url}");
        Ok(())
    }
}

impl Add {
    async fn run(self) -> Result<()> {
        if self.name.is_none() && self.address.is_none() && self.key.is_none() {
            bail!("say who it is: --name, --address or --key");
        }
        let store = self.leads_to.home.open().await?;
        let links = self.leads_to.links()?;
        let new = user::NewUser {
            key: self.key,
            name: self.name,
            address: self.address,
            locale: self.locale,
            time_zone: self.time_zone,
            role: self
                .project
                .zip(self.role)
                .map(|(project, role)| (project, role.into())),
            may_create_projects: self.creates_projects,
        };
        let added = match &self.organisation {
            Some(key) => user::add_to_partner(&store, &Actor::COMMAND, new, key).await,
            None => user::add(&store, &Actor::COMMAND, new).await,
        };
        let person = added.map_err(by_line)?;
        println!("{} can sign in.", person.key);
        links.print(&store, person.id).await
    }
}

#[derive(Args, Debug)]
pub struct Correct {
    /// The key, address or id of the person or mailbox.
    #[arg(value_name = "PERSON")]
    person: String,
    /// Their name.
    #[arg(long, conflicts_with = "no_name")]
    name: Option<String>,
    /// Remove the name.
    #[arg(long)]
    no_name: bool,
    /// Their mail address, also for sign-in links.
    #[arg(long, conflicts_with = "no_address")]
    address: Option<String>,
    /// Remove the address: they get no mail any more.
    #[arg(long)]
    no_address: bool,
    /// The language of their mail, as a BCP 47 tag.
    #[arg(long)]
    locale: Option<String>,
    /// Their IANA time zone.
    #[arg(long)]
    time_zone: Option<String>,
    #[command(flatten)]
    home: Home,
}

impl Correct {
    async fn run(self) -> Result<()> {
        let correction = Correction {
            name: value_or_none(self.name, self.no_name),
            address: value_or_none(self.address, self.no_address),
            locale: self.locale,
            time_zone: self.time_zone,
        };
        if correction == Correction::default() {
            bail!(
                "say what to correct: --name, --address, --locale or --time-zone; \
                 --no-name or --no-address to take one out"
            );
        }
        let store = self.home.open_existing().await?;
        let old = user::find_any(&store, &self.person).await;
        let old = old.with_context(|| self.person.clone())?;
        let new = correction::correct(&store, &Actor::COMMAND, old.id, correction).await;
        let new = new.map_err(by_line)?;
        println!("{} is corrected.", new.key);
        if old.address.is_some() && new.address != old.address {
            println!("Sign-in links to the old address sign nobody in any more.");
        }
        Ok(())
    }
}

/// The new value of a field; `Some(None)` removes it.
fn value_or_none(value: Option<String>, none: bool) -> Option<Option<String>> {
    match none {
        true => Some(None),
        false => value.map(Some),
    }
}

#[derive(Args, Debug)]
pub struct Link {
    /// The person: their key or address.
    person: String,
    #[command(flatten)]
    leads_to: LeadsTo,
}

impl Link {
    async fn run(self) -> Result<()> {
        let store = self.leads_to.home.open_existing().await?;
        let person = user::find(&store, &self.person).await;
        let person = person.with_context(|| self.person.clone())?;
        self.leads_to.links()?.print(&store, person.id).await
    }
}

async fn list(home: &Home) -> Result<()> {
    let store = home.open_existing().await?;
    let mut rows = vec![
        ["key", "address", "creates projects", "roles"]
            .map(str::to_owned)
            .into(),
    ];
    for (person, roles) in user::list(&store).await? {
        let roles: Vec<String> = roles
            .iter()
            .map(|role| {
                let (from, until) = role.days;
                let from = from.map(|day| format!(" from {day}"));
                let until = until.map(|day| format!(" until {day}"));
                let days = from.unwrap_or_default() + &until.unwrap_or_default();
                format!("{:?} of {}{days}", role.kind, role.key).to_lowercase()
            })
            .collect();
        rows.push(vec![
            person.key,
            person.address.unwrap_or_else(|| "none".to_owned()),
            (if person.may_create_projects {
                "yes"
            } else {
                "no"
            })
            .to_owned(),
            roles.join(", "),
        ]);
    }
    print!("{}", table(&rows));
    Ok(())
}
