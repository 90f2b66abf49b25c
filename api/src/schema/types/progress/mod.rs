//! The progress of targets on a day, with the records that each figure counts.

mod points;

use std::sync::Arc;

use async_graphql::{ID, Object, Result, SimpleObject, meter::work};
use domain::{
    brief::status_code,
    progress::{self, Item, Risk, Scope},
};
use entities::{TargetId, target};

use super::{
    community::{self, Community},
    partner::{self, Partner},
    record::CountedRecord,
    target::Target,
    vocabulary::{Stage, TargetStatus, TargetUnit},
};
use crate::schema::base::{
    connection::{BY_POSITION, Connection, List, Page},
    error,
    scalar::{Date, DateTime, Quantity},
    view::View,
};

pub use points::{ProgressPoint, series};

/// The scope of figures, from the arguments `community` and `partner`.
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

/// The progress of targets on a day.
#[derive(Clone, Debug)]
pub struct Progress {
    view: View,
    scope: Scope,
    targets: Vec<TargetId>,
}

impl Progress {
    /// # Errors
    /// `BAD_USER_INPUT` if there is no target of a key.
    pub fn new(
        view: View,
        scope: Scope,
        headline: Option<bool>,
        keys: Option<&[String]>,
    ) -> Result<Self> {
        for key in keys.unwrap_or_default() {
            target_named(&view, "targets", key)?;
        }
        let matches = |row: &&target::Model| {
            headline.is_none_or(|headline| headline == row.headline)
                && keys.is_none_or(|keys| keys.contains(&row.key))
        };
        let targets = view.targets.iter().filter(matches).map(|row| row.id);
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

/// The progress of targets on a day.
#[Object]
impl Progress {
    /// The day of the figures; later steps are ignored.
    async fn as_of(&self) -> Date {
        Date(self.view.as_of.day)
    }

    /// The instant after which recorded steps are ignored; null to see all.
    async fn known_at(&self) -> Option<DateTime> {
        self.view.as_of.known_at.map(DateTime)
    }

    /// The community whose records are counted; null if the figures are not limited to one.
    async fn community(&self) -> Option<Community> {
        community(&self.view, self.scope)
    }

    /// The partner whose records are counted; null if the figures are not limited to one.
    async fn partner(&self) -> Option<Partner> {
        partner(&self.view, self.scope)
    }

    /// Whether each of these targets that is counted or summed equals the sum of its parts over the
    /// whole project, by community and by partner, at every stage.
    async fn reconciles(&self) -> bool {
        for id in &self.targets {
            work(all_parts(&self.view)).await;
            let target = self.view.target(*id);
            if progress::reconciles(&self.view, target, self.view.as_of) == Some(false) {
                return false;
            }
        }
        true
    }

    /// One figure for each target, in the project's order.
    async fn figures(&self) -> Vec<Figure> {
        let mut figures = Vec::with_capacity(self.targets.len());
        for id in &self.targets {
            work(self.view.outputs.len()).await;
            let target = self.view.target(*id);
            let figure = progress::figure(&self.view, target, self.view.as_of, self.scope);
            figures.push(Figure::new(&self.view, &figure));
        }
        figures
    }
}

/// The number of records that are gone through to divide a figure into parts: all outputs once, and
/// for each part those that its target counts, which are taken to be an eighth.
fn divided(view: &View, parts: usize) -> usize {
    view.outputs.len() * (1 + parts.div_ceil(8))
}

/// The same for the parts by community and by partner.
fn all_parts(view: &View) -> usize {
    divided(view, view.communities.len() + view.partners.len())
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

/// The figure of a target.
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
    due_by_now: Option<i64>,
    missing: Option<i64>,
    risk: Risk,
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
            due_by_now: figure.due_by_now,
            missing: figure.missing(),
            risk: figure.risk(),
            items: figure.items.as_slice().into(),
        }
    }

