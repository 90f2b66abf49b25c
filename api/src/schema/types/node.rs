//! Any record, by its opaque id.

use async_graphql::{Context, ID, Object, Result};
use domain::error::Error;

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
    publication::Publication,
    record::{City, Country, ProjectMonth, kind_name},
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

interface! {
    /// Any record that has an id.
    Node of [NodeFields] {
        Project, Organisation, Partner, Community, Pairing, StaffExchange, Visit, Event,
        ActionPlan, Policy, Champion, ChampionWorkshop, Guide, Video, Practice, Forum, BudgetLine,
        Call, Publication, Note, Source, Target, ReminderRule, ProjectMonth, City, Country, Person,
        Notification, Report,
    }
}

/// What all records with an id share; never made, only registered.
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
    /// The record of an id, as of today; none where there is none, or where the viewer may not see
    /// it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(ctx: &Context<'_>, id: &str) -> Result<Option<Self>> {
        let Some(id) = NodeId::decode(id) else {
            return Ok(None);
        };
        let reads = reads(ctx)?;
        let project = match reads.project_by_id(id.project).await {
            Ok(project) => project,
            Err(Error::NotFound(_)) => return Ok(None),
            Err(other) => return Err(error::of_domain(other)),
        };
        if !viewer(ctx).may_see(&project) {
            return Ok(None);
        }
        Self::in_view(ctx, &View::today(project, reads), &id).await
    }

    /// The record of an id in a project that the viewer may see; none where it has none, or where
    /// the viewer may not see it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn in_view(ctx: &Context<'_>, view: &View, id: &NodeId) -> Result<Option<Self>> {
        let (Some(row), true) = (id.uuid(), is_personal(&id.kind)) else {
            return Ok(Self::at(view, id));
        };
        let viewer = viewer(ctx);
        let has_role = viewer.has_role(view);
        let store = || reads(ctx).map(Reads::store);
        Ok(match id.kind.as_str() {
            "Notification" if viewer.coordinates(view) => {
                let mail = Notification::find(view, store()?, row).await?;
                mail.map(Self::from)
            }
            "Report" if has_role => Report::find(view, store()?, row).await?.map(Self::from),
            "Person" => {
                let mut people = view.people.iter();
                people
                    .find(|person| person.id.0 == row && viewer.may_see_person(view, person.id))
                    .map(|person| Person::new(view, person.id).into())
            }
            _ => None,
        })
    }

    fn at(view: &View, id: &NodeId) -> Option<Self> {
        let uuid = id.uuid();
        macro_rules! row {
            ($table:ident) => {
                view.$table.iter().find(|row| Some(row.id.0) == uuid)?
            };
        }
        Some(match id.kind.as_str() {
            "Project" => (uuid? == view.id().0).then(|| Project::new(view))?.into(),
            "Organisation" => Organisation::new(view, row!(organisations).id).into(),
            "City" => City::new(view, row!(organisations).id).into(),
            "Country" => {
                let code = Some(&id.row);
                let mut all = view.organisations.iter();
                all.find(|row| row.country.as_ref() == code)?;
                Country::new(view, &id.row).into()
            }
            "ProjectMonth" => {
                let number: u32 = id.row.parse().ok()?;
                view.months().find(|month| month.number == number)?;
                ProjectMonth::new(view, number).into()
            }
            "Partner" => Partner::new(view, row!(partners).id).into(),
            "Community" => Community::new(view, row!(communities).id).into(),
            "Pairing" => Pairing::new(view, row!(pairings).id).into(),
            "Practice" => Practice::new(view, row!(practices).id).into(),
            "Forum" => Forum::new(view, row!(forums)).into(),
            "BudgetLine" => BudgetLine::new(view, row!(budget_lines).id).into(),
            "Call" => Call::new(view, row!(open_calls)).into(),
            "Publication" => Publication::new(view, row!(publications)).into(),
            "Note" => Note::new(view, row!(notes)).into(),
            "Source" => Source::new(view, row!(sources).id).into(),
            "Target" => Target::new(view, row!(targets).id).into(),
            "ReminderRule" => ReminderRule::new(view, row!(reminder_rules)).into(),
            kind => {
                let row = row!(outputs);
                let is_of_kind = kind_name(row.kind) == kind;
                is_of_kind.then(|| Output::new(view, row)).flatten()?.into()
            }
        })
    }

    /// Whether a project has the record of an id, of the kind that the id says.
    #[must_use]
    pub fn is_there(project: &domain::project::Project, id: &NodeId) -> bool {
        let uuid = id.uuid();
        macro_rules! has {
            ($table:ident) => {
                project.$table.iter().any(|row| Some(row.id.0) == uuid)
            };
        }
        match id.kind.as_str() {
            "Project" => uuid == Some(project.id().0),
            "Organisation" => has!(organisations),
            "Person" => has!(people),
            "Partner" => has!(partners),
            "Community" => has!(communities),
            "Pairing" => has!(pairings),
            "Practice" => has!(practices),
            "Forum" => has!(forums),
            "BudgetLine" => has!(budget_lines),
            "Call" => has!(open_calls),
            "Publication" => has!(publications),
            "Note" => has!(notes),
            "Source" => has!(sources),
            "Target" => has!(targets),
            "ReminderRule" => has!(reminder_rules),
            "Evidence" => has!(evidence),
            "Endorsement" => has!(endorsements),
            kind => {
                let mut outputs = project.outputs.iter();
                outputs.any(|row| Some(row.id.0) == uuid && kind_name(row.kind) == kind)
            }
        }
    }

    /// The record that a note names, such as `partner:torino`; none where it was planned only later.
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
                let row = view.practices.iter().find(|row| row.key == key)?;
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

    /// What notes call the record of an opaque id.
    pub fn name_of(view: &View, id: &str) -> Option<String> {
        let id = NodeId::decode(id).filter(|id| id.project == view.id())?;
        let uuid = id.uuid();
        macro_rules! row {
            ($table:ident) => {
                view.$table.iter().find(|row| Some(row.id.0) == uuid)?
            };
        }
        let (kind, key) = match id.kind.as_str() {
            "Project" => ("project", view.key()),
            "Partner" => {
                let organisation = view.organisation_of(row!(partners).id);
                ("partner", organisation.key.as_str())
            }
            "Community" => ("community", row!(communities).key.as_str()),
            "Pairing" => ("pairing", row!(pairings).key.as_str()),
            "Practice" => ("practice", row!(practices).key.as_str()),
            "Target" => ("target", row!(targets).key.as_str()),
            _ => ("output", row!(outputs).key.as_str()),
        };
        Some(format!("{kind}:{key}"))
    }
}

/// Whether records of a kind are shown to the operator only.
fn is_personal(kind: &str) -> bool {
    ["Person", "Notification", "Report"].contains(&kind)
}
