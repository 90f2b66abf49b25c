//! Mutations of people, their roles and their preferences.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::NaiveDate;
use domain::{
    command::{
        Command, Named, own_role,
        people::{self, NewPerson, Preferences as Wishes, Preferred},
        role::{self, NewRole, RoleDays},
    },
    project::Project,
    record::{Kind, Person as PersonRecord, Record},
    viewer::{Denied, Oneself, Viewer},
};
use entities::PersonId;
use uuid::Uuid;

use super::{
    execute::{RecordInput, actor, coordinates, create_record, edit_record, refuse},
    input::{InputFields, named},
};
use crate::schema::{
    base::{
        id::id as node_id,
        payload::{UserError, payload},
        reads::Reads,
        scalar::Date,
        view::{View, viewer},
    },
    types::{
        person::Person,
        vocabulary::{DigestFrequency, MailCategory, PersonKind, RoleKind},
    },
};

fn project_id(view: &View, id: Uuid) -> Option<ID> {
    Some(node_id(Kind::Project, view.id(), id))
}

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
    /// The first day of the role; it has no beginning if left out.
    from: Option<Date>,
    /// The last day of the role, on which it still holds; it has no end if left out.
    until: Option<Date>,
}

impl From<RoleInput> for NewRole {
    fn from(input: RoleInput) -> Self {
        Self {
            kind: input.kind,
            partner: input.partner.as_ref().map(named),
            from: input.from.map(|day| day.0),
            until: input.until.map(|day| day.0),
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

/// A role of a person, and its days from now on: a day that is left out stays as it is, null takes it
/// away.
#[derive(Clone, Debug, InputObject)]
pub struct EditRoleInput {
    /// The id of the person.
    person: ID,
    /// The person's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
    /// The kind of role.
    kind: RoleKind,
    /// The partner that the person acts for by it: its id, or the key of its organisation.
    partner: Option<ID>,
    /// The first day of the role; null if it has no beginning.
    from: MaybeUndefined<Date>,
    /// The last day of the role, on which it still holds; null if it has no end.
    until: MaybeUndefined<Date>,
}

/// The person to revoke a role from, and the role.
#[derive(Clone, Debug, InputObject)]
pub struct RevokeRoleInput {
    /// The id of the person.
    person: ID,
    /// The person's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
    /// The role, with its partner if it has one. Its days need not be given; if they are, they must be
    /// those that it has.
    role: RoleInput,
}

/// The project, and the role of yours to give up.
#[derive(Clone, Debug, InputObject)]
pub struct LeaveRoleInput {
    /// The project: its key or id.
    project: String,
    /// The role, with its partner if it has one.
    role: RoleInput,
}

/// The project in which you agree to your roles.
#[derive(Clone, Debug, InputObject)]
pub struct AcceptRolesInput {
    /// The project: its key or id.
    project: String,
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
    /// The result of `leaveRole`.
    LeaveRolePayload {
        /// The id of the project. Null if the mutation was refused.
        project: ID = project_id
    }
    /// The result of `acceptRoles`.
    AcceptRolesPayload {
        /// You, as the project shows you now. Null if the mutation was refused.
        person: Person = person_at
    }
    /// The result of `editRole`.
    EditRolePayload {
        /// The updated person. Null if the mutation was refused; on CONFLICT the current state.
        person: Person = person_at
    }
    /// The result of `revokeRole`.
    RevokeRolePayload {
        /// The updated person. Null if the mutation was refused, and if the person has no role in
        /// the project any more; on CONFLICT the current state.
        person: Person = person_at
    }
}

/// The right to one's own roles, of whoever has one in the project.
fn oneself_in(viewer: Viewer, project: &Project) -> std::result::Result<Oneself, Denied> {
    let right = viewer.oneself()?;
    match viewer.has_role(project) {
        true => Ok(right),
        false => Err(Denied::Forbidden),
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

/// A day that is given, which may be none; `None`: it is left out.
fn given(day: MaybeUndefined<Date>) -> Option<Option<NaiveDate>> {
    match day {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(day) => Some(Some(day.0)),
    }
}

/// The mutations of people and their roles.
#[derive(Debug, Default)]
pub struct PeopleChanges;

#[Object]
impl PeopleChanges {
    /// Adds a person to the project with their roles. Each human being is one person in all their
    /// projects: an address that is known from another project adds that person, whose preferences
    /// stay unchanged. Unless you see them in another project, yours shows what you say of them here,
    /// until they agree by `acceptRoles`. For the coordinator.
    ///
    /// Codes: FORBIDDEN, REQUIRED, NOT_AN_ADDRESS, TOO_LONG, NOT_A_LANGUAGE, NOT_A_ZONE, NOT_FOUND,
    /// ENDS_BEFORE_START, TWICE, NOTHING_CHANGES if the person has all these roles already.
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

    /// Grants a role to a person in the project. It gives rights and mail from its first day to its
    /// last. For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, TAKEN if the person has the role already, on whatever
    /// days, REQUIRED without the partner that a PARTNER acts for, ENDS_BEFORE_START.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person, and the role.")] input: GrantRoleInput,
    ) -> Result<Option<GrantRolePayload>> {
        let new = input.role.into();
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
            |draft, right, id| role::grant(draft, right, PersonId(id), &new),
        )
        .await
    }

    /// Edits the days of a role. Whoever has left keeps the role with its last day, so that the project
    /// shows it as of the days before. For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND if the person does not have the role, REQUIRED without the
    /// partner that a PARTNER acts for, ENDS_BEFORE_START, LAST_COORDINATOR at `until` if the project would have no coordinator on some day from today on.
    async fn edit_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person, the role, and the days to change.")] input: EditRoleInput,
    ) -> Result<Option<EditRolePayload>> {
        let partner = input.partner.as_ref().map(named);
        let days = RoleDays {
            from: given(input.from),
            until: given(input.until),
        };
        let record = RecordInput {
            kind: Kind::Person,
            id: &input.person,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("editRole"),
            record,
            coordinates,
            |draft, right, id| {
                let named = (input.kind, partner.as_ref());
                role::edit(draft, right, PersonId(id), named, days)
            },
        )
        .await
    }

    /// Revokes a role of a person in the project, as if they had never had it; its rights end at once.
    /// Give it a last day with `editRole` instead where somebody leaves. A project has a coordinator on
    /// every day from today on. For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND if the person does not have the role, or on other days,
    /// LAST_COORDINATOR.
    async fn revoke_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person, and the role.")] input: RevokeRoleInput,
    ) -> Result<Option<RevokeRolePayload>> {
        let revoked = input.role.into();
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
            |draft, right, id| role::revoke(draft, right, PersonId(id), &revoked),
        )
        .await
    }

