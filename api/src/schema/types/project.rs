//! Projects, and the roots from which they are read.

use async_graphql::{Context, ID, InputObject, MergedObject, Object, Result, SimpleObject};
use domain::{progress::Scope, record::Kind};
use entities::PartnerKind;
use sea_orm::Iterable;

use super::{
    citation::{self, Citation, WebLink},
    duty::ProjectDuties,
    ledger::ProjectLedger,
    note::{self, Note},
    outputs::ProjectOutputs,
    partner::Partner,
    progress::{self, Progress, ProgressPoint, target_named},
    projects,
    records::ProjectRecords,
    reminder_rule::ReminderRule,
    search::ProjectSearch,
    target::Target,
    vocabulary::{OutputKind, Relatedness},
};
use crate::schema::base::{
    connection::{Connection, Page},
    error,
    id::id,
    scalar::{Date, DateTime, Quantity},
    view::{View, reads, viewer},
};

/// A funded project, at one revision and as of one day.
#[derive(Clone, Debug, MergedObject)]
pub struct Project(
    ProjectFields,
    ProjectProgress,
    ProjectRecords,
    ProjectOutputs,
    ProjectLedger,
    ProjectDuties,
    ProjectSearch,
);

impl Project {
    pub fn new(view: &View) -> Self {
        Self(
            ProjectFields(view.clone()),
            ProjectProgress(view.clone()),
            ProjectRecords(view.clone()),
            ProjectOutputs(view.clone()),
            ProjectLedger(view.clone()),
            ProjectDuties(view.clone()),
            ProjectSearch(view.clone()),
        )
    }
}

#[derive(Clone, Debug)]
struct ProjectFields(View);

