//! Sessions: browsers in which a person is signed in, for at most thirty days.

use chrono::{DateTime, TimeDelta, Utc};
use entities::*;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    JoinType, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid, sea_query::Expr,
};

use super::{
    CredentialCache, IDS, SingleChange, USE_INTERVAL, audit,
    credential_cache::{Holder, Key},
    token, user,
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
/// How long the previous cookie stays valid once the new one was used, for concurrent requests of
/// the same browser; and how long it is not replaced again, for answers that are under way.
const OVERLAP: TimeDelta = TimeDelta::seconds(60);

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
        renewal_used_at: None,
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
        if row.secret_hash == hash {
            note_renewal(store, &row, now).await?;
        } else if let Some(used_at) = row.renewal_used_at {
            holder.until = holder.until.min(used_at + OVERLAP);
            holder.rotate_at = None;
        } else {
            // The answer with the new cookie may be lost.
            holder.rotate_at = Some(row.rotated_at + OVERLAP);
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
/// The old one stays valid until the new one is used: the answer may be lost. Then it is replaced
/// again.
///
/// # Errors
/// On a database error the old cookie stays valid.
pub async fn rotate(store: &Store, secret: &str) -> Result<Option<String>> {
    use session::Column;
    let now = store.clock().now();
    let (digest, new) = (secret::digest(secret), secret::fresh());
    let old = secret::hex(&digest);
    let is_due = Condition::all()
        .add(Column::SecretHash.eq(&old))
        .add(Column::RotatedAt.lte(now - ROTATION_INTERVAL));
    let is_lost = Condition::all()
        .add(Column::PreviousHash.eq(&old))
        .add(Column::RenewalUsedAt.is_null())
        .add(Column::RotatedAt.lte(now - OVERLAP));
    let rotated = session::Entity::update_many()
        .set(session::ActiveModel {
            secret_hash: Set(secret::hash(&new)),
            previous_hash: Set(Some(old.clone())),
            rotated_at: Set(now),
            renewal_used_at: Set(None),
            ..Default::default()
        })
        .filter(Condition::any().add(is_due).add(is_lost))
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

/// The number of credentials that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    pub sessions: u64,
    pub tokens: u64,
}

/// Signs a person out in every browser; their tokens stay valid, unless they are to end, too.
pub async fn sign_out_everywhere(
    store: &Store,
    actor: &Actor,
    keeper: &KeeperOf,
    with_tokens: bool,
) -> Result<Ended> {
    let person = keeper.person();
    let write = store.write().await?;
    let tokens = match with_tokens {
        true => token::revoke_all(&*write, store, actor, person).await?,
        false => 0,
    };
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
    let has_ended = |one: &SignedIn| with_tokens || matches!(one.by, Credential::Session(_));
    let cache = CredentialCache::of(store);
    cache.evict(|one| one.person == person && has_ended(one));
    Ok(Ended {
        sessions: ended.rows_affected,
        tokens,
    })
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

/// Stores the first use of a cookie that replaced another, which ends a moment later.
async fn note_renewal(store: &Store, row: &session::Model, now: DateTime<Utc>) -> Result<()> {
    use session::Column;
    if row.previous_hash.is_none() || row.renewal_used_at.is_some() {
        return Ok(());
    }
    session::Entity::update_many()
        .col_expr(Column::RenewalUsedAt, Expr::value(now))
        .filter(Column::Id.eq(Uuid::from(row.id)))
        .filter(Column::SecretHash.eq(&row.secret_hash))
        .filter(Column::RenewalUsedAt.is_null())
        .exec(store.db())
        .await?;
    // The previous cookie is cached as valid until the new one is used.
    CredentialCache::of(store).evict(|one| one.by == Credential::Session(row.id));
    Ok(())
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
