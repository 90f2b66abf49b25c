//! Correction of a person: another name, address, language or time zone.

use std::slice::from_ref;

use entities::*;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value as Json};

use super::{
    CredentialCache, IDS, projects_showing,
    user::{is_address, problems},
};
use crate::{
    actor::Actor,
    audit::{self, Act, Entry},
    error::{Error, Result},
    record::rows::save,
    record::{Code, Problem, Rule, mail_address},
    store::Store,
};

/// The corrected fields of a person; a field that is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Correction {
    /// `Some(None)` removes the name.
    pub name: Option<Option<String>>,
    /// The mail address; `Some(None)` removes it.
    pub address: Option<Option<String>>,
    /// The language of mail to the person, as a BCP 47 tag.
    pub locale: Option<String>,
    /// The IANA name of the time zone.
    pub time_zone: Option<String>,
}

/// Corrects a person or a mailbox, in every project that shows them. Waiting mail goes to the new
/// address; sign-in links to the old one become invalid. Sessions and tokens stay valid.
///
/// # Errors
/// `Invalid` with all problems, for instance if the address is another person's, the person is
/// erased or nothing changes; `NotFound`.
pub async fn correct(
    store: &Store,
    actor: &Actor,
    person: PersonId,
    correction: Correction,
) -> Result<person::Model> {
    let problems = problems(&[
        ("name", Rule::Name, correction.name.iter().flatten().next()),
        (
            "address",
            Rule::MailAddress,
            correction.address.iter().flatten().next(),
        ),
        ("locale", Rule::Language, correction.locale.as_ref()),
        ("timeZone", Rule::TimeZone, correction.time_zone.as_ref()),
    ]);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let now = store.clock().now();
    let mut write = store.write_shared().await?;
    let old = person::Entity::find_by_id(person).one(&*write).await?;
    let old = old.ok_or(Error::NotFound("person"))?;
    if old.erased_at.is_some() {
        return Err(invalid(Problem::new("", Code::WrongState).with("ERASED")));
    }
    let row = corrected(&old, correction);
    if row == old {
        return Err(invalid(Problem::new("", Code::NothingChanges)));
    }
    if let Some(address) = row
        .address
        .as_deref()
        .filter(|_| row.address != old.address)
    {
        let other = person::Entity::find()
            .filter(is_address(address))
            .filter(person::Column::Id.ne(person))
            .one(&*write)
            .await?;
        if let Some(other) = other {
            return Err(invalid(
                Problem::new("address", Code::Taken).with(other.key),
            ));
        }
    }
    for project in projects_showing(&*write, person).await? {
        write.raise(project).await?;
    }
    // Locks in the same order as a concurrent sign-in.
    if row.address != old.address {
        sign_in_link::Entity::delete_many()
            .filter(sign_in_link::Column::PersonId.eq(person))
            .filter(sign_in_link::Column::UsedAt.is_null())
            .exec(&*write)
            .await?;
    }
    save(&*write, from_ref(&old), from_ref(&row)).await?;
    let act = Act {
        verb: "correctPerson",
        project: None,
        revision: None,
        now,
    };
    let (before, after) = differences(&old, &row);
    let entry = Entry {
        kind: "Person",
        record: person.into(),
        before: Some(before),
        after: Some(after),
    };
    audit::write(&*write, IDS, actor, act, vec![entry]).await?;
    write.commit().await?;
    CredentialCache::of(store).evict_person(person);
    Ok(row)
}

/// A person after a correction.
fn corrected(old: &person::Model, correction: Correction) -> person::Model {
    let mut row = old.clone();
    if let Some(name) = correction.name {
        row.name = name;
    }
    if let Some(address) = correction.address {
        row.address = address.as_deref().and_then(mail_address);
    }
    if row.address != old.address {
        // The suppression was of the old address.
        row.suppressed_at = None;
    }
    if let Some(locale) = correction.locale {
        row.locale = locale;
    }
    if let Some(time_zone) = correction.time_zone {
        row.time_zone = time_zone;
    }
    row
}

/// The fields that a correction changes, before and after it, for the audit: their names, without
/// the values, which are personal.
fn differences(old: &person::Model, new: &person::Model) -> (Json, Json) {
    let fields = |row: &person::Model| {
        [
            ("name", row.name.clone()),
            ("address", row.address.clone()),
            ("locale", Some(row.locale.clone())),
            ("timeZone", Some(row.time_zone.clone())),
        ]
    };
    let (mut before, mut after) = (Map::new(), Map::new());
    for ((field, old), (_, new)) in fields(old).into_iter().zip(fields(new)) {
        if old != new {
            let masked = |value: Option<String>| value.map_or(Json::Null, |_| "(personal)".into());
            before.insert(field.to_owned(), masked(old));
            after.insert(field.to_owned(), masked(new));
        }
    }
    (before.into(), after.into())
}

fn invalid(problem: Problem) -> Error {
    Error::Invalid(vec![problem])
}
