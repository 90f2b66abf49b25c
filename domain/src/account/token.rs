//! API tokens, with which dashboards and scripts act on a person's behalf in one project.

use chrono::{DateTime, TimeDelta, Utc};
use entities::*;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde_json::json;

use super::{
    CredentialCache, IDS, SingleChange, USE_INTERVAL, audit,
    credential_cache::{Holder, Key},
    user,
};
use crate::{
    actor::Actor,
    command::StoredOutcome,
    database,
    error::{Error, Result},
    project::Project,
    record::{Code, Problem},
    secret,
    store::Store,
    viewer::{Credential, KeeperOf, SignedIn},
};

/// The prefix of every token, by which secret scanners find leaked ones.
pub const PREFIX: &str = "connection_";
/// The maximum length of a name.
pub const LONGEST_NAME: usize = 100;
/// The maximum validity of a token, in days.
pub const MOST_DAYS: i64 = 366;

/// How long the mail about a token is worth sending.
const TOLD_WITHIN: TimeDelta = TimeDelta::days(7);

/// The maximum number of valid tokens of a person.
pub const MAX_TOKENS: u64 = 100;

/// The fields of a new token.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The name, which says what it is for: 1 to 100 characters.
    pub name: String,
    /// The validity in days: 1 to 366.
    pub days: i64,
    /// Whether it may change data; otherwise it only reads.
    pub may_write: bool,
    /// Whether it sees the people that its person may see; otherwise no name and no address.
    pub sees_people: bool,
}

/// A new token, with its secret.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    pub row: api_token::Model,
    /// The secret; `None` if the token was created before under the same idempotency key: it is
    /// shown only once.
    pub secret: Option<String>,
}

/// Creates a token of a person for a project in which they have a role.
///
/// # Errors
/// `NotFound` if they have no role that is in force, `Invalid` with all problems.
pub async fn create(
    store: &Store,
    actor: &Actor,
    keeper: &KeeperOf,
    project: &Project,
    wanted: NewToken,
) -> Result<IssuedToken> {
    let (person, now) = (keeper.person(), store.clock().now());
    if project.roles_in_force_of(person).is_empty() {
        return Err(Error::NotFound("role in this project"));
    }
    let name = wanted.name.trim();
    let problems = problems(name, wanted.days);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let secret = format!("{PREFIX}{}", secret::fresh());
    let row = api_token::Model {
        id: IDS.make("api_token", person.into(), name).into(),
        person_id: person,
        project_id: project.id(),
        name: name.to_owned(),
        secret_hash: secret::hash(&secret),
        may_write: wanted.may_write,
        sees_people: wanted.sees_people,
        created_at: now,
        expires_at: now + TimeDelta::days(wanted.days),
        last_used_at: None,
        revoked_at: None,
    };
    let write = store.write().await?;
    if let Some(outcome) = store.stored_outcome(&*write, actor).await? {
        let row = theirs(keeper, outcome.record.into()).one(&*write).await?;
        write.rollback().await?;
        let row = row.ok_or(Error::NotFound("API token"))?;
        return Ok(IssuedToken { row, secret: None });
    }
    let can_use = person::Entity::find_by_id(person)
        .filter(user::may_sign_in())
        .one(&*write)
        .await?;
    if can_use.is_none() {
        return Err(Error::NotFound("person who can sign in"));
    }
    // Serialises concurrent requests of one person, so that all tokens are counted.
    database::advisory_lock(&*write, &format!("tokens of {person}")).await?;
    let valid = api_token::Entity::find()
        .filter(api_token::Column::PersonId.eq(person))
        .filter(api_token::Column::RevokedAt.is_null())
        .filter(api_token::Column::ExpiresAt.gt(now))
        .count(&*write)
        .await?;
    if valid >= MAX_TOKENS {
        let most = format!("{MAX_TOKENS} valid tokens of a person; revoke one");
        let problem = Problem::new("name", Code::OutOfRange).with(most);
        return Err(Error::Invalid(vec![problem]));
    }
    api_token::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&*write)
        .await?;
    let change = SingleChange {
        verb: "createApiToken",
        kind: "ApiToken",
        record: row.id.into(),
        project: Some(row.project_id),
        after: Some(json!({
            "mayWrite": row.may_write,
            "seesPeople": row.sees_people,
            "expiresAt": row.expires_at,
        })),
    };
    audit(&*write, store, actor, change).await?;
    notification::Entity::insert(mail(&row).into_active_model())
        .exec_without_returning(&*write)
        .await?;
    let outcome = StoredOutcome::of(row.id);
    store.store_outcome(&*write, actor, &outcome).await?;
    write.commit().await?;
    let secret = Some(secret);
    Ok(IssuedToken { row, secret })
}