#[Object]
impl ProjectFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Project, self.0.id(), self.0.id())
    }

    /// The key, unique among projects, such as `connection`.
    async fn key(&self) -> &str {
        self.0.key()
    }

    /// A hash of the record, which changes with every edit. A mutation whose `expectedVersion`
    /// differs from the current one is refused with CONFLICT.
    async fn version(&self) -> String {
        self.0.version(self.0.id().into())
    }

    /// The acronym.
    async fn acronym(&self) -> &str {
        &self.0.project.project.acronym
    }

    /// The full name. Falls back to the project's default language, then to any.
    async fn name(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<String> {
        let name = &self.0.project.project.name;
        self.0.text(name, locale.as_deref())
    }

    /// The summary. Falls back to the project's default language, then to any.
    async fn summary(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<String> {
        let summary = &self.0.project.project.summary;
        self.0.text(summary, locale.as_deref())
    }

    /// The programme: the fund that pays for the project.
    async fn programme(&self) -> Programme {
        Programme(self.0.clone())
    }

    /// The first day.
    async fn starts_on(&self) -> Date {
        Date(self.0.project.project.starts_on)
    }

    /// The last day.
    async fn ends_on(&self) -> Date {
        Date(self.0.project.project.ends_on)
    }

    /// The IANA name of its time zone, in which its days begin.
    async fn time_zone(&self) -> &str {
        &self.0.project.project.time_zone
    }

    /// The default language, to which texts fall back, as a BCP 47 tag.
    async fn default_locale(&self) -> &str {
        self.0.default_locale()
    }

    /// The project months, M1 first.
    async fn months(&self) -> Vec<Month> {
        self.0
            .months()
            .map(|month| Month {
                number: month.number,
                starts_on: Date(month.first_day),
                ends_on: Date(month.last_day),
            })
            .collect()
    }

    /// The number of the grant agreement.
    async fn grant_agreement(&self) -> Option<&str> {
        self.0.project.project.grant_agreement.as_deref()
    }

    /// The reference of the funding call.
    async fn call_reference(&self) -> Option<&str> {
        self.0.project.project.call_reference.as_deref()
    }

    /// The web addresses of the project.
    async fn websites(&self) -> Vec<WebLink> {
        citation::links(&self.0, &self.0.project.project.websites)
    }

    /// The related projects: predecessors and successors.
    async fn related(&self) -> Vec<RelatedProject> {
        let related = |related: &entities::RelatedProject| RelatedProject {
            name: related.name.clone(),
            relation: related.relation,
            years: related.years.clone(),
            citation: Citation::maybe(&self.0, related.source.as_ref()),
        };
        let all = &self.0.project.project.related.0;
        all.iter().map(related).collect()
    }

    /// The coordinating partner.
    async fn coordinator(&self) -> Option<Partner> {
        let mut partners = self.0.partners.iter();
        let row = partners.find(|row| row.kind == PartnerKind::Coordinator)?;
        Some(Partner::new(&self.0, row.id))
    }

    /// Whether everyone may read its data, except personal data, without signing in.
    async fn public(&self) -> bool {
        self.0.project.project.public
    }

    /// The revision, which rises with every change of the project. Answers of the same revision and
    /// day are equal.
    async fn revision(&self) -> Quantity {
        Quantity(self.0.revision())
    }

    /// The day as of which all fields below are read.
    async fn as_of(&self) -> Date {
        Date(self.0.as_of.day)
    }

    /// The instant after which recorded steps, proposals, audit entries, reports and mail are ignored;
    /// null to see all.
    async fn known_at(&self) -> Option<DateTime> {
        self.0.as_of.known_at.map(DateTime)
    }

    /// The reminder rules.
    async fn reminder_rules(&self) -> Vec<ReminderRule> {
        let rules = self.0.reminder_rules.iter();
        rules.map(|row| ReminderRule::new(&self.0, row)).collect()
    }

    /// How many days ahead outputs are asked for, by kind.
    async fn lead_times(&self) -> Vec<LeadTime> {
        let own = &self.0.project.project.lead_times.0;
        let lead_time = |kind| LeadTime {
            kind,
            days: self.0.lead_days(kind),
            is_default: own.iter().all(|lead| lead.kind != kind),
        };
        OutputKind::iter().map(lead_time).collect()
    }

    /// The notes that are about the project itself.
    async fn notes_about(&self) -> Vec<Note> {
        note::about(&self.0, &format!("project:{}", self.0.key()))
    }

    /// The sources of the project's own fields.
    async fn citations(&self) -> Vec<Citation> {
        citation::all(&self.0, &self.0.project.project.sources)
    }
}

/// How many days ahead a project asks for outputs of one kind: for their days before the planned
/// window begins, or for what is due itself.
#[derive(Clone, Debug, SimpleObject)]
pub struct LeadTime {
    /// The kind of output.
    kind: OutputKind,
    /// The number of days.
    days: i32,
    /// Whether the number is the product's own: the project sets none.
    is_default: bool,
}

/// A programme: a fund that pays for projects.
#[derive(Clone, Debug)]
pub struct Programme(View);

/// A programme: a fund that pays for projects.
#[Object]
impl Programme {
    /// The key, unique in all projects, such as `amif`.
    async fn key(&self) -> &str {
        &self.0.programme.key
    }

    /// The name. Falls back to the project's default language, then to any.
    async fn name(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<String> {
        self.0.text(&self.0.programme.name, locale.as_deref())
    }
}

/// A month of a project, counted from its start.
#[derive(Clone, Debug, SimpleObject)]
pub struct Month {
    /// The number of the month: 1 for M1.
    number: u32,
    /// The first day.
    starts_on: Date,
    /// The last day.
    ends_on: Date,
}

/// A related project: a predecessor or a successor.
#[derive(Clone, Debug, SimpleObject)]
pub struct RelatedProject {
    /// The name.
    name: String,
    /// Whether it is a predecessor or a successor.
    relation: Relatedness,
    /// The years, in words.
    years: Option<String>,
    /// The sources of the statement.
    citation: Option<Citation>,
}

#[derive(Clone, Debug)]
struct ProjectProgress(View);

impl ProjectProgress {
    fn as_of(&self, day: Option<Date>) -> View {
        let view = self.0.clone();
        match day {
            Some(day) => view.on(day.0),
            None => view,
        }
    }

    fn scope(&self, community: Option<&ID>, partner: Option<&ID>) -> Result<Scope> {
        progress::scope(&self.0, community, partner)
    }
}

#[Object]
impl ProjectProgress {
    /// The targets: figures promised to the funder.
    async fn targets(
        &self,
        #[graphql(desc = "True: only headline targets; false: only the others; all if left out.")]
        headline: Option<bool>,
    ) -> Vec<Target> {
        self.0
            .targets
            .iter()
            .filter(|row| headline.is_none_or(|headline| headline == row.headline))
            .map(|row| Target::new(&self.0, row.id))
            .collect()
    }

    /// The progress of the targets, with the records that each figure counts.
    async fn progress(
        &self,
        #[graphql(desc = "The day of the figures; the project's own `asOf` if left out.")]
        as_of: Option<Date>,
        #[graphql(desc = "Only records of this community: its key or its id.")] community: Option<
            ID,
        >,
        #[graphql(
            desc = "Only records that this partner leads: its organisation's key or its id. Not \
                    together with `community`."
        )]
        partner: Option<ID>,
        #[graphql(desc = "True: only headline targets; false: only the others; all if left out.")]
        headline: Option<bool>,
        #[graphql(desc = "Only the targets of these keys.")] targets: Option<Vec<String>>,
    ) -> Result<Option<Progress>> {
        let scope = self.scope(community.as_ref(), partner.as_ref())?;
        Progress::new(self.as_of(as_of), scope, headline, targets.as_deref()).map(Some)
    }

    /// A target's figure at the end of each project month, for burn-up charts.
    async fn progress_series(
        &self,
        #[graphql(desc = "The key of the target.")] target: String,
        #[graphql(
            desc = "The last day; the project's own `asOf` if left out. Each point is as of its own \
                    day."
        )]
        as_of: Option<Date>,
        #[graphql(desc = "Only records of this community: its key or its id.")] community: Option<
            ID,
        >,
        #[graphql(
            desc = "Only records that this partner leads: its organisation's key or its id. Not \
                    together with `community`."
        )]
        partner: Option<ID>,
    ) -> Result<Option<Vec<ProgressPoint>>> {
        let scope = self.scope(community.as_ref(), partner.as_ref())?;
        let view = self.as_of(as_of);
        let target = target_named(&view, "target", &target)?;
        Ok(Some(progress::series(&view, target, scope).await))
    }
}

