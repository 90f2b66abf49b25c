//! User accounts: people whom the command line adds, and the own data of a viewer.

use chrono::NaiveDate;
use entities::*;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Func},
};
use serde_json::json;

use super::{CredentialCache, IDS, SingleChange, audit};
use crate::{
    actor::Actor,
    error::{Error, Result},
    record::{Check, Code, Problem, Problems, Rule, Surroundings, Value, mail_address},
    store::Store,
    zone::known_zone,
};

/// The fields of a new user.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The key in project files; `None` generates an anonymous one.
    pub key: Option<String>,
    pub name: Option<String>,
    /// The mail address for sign-in links; `None` if only the command line shows them.
    pub address: Option<String>,
    /// The language of mail to the person, as a BCP 47 tag.
    pub locale: String,
    /// The IANA name of the time zone.
    pub time_zone: String,
    /// The key of a project, and the role in it.
    pub role: Option<(String, RoleKind)>,
    pub may_create_projects: bool,
}

/// Adds a human, or grants a further role or right to the one who has the key or the address.
/// Nothing is revoked, and name, language and time zone of an existing person stay as they are.
///
/// # Errors
/// `Invalid` with all problems, `NotFound` if there is no such project.
pub async fn add(store: &Store, actor: &Actor, wanted: NewUser) -> Result<person::Model> {
    add_with(store, actor, wanted, None).await
}

/// The same for a person who acts for a partner, named by the key of its organisation.
///
/// # Errors
/// Those of [`add`]; `NOT_FOUND` at `organisation` if it is no partner of the project.
pub async fn add_to_partner(
    store: &Store,
    actor: &Actor,
    wanted: NewUser,
    organisation: &str,
) -> Result<person::Model> {
    add_with(store, actor, wanted, Some(organisation)).await
}

async fn add_with(
    store: &Store,
    actor: &Actor,
    wanted: NewUser,
    organisation: Option<&str>,
) -> Result<person::Model> {
    let role = wanted.role.as_ref().map(|(_, kind)| *kind);
    if role == Some(RoleKind::Partner) && organisation.is_none() {
        return Err(invalid("organisation", Code::Required));
    }
    let problems = problems(&[
        ("key", Rule::Key, wanted.key.as_ref()),
        ("name", Rule::Name, wanted.name.as_ref()),
        ("address", Rule::MailAddress, wanted.address.as_ref()),
        ("locale", Rule::Language, Some(&wanted.locale)),
        ("timeZone", Rule::TimeZone, Some(&wanted.time_zone)),
    ]);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut write = store.write_shared().await?;
    let existing = existing_person(&*write, &wanted).await?;
    let is_new = existing.is_none();
    let mut is_changed = is_new;
    let mut row = match existing {
        Some(row) if row.kind != PersonKind::Human || row.erased_at.is_some() => {
            return Err(invalid("key", Code::NotAHuman));
        }
        // The address of a person who was found by key stays; `correction` changes it.
        Some(row) if is_other_address(&row, &wanted) => {
            return Err(invalid("address", Code::Taken));
        }
        Some(row) => row,
        None => {
            let row = new(&wanted);
            person::Entity::insert(row.clone().into_active_model())
                .exec_without_returning(&*write)
                .await?;
            row
        }
    };
    if wanted.may_create_projects && !row.may_create_projects {
        row.may_create_projects = true;
        is_changed = true;
        person::Entity::update_many()
            .set(person::ActiveModel {
                may_create_projects: Set(true),
                ..Default::default()
            })
            .filter(person::Column::Id.eq(row.id))
            .exec(&*write)
            .await?;
    }
    let mut project_id = None;
    if let Some((key, kind)) = &wanted.role {
        let project = project::Entity::find()
            .filter(project::Column::Key.eq(key))
            .one(&*write)
            .await?
            .ok_or(Error::NotFound("project"))?;
        let partner = match organisation {
            Some(key) => Some(partner_of(&*write, &project, key).await?),
            None => None,
        };
        is_changed |= give_role(&*write, &project, row.id, (*kind, partner)).await?;
        project_id = Some(project.id);
    }
    if is_changed {
        for id in projects_of(&*write, row.id).await? {
            write.raise(id).await?;
        }
    }
    let change = SingleChange {
        verb: "userAdd",
        kind: "Person",
        record: row.id.into(),
        project: project_id,
        after: Some(json!({
            "isNew": is_new,
            "role": role,
            "mayCreateProjects": row.may_create_projects,
        })),
    };
    audit(&*write, store, actor, change).await?;
    write.commit().await?;
    CredentialCache::of(store).evict_person(row.id);
    Ok(row)
}