fn problems(name: &str, days: i64) -> Vec<Problem> {
    let mut problems = Vec::new();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        let code = match name.is_empty() {
            true => Code::Required,
            false => Code::TooLong,
        };
        problems.push(Problem::new("name", code).with(LONGEST_NAME));
    }
    if !(1..=MOST_DAYS).contains(&days) {
        let possible = format!("1..{MOST_DAYS}");
        problems.push(Problem::new("days", Code::OutOfRange).with(possible));
    }
    problems
}

/// Authenticates a token; `None` if it is invalid, revoked or expired.
pub async fn authenticate(store: &Store, token: &str) -> Result<Option<SignedIn>> {
    if !token.starts_with(PREFIX) {
        return Ok(None);
    }
    let now = store.clock().now();
    let digest = secret::digest(token);
    let load = async || {
        let hash = secret::hex(&digest);
        let row = one(store, api_token::Column::SecretHash.eq(hash).into()).await?;
        if let Some(row) = &row {
            note(store, row, now).await?;
        }
        Ok(row.as_ref().map(holder))
    };
    let cache = CredentialCache::of(store);
    let holder = cache.get_or_load(Key::Secret(digest), now, load);
    Ok(holder.await?.map(|holder| holder.signed_in))
}

/// Whether a token is still valid.
pub(super) async fn is_valid(store: &Store, id: ApiTokenId) -> Result<bool> {
    let now = store.clock().now();
    let load = async || {
        let row = one(store, api_token::Column::Id.eq(id).into()).await?;
        if let Some(row) = &row {
            note(store, row, now).await?;
        }
        Ok(row.as_ref().map(holder))
    };
    let cache = CredentialCache::of(store);
    let holder = cache.get_or_load(Key::Id(id.into()), now, load);
    Ok(holder.await?.is_some())
}

/// The tokens of a person that are not revoked, newest first; also expired ones.
pub async fn list(store: &Store, person: PersonId) -> Result<Vec<api_token::Model>> {
    Ok(api_token::Entity::find()
        .filter(api_token::Column::PersonId.eq(person))
        .filter(api_token::Column::RevokedAt.is_null())
        .order_by_desc(api_token::Column::CreatedAt)
        .order_by_desc(api_token::Column::Id)
        .all(store.db())
        .await?)
}

/// Revokes a token; a token that is already revoked or expired stays as it is.
///
/// # Errors
/// `NotFound` if the person has no such token.
pub async fn revoke(
    store: &Store,
    actor: &Actor,
    keeper: &KeeperOf,
    id: ApiTokenId,
) -> Result<api_token::Model> {
    let write = store.write().await?;
    let is_repeat = store.stored_outcome(&*write, actor).await?.is_some();
    let revoked = api_token::Entity::update_many()
        .set(api_token::ActiveModel {
            revoked_at: Set(Some(store.clock().now())),
            ..Default::default()
        })
        .filter(api_token::Column::Id.eq(id))
        .filter(api_token::Column::PersonId.eq(keeper.person()))
        .filter(api_token::Column::RevokedAt.is_null())
        .exec(&*write)
        .await?;
    let row = theirs(keeper, id).one(&*write).await?;
    let row = row.ok_or(Error::NotFound("API token"))?;
    if revoked.rows_affected == 1 {
        let change = SingleChange {
            verb: "revokeApiToken",
            kind: "ApiToken",
            record: id.into(),
            project: Some(row.project_id),
            after: None,
        };
        audit(&*write, store, actor, change).await?;
    }
    if !is_repeat {
        let outcome = StoredOutcome::of(id);
        store.store_outcome(&*write, actor, &outcome).await?;
    }
    write.commit().await?;
    let is_it = |by| matches!(by, Credential::Token { id: own, .. } if own == id);
    CredentialCache::of(store).evict(|one| is_it(one.by));
    Ok(row)
}

