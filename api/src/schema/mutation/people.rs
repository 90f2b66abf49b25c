//! People, their roles, and what each prefers.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use domain::{
    command::{
        Command,
        people::{self, NewPerson, NewRole, Preferences as Wishes, Preferred},
    },
    record::{Kind, Person as PersonRecord, Record},
    viewer::Viewer,
};
use entities::PersonId;
use uuid::Uuid;

use super::{
    execute::{RecordInput, actor, coordinates, create_record, edit_record, refuse},
    input::{InputFields, named},
};
use crate::schema::{
    base::{
        payload::{UserError, payload},
        reads::Reads,
        scalar::Date,
        view::View,
    },
    types::{
        person::Person,
        vocabulary::{DigestFrequency, MailCategory, PersonKind, RoleKind},
    },
};

fn person_at(view: &View, id: Uuid) -> Option<Person> {
    let row = view.people.iter().find(|row| row.id.0 == id)?;
    Some(Person::new(view, row.id))
}

/// A role of a person in the project.
#[derive(Clone, Debug, InputObject)]
pub struct RoleInput {
    /// The kind of role.
    kind: RoleKind,
    /// The partner that they act for: its id, or its organisation's key. Needed for PARTNER; an
    /// EXPERT edits the communities that this partner runs.
    partner: Option<ID>,
}

impl From<RoleInput> for NewRole {
    fn from(input: RoleInput) -> Self {
        Self {
            kind: input.kind,
            partner: input.partner.as_ref().map(named),
        }
    }
}

/// A person to be added to a project.
#[derive(Clone, Debug, InputObject)]
pub struct AddPersonInput {
    /// The project: its key or id.
    project: String,
    /// What they are called; needed without an address.
    name: Option<String>,
    /// Their address; without one, mail to them is skipped.
    address: Option<String>,
    /// The language of their mail, as a BCP 47 tag; if left out, that of the partner that they act
    /// for, else the project's.
    locale: Option<String>,
    /// The IANA name of their time zone; if left out, that of the partner that they act for, else
    /// the project's.
    time_zone: Option<String>,
    /// Whether it is one human being, as if left out, or a shared mailbox.
    kind: Option<PersonKind>,
    /// What they may do; one role at least.
    roles: Vec<RoleInput>,
}

/// Who gets which role.
#[derive(Clone, Debug, InputObject)]
pub struct GrantRoleInput {
    /// The person.
    person: ID,
    /// The person's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
    /// What they may do.
    role: RoleInput,
}

/// Who loses which role.
#[derive(Clone, Debug, InputObject)]
pub struct RevokeRoleInput {
    /// The person.
    person: ID,
    /// The person's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
    /// The role, with its partner where it has one.
    role: RoleInput,
}

/// What you prefer; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct SetPreferencesInput {
    /// The language of your mail, as a BCP 47 tag.
    locale: Option<String>,
    /// The IANA name of your time zone.
    time_zone: Option<String>,
    /// How often you want a digest.
    digest: Option<DigestFrequency>,
    /// At which hour of your day it comes, 0 to 23.
    digest_hour: Option<i32>,
    /// No mail comes before this day; null: it comes again.
    paused_until: MaybeUndefined<Date>,
    /// The categories of mail that you decline; replaces all of them. SIGN_IN cannot be declined.
    unsubscribed: Option<Vec<MailCategory>>,
}

payload! {
    /// The result of `addPerson`.
    AddPersonPayload {
        /// The new person. Null if the mutation was refused.
        person: Person = person_at
    }
    /// The result of `grantRole`.
    GrantRolePayload {
        /// The updated person. Null if the mutation was refused.
        person: Person = person_at
    }
    /// The result of `revokeRole`.
    RevokeRolePayload {
        /// The updated person. Null if the mutation was refused, and if they have left the project;
        /// on CONFLICT their current state.
        person: Person = person_at
    }
}

/// The mail preferences of a person, in all their projects.
#[derive(Clone, Debug, SimpleObject)]
pub struct Preferences {
    /// The language of their mail, as a BCP 47 tag.
    locale: String,
    /// The IANA name of their time zone.
    time_zone: String,
    /// How often they want a digest.
    digest: DigestFrequency,
    /// At which hour of their day it comes.
    digest_hour: i32,
    /// No mail comes before this day.
    paused_until: Option<Date>,
    /// The categories of mail that they decline.
    unsubscribed: Vec<MailCategory>,
}

