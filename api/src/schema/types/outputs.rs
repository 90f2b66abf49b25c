//! Lists of outputs: filter, order, and the project's connections over each kind.

use std::cell::LazyCell;

use async_graphql::{Enum, ID, InputObject, Result, meter::records};
use domain::project::Titles;
use entities::{CommunityId, PartnerId, output};

use super::{
    action_plan::ActionPlan,
    champion::Champion,
    champion_workshop::ChampionWorkshop,
    community,
    event::Event,
    guide::Guide,
    output::{Output, is_overdue},
    partner,
    policy::Policy,
    staff_exchange::StaffExchange,
    video::Video,
    visit::Visit,
    vocabulary::{OutputKind, OutputState},
};
use crate::schema::base::{
    collation::Collation,
    connection::{Connection, Key, List, Order, Part, connections},
    order::Direction,
    scalar::Date,
    view::View,
};

/// A filter of outputs. All conditions must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OutputFilter {
    /// Only outputs of one of these kinds.
    kinds: Option<Vec<OutputKind>>,
    /// Only outputs in one of these states on the project's `asOf`.
    states: Option<Vec<OutputState>>,
    /// Only outputs of this community: its key, such as `cop2`, or its id.
    community: Option<ID>,
    /// Only outputs that this partner leads: its organisation's key, such as `torino`, or its id.
    lead: Option<ID>,
    /// Only outputs that this partner hosts: its organisation's key or its id.
    host: Option<ID>,
    /// Only outputs that this partner leads, hosts, organises, exchanges staff for or takes part
    /// in: its organisation's key or its id.
    involves: Option<ID>,
    /// Only outputs that start on this day or later. An output whose start is known only to the
    /// month or year matches if the whole month or year does.
    starts_from: Option<Date>,
    /// Only outputs that start on this day or earlier. An output whose start is known only to the
    /// month or year matches if the whole month or year does.
    starts_until: Option<Date>,
    /// True: only overdue outputs; false: only outputs that are not overdue.
    overdue: Option<bool>,
}

/// The order of a list of outputs. Unknown values come last.
#[derive(Clone, Debug, InputObject)]
pub struct OutputOrder {
    /// The sort field.
    by: OutputOrderBy,
    /// The sort direction; ascending if left out.
    #[graphql(default)]
    direction: Direction,
    /// The language whose titles, and whose alphabetical order, TITLE goes by; the project's default if
    /// left out.
    locale: Option<String>,
}

/// The sort field of outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OutputOrderBy {
    /// The order of the records in the project.
    Position,
    /// The start. A start that is known only to the month comes before the days of that month.
    StartsOn,
    /// The due day of the report.
    DueOn,
    /// The title in the language of `locale` and in its alphabetical order.
    Title,
    /// The state.
    State,
}

/// A filter of outputs, with the keys and ids in it resolved.
struct Match {
    filter: OutputFilter,
    community: Option<CommunityId>,
    lead: Option<PartnerId>,
    host: Option<PartnerId>,
    involves: Option<PartnerId>,
}

impl Match {
    fn new(view: &View, filter: OutputFilter) -> Result<Self> {
        let partner = |argument, name: &Option<ID>| {
            name.as_ref()
                .map(|name| partner::named(view, argument, name))
                .transpose()
        };
        Ok(Self {
            community: filter
                .community
                .as_ref()
                .map(|name| community::named(view, "filter.community", name))
                .transpose()?,
            lead: partner("filter.lead", &filter.lead)?,
            host: partner("filter.host", &filter.host)?,
            involves: partner("filter.involves", &filter.involves)?,
            filter,
        })
    }

    fn fits(&self, view: &View, row: &output::Model) -> bool {
        let Some(standing) = view.standing(row, view.as_of) else {
            return false;
        };
        let filter = &self.filter;
        let is = |wanted: &Option<_>, found| wanted.is_none() || *wanted == found;
        filter
            .kinds
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&row.kind))
            && filter
                .states
                .as_ref()
                .is_none_or(|states| states.contains(&standing.state))
            && (self.community.is_none() || self.community == row.community_id)
            && is(&self.lead, row.lead_id)
            && is(&self.host, row.host_id)
            && self
                .involves
                .is_none_or(|partner| involves(view, row, partner))
            && filter.starts_from.is_none_or(|from| {
                standing
                    .starts
                    .is_some_and(|starts| starts.first_day() >= from.0)
            })
            && filter.starts_until.is_none_or(|until| {
                standing
                    .starts
                    .is_some_and(|starts| starts.last_day() <= until.0)
            })
            && filter
                .overdue
                .is_none_or(|overdue| overdue == is_overdue(view, row, &standing))
    }
}