/// A filter of projects. All conditions must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProjectFilter {
    /// Only projects that run on this day.
    pub(super) running_on: Option<Date>,
    /// Only projects of the programme of this key, such as `amif`.
    pub(super) programme: Option<String>,
}

/// The roots of projects.
#[derive(Debug, Default)]
pub struct ProjectQuery;

#[Object]
impl ProjectQuery {
    /// The project of a key; null with the error NOT_FOUND if there is none that you may see.
    async fn project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key of the project, such as `connection`.")] key: String,
        #[graphql(
            desc = "The day that everything below is read as of: states and dates are those of its \
                    end. Today, in the project's own zone, if left out."
        )]
        as_of: Option<Date>,
        #[graphql(
            desc = "Ignores what was recorded after this instant: steps of outputs with what their \
                    reports bring, proposals and decisions on them, audit entries, reports, mail, and \
                    suppressed addresses. Other records have no instant of recording, and are as they \
                    are now. Nothing is ignored if left out."
        )]
        known_at: Option<DateTime>,
    ) -> Result<Option<Project>> {
        let reads = reads(ctx)?;
        let project = reads.visible(viewer(ctx), &key).await;
        let project = project.map_err(error::of_domain)?;
        let mut view = View::today(project, reads);
        if let Some(day) = as_of {
            view = view.on(day.0);
        }
        view.as_of.known_at = known_at.map(|instant| instant.0);
        Ok(Some(Project::new(&view)))
    }

    /// The projects that you may see, by key, each as of today.
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The filter; all records if left out.")] filter: Option<ProjectFilter>,
        #[graphql(desc = "Returns at most the first n records: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only records after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns at most the last n records: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Returns only records before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Project>>> {
        let page = Page {
            first,
            after,
            last,
            before,
        };
        let counted = ctx.look_ahead().field("totalCount").exists();
        let filter = filter.unwrap_or_default();
        projects::page(reads(ctx)?, viewer(ctx), &filter, &page, counted)
            .await
            .map(Some)
    }
}
