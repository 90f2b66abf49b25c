//! People, and what each prefers. One human being is one person in all
//! projects; who a known address belongs to is told to nobody who did not know it.

use std::slice::from_ref;

use entities::*;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, prelude::Uuid};
use serde_json::{Value as Json, json};

use super::{
    Code, Draft, Fields, Named, Problem, Refusal, StoredOutcome, check,
    draft::Introduced,
    execute::projects_showing,
    fields::object,
    role::{self, NewRole},
};
use crate::{
    actor::Actor,
    audit::{self, Act, Entry},
    record::rows::{Change, ChangeKind, Rows, save},
    record::{Names, Person, Stand, mail_address},
    store::Store,
    viewer::{CoordinatorOf, Denied},
};

/// The hour at which a digest comes unless somebody wishes otherwise.
pub const DIGEST_HOUR: i32 = 8;

/// Somebody to be added to a project.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Language and zone left out: of the first partner that they act for, else the project's.
    pub person: Fields,
    pub roles: Vec<NewRole>,
}

/// The people whom an address may name beyond the project's own.
#[must_use]
pub fn named(address: Option<&str>) -> Vec<Named> {
    let address = address.map(plain_address);
    address.into_iter().map(Named::Key).collect()
}

/// An address as it is stored; what is none stays as it is, for the check to say so.
fn plain_address(address: &str) -> String {
    mail_address(address).unwrap_or_else(|| address.to_owned())
}

/// Adds somebody with their roles. An address that is known brings the person whose it is, as they
/// are.
///
/// # Errors
/// `NOTHING_CHANGES` where they have all these roles already; all else that is wrong with it.
pub fn add(draft: &mut Draft, _: &CoordinatorOf, new: NewPerson) -> Result<PersonId, Refusal> {
    let NewPerson { mut person, roles } = new;
    let mut problems = person.problems();
    let roles = role::read(draft, &mut problems, &roles);
    let address = person.text("address").map(plain_address);
    if person.text("name").is_none() && address.is_none() {
        problems.add("name", Code::Required);
    }
    let home = roles.iter().find_map(|role| role.partner);
    let (locale, time_zone) = home_of(draft, home);
    let id: PersonId = draft.new_id("person").into();
    let key = format!("person-{}", &id.0.simple().to_string()[12..]);
    person.set("key", key);
    person.set("address", json!(address));
    person.set_default("kind", json!(PersonKind::Human));
    person.set_default("locale", locale);
    person.set_default("timeZone", time_zone);
    person.set_default("digest", json!(DigestFrequency::Weekly));
    person.set_default("digestHour", DIGEST_HOUR);
    // Roles are told in fields of their own.
    person.take("roles");
    let Some(person) = person.into_record::<Person>(&mut problems) else {
        return problems.none().map(|()| id);
    };
    problems.append(check::record(draft, None, &person));
    problems.none()?;
    let mut row = person::Model {
        id,
        ..Default::default()
    };
    person.store(&mut row, &Names::of(&draft.rows));
    let mut people = draft.rows.people.iter().chain(&draft.shared.people);
    let known = people.find(|known| row.address.is_some() && known.address == row.address);
    let mut row = known.cloned().unwrap_or(row);
    let id = row.id;
    if !draft.rows.people.iter().any(|known| known.id == id) {
        let is_new = draft.shared.people.iter().all(|known| known.id != id);
        // Whoever does not know them learns nothing of them: they are as the input says.
        if !is_new && !draft.known.contains(&id.0) {
            draft.introduce(Introduced::Person(&mut row, &person));
        }
        draft.rows.people.push(row);
    }
    let mut is_new = false;
    for role in &roles {
        is_new |= role.give(draft, id);
    }
    match is_new {
        true => Ok(id),
        false => Err(Problem::new("roles", Code::NothingChanges).into()),
    }
}

/// Where somebody lives who acts for a partner.
fn home_of(draft: &Draft, partner: Option<PartnerId>) -> (String, String) {
    let mut partners = draft.rows.partners.iter();
    let organisation = partners
        .find(|row| Some(row.id) == partner)
        .map(|row| row.organisation_id);
    let mut organisations = draft.rows.organisations.iter();
    let project = &draft.rows.project;
    organisations
        .find(|row| Some(row.id) == organisation)
        .map_or_else(
            || (project.default_locale.clone(), project.time_zone.clone()),
            |row| (row.locale.clone(), row.time_zone.clone()),
        )
}

/// The fields of a person that are preferences.
const PREFERENCES: [&str; 5] = ["locale", "timeZone", "digest", "digestHour", "pausedUntil"];

/// What is changed of what somebody prefers.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    pub person: Fields,
    /// Replaces all that is declined.
    pub unsubscribed: Option<Vec<Category>>,
}

/// What somebody prefers.
#[derive(Clone, Debug)]
pub struct Preferred {
    pub person: person::Model,
    pub unsubscribed: Vec<Category>,
}