/// Whether a partner leads, hosts, organises, exchanges staff for or takes part in an output.
pub fn involves(view: &View, row: &output::Model, partner: PartnerId) -> bool {
    let some = Some(partner);
    row.lead_id == some
        || row.host_id == some
        || view
            .visit(row.id)
            .is_some_and(|visit| visit.organiser_id == some)
        || view.staff_exchange(row.id).is_some_and(|exchange| {
            view.parties_of(exchange.pairing_id)
                .iter()
                .any(|party| party.partner_id == partner)
        })
        || view
            .participations_of(row.id)
            .iter()
            .any(|row| row.partner_id == some)
}

fn order_of(order: Option<&OutputOrder>) -> Order {
    let Some(order) = order else {
        return crate::schema::base::connection::BY_POSITION;
    };
    let name = match order.by {
        OutputOrderBy::Position => "position",
        OutputOrderBy::StartsOn => "startsOn",
        OutputOrderBy::DueOn => "dueOn",
        OutputOrderBy::Title => "title",
        OutputOrderBy::State => "state",
    };
    Order {
        name,
        descending: order.direction == Direction::Descending,
    }
}

fn key(
    view: &View,
    row: &output::Model,
    by: OutputOrderBy,
    titled: impl Fn(&output::Model) -> String,
) -> Key {
    let standing = view.standing(row, view.as_of);
    let part: Part = match by {
        OutputOrderBy::Position => row.position.into(),
        OutputOrderBy::StartsOn => standing
            .and_then(|standing| standing.starts)
            .map(|starts| starts.to_string())
            .into(),
        OutputOrderBy::DueOn => standing
            .map(|standing| view.due_on(row, &standing).to_string())
            .into(),
        OutputOrderBy::Title => titled(row).into(),
        OutputOrderBy::State => standing
            .map(|standing| i64::from(standing.state as u8))
            .into(),
    };
    vec![part, row.position.into(), row.id.to_string().into()]
}

/// The outputs that match a filter, in order, each as the object of its kind.
pub fn list<T>(
    view: &View,
    filter: Option<OutputFilter>,
    order: Option<OutputOrder>,
    make: impl Fn(&View, &output::Model) -> Option<T>,
) -> Result<List<T>> {
    let matcher = Match::new(view, filter.unwrap_or_default())?;
    let by = order
        .as_ref()
        .map_or(OutputOrderBy::Position, |order| order.by);
    // Each output's state is worked out for the filter, and its title for the order.
    let each = if by == OutputOrderBy::Title { 16 } else { 4 };
    records(each * view.outputs.len());
    let sorted = order_of(order.as_ref());
    let locale = order.and_then(|order| order.locale);
    let locale = locale.as_deref().unwrap_or(view.default_locale());
    let rows = view.outputs.iter().filter(|row| matcher.fits(view, row));
    let collation = LazyCell::new(|| Collation::of(locale));
    let titled = |row: &output::Model| collation.key(&Titles::new(view, locale).output(row));
    let items = rows.filter_map(|row| Some((key(view, row, by, titled), make(view, row)?)));
    Ok(List::new(sorted, items))
}

/// The project's connections over its outputs.
#[derive(Clone, Debug)]
pub struct ProjectOutputs(pub View);

type Filter = Option<OutputFilter>;
type Ordered = Option<OutputOrder>;

macro_rules! lists {
    ($($name:ident: $kind:ident;)+) => {
        impl ProjectOutputs {
            fn list_outputs(&self, filter: Filter, order: Ordered) -> Result<List<Output>> {
                list(&self.0, filter, order, Output::new)
            }

            $(fn $name(&self, filter: Filter, order: Ordered) -> Result<List<$kind>> {
                list(&self.0, filter, order, |view, row| $kind::new(view, row.id))
            })+
        }
    };
}

lists! {
    list_staff_exchanges: StaffExchange;
    list_visits: Visit;
    list_events: Event;
    list_action_plans: ActionPlan;
    list_policies: Policy;
    list_champions: Champion;
    list_champion_workshops: ChampionWorkshop;
    list_guides: Guide;
    list_videos: Video;
}

connections! {
    /// The project's connections over its outputs.
    ProjectOutputs {
        /// Outputs of all kinds. Outputs planned after the project's `asOf` are left out, here and
        /// in the lists of each kind.
        outputs(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<Output> = list_outputs;
        /// Staff exchanges: each is one leg, with one host.
        staff_exchanges(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<StaffExchange> = list_staff_exchanges;
        /// Thematic cluster visits.
        visits(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<Visit> = list_visits;
        /// Conferences and meetings.
        events(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<Event> = list_events;
        /// Action plans, strategies and pacts.
        action_plans(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<ActionPlan> = list_action_plans;
        /// Policies put into practice.
        policies(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<Policy> = list_policies;
        /// Trained integration champions.
        champions(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<Champion> = list_champions;
        /// Workshops held by the champions.
        champion_workshops(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<ChampionWorkshop> = list_champion_workshops;
        /// How-to guides.
        guides(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<Guide> = list_guides;
        /// Videos.
        videos(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<Video> = list_videos;
    }
}
