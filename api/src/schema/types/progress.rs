//! Where targets stand on a day, with the records that make each number.

use std::sync::Arc;

use async_graphql::{ID, Object, Result, SimpleObject};
use domain::progress::{self, Item, Scope};
use entities::{TargetId, target};

use super::{
    community::{self, Community},
    partner::{self, Partner},
    record::CountedRecord,
    target::Target,
    vocabulary::{Stage, TargetStatus},
};
use crate::schema::base::{
    connection::{BY_POSITION, Connection, List, Page},
    error,
    scalar::{Date, DateTime, Quantity},
    view::View,
};

/// The scope that two arguments name.
pub fn scope(view: &View, community: Option<&ID>, partner: Option<&ID>) -> Result<Scope> {
    match (community, partner) {
        (None, None) => Ok(Scope::Project),
        (Some(name), None) => Ok(Scope::Community(community::named(view, "community", name)?)),
        (None, Some(name)) => Ok(Scope::Partner(partner::named(view, "partner", name)?)),
        (Some(_), Some(_)) => Err(error::bad_input(
            "partner",
            "it cannot stand beside community",
            "give one of them",
        )),
    }
}

/// Where targets stand on a day.
#[derive(Clone, Debug)]
pub struct Progress {
    view: View,
    scope: Scope,
    targets: Vec<TargetId>,
}

impl Progress {
    /// # Errors
    /// `BAD_USER_INPUT` where a key names no target.
    pub fn new(
        view: View,
        scope: Scope,
        headline: Option<bool>,
        keys: Option<&[String]>,
    ) -> Result<Self> {
        for key in keys.unwrap_or_default() {
            target_named(&view, "targets", key)?;
        }
        let wanted = |row: &&target::Model| {
            headline.is_none_or(|headline| headline == row.headline)
                && keys.is_none_or(|keys| keys.contains(&row.key))
        };
        let targets = view.targets.iter().filter(wanted).map(|row| row.id);
        let targets = targets.collect();
        Ok(Self {
            view,
            scope,
            targets,
        })
    }
}

/// The target of a key.
pub fn target_named<'a>(
    view: &'a View,
    argument: &'static str,
    key: &str,
) -> Result<&'a target::Model> {
    view.target_by_key(key).ok_or_else(|| {
        let keys: Vec<_> = view.targets.iter().map(|row| row.key.as_str()).collect();
        let right = format!("give one of {}", keys.join(", "));
        error::bad_input(argument, format!("there is no target {key:?}"), &right)
    })
}

/// Where targets stand on a day.
#[Object]
impl Progress {
    /// The day: steps effective after it are not seen.
    async fn as_of(&self) -> Date {
        Date(self.view.as_of.day)
    }

    /// The instant by which a step had to be recorded to be seen; null: all are.
    async fn known_at(&self) -> Option<DateTime> {
        self.view.as_of.known_at.map(DateTime)
    }

    /// The community that the figures are of; null for others.
    async fn community(&self) -> Option<Community> {
        community(&self.view, self.scope)
    }

    /// The partner that the figures are of; null for others.
    async fn partner(&self) -> Option<Partner> {
        partner(&self.view, self.scope)
    }

    /// Whether each of these targets that is counted or summed equals the sum of its parts over the
    /// whole project, by community and by partner, at every stage.
    async fn reconciles(&self) -> bool {
        self.targets.iter().all(|id| {
            let target = self.view.target(*id);
            progress::reconciles(&self.view, target, self.view.as_of) != Some(false)
        })
    }

    /// One figure for each target, in the project's order.
    async fn figures(&self) -> Vec<Figure> {
        self.targets
            .iter()
            .map(|id| {
                let target = self.view.target(*id);
                let figure = progress::figure(&self.view, target, self.view.as_of, self.scope);
                Figure::new(&self.view, &figure)
            })
            .collect()
    }
}

