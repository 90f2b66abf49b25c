//! Sessions: browsers in which a person is signed in, for at most thirty days.

use chrono::{DateTime, TimeDelta, Utc};
use entities::*;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    JoinType, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid, sea_query::Expr,
};

use super::{
    CredentialCache, IDS, SingleChange, audit,
    credential_cache::{Holder, Key},
    user,
};
use crate::{
    actor::Actor,
    error::Result,
    secret,
    store::Store,
    viewer::{Credential, KeeperOf, SignedIn, Viewer},
};

/// How long a session lasts.
pub const VALID_FOR: TimeDelta = TimeDelta::days(30);
/// The time after which a cookie is replaced.
const ROTATION_INTERVAL: TimeDelta = TimeDelta::hours(24);
/// How long the previous cookie stays valid, for concurrent requests of the same browser.
const OVERLAP: TimeDelta = TimeDelta::seconds(60);
/// The interval at which the last use of a session is stored.
pub(super) const USE_INTERVAL: TimeDelta = TimeDelta::minutes(1);

/// A new session, with its secret.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub id: SessionId,
    pub person: PersonId,
    /// The secret for the browser's cookie, of which only the hash is stored.
    pub secret: String,
}

/// The result of authenticating a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authenticated {
    pub signed_in: SignedIn,
    /// Whether the cookie must be replaced ([`rotate`]).
    pub is_old: bool,
}

/// Signs a person in.
pub(super) async fn begin(
    db: &impl ConnectionTrait,
    store: &Store,
    person: PersonId,
) -> Result<NewSession> {
    let now = store.clock().now();
    session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lt(now))
        .exec(db)
        .await?;
    let secret = secret::fresh();
    let id: SessionId = IDS.make("session", person.into(), "").into();
    let row = session::Model {
        id,
        person_id: person,
        secret_hash: secret::hash(&secret),
        previous_hash: None,
        rotated_at: now,
        created_at: now,
        last_used_at: now,
        expires_at: now + VALID_FOR,
    };
    session::Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(NewSession { id, person, secret })
}

/// Authenticates a cookie; `None` if it is invalid.
pub async fn authenticate(store: &Store, secret: &str) -> Result<Option<Authenticated>> {
    let now = store.clock().now();
    let digest = secret::digest(secret);
    let load = async || {
        let hash = secret::hex(&digest);
        let mine = Condition::any()
            .add(session::Column::SecretHash.eq(&hash))
            .add(session::Column::PreviousHash.eq(&hash));
        let Some(row) = one(store, mine).await? else {
            return Ok(None);
        };
        let mut holder = holder(&row);
        if row.secret_hash != hash {
            holder.until = holder.until.min(row.rotated_at + OVERLAP);
            holder.rotate_at = None;
        }
        note(store, &row, now).await?;
        Ok(Some(holder))
    };
    let cache = CredentialCache::of(store);
    let holder = cache.get_or_load(Key::Secret(digest), now, load);
    Ok(holder.await?.map(|holder| Authenticated {
        signed_in: holder.signed_in,
        is_old: holder.rotate_at.is_some_and(|at| at <= now),
    }))
}

/// Whether a session is still valid.
pub(super) async fn is_valid(store: &Store, id: SessionId) -> Result<bool> {
    let load = async || {
        let row = one(store, session::Column::Id.eq(id).into()).await?;
        Ok(row.as_ref().map(holder))
    };
    let key = Key::Id(id.into());
    let cache = CredentialCache::of(store);
    let holder = cache.get_or_load(key, store.clock().now(), load);
    Ok(holder.await?.is_some())
}

/// Replaces an old cookie by a new one, and returns it; `None` if a concurrent request replaced it.
///
/// # Errors
/// On a database error the old cookie stays valid.
pub async fn rotate(store: &Store, secret: &str) -> Result<Option<String>> {
    use session::Column;
    let now = store.clock().now();
    let (digest, new) = (secret::digest(secret), secret::fresh());
    let old = secret::hex(&digest);
    let rotated = session::Entity::update_many()
        .set(session::ActiveModel {
            secret_hash: Set(secret::hash(&new)),
            previous_hash: Set(Some(old.clone())),
            rotated_at: Set(now),
            ..Default::default()
        })
        .filter(Column::SecretHash.eq(&old))
        .filter(Column::RotatedAt.lte(now - ROTATION_INTERVAL))
        .filter(Column::ExpiresAt.gt(now))
        .exec(store.db())
        .await?;
    CredentialCache::of(store).evict_secret(digest);
    Ok((rotated.rows_affected == 1).then_some(new))
}

