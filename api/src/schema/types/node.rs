//! The interface of all records with an opaque id.

use async_graphql::{Context, ID, Object, Result};
use domain::{
    error::Error,
    project::{CITY, COUNTRY, PROJECT_MONTH},
    record::{Entry, Kind, NotAKind},
};
use uuid::Uuid;

use super::{
    action_plan::ActionPlan,
    budget_line::BudgetLine,
    call::Call,
    champion::Champion,
    champion_workshop::ChampionWorkshop,
    community::Community,
    event::Event,
    forum::Forum,
    guide::Guide,
    note::Note,
    notification::Notification,
    organisation::Organisation,
    output::Output,
    pairing::Pairing,
    partner::Partner,
    person::Person,
    policy::Policy,
    practice::Practice,
    project::Project,
    proposal::Proposal,
    publication::Publication,
    record::{City, Country, ProjectMonth},
    reminder_rule::ReminderRule,
    report::Report,
    source::Source,
    staff_exchange::StaffExchange,
    target::Target,
    video::Video,
    visit::Visit,
};
use crate::schema::base::{
    error,
    id::NodeId,
    interface::interface,
    reads::Reads,
    view::{View, reads, viewer},
};

/// GraphQL types with opaque ids that are not kinds of project records.
pub const NOTIFICATION: &str = "Notification";
pub const REPORT: &str = "Report";

interface! {
    /// Any record that has an id.
    Node of [NodeFields] {
        Project, Organisation, Partner, Community, Pairing, StaffExchange, Visit, Event,
        ActionPlan, Policy, Champion, ChampionWorkshop, Guide, Video, Practice, Forum, BudgetLine,
        Call, Publication, Note, Source, Target, ReminderRule, Proposal, ProjectMonth, City, Country,
        Person, Notification, Report,
    }
}

/// The fields that all records with an id share. It is only registered with the schema; no value of
/// it is resolved.
#[derive(Debug)]
struct NodeFields;

#[Object]
impl NodeFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        ID::default()
    }
}

impl From<Output> for Node {
    fn from(output: Output) -> Self {
        match output {
            Output::StaffExchange(output) => output.into(),
            Output::Visit(output) => output.into(),
            Output::Event(output) => output.into(),
            Output::ActionPlan(output) => output.into(),
            Output::Policy(output) => output.into(),
            Output::Champion(output) => output.into(),
            Output::ChampionWorkshop(output) => output.into(),
            Output::Guide(output) => output.into(),
            Output::Video(output) => output.into(),
        }
    }
}

impl Node {
    /// The record of an opaque id, as of today; `None` if it does not exist or the viewer may not
    /// see it.
    pub async fn find(ctx: &Context<'_>, id: &str) -> Result<Option<Self>> {
        let Some(id) = NodeId::decode(id) else {
            return Ok(None);
        };
        let reads = reads(ctx)?;
        let project = match reads.visible_by_id(viewer(ctx), id.project).await {
            Ok(project) => project,
            Err(Error::NotFound(_)) => return Ok(None),
            Err(other) => return Err(error::of_domain(other)),
        };
        Self::in_view(ctx, &View::today(project, reads), &id).await
    }

    /// The record of an opaque id in a project that the viewer may see; `None` if it does not exist
    /// or the viewer may not see it.
    pub async fn in_view(ctx: &Context<'_>, view: &View, id: &NodeId) -> Result<Option<Self>> {
        let viewer = viewer(ctx);
        let store = || reads(ctx).map(Reads::store);
        Ok(match (id.kind.as_str(), id.uuid()) {
            (NOTIFICATION, Some(row)) if viewer.coordinates(view) => {
                let mail = Notification::find(view, store()?, row).await?;
                mail.map(Self::from)
            }
            (REPORT, Some(row)) if viewer.has_role(view) => {
                Report::find(view, store()?, row).await?.map(Self::from)
            }
            (NOTIFICATION | REPORT, _) => None,
            (CITY, Some(row)) => {
                let mut all = view.organisations.iter();
                all.find(|of| of.id.0 == row)
                    .map(|of| City::new(view, of.id).into())
            }
            (COUNTRY, _) => {
                let code = Some(&id.row);
                let mut all = view.organisations.iter();
                all.any(|row| row.country.as_ref() == code)
                    .then(|| Country::new(view, &id.row).into())
            }
            (PROJECT_MONTH, _) => {
                let number = id.row.parse().ok();
                let mut months = view.months();
                months
                    .find(|month| Some(month.number) == number)
                    .map(|month| ProjectMonth::new(view, month.number).into())
            }
            (kind, Some(row)) => kind
                .parse::<Kind>()
                .ok()
                .filter(|_| viewer.may_see_record(view, row))
                .and_then(|kind| Self::record(view, kind, row)),
            _ => None,
        })
    }