fn community(view: &View, scope: Scope) -> Option<Community> {
    match scope {
        Scope::Community(id) => Some(Community::new(view, id)),
        _ => None,
    }
}

fn partner(view: &View, scope: Scope) -> Option<Partner> {
    match scope {
        Scope::Partner(id) => Some(Partner::new(view, id)),
        _ => None,
    }
}

/// Where one target stands.
#[derive(Clone, Debug)]
pub struct Figure {
    view: View,
    target: TargetId,
    scope: Scope,
    goal: Option<i64>,
    planned: Option<i64>,
    reported: Option<i64>,
    verified: Option<i64>,
    measured: Option<i64>,
    share: Option<f64>,
    verified_share: Option<f64>,
    status: Option<TargetStatus>,
    due_on: Date,
    items: Arc<[Item]>,
}

impl Figure {
    pub fn new(view: &View, figure: &progress::Figure<'_>) -> Self {
        Self {
            view: view.clone(),
            target: figure.target.id,
            scope: figure.scope,
            goal: figure.goal,
            planned: figure.planned,
            reported: figure.reported,
            verified: figure.verified,
            measured: figure.measured,
            share: figure.share(),
            verified_share: figure.verified_share(),
            status: figure.status,
            due_on: Date(figure.due_on),
            items: figure.items.as_slice().into(),
        }
    }

    /// The parts of a figure of the whole project; a part has none.
    fn parts(
        &self,
        split: impl for<'a> Fn(&'a View, &'a target::Model) -> progress::Breakdown<'a>,
    ) -> Option<Breakdown> {
        if self.scope != Scope::Project {
            return None;
        }
        let breakdown = split(&self.view, self.view.target(self.target));
        Some(Breakdown {
            parts: breakdown
                .parts
                .iter()
                .map(|part| Self::new(&self.view, part))
                .collect(),
            unattributed: Self::new(&self.view, &breakdown.unattributed),
        })
    }
}

/// Where one target stands. What is planned contains what is reported, which contains what is
/// verified. Values are in the target's unit; null where nothing is measured, which is not 0.
#[Object]
impl Figure {
    /// The target.
    async fn target(&self) -> Target {
        Target::new(&self.view, self.target)
    }

    /// The community that the figure is of; null for others.
    async fn community(&self) -> Option<Community> {
        community(&self.view, self.scope)
    }

    /// The partner that the figure is of; null for others.
    async fn partner(&self) -> Option<Partner> {
        partner(&self.view, self.scope)
    }

    /// Everything that is meant to count and was not cancelled.
    async fn planned(&self) -> Option<Quantity> {
        self.planned.map(Quantity)
    }

    /// What is said to be done, with the evidence that the rule asks for.
    async fn reported(&self) -> Option<Quantity> {
        self.reported.map(Quantity)
    }

    /// What was accepted.
    async fn verified(&self) -> Option<Quantity> {
        self.verified.map(Quantity)
    }

    /// What the figure is held against: the target's value; inside a community or a partner, what is
    /// planned there.
    async fn goal(&self) -> Option<Quantity> {
        self.goal.map(Quantity)
    }

    /// For a norm: how many of the reported records could be measured.
    async fn measured(&self) -> Option<Quantity> {
        self.measured.map(Quantity)
    }

    /// Reported over the goal; for a norm, over what could be measured. Never capped: 1.25 is a
    /// quarter more than was promised.
    async fn share(&self) -> Option<f64> {
        self.share
    }

    /// Verified over the goal; for a norm, over what could be measured. Never capped.
    async fn verified_share(&self) -> Option<f64> {
        self.verified_share
    }

    /// Whether it is on its way, by what is reported; null where nothing is measured.
    async fn status(&self) -> Option<TargetStatus> {
        self.status
    }

    /// The day by which it should be met.
    async fn due_on(&self) -> Date {
        self.due_on
    }

    /// Whether the project's figure equals the sum of its parts, by community and by partner, at
    /// every stage; null where parts overlap or nothing is measured.
    async fn reconciles(&self) -> Option<bool> {
        let target = self.view.target(self.target);
        progress::reconciles(&self.view, target, self.view.as_of)
    }

