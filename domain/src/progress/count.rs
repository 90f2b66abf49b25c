//! Counting: the records that a counting rule considers, and the figure that its measure
//! calculates.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entities::*;

use super::{Item, Lack, Scope, Stage};
use crate::project::{AsOf, Project, RecordRef, Standing, State};

/// The member states of the European Union since 1 February 2020, by ISO 3166-1.
pub const MEMBER_STATES: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// A candidate: a record that a rule considers, with the values that a measure may need.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    record: RecordRef,
    stage: Stage,
    community: Option<CommunityId>,
    partner: Option<PartnerId>,
    amount: Option<i64>,
    days: Option<i64>,
    cities: Vec<OrganisationId>,
    promised_on: NaiveDate,
    lack: Lack,
}

impl Candidate {
    pub(super) fn is_in(&self, scope: Scope) -> bool {
        match scope {
            Scope::Project => true,
            Scope::Community(id) => self.community == Some(id),
            Scope::NoCommunity => self.community.is_none(),
            Scope::Partner(id) => self.partner == Some(id),
            Scope::NoPartner => self.partner.is_none(),
        }
    }

    fn new(record: RecordRef, stage: Stage, promised_on: NaiveDate) -> Self {
        Self {
            record,
            stage,
            promised_on,
            lack: Lack::default(),
            community: None,
            partner: None,
            amount: None,
            days: None,
            cities: Vec::new(),
        }
    }
}

/// The figure that a rule calculates from its candidates.
pub(super) struct Outcome {
    pub planned: Option<i64>,
    pub reported: Option<i64>,
    pub verified: Option<i64>,
    pub measured: Option<i64>,
    /// What the plan promised by the day of the read.
    pub due: Option<i64>,
    pub items: Vec<Item>,
}

/// The candidates of a target's rule, as of a day.
pub(super) fn candidates(project: &Project, target: &target::Model, as_of: AsOf) -> Vec<Candidate> {
    let rule = &target.rule;
    match &rule.of {
        None => Vec::new(),
        Some(Counted::Output { .. }) => project
            .outputs
            .iter()
            .filter(|output| project.counts_towards(target, output))
            .filter_map(|output| of_output(project, rule, output, as_of))
            .collect(),
        Some(Counted::Partner { kinds }) => project
            .partners
            .iter()
            .filter(|partner| kinds.contains(&partner.kind))
            .filter_map(|partner| of_partner(project, partner, as_of.day))
            .collect(),
        Some(Counted::Community {}) => project
            .communities
            .iter()
            .map(|community| Candidate {
                community: Some(community.id),
                ..since_start(project, RecordRef::Community(community.id), as_of.day)
            })
            .collect(),
        Some(Counted::BudgetLine { kinds, partner }) => project
            .budget_lines
            .iter()
            .filter(|line| kinds.contains(&line.kind))
            .filter(|line| {
                partner.as_ref().is_none_or(|key| {
                    line.partner_id
                        .is_some_and(|id| project.organisation_of(id).key == *key)
                })
            })
            .map(|line| Candidate {
                partner: line.partner_id,
                amount: line.amount_minor,
                ..since_start(project, RecordRef::BudgetLine(line.id), as_of.day)
            })
            .collect(),
        Some(Counted::ProjectMonth {}) => project
            .months()
            .map(|month| {
                let is_over = month.last_day <= as_of.day;
                let stage = if is_over {
                    Stage::Reported
                } else {
                    Stage::Planned
                };
                let record = RecordRef::ProjectMonth(month.number);
                Candidate::new(record, stage, month.last_day)
            })
            .collect(),
    }
}

/// A record that counts from the project's first day on.
fn since_start(project: &Project, record: RecordRef, day: NaiveDate) -> Candidate {
    let starts_on = project.project.starts_on;
    let stage = if day < starts_on {
        Stage::Planned
    } else {
        Stage::Reported
    };
    Candidate::new(record, stage, starts_on)
}