    /// The parts of a figure of the whole project; a part has none.
    async fn parts(
        &self,
        number: usize,
        split: impl for<'a> Fn(&'a View, &'a target::Model) -> progress::Breakdown<'a>,
    ) -> Option<Breakdown> {
        if self.scope != Scope::Project {
            return None;
        }
        work(divided(&self.view, number)).await;
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

/// The figure of a target. `planned` includes `reported`, which includes `verified`. Values are in
/// the target's unit, money in minor units; null if nothing is measured, which differs from 0.
#[Object]
impl Figure {
    /// The target.
    async fn target(&self) -> Target {
        Target::new(&self.view, self.target)
    }

    /// The community whose records are counted; null if the figure is not limited to one.
    async fn community(&self) -> Option<Community> {
        community(&self.view, self.scope)
    }

    /// The partner whose records are counted; null if the figure is not limited to one.
    async fn partner(&self) -> Option<Partner> {
        partner(&self.view, self.scope)
    }

    /// Planned records that were not cancelled.
    async fn planned(&self) -> Option<Quantity> {
        self.planned.map(Quantity)
    }

    /// Reported records that have the evidence that the rule requires.
    async fn reported(&self) -> Option<Quantity> {
        self.reported.map(Quantity)
    }

    /// Verified records.
    async fn verified(&self) -> Option<Quantity> {
        self.verified.map(Quantity)
    }

    /// The goal: the target's value. For a community or a partner, the value of `planned`.
    async fn goal(&self) -> Option<Quantity> {
        self.goal.map(Quantity)
    }

    /// For a norm: the number of reported records that could be measured.
    async fn measured(&self) -> Option<Quantity> {
        self.measured.map(Quantity)
    }

    /// `reported` divided by the goal; for a norm, by the measured records. It may exceed 1.
    async fn share(&self) -> Option<f64> {
        self.share
    }

    /// `verified` divided by the goal; for a norm, by the measured records. It may exceed 1.
    async fn verified_share(&self) -> Option<f64> {
        self.verified_share
    }

    /// The status, which depends on `reported`; null if nothing is measured.
    async fn status(&self) -> Option<TargetStatus> {
        self.status
    }

    /// The status in words: what is overdue, what has not begun, how much is not planned. Null if
    /// there is no status.
    async fn reason(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<String> {
        let locale = locale.as_deref().unwrap_or(self.view.default_locale());
        let target = self.view.target(self.target);
        let number = |number: i64| match target.unit {
            // In whole units of the currency.
            TargetUnit::Money => (number / 100).to_string(),
            _ => number.to_string(),
        };
        let missing = self.risk.missing.zip(self.goal);
        let reason = i18n::Reason {
            status: status_code(self.status?),
            overdue: self.risk.overdue,
            unbegun: self.risk.unbegun,
            missing: missing.map(|(missing, goal)| (number(missing), number(goal))),
            plan_by_percent: target.plan_by_percent,
        };
        Some(reason.words(locale))
    }

    /// The day by which the goal is due.
    async fn due_on(&self) -> Date {
        self.due_on
    }

    /// The part of `planned` that the plan promised by `asOf`, by the planned windows and not by the
    /// dates to which records were moved since. Null for a norm, or if nothing is measured.
    async fn due_by_now(&self) -> Option<Quantity> {
        self.due_by_now.map(Quantity)
    }

    /// The part of the goal that is not planned yet. Null for a norm, or if nothing is measured.
    async fn missing(&self) -> Option<Quantity> {
        self.missing.map(Quantity)
    }

    /// The figure at the end of each project month begun by `asOf`; the last point is that of `asOf`.
    async fn series(&self) -> Vec<ProgressPoint> {
        let target = self.view.target(self.target);
        series(&self.view, target, self.scope).await
    }

    /// Whether the project's figure equals the sum of its parts, by community and by partner, at
    /// every stage; null if parts overlap or nothing is measured.
    async fn reconciles(&self) -> Option<bool> {
        work(all_parts(&self.view)).await;
        let target = self.view.target(self.target);
        progress::reconciles(&self.view, target, self.view.as_of)
    }

    /// The figure by community; null for a figure that is itself a part.
    async fn by_community(&self) -> Option<Breakdown> {
        let communities = self.view.communities.len();
        self.parts(communities, |view, target| {
            progress::by_community(view, target, view.as_of)
        })
        .await
    }

    /// The figure by the partner that leads; null for a figure that is itself a part.
    async fn by_partner(&self) -> Option<Breakdown> {
        let partners = self.view.partners.len();
        self.parts(partners, |view, target| {
            progress::by_partner(view, target, view.as_of)
        })
        .await
    }

    /// The records that the figure counts.
    async fn items(
        &self,
        #[graphql(
            desc = "The stage: the records that `planned`, `reported` or `verified` counts.",
            default_with = "Stage::Reported"
        )]
        stage: Stage,
        #[graphql(desc = "Returns at most the first n records: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only records after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns at most the last n records: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Returns only records before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<CountedRecord, ItemFacts>>> {
        let page = Page {
            first,
            after,
            last,
            before,
        };
        work(self.items.len()).await;
        let at_stage = |item: &&Item| item.stage >= stage;
        let items = self.items.iter().filter(at_stage).filter_map(|item| {
            let facts = ItemFacts {
                stage: item.stage,
                amount: item.amount.map(Quantity),
                overdue: item.lack.overdue,
                not_begun: item.lack.unbegun,
                due: item.promised,
            };
            let node = CountedRecord::of(&self.view, &item.record)?;
            Some((place(&self.view, &item.record), node, facts))
        });
        List::with_extras(BY_POSITION, items).page(&page).map(Some)
    }
}

/// The sort key of a counted record among those of its kind.
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
    /// The stage of the record by the rule: a reported record without the evidence that the rule
    /// requires counts as planned.
    stage: Stage,
    /// The amount that it adds to a sum, in minor units; null if it is not known or nothing is
    /// summed.
    amount: Option<Quantity>,
    /// Whether what it owes is overdue: its report, or its days before its planned window begins.
    overdue: bool,
    /// Whether it is due within its lead time, and nothing shows that it has begun: no step beyond
    /// planned, no days, no stage with a day.
    not_begun: bool,
    /// Whether the plan promised it by `asOf`.
    due: bool,
}

/// A figure divided into parts.
#[derive(Clone, Debug, SimpleObject)]
pub struct Breakdown {
    /// One figure for each community or partner, including those without records.
    parts: Vec<Figure>,
    /// The figure of records that belong to none of the parts.
    unattributed: Figure,
}