impl Store {
    /// Changes what the viewer prefers, in every project that they are in.
    ///
    /// # Errors
    /// Why not; nothing is changed then.
    pub async fn set_preferences(
        &self,
        actor: &Actor,
        command: &'static str,
        new: Preferences,
    ) -> Result<Preferred, Refusal> {
        let id = actor.viewer.oneself()?.person();
        let mut write = self.write_shared().await?;
        let is_repeat = self.stored_outcome(&*write, actor).await?.is_some();
        let old = person::Entity::find_by_id(id).one(&*write).await?;
        let Some(old) = old.filter(|row| row.erased_at.is_none()) else {
            return Err(Denied::SignIn.into());
        };
        let declined = unsubscription::Entity::find()
            .filter(unsubscription::Column::PersonId.eq(id))
            .all(&*write)
            .await?;
        let mut before: Vec<_> = declined.iter().map(|row| row.category).collect();
        before.sort_unstable();
        if is_repeat {
            write.rollback().await?;
            return Ok(Preferred {
                person: old,
                unsubscribed: before,
            });
        }
        let (person, after) = preferred(&old, &before, new)?;
        let now = self.clock().now();
        save(&*write, from_ref(&old), from_ref(&person)).await?;
        let gone = before.iter().filter(|category| !after.contains(category));
        unsubscription::Entity::delete_many()
            .filter(unsubscription::Column::PersonId.eq(id))
            .filter(unsubscription::Column::Category.is_in(gone.copied()))
            .exec(&*write)
            .await?;
        for category in after.iter().filter(|category| !before.contains(category)) {
            let name = format!("{category:?}");
            let row = unsubscription::Model {
                id: self.ids().make("unsubscription", id.into(), &name).into(),
                person_id: id,
                category: *category,
                created_at: now,
            };
            unsubscription::Entity::insert(row.into_active_model())
                .exec_without_returning(&*write)
                .await?;
        }
        let changes = differences(&old, &person, &before, &after);
        if let Some((before, after)) = changes {
            let change = Change {
                table: "person",
                id: id.into(),
                parent: Uuid::nil(),
                kind: ChangeKind::Changed(Vec::new()),
            };
            // No answer shows what somebody declines: the ledger is asked when mail is sent.
            if old != person {
                for project in projects_showing(&*write, &[change]).await? {
                    write.raise(project).await?;
                }
            }
            let act = Act {
                verb: command,
                project: None,
                revision: None,
                now,
            };
            let entry = Entry {
                kind: "Person",
                record: id.into(),
                before: Some(before),
                after: Some(after),
            };
            audit::write(&*write, self.ids(), actor, act, vec![entry]).await?;
        }
        let outcome = StoredOutcome::of(id);
        self.store_outcome(&*write, actor, &outcome).await?;
        write.commit().await?;
        Ok(Preferred {
            person,
            unsubscribed: after,
        })
    }
}

/// What somebody prefers from now on.
fn preferred(
    old: &person::Model,
    declined: &[Category],
    new: Preferences,
) -> Result<(person::Model, Vec<Category>), Refusal> {
    let mut fields = new.person;
    let mut problems = fields.problems();
    for other in fields.given() {
        if !PREFERENCES.contains(&other.as_str()) {
            fields.take(&other);
        }
    }
    let (names, rows) = (
        Names::default(),
        Rows::empty(Default::default(), Default::default()),
    );
    let before = Person::load(old, &rows, &names);
    let mut row = old.clone();
    if let Some(after) = fields.over::<Person>(&object(&before), &mut problems) {
        problems.append(check::alone(Some(&before), &after));
        after.store(&mut row, &names);
    }
    let mut after = new.unsubscribed.unwrap_or_else(|| declined.to_vec());
    for (at, category) in after.iter().enumerate() {
        if matches!(category, Category::SignIn | Category::NewToken) {
            let problem = Problem::new(format!("unsubscribed.{at}"), Code::OutOfRange);
            problems.push(problem.with(
                "EXCHANGE_REMINDER, VISIT_REMINDER, MEETING_REMINDER, DUE_REMINDER, DIGEST, \
                 PROGRESS_REPORT, QUESTION",
            ));
        }
    }
    problems.none()?;
    after.sort_unstable();
    after.dedup();
    Ok((row, after))
}

/// What is told of a change of preferences: which ones, and not what they are, which is personal.
/// None where nothing is different.
fn differences(
    old: &person::Model,
    new: &person::Model,
    declined: &[Category],
    declines: &[Category],
) -> Option<(Json, Json)> {
    let told = |row: &person::Model, declined: &[Category]| {
        json!({
            "locale": row.locale,
            "timeZone": row.time_zone,
            "digest": row.digest,
            "digestHour": row.digest_hour,
            "pausedUntil": row.paused_until,
            "unsubscribed": declined,
        })
    };
    let (Json::Object(mut before), Json::Object(mut after)) =
        (told(old, declined), told(new, declines))
    else {
        return None;
    };
    let same = |name: &String| before.get(name) == after.get(name);
    let same: Vec<String> = after.keys().filter(|name| same(name)).cloned().collect();
    for values in [&mut before, &mut after] {
        values.retain(|name, _| !same.contains(name));
        for value in values.values_mut().filter(|value| !value.is_null()) {
            *value = "(personal)".into();
        }
    }
    (!after.is_empty()).then_some((Json::Object(before), Json::Object(after)))
}