fn of_output(
    project: &Project,
    rule: &Rule,
    output: &output::Model,
    as_of: AsOf,
) -> Option<Candidate> {
    let standing = project.standing(output, as_of)?;
    let is_evident = !project.lacking(rule, output, as_of).any();
    let stage = match standing.state {
        State::Cancelled => return None,
        State::Reported if is_evident => Stage::Reported,
        State::Verified if is_evident => Stage::Verified,
        _ => Stage::Planned,
    };
    Some(Candidate {
        community: output.community_id,
        partner: output.lead_id,
        amount: project
            .policy(output.id)
            .and_then(|policy| policy.grant_minor),
        days: days(output, &standing),
        cities: cities(project, output),
        lack: match stage {
            Stage::Planned => lack(project, output, &standing, as_of),
            Stage::Reported | Stage::Verified => Lack::default(),
        },
        ..Candidate::new(
            RecordRef::Output(output.id),
            stage,
            project.promised_on(output),
        )
    })
}

/// What an output that does not count as reported lacks.
fn lack(project: &Project, output: &output::Model, standing: &Standing<'_>, as_of: AsOf) -> Lack {
    let due = project.due_of(output, standing, as_of);
    let is_asked_for = due.is_some_and(|due| due.asked_from <= as_of.day);
    Lack {
        overdue: due.is_some_and(|due| due.is_overdue),
        unbegun: is_asked_for && !project.has_begun(output, standing, as_of),
    }
}

/// A partner counts while it is in the project; from the project's start if its first day is not
/// known.
fn of_partner(project: &Project, partner: &partner::Model, day: NaiveDate) -> Option<Candidate> {
    let joined = partner.joined_on.unwrap_or(project.project.starts_on);
    let joins_later = partner.joined_on.is_some_and(|joined| joined > day);
    if joins_later || partner.left_on.is_some_and(|left| left <= day) {
        return None;
    }
    let mut communities = project
        .communities_of(partner.id)
        .map(|community| community.id);
    let community = communities.next().filter(|_| communities.next().is_none());
    let organisation = project.organisation(partner.organisation_id);
    let is_city = organisation.kind == OrganisationKind::City;
    Some(Candidate {
        community,
        partner: Some(partner.id),
        cities: if is_city {
            vec![organisation.id]
        } else {
            Vec::new()
        },
        ..Candidate::new(
            RecordRef::Partner(partner.id),
            if joined <= day {
                Stage::Reported
            } else {
                Stage::Planned
            },
            joined,
        )
    })
}

/// The duration in days: from the first day to the last, else as stated.
fn days(output: &output::Model, standing: &Standing<'_>) -> Option<i64> {
    let day = |date: Option<PartialDate>| date.and_then(PartialDate::day);
    match (day(standing.starts), day(standing.ends)) {
        (Some(first), Some(last)) => Some((last - first).num_days() + 1),
        _ => output.days.map(i64::from),
    }
}

/// The cities of an output: those that host an exchange or a visit; else the leading city, or the
/// cities that take part through a leading partner that is not a city.
fn cities(project: &Project, output: &output::Model) -> Vec<OrganisationId> {
    if matches!(output.kind, OutputKind::StaffExchange | OutputKind::Visit) {
        return project.host_cities(output);
    }
    let Some(lead) = output.lead_id else {
        return Vec::new();
    };
    if project.organisation_of(lead).kind == OrganisationKind::City {
        return vec![project.partner(lead).organisation_id];
    }
    project
        .acting_through(lead)
        .map(|partner| partner.organisation_id)
        .collect()
}

