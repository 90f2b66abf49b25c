//! People: human beings, and mailboxes that roles share. Only some viewers may see them.

use async_graphql::{Context, ID, MergedObject, Object};
use domain::{
    command::people::DIGEST_HOUR,
    project::{has_begun, is_in_force},
    record::Kind,
    viewer::Viewer,
};
use entities::{PersonId, person, role};

use super::{
    partner::{Partner, Role},
    tracked::TrackedPerson,
    vocabulary::{DigestFrequency, PersonKind},
};
use crate::schema::base::{
    connection::{List, Order},
    id::id,
    scalar::{Date, DateTime},
    view::{View, viewer},
};

/// A person: a human being, or a mailbox that a role shares.
#[derive(Clone, Debug, MergedObject)]
pub struct Person(PersonFields, TrackedPerson);

impl Person {
    pub fn new(view: &View, id: PersonId) -> Self {
        let tracked = TrackedPerson::new(view, id);
        let view = view.clone();
        Self(PersonFields { view, id }, tracked)
    }
}

#[derive(Clone, Debug)]
struct PersonFields {
    view: View,
    id: PersonId,
}

impl PersonFields {
    fn row(&self) -> &person::Model {
        self.view.person(self.id)
    }

    /// Whether the project shows what it said of them, until they agree to more.
    fn introduced(&self) -> bool {
        self.view.rows().introduction(self.id).is_some()
    }
}

#[Object]
impl PersonFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Person, self.view.id(), self.id)
    }

    /// The key, unique in all projects.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// Whether it is one human being or a shared mailbox.
    async fn kind(&self) -> PersonKind {
        self.row().kind
    }

    /// The name.
    async fn name(&self) -> Option<&str> {
        self.row().name.as_deref()
    }

    /// The mail address; mail to a person without one is skipped.
    async fn address(&self) -> Option<&str> {
        self.row().address.as_deref()
    }

    /// The language of mail to the person, as a BCP 47 tag.
    async fn locale(&self) -> &str {
        &self.row().locale
    }

    /// The IANA name of the person's time zone.
    async fn time_zone(&self) -> &str {
        &self.row().time_zone
    }

    /// The frequency of the digest.
    async fn digest(&self) -> DigestFrequency {
        match self.introduced() {
            true => DigestFrequency::Weekly,
            false => self.row().digest,
        }
    }

    /// The hour of the day at which the digest is sent, from 0 to 23 in the person's time zone.
    async fn digest_hour(&self) -> i32 {
        match self.introduced() {
            true => DIGEST_HOUR,
            false => self.row().digest_hour,
        }
    }

    /// Mail to the person is paused until this day; null if it is not paused.
    async fn paused_until(&self) -> Option<Date> {
        let paused = self.row().paused_until;
        paused.filter(|_| !self.introduced()).map(Date)
    }

    /// The instant since which mail to the address is suppressed, because a mail server refused it
    /// for good; null if it is not suppressed, or was not on the project's `asOf`, or by its `knownAt`.
    async fn suppressed_at(&self) -> Option<DateTime> {
        let suppressed = self.row().suppressed_at;
        let by_then = suppressed.filter(|at| self.view.is_recorded(*at, self.view.as_of));
        by_then.filter(|_| !self.introduced()).map(DateTime)
    }

    /// The roles in the project that have begun by its `asOf`, those that have ended, too.
    async fn roles(
        &self,
        #[graphql(desc = "Also the roles that begin later; false if left out.")] upcoming: Option<
            bool,
        >,
    ) -> Vec<Role> {
        let day = self.view.as_of.day;
        let is_there = |row: &&role::Model| upcoming.unwrap_or_default() || has_begun(row, day);
        self.view
            .roles_of(self.id)
            .iter()
            .filter(is_there)
            .map(|row| Role {
                kind: row.kind,
                partner: row
                    .partner_id
                    .map(|partner| Partner::new(&self.view, partner)),
                from: row.from_on.map(Date),
                until: row.until_on.map(Date),
                in_force: is_in_force(row, day),
            })
            .collect()
    }
}

/// The person that a record names; `None` if the viewer may not see who it is.
pub fn seen(ctx: &Context<'_>, view: &View, person: Option<PersonId>) -> Option<Person> {
    let id = person.filter(|id| view.holds(*id))?;
    let may = viewer(ctx).may_see_person(view, id);
    may.then(|| Person::new(view, id))
}

const BY_KEY: Order = Order {
    name: "key",
    descending: false,
};

/// The people of the project that a viewer may see, by key. As of a past day, without those whose
/// roles all begin later.
pub fn list(view: &View, viewer: Viewer) -> List<Person> {
    let has_come = |id| {
        let roles = view.roles_of(id);
        let mut begun = roles.iter().map(|role| has_begun(role, view.as_of.day));
        view.as_of.is_going_on || roles.is_empty() || begun.any(|begun| begun)
    };
    let visible = view
        .people
        .iter()
        .filter(|row| has_come(row.id) && viewer.may_see_person(view, row.id));
    let items = visible.map(|row| {
        let key = vec![row.key.as_str().into(), row.id.to_string().into()];
        (key, Person::new(view, row.id))
    });
    List::new(BY_KEY, items)
}
