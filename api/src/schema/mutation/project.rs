//! Beginning a project, and what it says of itself.

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
    types::{project::Project, vocabulary::Relatedness},
};

/// The project itself.
#[expect(clippy::unnecessary_wraps, reason = "as a payload finds its record")]
pub(super) fn project_at(view: &View, _: Uuid) -> Option<Project> {
    Some(Project::new(view))
}

/// The fund that pays.
#[derive(Clone, Debug, InputObject)]
pub struct ProgrammeInput {
    /// Names it everywhere, such as `amif`.
    key: String,
    /// Its name by language. Needed for a programme that no project has yet; a known one keeps its
    /// name.
    name: Option<Vec<TextInput>>,
}

/// A project to begin.
#[derive(Clone, Debug, InputObject)]
pub struct CreateProjectInput {
    /// Names it everywhere, for good, such as `connection`.
    key: String,
    /// Its short name.
    acronym: String,
    /// Its full name by language.
    name: Vec<TextInput>,
    /// What it is about, by language.
    summary: Option<Vec<TextInput>>,
    /// The fund that pays.
    programme: ProgrammeInput,
    /// Its first day.
    starts_on: Date,
    /// Its last day.
    ends_on: Date,
    /// The IANA name of the zone in which its days begin, such as `Europe/Brussels`.
    time_zone: String,
    /// The language that texts fall back to, as a BCP 47 tag.
    default_locale: String,
    /// The number of its grant agreement.
    grant_agreement: Option<String>,
    /// The call that it answers.
    call_reference: Option<String>,
    /// Whether its data that are not personal may be read without signing in; no if left out.
    public: Option<bool>,
}

/// A project before or after one.
#[derive(Clone, Debug, InputObject)]
pub struct RelatedProjectInput {
    /// What it is called.
    name: String,
    /// Whether it came before or after.
    relation: Relatedness,
    /// In which years, in words.
    years: Option<String>,
}

/// What is changed of a project; what is left out stays as it is, null takes it away.
#[derive(Clone, Debug, InputObject)]
pub struct EditProjectInput {
    /// The project.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// Its short name.
    acronym: Option<String>,
    /// Its full name by language; replaces all languages.
    name: Option<Vec<TextInput>>,
    /// What it is about, by language; replaces all languages.
    summary: Option<Vec<TextInput>>,
    /// Its first day.
    starts_on: Option<Date>,
    /// Its last day.
    ends_on: Option<Date>,
    /// The IANA name of the zone in which its days begin.
    time_zone: Option<String>,
    /// The language that texts fall back to, as a BCP 47 tag.
    default_locale: Option<String>,
    /// The number of its grant agreement.
    grant_agreement: MaybeUndefined<String>,
    /// The call that it answers.
    call_reference: MaybeUndefined<String>,
    /// Its addresses on the web; replaces all of them.
    websites: Option<Vec<String>>,
    /// Projects before or after it; replaces all of them.
    related: Option<Vec<RelatedProjectInput>>,
    /// Whether its data that are not personal may be read without signing in.
    public: Option<bool>,
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

/// What begins and changes projects.
#[derive(Debug, Default)]
pub struct ProjectChanges;

#[Object]
impl ProjectChanges {
    /// Creates a project. For the operator, and for people who may create projects, who then
    /// coordinate it. It has default reminder rules: hosts, guests and participants 30, 14, 7 and
    /// 1 days before a staff exchange, participants 30, 7 and 1 days before a visit and 14 and 2
    /// days before an event, a digest on Mondays, a progress report on the first of the month.
    ///
    /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE, NOT_A_ZONE,
    /// ENDS_BEFORE_START.
    async fn create_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project.")] input: CreateProjectInput,
    ) -> Result<Option<CreateProjectPayload>> {
        let fields = InputFields::new(ctx, &input)?.apart(ProjectRecord::FIELDS);
        let reads = ctx.data::<Arc<Reads>>()?;
        let store = reads.store();
        let done = store
            .create_project(&actor(ctx), "createProject", fields)
            .await;
        let outcome = match done {
            Ok(done) => success(ctx, reads, done),
            Err(refusal) => refuse(ctx, None, refusal).await?,
        };
        Ok(Some(outcome.into()))
    }

    /// Changes what a project says of itself; its key and its programme stay. For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE, NOT_A_ZONE,
    /// NOT_A_URL, ENDS_BEFORE_START. Warning: OUTPUTS_OUTSIDE where outputs lie outside the new days.
    async fn edit_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project, and what is changed.")] input: EditProjectInput,
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