/// Revokes all tokens of a person that are valid, in a transaction that ends their sessions, too.
/// Returns their number.
pub(super) async fn revoke_all(
    db: &impl ConnectionTrait,
    store: &Store,
    actor: &Actor,
    person: PersonId,
) -> Result<u64> {
    let now = store.clock().now();
    let valid = api_token::Entity::find()
        .filter(api_token::Column::PersonId.eq(person))
        .filter(api_token::Column::RevokedAt.is_null())
        .filter(api_token::Column::ExpiresAt.gt(now))
        .order_by_asc(api_token::Column::Id)
        .all(db)
        .await?;
    let ids = valid.iter().map(|row| row.id);
    let revoked = api_token::Entity::update_many()
        .set(api_token::ActiveModel {
            revoked_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(api_token::Column::Id.is_in(ids))
        .exec(db)
        .await?;
    for row in &valid {
        let change = SingleChange {
            verb: "revokeApiToken",
            kind: "ApiToken",
            record: row.id.into(),
            project: Some(row.project_id),
            after: None,
        };
        audit(db, store, actor, change).await?;
    }
    Ok(revoked.rows_affected)
}

/// A token, for the mail about it.
pub async fn by_id(db: &impl ConnectionTrait, id: ApiTokenId) -> Result<Option<api_token::Model>> {
    Ok(api_token::Entity::find_by_id(id).one(db).await?)
}

/// The row of the ledger with which the worker tells the person of a token.
fn mail(token: &api_token::Model) -> notification::Model {
    let subject_id = token.id.into();
    notification::Model {
        id: IDS.make("notification", subject_id, "token").into(),
        project_id: None,
        person_id: token.person_id,
        category: Category::NewToken,
        subject_id,
        occurrence: "made".to_owned(),
        rule_id: None,
        report_id: None,
        due_at: token.created_at,
        useful_until: token.created_at + TOLD_WITHIN,
        state: NotificationState::Due,
        reason: None,
        detail: None,
        attempts: 0,
        next_attempt_at: token.created_at,
        hinted: None,
        lease_until: None,
        fence: 0,
        message_id: None,
        sent_at: None,
        created_at: token.created_at,
    }
}

/// A token of the person.
fn theirs(keeper: &KeeperOf, id: ApiTokenId) -> Select<api_token::Entity> {
    api_token::Entity::find_by_id(id).filter(api_token::Column::PersonId.eq(keeper.person()))
}

/// A token that is neither revoked nor expired, of a person who may sign in.
async fn one(store: &Store, which: Condition) -> Result<Option<api_token::Model>> {
    let person = api_token::Entity::belongs_to(person::Entity)
        .from(api_token::Column::PersonId)
        .to(person::Column::Id);
    Ok(api_token::Entity::find()
        .join(JoinType::InnerJoin, person.into())
        .filter(which)
        .filter(api_token::Column::RevokedAt.is_null())
        .filter(api_token::Column::ExpiresAt.gt(store.clock().now()))
        .filter(user::may_sign_in())
        .one(store.db())
        .await?)
}

fn holder(row: &api_token::Model) -> Holder {
    Holder {
        signed_in: SignedIn {
            person: row.person_id,
            by: Credential::Token {
                id: row.id,
                project: row.project_id,
                may_write: row.may_write,
                sees_people: row.sees_people,
            },
        },
        until: row.expires_at,
        rotate_at: None,
    }
}

/// Stores the last use of a token, at most once a minute.
async fn note(store: &Store, row: &api_token::Model, now: DateTime<Utc>) -> Result<()> {
    use api_token::Column;
    let is_noted = |last: DateTime<Utc>| last + USE_INTERVAL > now;
    if row.last_used_at.is_some_and(is_noted) {
        return Ok(());
    }
    let not_noted = Condition::any()
        .add(Column::LastUsedAt.is_null())
        .add(Column::LastUsedAt.lte(now - USE_INTERVAL));
    api_token::Entity::update_many()
        .set(api_token::ActiveModel {
            last_used_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(Column::Id.eq(row.id))
        .filter(not_noted)
        .exec(store.db())
        .await?;
    Ok(())
}