/// Applies a target's measure to some of its candidates.
pub(super) fn measure(
    project: &Project,
    target: &target::Model,
    candidates: &[&Candidate],
    as_of: AsOf,
) -> Outcome {
    let item = |candidate: &Candidate| Item {
        record: candidate.record.clone(),
        stage: candidate.stage,
        amount: candidate.amount,
        promised: as_of.is_after(candidate.promised_on),
        lack: candidate.lack,
    };
    let plain = || candidates.iter().map(|one| item(one)).collect::<Vec<_>>();
    match target.rule.measure {
        Measure::NotMeasured => Outcome {
            planned: None,
            reported: None,
            verified: None,
            measured: None,
            due: None,
            items: vec![],
        },
        Measure::Count => counted(plain(), None),
        Measure::SumAmount => summed(plain()),
        Measure::DistinctCity => counted(
            distinct(candidates, item, |city| Some(RecordRef::City(city))),
            None,
        ),
        Measure::DistinctMemberState => counted(
            distinct(candidates, item, |city| {
                let country = project.organisation(city).country.as_ref()?;
                MEMBER_STATES
                    .contains(&country.as_str())
                    .then(|| RecordRef::Country(country.clone()))
            }),
            None,
        ),
        Measure::NormDays => {
            let measured = candidates
                .iter()
                .filter(|one| one.stage >= Stage::Reported && one.days.is_some())
                .count();
            let counting = candidates
                .iter()
                .filter(|one| one.days.is_some_and(|d| d >= target.value));
            counted(
                counting.map(|one| item(one)).collect(),
                Some(number(measured)),
            )
        }
    }
}

fn counted(items: Vec<Item>, measured: Option<i64>) -> Outcome {
    let at = |stage| {
        Some(number(
            items.iter().filter(|item| item.stage >= stage).count(),
        ))
    };
    let due = items.iter().filter(|item| item.promised).count();
    Outcome {
        planned: at(Stage::Planned),
        reported: at(Stage::Reported),
        verified: at(Stage::Verified),
        // By when a norm is kept is not promised.
        due: measured.is_none().then_some(number(due)),
        measured,
        items,
    }
}

/// The sum of the known amounts; `None` if there are records, but no amount is known. It saturates,
/// so that an overflow affects no other figure.
fn summed(mut items: Vec<Item>) -> Outcome {
    let nothing_known = !items.is_empty() && items.iter().all(|item| item.amount.is_none());
    items.retain(|item| item.amount.is_some());
    let sum = |is_in: &dyn Fn(&Item) -> bool| {
        let amounts = items.iter().filter(|item| is_in(item));
        let amounts = amounts.filter_map(|item| item.amount);
        (!nothing_known).then(|| amounts.fold(0, i64::saturating_add))
    };
    let at = |stage| sum(&|item| item.stage >= stage);
    Outcome {
        planned: at(Stage::Planned),
        reported: at(Stage::Reported),
        verified: at(Stage::Verified),
        measured: None,
        due: sum(&|item| item.promised),
        items,
    }
}

/// Each city or country once, at the furthest stage of its records; what a record that counts less
/// lacks matters only where none counts more.
fn distinct(
    candidates: &[&Candidate],
    item: impl Fn(&Candidate) -> Item,
    name: impl Fn(OrganisationId) -> Option<RecordRef>,
) -> Vec<Item> {
    let mut items: BTreeMap<RecordRef, Item> = BTreeMap::new();
    for candidate in candidates {
        let of_candidate = Item {
            amount: None,
            ..item(candidate)
        };
        for record in candidate.cities.iter().filter_map(|city| name(*city)) {
            let item = items.entry(record.clone()).or_insert_with(|| Item {
                record,
                stage: Stage::Planned,
                promised: false,
                ..of_candidate.clone()
            });
            item.stage = item.stage.max(of_candidate.stage);
            item.promised |= of_candidate.promised;
            item.lack.overdue |= of_candidate.lack.overdue;
            item.lack.unbegun |= of_candidate.lack.unbegun;
        }
    }
    let mut items: Vec<_> = items.into_values().collect();
    for item in items.iter_mut().filter(|item| item.stage > Stage::Planned) {
        item.lack = Lack::default();
    }
    items
}

fn number(count: usize) -> i64 {
    i64::try_from(count).expect("a project holds fewer than 2^63 records")
}