    /// The record of a kind and a row id; `None` if the project does not have it. The caller checks
    /// whether the viewer may see a person.
    pub fn record(view: &View, kind: Kind, id: Uuid) -> Option<Self> {
        macro_rules! row {
            ($table:ident) => {
                view.$table.iter().find(|row| row.id.0 == id)?
            };
        }
        Some(match kind {
            Kind::Project => (id == view.id().0).then(|| Project::new(view))?.into(),
            Kind::Source => Source::new(view, row!(sources).id).into(),
            Kind::Organisation => Organisation::new(view, row!(organisations).id).into(),
            Kind::Partner => Partner::new(view, row!(partners).id).into(),
            Kind::Person => Person::new(view, row!(people).id).into(),
            Kind::Community => Community::new(view, row!(communities).id).into(),
            Kind::Target => Target::new(view, row!(targets).id).into(),
            Kind::Practice => Practice::new(view, row!(practices).id).into(),
            Kind::Pairing => Pairing::new(view, row!(pairings).id).into(),
            Kind::Forum => Forum::new(view, row!(forums)).into(),
            Kind::BudgetLine => BudgetLine::new(view, row!(budget_lines).id).into(),
            Kind::Call => Call::new(view, row!(open_calls)).into(),
            Kind::Publication => Publication::new(view, row!(publications)).into(),
            Kind::Note => Note::new(view, row!(notes)).into(),
            Kind::ReminderRule => ReminderRule::new(view, row!(reminder_rules)).into(),
            Kind::Proposal => Proposal::new(view, row!(proposals)).into(),
            Kind::Output(kind) => {
                let row = Some(row!(outputs)).filter(|row| row.kind == kind)?;
                Output::new(view, row)?.into()
            }
        })
    }

    /// Whether a project has the record of an opaque id.
    #[must_use]
    pub fn is_there(project: &domain::project::Project, id: &NodeId) -> bool {
        let Some(uuid) = id.uuid() else {
            return false;
        };
        let rows = project.rows();
        match id.kind.parse::<Kind>() {
            Ok(kind) => kind.key_in(uuid, rows).is_some(),
            Err(NotAKind) => {
                let entry = id.kind.parse::<Entry>().ok();
                entry.is_some_and(|entry| entry.parent_of(uuid, rows).is_some())
            }
        }
    }

    /// The record that a note names, such as `partner:torino`; `None` for an output that was
    /// planned after the view's day.
    pub fn named(view: &View, name: &str) -> Option<Self> {
        let (kind, key) = name.split_once(':')?;
        Some(match kind {
            "project" => (key == view.key()).then(|| Project::new(view))?.into(),
            "partner" => Partner::new(view, view.partner_by_key(key)?.id).into(),
            "community" => Community::new(view, view.community_by_key(key)?.id).into(),
            "pairing" => {
                let row = view.pairings.iter().find(|row| row.key == key)?;
                Pairing::new(view, row.id).into()
            }
            "practice" => {
                let row = view.there(&view.practices).find(|row| row.key == key)?;
                Practice::new(view, row.id).into()
            }
            "target" => Target::new(view, view.target_by_key(key)?.id).into(),
            "output" => {
                let row = view.outputs.iter().find(|row| row.key == key)?;
                Output::new(view, row)?.into()
            }
            _ => return None,
        })
    }

    /// The name by which notes refer to the record of an opaque id, such as `partner:torino`.
    pub fn name_of(view: &View, id: &str) -> Option<String> {
        let id = NodeId::decode(id).filter(|id| id.project == view.id())?;
        let kind: Kind = id.kind.parse().ok()?;
        let can_be_noted = matches!(
            kind,
            Kind::Project
                | Kind::Partner
                | Kind::Community
                | Kind::Pairing
                | Kind::Practice
                | Kind::Target
                | Kind::Output(_)
        );
        let key = kind.key_in(id.uuid()?, view.rows())?;
        can_be_noted.then(|| format!("{}:{key}", kind.table()))
    }
}