/// Signs out in one browser. An invalid cookie changes nothing.
pub async fn sign_out(store: &Store, secret: &str) -> Result<()> {
    let Some(Authenticated { signed_in, .. }) = authenticate(store, secret).await? else {
        return Ok(());
    };
    let Credential::Session(id) = signed_in.by else {
        return Ok(());
    };
    let write = store.write().await?;
    session::Entity::delete_by_id(id).exec(&*write).await?;
    let actor = Actor::new(Viewer::Person(signed_in));
    let change = SingleChange {
        verb: "signOut",
        kind: "Session",
        record: id.into(),
        project: None,
        after: None,
    };
    audit(&*write, store, &actor, change).await?;
    write.commit().await?;
    CredentialCache::of(store).evict(|one| one.by == signed_in.by);
    Ok(())
}

/// Signs a person out in every browser; their tokens stay valid. Returns the number of sessions.
pub async fn sign_out_everywhere(store: &Store, actor: &Actor, keeper: &KeeperOf) -> Result<u64> {
    let person = keeper.person();
    let write = store.write().await?;
    let ended = session::Entity::delete_many()
        .filter(session::Column::PersonId.eq(person))
        .exec(&*write)
        .await?;
    // Sign-in links that were sent become invalid, too.
    sign_in_link::Entity::delete_many()
        .filter(sign_in_link::Column::PersonId.eq(person))
        .filter(sign_in_link::Column::UsedAt.is_null())
        .exec(&*write)
        .await?;
    let change = SingleChange {
        verb: "signOutEverywhere",
        kind: "Person",
        record: person.into(),
        project: None,
        after: None,
    };
    audit(&*write, store, actor, change).await?;
    write.commit().await?;
    let is_session = |one: &SignedIn| matches!(one.by, Credential::Session(_));
    let cache = CredentialCache::of(store);
    cache.evict(|one| one.person == person && is_session(one));
    Ok(ended.rows_affected)
}

/// The sessions of a person, the most recently used first.
pub async fn list(store: &Store, person: PersonId) -> Result<Vec<session::Model>> {
    Ok(session::Entity::find()
        .filter(session::Column::PersonId.eq(person))
        .filter(session::Column::ExpiresAt.gt(store.clock().now()))
        .order_by_desc(session::Column::LastUsedAt)
        .order_by_desc(session::Column::Id)
        .all(store.db())
        .await?)
}

/// A session that has not ended, of a person who may sign in.
async fn one(store: &Store, which: Condition) -> Result<Option<session::Model>> {
    let person = session::Entity::belongs_to(person::Entity)
        .from(session::Column::PersonId)
        .to(person::Column::Id);
    Ok(session::Entity::find()
        .join(JoinType::InnerJoin, person.into())
        .filter(which)
        .filter(session::Column::ExpiresAt.gt(store.clock().now()))
        .filter(user::may_sign_in())
        .one(store.db())
        .await?)
}

fn holder(row: &session::Model) -> Holder {
    Holder {
        signed_in: SignedIn {
            person: row.person_id,
            by: Credential::Session(row.id),
        },
        until: row.expires_at,
        rotate_at: Some(row.rotated_at + ROTATION_INTERVAL),
    }
}

/// Stores the last use of a session, at most once a minute.
async fn note(store: &Store, row: &session::Model, now: DateTime<Utc>) -> Result<()> {
    use session::Column;
    if row.last_used_at + USE_INTERVAL > now {
        return Ok(());
    }
    session::Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(now))
        .filter(Column::Id.eq(Uuid::from(row.id)))
        .filter(Column::LastUsedAt.lte(now - USE_INTERVAL))
        .exec(store.db())
        .await?;
    Ok(())
}