    /// Gives up a role of your own in a project; your rights by it end at once. A project always has at
    /// least one coordinator. For people who are signed in; not allowed with an API token.
    ///
    /// Codes: FORBIDDEN, NOT_FOUND if you do not have the role, LAST_COORDINATOR.
    async fn leave_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project, and the role.")] input: LeaveRoleInput,
    ) -> Result<Option<LeaveRolePayload>> {
        let role = NewRole::from(input.role);
        create_record(
            ctx,
            Command::new("leaveRole"),
            &input.project,
            oneself_in,
            |draft, right| {
                own_role::leave(draft, right, &role)?;
                Ok(draft.id().into())
            },
        )
        .await
    }

    /// Agrees to your roles in a project that added you by your address: from now on it shows what you
    /// say of yourself (name, language, time zone) in place of what it said of you. `leaveRole` gives
    /// roles up. For people who are signed in; not allowed with an API token.
    ///
    /// Codes: FORBIDDEN, NOTHING_CHANGES if it shows that already.
    async fn accept_roles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project.")] input: AcceptRolesInput,
    ) -> Result<Option<AcceptRolesPayload>> {
        let oneself = viewer(ctx).person().map(Uuid::from);
        let command = Command {
            people: oneself.map(Named::Id).into_iter().collect(),
            ..Command::shared("acceptRoles")
        };
        create_record(ctx, command, &input.project, oneself_in, |draft, right| {
            own_role::agree(draft, right).map(Into::into)
        })
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
