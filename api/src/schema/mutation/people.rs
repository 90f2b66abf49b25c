//! Mutations of people, their roles and their preferences.

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
    /// The partner that the person acts for: its id, or the key of its organisation. Required for
    /// PARTNER; an EXPERT may edit the communities that this partner runs.
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

/// The fields of a new person in a project.
#[derive(Clone, Debug, InputObject)]
pub struct AddPersonInput {
    /// The project: its key or id.
    project: String,
    /// The name. Required if there is no address.
    name: Option<String>,
    /// The mail address; without one, mail to the person is skipped.
    address: Option<String>,
    /// The language of mail to the person, as a BCP 47 tag; if left out, that of the partner that
    /// they act for, else that of the project.
    locale: Option<String>,
    /// The IANA name of the person's time zone; if left out, that of the partner that they act for,
    /// else that of the project.
    time_zone: Option<String>,
    /// Whether it is one human being or a shared mailbox; HUMAN if left out.
    kind: Option<PersonKind>,
    /// The roles in the project: at least one.
    roles: Vec<RoleInput>,
}

/// The person to grant a role to, and the role.
#[derive(Clone, Debug, InputObject)]
pub struct GrantRoleInput {
    /// The id of the person.
    person: ID,
    /// The person's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
    /// The role.
    role: RoleInput,
}

/// The person to revoke a role from, and the role.
#[derive(Clone, Debug, InputObject)]
pub struct RevokeRoleInput {
    /// The id of the person.
    person: ID,
    /// The person's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
    /// The role, with its partner if it has one.
    role: RoleInput,
}

/// Your preferences: a field that is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub struct SetPreferencesInput {
    /// The language of your mail, as a BCP 47 tag.
    locale: Option<String>,
    /// The IANA name of your time zone.
    time_zone: Option<String>,
    /// The frequency of the digest.
    digest: Option<DigestFrequency>,
    /// The hour of the day at which the digest is sent, from 0 to 23 in your time zone.
    digest_hour: Option<i32>,
    /// Mail to you is paused until this day. Null ends the pause.
    paused_until: MaybeUndefined<Date>,
    /// The categories of mail that you decline; replaces all of them. SIGN_IN and NEW_TOKEN cannot be declined.
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
        /// The updated person. Null if the mutation was refused, and if the person has no role in
        /// the project any more; on CONFLICT the current state.
        person: Person = person_at
    }
}

/// The mail preferences of a person, in all their projects.
#[derive(Clone, Debug, SimpleObject)]
pub struct Preferences {
    /// The language of mail to the person, as a BCP 47 tag.
    locale: String,
    /// The IANA name of the person's time zone.
    time_zone: String,
    /// The frequency of the digest.
    digest: DigestFrequency,
    /// The hour of the day at which the digest is sent, from 0 to 23 in that time zone.
    digest_hour: i32,
    /// Mail is paused until this day; null if it is not paused.
    paused_until: Option<Date>,
    /// The categories of mail that the person declines.
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
    /// Warnings about a mutation that succeeded; empty if there are none.
    warnings: Vec<UserError>,
}

/// The mutations of people and their roles.
#[derive(Debug, Default)]
pub struct PeopleChanges;

#[Object]
impl PeopleChanges {
    /// Adds a person to the project with their roles. Each human being is one person in all their
    /// projects: an address that is known from another project adds that person, whose preferences
    /// stay unchanged. For the coordinator.
    ///
    /// Codes: FORBIDDEN, REQUIRED, NOT_AN_ADDRESS, TOO_LONG, NOT_A_LANGUAGE, NOT_A_ZONE, NOT_FOUND,
    /// NOTHING_CHANGES if the person has all these roles already.
    async fn add_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The fields of the person, and the roles.")] input: AddPersonInput,
    ) -> Result<Option<AddPersonPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let roles = input.roles.into_iter().map(Into::into).collect();
        let command = Command {
            people: people::named(input.address.as_deref()),
            ..Command::shared("addPerson")
        };
        create_record(
            ctx,
            command,
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
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, TAKEN if the person has the role already, REQUIRED
    /// without the partner that a PARTNER acts for.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person, and the role.")] input: GrantRoleInput,
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

    /// Revokes a role of a person in the project; its rights end at once. A project always has at
    /// least one coordinator. For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND if the person does not have the role,
    /// LAST_COORDINATOR.
    async fn revoke_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person, and the role.")] input: RevokeRoleInput,
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

    /// Edits your mail preferences in all your projects. For people who are signed in; not allowed
    /// with an API token.
    ///
    /// Codes: FORBIDDEN, NOT_A_LANGUAGE, NOT_A_ZONE, OUT_OF_RANGE.
    async fn set_preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The preferences to change.")] input: SetPreferencesInput,
    ) -> Result<Option<SetPreferencesPayload>> {
        let wishes = Wishes {
            person: InputFields::new(ctx, &input)?.apart(PersonRecord::FIELDS),
            unsubscribed: input.unsubscribed,
        };
        let store = ctx.data::<Arc<Reads>>()?.store();
        let result = store
            .set_preferences(&actor(ctx), "setPreferences", wishes)
            .await;
        let payload = match result {
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
