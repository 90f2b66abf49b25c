//! Mutations that create and edit projects.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use domain::{
    command::{Command, project},
    record::{Kind, Project as ProjectRecord, Record},
};
use std::sync::Arc;
use uuid::Uuid;

use super::{
    execute::{RecordInput, actor, coordinates, edit_record, refuse, success},
    input::{InputFields, TextInput},
};
use crate::schema::{
    base::{payload::payload, reads::Reads, scalar::Date, view::View},
    types::{
        project::Project,
        vocabulary::{OutputKind, Relatedness},
    },
};

/// The project itself.
#[expect(clippy::unnecessary_wraps, reason = "as a payload finds its record")]
pub(super) fn project_at(view: &View, _: Uuid) -> Option<Project> {
    Some(Project::new(view))
}

/// The programme: the fund that pays for the project.
#[derive(Clone, Debug, InputObject)]
pub struct ProgrammeInput {
    /// The key, unique in all projects, such as `amif`.
    key: String,
    /// The name by language. Required for a programme that is not in any project yet; the name of
    /// an existing one stays as it is.
    name: Option<Vec<TextInput>>,
}

/// How many days ahead outputs of one kind are asked for.
#[derive(Clone, Debug, InputObject)]
pub struct LeadTimeInput {
    /// The kind of output.
    kind: OutputKind,
    /// The number of days, from 0 to 730.
    days: i32,
}

/// The fields of a new project.
#[derive(Clone, Debug, InputObject)]
pub struct CreateProjectInput {
    /// The key, unique in the installation, such as `connection`. It never changes.
    key: String,
    /// The acronym.
    acronym: String,
    /// The full name by language.
    name: Vec<TextInput>,
    /// The summary by language.
    summary: Option<Vec<TextInput>>,
    /// The programme: the fund that pays for the project.
    programme: ProgrammeInput,
    /// The first day.
    starts_on: Date,
    /// The last day.
    ends_on: Date,
    /// The IANA name of its time zone, in which its days begin, such as `Europe/Brussels`.
    time_zone: String,
    /// The default language, to which texts fall back, as a BCP 47 tag.
    default_locale: String,
    /// The number of the grant agreement.
    grant_agreement: Option<String>,
    /// The reference of the funding call.
    call_reference: Option<String>,
    /// Whether everyone may read its data, except personal data, without signing in; false if left
    /// out.
    public: Option<bool>,
    /// How many days ahead outputs are asked for; of the kinds that are left out as the product sets
    /// it.
    lead_times: Option<Vec<LeadTimeInput>>,
}

/// A related project: a predecessor or a successor.
#[derive(Clone, Debug, InputObject)]
pub struct RelatedProjectInput {
    /// The name.
    name: String,
    /// Whether it is a predecessor or a successor.
    relation: Relatedness,
    /// The years, in words.
    years: Option<String>,
}

/// The fields of a project to edit: a field that is left out stays as it is, null empties it, a
/// list replaces the list.
#[derive(Clone, Debug, InputObject)]
pub struct EditProjectInput {
    /// The id of the project.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// The acronym.
    acronym: Option<String>,
    /// The full name by language; replaces the texts in all languages.
    name: Option<Vec<TextInput>>,
    /// The summary by language; replaces the texts in all languages.
    summary: Option<Vec<TextInput>>,
    /// The first day.
    starts_on: Option<Date>,
    /// The last day.
    ends_on: Option<Date>,
    /// The IANA name of its time zone, in which its days begin.
    time_zone: Option<String>,
    /// The default language, to which texts fall back, as a BCP 47 tag.
    default_locale: Option<String>,
    /// The number of the grant agreement.
    grant_agreement: MaybeUndefined<String>,
    /// The reference of the funding call.
    call_reference: MaybeUndefined<String>,
    /// The web addresses; replaces all of them.
    websites: Option<Vec<String>>,
    /// The related projects; replaces all of them.
    related: Option<Vec<RelatedProjectInput>>,
    /// Whether everyone may read its data, except personal data, without signing in.
    public: Option<bool>,
    /// How many days ahead outputs are asked for; replaces the numbers for all kinds, and those that
    /// are left out are as the product sets them.
    lead_times: Option<Vec<LeadTimeInput>>,
}

payload! {
    /// The result of `createProject`.
    CreateProjectPayload {
        /// The new project. Null if the mutation was refused.
        project: Project = project_at
    }
    /// The result of `editProject`.
    EditProjectPayload {
        /// The updated project. Null if the mutation was refused; on CONFLICT its current state.
        project: Project = project_at
    }
}

/// The mutations of projects.
#[derive(Debug, Default)]
pub struct ProjectChanges;

#[Object]
impl ProjectChanges {
    /// Creates a project with default reminder rules: to hosts, guests and participants 30, 14, 7
    /// and 1 days before a staff exchange; to participants 30, 7 and 1 days before a visit, and 14
    /// and 2 days before an event; a digest on Mondays; a progress report on the first of the
    /// month. For the operator, and for people who may create projects; they become its
    /// coordinators.
    ///
    /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE, NOT_A_ZONE,
    /// OUT_OF_RANGE, ENDS_BEFORE_START.
    async fn create_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The fields of the new project.")] input: CreateProjectInput,
    ) -> Result<Option<CreateProjectPayload>> {
        let fields = InputFields::new(ctx, &input)?.apart(ProjectRecord::FIELDS);
        let reads = ctx.data::<Arc<Reads>>()?;
        let store = reads.store();
        let result = store
            .create_project(&actor(ctx), "createProject", fields)
            .await;
        let outcome = match result {
            Ok(outcome) => success(ctx, reads, outcome),
            Err(refusal) => refuse(ctx, None, refusal).await?,
        };
        Ok(Some(outcome.into()))
    }

    /// Edits a project. Its key and its programme cannot be changed. For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE, NOT_A_ZONE,
    /// NOT_A_URL, OUT_OF_RANGE, ENDS_BEFORE_START. Warning: OUTPUTS_OUTSIDE if outputs are outside the new days.
    async fn edit_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the project, and the fields to change.")]
        input: EditProjectInput,
    ) -> Result<Option<EditProjectPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let record = RecordInput {
            kind: Kind::Project,
            id: &input.id,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("editProject"),
            record,
            coordinates,
            |draft, right, _| {
                let fields = fields.of(draft, ProjectRecord::FIELDS);
                project::edit(draft, right, fields)
            },
        )
        .await
    }
}
