//! `connection token`: API tokens, with which dashboards and scripts act on a person's behalf.

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use domain::{
    account::{token, user},
    actor::Actor,
    viewer::{Denied, KeeperOf, Viewer},
};
use entities::{ApiTokenId, person};

use crate::{
    home::{self, Home},
    problem::by_line,
    table::table,
};

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Create a token of a person in a project, and print it: it is not shown again.
    Create(Create),
    /// List a person's tokens.
    List(List),
    /// Revoke a token.
    Revoke(Revoke),
}

impl Token {
    pub async fn run(self) -> Result<()> {
        match self {
            Self::Create(create) => create.run().await,
            Self::List(list) => list.run().await,
            Self::Revoke(revoke) => revoke.run().await,
        }
    }
}

/// The right that the operator has over everyone's account.
pub fn keeper(person: &person::Model) -> Result<KeeperOf> {
    let keeper = Viewer::Operator.keeper_of(person.id);
    keeper.map_err(|_: Denied| anyhow::anyhow!("nobody may do this"))
}

#[derive(Args, Debug)]
pub struct Create {
    /// The person whose rights it has: their key or address.
    #[arg(long)]
    person: String,
    /// The key of the project for which it is valid.
    #[arg(long)]
    project: String,
    /// The name of the token, which says what it is for.
    #[arg(long)]
    name: String,
    /// The number of days for which it is valid.
    #[arg(long, default_value_t = 90)]
    days: i64,
    /// Let it change what the person may change; otherwise it only reads.
    #[arg(long)]
    may_write: bool,
    /// Let it see no names and no addresses.
    #[arg(long)]
    without_people: bool,
    #[command(flatten)]
    home: Home,
}

impl Create {
    async fn run(self) -> Result<()> {
        let store = self.home.open_existing().await?;
        let person = user::find(&store, &self.person).await;
        let person = person.with_context(|| self.person.clone())?;
        let project = home::project(&store, &self.project).await?;
        let fields = token::NewToken {
            name: self.name,
            days: self.days,
            may_write: self.may_write,
            sees_people: !self.without_people,
        };
        let keeper = keeper(&person)?;
        let new = token::create(&store, &Actor::COMMAND, &keeper, &project, fields).await;
        let new = new.map_err(by_line)?;
        println!("{}", new.secret.unwrap_or_default());
        eprintln!(
            "Holds until {}. Send it as \"Authorization: Bearer …\"; it is not shown again.",
            new.row.expires_at.format("%Y-%m-%d")
        );
        Ok(())
    }
}

#[derive(Args, Debug)]
pub struct List {
    /// The person: their key or address.
    #[arg(long)]
    person: String,
    #[command(flatten)]
    home: Home,
}

impl List {
    async fn run(self) -> Result<()> {
        let store = self.home.open_existing().await?;
        let person = user::find(&store, &self.person).await;
        let person = person.with_context(|| self.person.clone())?;
        let head = [
            "id",
            "name",
            "project",
            "may write",
            "sees people",
            "expires",
            "last used",
        ];
        let mut rows = vec![head.map(str::to_owned).into()];
        for token in token::list(&store, person.id).await? {
            let project = store.project_by_id(token.project_id).await?;
            let used = token
                .last_used_at
                .map(|at| at.format("%F %H:%M").to_string());
            rows.push(vec![
                token.id.to_string(),
                token.name,
                project.key().to_owned(),
                (if token.may_write { "yes" } else { "no" }).to_owned(),
                (if token.sees_people { "yes" } else { "no" }).to_owned(),
                token.expires_at.format("%F").to_string(),
                used.unwrap_or_else(|| "never".to_owned()),
            ]);
        }
        print!("{}", table(&rows));
        Ok(())
    }
}

#[derive(Args, Debug)]
pub struct Revoke {
    /// The person: their key or address.
    #[arg(long)]
    person: String,
    /// The token: its id, as `list` shows it.
    id: String,
    #[command(flatten)]
    home: Home,
}

impl Revoke {
    async fn run(self) -> Result<()> {
        let store = self.home.open_existing().await?;
        let person = user::find(&store, &self.person).await;
        let person = person.with_context(|| self.person.clone())?;
        let tokens = token::list(&store, person.id).await?;
        let mut ids = tokens.iter().map(|token| token.id);
        let Some(id): Option<ApiTokenId> = ids.find(|id| id.to_string() == self.id) else {
            bail!("{} has no token {}", person.key, self.id);
        };
        token::revoke(&store, &Actor::COMMAND, &keeper(&person)?, id).await?;
        println!("Revoked. A process that used it a moment ago refuses it within a second.");
        Ok(())
    }
}
