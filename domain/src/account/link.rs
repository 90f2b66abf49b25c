//! Sign-in links: requested by address, usable once, for a quarter of an hour.
//!
//! The response and the work are the same whether or not the address has an account. If it has, the
//! mail is a row of the ledger, written together with the link.

use std::net::{IpAddr, Ipv4Addr};

use chrono::{DateTime, TimeDelta, Utc};
use entities::*;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Func},
};

use super::{IDS, SingleChange, audit, session, user::may_sign_in};
use crate::{
    actor::Actor,
    database,
    error::{Error, Result},
    link::{KnownBrowser, LinkKey},
    secret,
    store::Store,
};

/// How long a link can be used.
pub const VALID_FOR: TimeDelta = TimeDelta::minutes(15);
/// The window in which links are counted.
pub const WINDOW: TimeDelta = TimeDelta::hours(1);
/// How long the row of a link is retained after it expired.
const RETENTION: TimeDelta = TimeDelta::days(1);
/// The maximum length of an address that is looked up.
const MAX_LENGTH: usize = 320;

/// A request for a link by mail.
#[derive(Clone, Copy, Debug)]
pub struct LinkRequest<'a> {
    pub address: &'a str,
    /// The secret of the browser in which the link will work.
    pub browser: &'a str,
    /// The network that asks.
    pub network: IpAddr,
    /// The person who was signed in in the browser before.
    pub known: Option<KnownBrowser>,
    pub limits: RequestLimits,
}

impl<'a> LinkRequest<'a> {
    /// A request of an unknown browser, within the usual limits.
    #[must_use]
    pub fn new(address: &'a str, browser: &'a str) -> Self {
        Self {
            address,
            browser,
            network: Ipv4Addr::UNSPECIFIED.into(),
            known: None,
            limits: RequestLimits::default(),
        }
    }

    /// An HMAC of who asks: a browser that the person was signed in in, else a network.
    fn requester_hash(&self, key: &LinkKey, is_known: bool) -> String {
        match self.known.filter(|_| is_known) {
            Some(known) => key.requester_hash(&format!("b.{}", known.browser)),
            None => key.requester_hash(&format!("n.{}", self.network)),
        }
    }
}

/// How many links an address is sent in a [`WINDOW`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// Those that one network asks for, or one browser that the person was signed in in.
    pub each: u64,
    /// All together; beyond it only such browsers get one.
    pub all: u64,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self { each: 5, all: 20 }
    }
}

impl RequestLimits {
    /// Whether one more link is sent, after `own` of this requester and `all` together.
    fn allow(self, own: u64, all: u64, is_known: bool) -> bool {
        own < self.each && (is_known || all < self.all)
    }
}

/// A link for the command line.
#[derive(Clone, Debug)]
pub struct Link {
    /// The path of the link, relative to the installation's address.
    pub path: String,
    pub expires_at: DateTime<Utc>,
}

/// The outcome of the use of a link.
#[derive(Clone, Debug)]
pub enum Redemption {
    /// The person of the link is signed in.
    SignedIn(session::NewSession),
    /// The link is valid, but another browser requested it.
    OtherBrowser,
    /// There is no such link, or it is used or expired.
    Gone,
}

/// Requests a link by mail, for the browser that has a secret. Requests beyond the limits are
/// ignored, for addresses with and without an account alike.
///
/// Strangers who ask for links to an address of somebody else use up the share of their own network,
/// and all networks together that of the address; never that of the person's own browsers.
pub async fn request(store: &Store, key: &LinkKey, request: LinkRequest<'_>) -> Result<()> {
    let now = store.clock().now();
    let address = request.address.trim().to_lowercase();
    let address = (address.len() <= MAX_LENGTH).then_some(address);
    let Some(address) = address.filter(|address| address.contains('@')) else {
        return Ok(());
    };
    let address_hash = key.address_hash(&address);
    let write = store.write().await?;
    // Serialises concurrent requests for one address, so that all are counted.
    database::advisory_lock(&*write, &address_hash).await?;
    sign_in_link::Entity::delete_many()
        .filter(sign_in_link::Column::ExpiresAt.lt(now - RETENTION))
        .exec(&*write)
        .await?;
    // Links of the command line have no requester, and do not count.
    let requesters: Vec<String> = sign_in_link::Entity::find()
        .select_only()
        .column(sign_in_link::Column::RequesterHash)
        .filter(sign_in_link::Column::AddressHash.eq(&address_hash))
        .filter(sign_in_link::Column::RequesterHash.is_not_null())
        .filter(sign_in_link::Column::RequestedAt.gt(now - WINDOW))
        .filter(sign_in_link::Column::RequestedAt.lte(now))
        .into_tuple()
        .all(&*write)
        .await?;
    let person = at_address(&*write, &address).await?;
    let known = request.known.map(|known| known.person);
    let is_known = known.is_some() && known == person.as_ref().map(|person| person.id);
    let requester_hash = request.requester_hash(key, is_known);
    let own = requesters.iter().filter(|one| **one == requester_hash);
    let (own, all) = (own.count() as u64, requesters.len() as u64);
    if request.limits.allow(own, all, is_known) {
        let link = Row {
            person: person.as_ref().map(|person| person.id),
            address_hash,
            browser_hash: Some(secret::hash(request.browser)),
            requester_hash: Some(requester_hash),
        };
        let link = link.insert(&*write, store, key).await?;
        if let Some(person) = person {
            notification::Entity::insert(mail(&person, &link).into_active_model())
                .exec_without_returning(&*write)
                .await?;
        }
    }
    write.commit().await
}