/// A human by key, by address or by id.
///
/// # Errors
/// `NotFound` if there is no such person who can sign in.
pub async fn find(store: &Store, name: &str) -> Result<person::Model> {
    let row = find_where(store, name, may_sign_in()).await?;
    row.ok_or(Error::NotFound("person who can sign in"))
}

/// Any person by key, by address or by id: a mailbox or an erased one, too.
///
/// # Errors
/// `NotFound`.
pub async fn find_any(store: &Store, name: &str) -> Result<person::Model> {
    let row = find_where(store, name, Condition::all()).await?;
    row.ok_or(Error::NotFound("person"))
}

async fn find_where(store: &Store, name: &str, which: Condition) -> Result<Option<person::Model>> {
    let mut ways = vec![person::Column::Key.eq(name), is_address(name)];
    if let Ok(id) = name.parse::<Uuid>() {
        ways.push(person::Column::Id.eq(id));
    }
    for way in ways {
        let people = person::Entity::find().filter(way).filter(which.clone());
        if let Some(row) = people.one(store.db()).await? {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// Whether anybody can sign in.
pub async fn is_anyone(db: &impl ConnectionTrait) -> Result<bool> {
    let people = person::Entity::find().filter(may_sign_in());
    Ok(people.one(db).await?.is_some())
}

/// Everyone who can sign in, by key, with their roles and the projects of these.
pub async fn list(store: &Store) -> Result<Vec<(person::Model, Vec<RoleIn>)>> {
    let people = person::Entity::find()
        .filter(may_sign_in())
        .order_by_asc(person::Column::Key)
        .all(store.db())
        .await?;
    let mut users = Vec::with_capacity(people.len());
    for person in people {
        let roles = roles(store, person.id).await?;
        users.push((person, roles));
    }
    Ok(users)
}

/// A role of a person in a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleIn {
    pub project: ProjectId,
    /// The project's key.
    pub key: String,
    pub kind: RoleKind,
    /// The first and the last day.
    pub days: (Option<NaiveDate>, Option<NaiveDate>),
    /// Whether it is in force today.
    pub is_in_force: bool,
}

/// The roles of a person, by project, those that ended and are to come, too.
pub async fn roles(store: &Store, person: PersonId) -> Result<Vec<RoleIn>> {
    let project = role::Entity::belongs_to(project::Entity)
        .from(role::Column::ProjectId)
        .to(project::Column::Id);
    type Row = (
        ProjectId,
        String,
        String,
        RoleKind,
        Option<NaiveDate>,
        Option<NaiveDate>,
    );
    let rows: Vec<Row> = role::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .column(project::Column::Key)
        .column(project::Column::TimeZone)
        .column(role::Column::Kind)
        .column(role::Column::FromOn)
        .column(role::Column::UntilOn)
        .join(sea_orm::JoinType::InnerJoin, project.into())
        .filter(role::Column::PersonId.eq(person))
        .order_by_asc(project::Column::Key)
        .order_by_asc(role::Column::Position)
        .into_tuple()
        .all(store.db())
        .await?;
    let role_in = |(project, key, time_zone, kind, from, until): Row| {
        let today = store.clock().today(&known_zone(&time_zone));
        let (is_ahead, is_over) = (
            from.is_some_and(|from| today < from),
            until.is_some_and(|until| until < today),
        );
        RoleIn {
            project,
            key,
            kind,
            days: (from, until),
            is_in_force: !is_ahead && !is_over,
        }
    };
    Ok(rows.into_iter().map(role_in).collect())
}

/// A person's own row.
///
/// # Errors
/// `NotFound` if the person no longer exists.
pub async fn by_id(store: &Store, person: PersonId) -> Result<person::Model> {
    let row = person::Entity::find_by_id(person).one(store.db()).await?;
    row.ok_or(Error::NotFound("person"))
}

/// An address in the form in which it is stored; an invalid one is looked up unchanged.
fn spelling(address: &str) -> String {
    mail_address(address).unwrap_or_else(|| address.trim().to_lowercase())
}

pub(super) fn is_address(address: &str) -> sea_orm::sea_query::SimpleExpr {
    let column = Expr::col((person::Entity, person::Column::Address));
    Expr::expr(Func::lower(column)).eq(spelling(address))
}

async fn existing_person(
    db: &impl ConnectionTrait,
    wanted: &NewUser,
) -> Result<Option<person::Model>> {
    if let Some(key) = &wanted.key {
        let by_key = person::Entity::find().filter(person::Column::Key.eq(key));
        if let Some(row) = by_key.one(db).await? {
            return Ok(Some(row));
        }
    }
    let Some(address) = &wanted.address else {
        return Ok(None);
    };
    let by_address = person::Entity::find().filter(is_address(address));
    Ok(by_address.one(db).await?)
}

fn new(wanted: &NewUser) -> person::Model {
    let id: PersonId = IDS.make("person", Uuid::nil(), "").into();
    person::Model {
        id,
        key: (wanted.key.clone()).unwrap_or_else(|| format!("person-{}", id.0.simple())),
        kind: PersonKind::Human,
        name: wanted.name.clone(),
        address: (wanted.address.as_deref()).and_then(mail_address),
        locale: wanted.locale.clone(),
        time_zone: wanted.time_zone.clone(),
        digest: match wanted.address {
            Some(_) => DigestFrequency::Weekly,
            None => DigestFrequency::Never,
        },
        digest_hour: 8,
        paused_until: None,
        suppressed_at: None,
        may_create_projects: false,
        erased_at: None,
    }
}

/// The partner of a project that an organisation is.
async fn partner_of(
    db: &impl ConnectionTrait,
    project: &project::Model,
    organisation: &str,
) -> Result<PartnerId> {
    let row = organisation::Entity::find()
        .filter(organisation::Column::Key.eq(organisation))
        .one(db)
        .await?;
    let partner = match row {
        Some(row) => {
            partner::Entity::find()
                .filter(partner::Column::ProjectId.eq(project.id))
                .filter(partner::Column::OrganisationId.eq(row.id))
                .one(db)
                .await?
        }
        None => None,
    };
    let problem = || Problem::new("organisation", Code::NotFound).with(organisation);
    let partner = partner.ok_or_else(|| Error::Invalid(vec![problem()]))?;
    Ok(partner.id)
}

/// Grants a role, perhaps for a partner; returns whether it is new.
async fn give_role(
    db: &impl ConnectionTrait,
    project: &project::Model,
    person: PersonId,
    (kind, partner): (RoleKind, Option<PartnerId>),
) -> Result<bool> {
    let of_person = || {
        role::Entity::find()
            .filter(role::Column::ProjectId.eq(project.id))
            .filter(role::Column::PersonId.eq(person))
    };
    let mut has_it = of_person().filter(role::Column::Kind.eq(kind));
    if let Some(partner) = partner {
        has_it = has_it.filter(role::Column::PartnerId.eq(partner));
    }
    if has_it.count(db).await? > 0 {
        return Ok(false);
    }
    let position = of_person().count(db).await?;
    let row = role::Model {
        id: IDS.make("role", person.into(), "").into(),
        project_id: project.id,
        person_id: person,
        partner_id: partner,
        kind,
        from_on: None,
        until_on: None,
        position: i32::try_from(position).unwrap_or(i32::MAX),
    };
    role::Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(true)
}

/// The projects in which a person has a role.
pub async fn projects_of(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<ProjectId>> {
    Ok(role::Entity::find()
        .select_only()
        .column(role::Column::ProjectId)
        .distinct()
        .filter(role::Column::PersonId.eq(person))
        .into_tuple()
        .all(db)
        .await?)
}

/// The problems of the fields of a person, by the rules of their record.
pub(super) fn problems(texts: &[(&str, Rule, Option<&String>)]) -> Vec<Problem> {
    let mut problems = Problems::default();
    let around = Surroundings::default();
    let mut check = Check::new(&around, &mut problems);
    for (field, rule, text) in texts {
        if let Some(text) = text {
            text.check(*rule, &mut check.at(field));
        }
    }
    problems.into_vec()
}

/// Whether the given address differs from that of the person who was found by key.
fn is_other_address(row: &person::Model, wanted: &NewUser) -> bool {
    let address = wanted.address.as_deref().and_then(mail_address);
    address.is_some() && address != row.address
}

fn invalid(path: &'static str, code: Code) -> Error {
    Error::Invalid(vec![Problem::new(path, code)])
}

/// The condition for people who can sign in: humans who were not erased. Nobody signs in as a
/// mailbox, which several people read.
pub(super) fn may_sign_in() -> Condition {
    Condition::all()
        .add(person::Column::Kind.eq(PersonKind::Human))
        .add(person::Column::ErasedAt.is_null())
}