    /// The figure by community; null for a figure that is itself a part.
    async fn by_community(&self) -> Option<Breakdown> {
        self.parts(|view, target| progress::by_community(view, target, view.as_of))
    }

    /// The figure by the partner that leads; null for a figure that is itself a part.
    async fn by_partner(&self) -> Option<Breakdown> {
        self.parts(|view, target| progress::by_partner(view, target, view.as_of))
    }

    /// Exactly the records that make the figure.
    async fn items(
        &self,
        #[graphql(
            desc = "Of which stage: those that make `planned`, `reported` or `verified`.",
            default_with = "Stage::Reported"
        )]
        stage: Stage,
        #[graphql(desc = "At most so many from the front: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "At most so many from the back: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<CountedRecord, ItemFacts>>> {
        let page = Page {
            first,
            after,
            last,
            before,
        };
        let at_stage = |item: &&Item| item.stage >= stage;
        let items = self.items.iter().filter(at_stage).filter_map(|item| {
            let facts = ItemFacts {
                stage: item.stage,
                amount: item.amount.map(Quantity),
                overdue: item.overdue,
            };
            let node = CountedRecord::of(&self.view, &item.record)?;
            Some((place(&self.view, &item.record), node, facts))
        });
        List::with_extras(BY_POSITION, items).page(&page).map(Some)
    }
}

/// Where a counted record stands among those of its kind.
fn place(
    view: &View,
    record: &domain::project::RecordRef,
) -> Vec<crate::schema::base::connection::Part> {
    use domain::project::RecordRef;
    let position = match record {
        RecordRef::Output(id) => view.output(*id).position.into(),
        RecordRef::Partner(id) => view.partner(*id).position.into(),
        RecordRef::Community(id) => view.community(*id).position.into(),
        RecordRef::BudgetLine(id) => view.budget_line(*id).position.into(),
        RecordRef::ProjectMonth(number) => i64::from(*number).into(),
        RecordRef::City(id) => view.organisation(*id).key.as_str().into(),
        RecordRef::Country(code) => code.as_str().into(),
    };
    vec![position, record.to_string().into()]
}

/// How a record counts towards a figure.
#[derive(Clone, Debug, SimpleObject)]
pub struct ItemFacts {
    /// How far the record is, as the rule counts it: without the evidence that the rule asks for, a
    /// reported record is only planned.
    stage: Stage,
    /// What it adds to a sum, in minor units; null where the amount is not known or nothing is
    /// summed.
    amount: Option<Quantity>,
    /// Whether it should have been reported by now.
    overdue: bool,
}

/// A figure in parts.
#[derive(Clone, Debug, SimpleObject)]
pub struct Breakdown {
    /// One figure for each community, or for each partner, also where nothing is counted.
    parts: Vec<Figure>,
    /// What belongs to none of the parts.
    unattributed: Figure,
}

/// A figure at the end of a project month.
#[derive(Clone, Debug, SimpleObject)]
pub struct ProgressPoint {
    /// 1 for M1.
    month: u32,
    /// The month's last day; in the last point the day that was asked for, if that is earlier.
    day: Date,
    /// Everything that was meant to count by then.
    planned: Option<Quantity>,
    /// What was reported by then.
    reported: Option<Quantity>,
    /// What was verified by then.
    verified: Option<Quantity>,
}

/// A target's figure at the end of each project month that had begun by the view's day.
pub fn series(view: &View, target: &target::Model, scope: Scope) -> Vec<ProgressPoint> {
    progress::series(view, target, view.as_of, scope)
        .into_iter()
        .map(|point| ProgressPoint {
            month: point.month,
            day: Date(point.day),
            planned: point.planned.map(Quantity),
            reported: point.reported.map(Quantity),
            verified: point.verified.map(Quantity),
        })
        .collect()
}