/// Creates a link that any browser may use, for the command line.
///
/// # Errors
/// `NotFound` if the person cannot sign in.
pub async fn create(store: &Store, key: &LinkKey, actor: &Actor, person: PersonId) -> Result<Link> {
    let write = store.write().await?;
    let row = person::Entity::find_by_id(person).filter(may_sign_in());
    let row = row.one(&*write).await?.ok_or(Error::NotFound("person"))?;
    let link = Row {
        person: Some(row.id),
        address_hash: key.address_hash(row.address.as_deref().unwrap_or_default()),
        browser_hash: None,
        requester_hash: None,
    };
    let link = link.insert(&*write, store, key).await?;
    let change = SingleChange {
        verb: "makeSignInLink",
        kind: "Person",
        record: person.into(),
        project: None,
        after: None,
    };
    audit(&*write, store, actor, change).await?;
    write.commit().await?;
    Ok(Link {
        path: key.sign_in_path(link.id),
        expires_at: link.expires_at,
    })
}

/// Signs in with a link: once, while it is valid, in the browser that requested it.
///
/// # Errors
/// On a database error the link can be used again.
pub async fn redeem(
    store: &Store,
    id: SignInLinkId,
    secret: &str,
    browser: Option<&str>,
) -> Result<Redemption> {
    use sign_in_link::Column;
    let now = store.clock().now();
    let write = store.write().await?;
    let holds = Condition::all()
        .add(Column::Id.eq(id))
        .add(Column::SecretHash.eq(secret::hash(secret)))
        .add(Column::PersonId.is_not_null())
        .add(Column::UsedAt.is_null())
        .add(Column::RequestedAt.lte(now))
        .add(Column::ExpiresAt.gt(now));
    let mut may_use = Condition::any().add(Column::BrowserHash.is_null());
    if let Some(browser) = browser {
        may_use = may_use.add(Column::BrowserHash.eq(secret::hash(browser)));
    }
    // Of several concurrent requests, only one changes the row.
    let used = sign_in_link::Entity::update_many()
        .set(sign_in_link::ActiveModel {
            used_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(holds.clone())
        .filter(may_use)
        .exec(&*write)
        .await?;
    if used.rows_affected == 0 {
        let is_elsewhere = sign_in_link::Entity::find()
            .filter(holds)
            .count(&*write)
            .await?;
        return Ok(match is_elsewhere {
            0 => Redemption::Gone,
            _ => Redemption::OtherBrowser,
        });
    }
    let link = sign_in_link::Entity::find_by_id(id).one(&*write).await?;
    let Some(person) = link.and_then(|link| link.person_id) else {
        return Ok(Redemption::Gone);
    };
    let may_enter = person::Entity::find_by_id(person)
        .filter(may_sign_in())
        .count(&*write)
        .await?;
    if may_enter == 0 {
        return Ok(Redemption::Gone);
    }
    let new = session::begin(&*write, store, person).await?;
    let change = SingleChange {
        verb: "signIn",
        kind: "Session",
        record: new.id.into(),
        project: None,
        after: None,
    };
    audit(&*write, store, &Actor::by_link(person), change).await?;
    write.commit().await?;
    Ok(Redemption::SignedIn(new))
}

/// A link to send by mail.
pub async fn by_id(
    db: &impl ConnectionTrait,
    id: SignInLinkId,
) -> Result<Option<sign_in_link::Model>> {
    Ok(sign_in_link::Entity::find_by_id(id).one(db).await?)
}

/// The person who has an address and can sign in. Of several, in different spellings, the oldest.
async fn at_address(db: &impl ConnectionTrait, address: &str) -> Result<Option<person::Model>> {
    let lowered = Func::lower(Expr::col((person::Entity, person::Column::Address)));
    let people = person::Entity::find()
        .filter(Expr::expr(lowered).eq(address))
        .filter(may_sign_in())
        .order_by_asc(person::Column::Id)
        .all(db)
        .await?;
    Ok(people.into_iter().next())
}

struct Row {
    person: Option<PersonId>,
    address_hash: String,
    browser_hash: Option<String>,
    requester_hash: Option<String>,
}

impl Row {
    async fn insert(
        self,
        db: &impl ConnectionTrait,
        store: &Store,
        key: &LinkKey,
    ) -> Result<sign_in_link::Model> {
        let id: SignInLinkId = IDS.make("sign_in_link", Uuid::nil(), "").into();
        let now = store.clock().now();
        let row = sign_in_link::Model {
            id,
            person_id: self.person,
            address_hash: self.address_hash,
            secret_hash: secret::hash(&key.sign_in_secret(id)),
            browser_hash: self.browser_hash,
            requester_hash: self.requester_hash,
            requested_at: now,
            expires_at: now + VALID_FOR,
            used_at: None,
        };
        sign_in_link::Entity::insert(row.clone().into_active_model())
            .exec_without_returning(db)
            .await?;
        Ok(row)
    }
}

/// The row of the ledger with which the worker sends a link.
fn mail(person: &person::Model, link: &sign_in_link::Model) -> notification::Model {
    let subject_id = link.id.into();
    notification::Model {
        id: IDS.make("notification", subject_id, "link").into(),
        project_id: None,
        person_id: person.id,
        category: Category::SignIn,
        subject_id,
        occurrence: "link".to_owned(),
        rule_id: None,
        report_id: None,
        due_at: link.requested_at,
        useful_until: link.expires_at,
        state: NotificationState::Due,
        reason: None,
        detail: None,
        attempts: 0,
        next_attempt_at: link.requested_at,
        hinted: None,
        lease_until: None,
        fence: 0,
        message_id: None,
        sent_at: None,
        created_at: link.requested_at,
    }
}