impl From<Preferred> for Preferences {
    fn from(preferred: Preferred) -> Self {
        let person = preferred.person;
        Self {
            locale: person.locale,
            time_zone: person.time_zone,
            digest: person.digest,
            digest_hour: person.digest_hour,
            paused_until: person.paused_until.map(Date),
            unsubscribed: preferred.unsubscribed,
        }
    }
}

/// The result of `setPreferences`.
#[derive(Debug, SimpleObject)]
pub struct SetPreferencesPayload {
    /// Your updated preferences. Null if the mutation was refused.
    preferences: Option<Preferences>,
    /// The errors for which the mutation was refused; empty if it succeeded.
    user_errors: Vec<UserError>,
    /// What to look at, although it was done.
    warnings: Vec<UserError>,
}

/// What changes people, and what they may do.
#[derive(Debug, Default)]
pub struct PeopleChanges;

#[Object]
impl PeopleChanges {
    /// Adds a person to the project with their roles. Each human being is one person in all their
    /// projects: an address that another project has adds the person whose it is, with their own
    /// preferences unchanged. For the coordinator.
    ///
    /// Codes: FORBIDDEN, REQUIRED, NOT_AN_ADDRESS, TOO_LONG, NOT_A_LANGUAGE, NOT_A_ZONE, NOT_FOUND,
    /// NOTHING_CHANGES where they have all these roles already.
    async fn add_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and what they may do.")] input: AddPersonInput,
    ) -> Result<Option<AddPersonPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let roles = input.roles.into_iter().map(Into::into).collect();
        let asked = Command {
            people: people::named(input.address.as_deref()),
            ..Command::shared("addPerson")
        };
        create_record(
            ctx,
            asked,
            &input.project,
            Viewer::coordinator_of,
            |draft, right| {
                let person = fields.of(draft, PersonRecord::FIELDS);
                people::add(draft, right, NewPerson { person, roles }).map(Into::into)
            },
        )
        .await
    }

    /// Grants a role to a person in the project. For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, TAKEN where they have it already, REQUIRED without the partner
    /// that a PARTNER acts for.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and which role.")] input: GrantRoleInput,
    ) -> Result<Option<GrantRolePayload>> {
        let role = input.role.into();
        let record = RecordInput {
            kind: Kind::Person,
            id: &input.person,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("grantRole"),
            record,
            coordinates,
            |draft, right, id| people::grant(draft, right, PersonId(id), &role),
        )
        .await
    }

    /// Takes a role away; their rights end at once. For the coordinator. One coordinator stays.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND where they do not have it, LAST_COORDINATOR.
    async fn revoke_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and which role.")] input: RevokeRoleInput,
    ) -> Result<Option<RevokeRolePayload>> {
        let role = input.role.into();
        let record = RecordInput {
            kind: Kind::Person,
            id: &input.person,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("revokeRole"),
            record,
            coordinates,
            |draft, right, id| people::revoke(draft, right, PersonId(id), &role),
        )
        .await
    }

    /// Changes your mail preferences, in all your projects. For people who are signed in; a token
    /// may not.
    ///
    /// Codes: FORBIDDEN, NOT_A_LANGUAGE, NOT_A_ZONE, OUT_OF_RANGE.
    async fn set_preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What you prefer.")] input: SetPreferencesInput,
    ) -> Result<Option<SetPreferencesPayload>> {
        let wishes = Wishes {
            person: InputFields::new(ctx, &input)?.apart(PersonRecord::FIELDS),
            unsubscribed: input.unsubscribed,
        };
        let store = ctx.data::<Arc<Reads>>()?.store();
        let done = store
            .set_preferences(&actor(ctx), "setPreferences", wishes)
            .await;
        let payload = match done {
            Ok(preferred) => SetPreferencesPayload {
                preferences: Some(preferred.into()),
                user_errors: Vec::new(),
                warnings: Vec::new(),
            },
            Err(refusal) => {
                let outcome = refuse(ctx, None, refusal).await?;
                SetPreferencesPayload {
                    preferences: None,
                    user_errors: outcome.user_errors,
                    warnings: outcome.warnings,
                }
            }
        };
        Ok(Some(payload))
    }
}
