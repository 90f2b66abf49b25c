//! Planning an output of any kind: from the moment it stands in the plan it can be moved along.

use chrono::NaiveDate;
use entities::*;

use super::{
    Code, Draft, Named, Problem, Problems, Refusal, check,
    output::{check_dates, check_leg, step, warn_of_overlaps},
};
use crate::viewer::EditorOf;

/// What an output of any kind says.
#[derive(Clone, Debug, Default)]
pub struct NewOutput {
    /// Left out: made from its kind.
    pub key: Option<String>,
    pub community: Option<CommunityId>,
    pub lead: Option<Named>,
    pub title: Localized,
    pub host: Option<Named>,
    pub mode: Option<Mode>,
    pub place: Option<String>,
    pub platform: Option<String>,
    pub planned_from: Option<PartialDate>,
    pub planned_to: Option<PartialDate>,
    pub starts: Option<PartialDate>,
    pub ends: Option<PartialDate>,
    pub due_on: Option<NaiveDate>,
    pub note: Option<String>,
    pub participants: Vec<NewParticipant>,
    /// Why dates lie outside the project, or a leg is short.
    pub reason: Option<String>,
}

/// Somebody who takes part.
#[derive(Clone, Debug)]
pub struct NewParticipant {
    pub partner: Option<Named>,
    pub person: Option<Named>,
    /// A role or group, where neither is named.
    pub who: Option<String>,
    pub status: ParticipationStatus,
    /// Why they did not come.
    pub reason: Option<String>,
}

/// What an output's kind alone says.
#[derive(Clone, Debug)]
pub enum Detail {
    /// Leg 1 is hosted by the mentor, leg 2 by who implements; left out: the first that is free.
    StaffExchange {
        pairing: Named,
        leg: Option<i32>,
    },
    Visit {
        number: Option<i32>,
        organiser: Option<Named>,
    },
    Event {
        kind: EventKind,
        about_participants: Option<i32>,
        website: Option<String>,
    },
    ActionPlan {
        kind: PlanKind,
        period: Option<String>,
        document_url: Option<String>,
    },
    Policy {
        kind: PolicyKind,
        plan: Option<Named>,
        grant_minor: Option<i64>,
        currency: String,
        beneficiaries: Option<String>,
    },
    Champion {
        person: Option<Named>,
        role_title: Option<String>,
        selected: Option<PartialDate>,
    },
    ChampionWorkshop {
        about_participants: Option<i32>,
    },
    Guide {
        language: Option<String>,
        landing_url: Option<String>,
    },
    Video {
        language: Option<String>,
        url: Option<String>,
    },
}

impl Detail {
    #[must_use]
    pub fn kind(&self) -> OutputKind {
        match self {
            Self::StaffExchange { .. } => OutputKind::StaffExchange,
            Self::Visit { .. } => OutputKind::Visit,
            Self::Event { .. } => OutputKind::Event,
            Self::ActionPlan { .. } => OutputKind::ActionPlan,
            Self::Policy { .. } => OutputKind::Policy,
            Self::Champion { .. } => OutputKind::Champion,
            Self::ChampionWorkshop { .. } => OutputKind::ChampionWorkshop,
            Self::Guide { .. } => OutputKind::Guide,
            Self::Video { .. } => OutputKind::Video,
        }
    }
}

/// Puts an output into the plan.
///
/// # Errors
/// All that is wrong with it at once.
pub fn plan(
    draft: &mut Draft,
    _: &EditorOf,
    new: NewOutput,
    detail: Detail,
) -> Result<OutputId, Refusal> {
    let mut problems = Problems::default();
    let id: OutputId = draft.new_id("output").into();
    let kind = detail.kind();
    let project_id = draft.id();
    let mut row = output::Model {
        id,
        project_id,
        kind,
        key: new.key.unwrap_or_else(|| free_key(draft, kind)),
        position: next_position(draft),
        community_id: new.community,
        lead_id: partner(draft, &mut problems, "lead", new.lead.as_ref()),
        title: new.title,
        host_id: partner(draft, &mut problems, "host", new.host.as_ref()),
        mode: new.mode,
        place: new.place,
        platform: new.platform,
        planned_from: new.planned_from,
        planned_to: new.planned_to,
        starts: new.starts,
        ends: new
            .ends
            .or(new.starts.filter(|starts| starts.day().is_some())),
        days: None,
        due_on: new.due_on,
        note: new.note,
        basis: Basis::default(),
        sources: Strings::default(),
    };
    let explained = new
        .reason
        .as_deref()
        .is_some_and(|text| !text.trim().is_empty());
    check_row(draft, &mut problems, &row, explained);
    details(draft, &mut problems, &mut row, detail, explained);
    let participants = participants(draft, &mut problems, id, new.participants);
    problems.none()?;
    draft.rows.outputs.push(row);
    draft.rows.participations.extend(participants);
    let event = step(draft, id, Verb::Planned, new.reason.filter(|_| explained));
    // What is planned is known from now on, whatever day it is about.
    event.effective_on = Some(event.recorded_at.date_naive()).min(event.effective_on);
    warn_of_overlaps(draft, id);
    Ok(id)
}

/// What may be changed of an output that stands in the plan; its dates are moved instead.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub title: Option<Localized>,
    pub lead: Option<Option<Named>>,
    pub host: Option<Option<Named>>,
    pub mode: Option<Option<Mode>>,
    pub place: Option<Option<String>>,
    pub platform: Option<Option<String>>,
    pub planned_from: Option<Option<PartialDate>>,
    pub planned_to: Option<Option<PartialDate>>,
    pub due_on: Option<Option<NaiveDate>>,
    pub note: Option<Option<String>>,
    /// Of a staff exchange: what was learned.
    pub learned: Option<Option<String>>,
    /// Of a staff exchange: what will be done differently at home.
    pub adapted: Option<Option<String>>,
    /// Replaces all of them.
    pub participants: Option<Vec<NewParticipant>>,
}

/// Changes what an output says of itself.
///
/// # Errors
/// All that is wrong with it at once.
pub fn edit(
    draft: &mut Draft,
    _: &crate::viewer::PartyTo,
    output: OutputId,
    edit: Edit,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let project = draft.project();
    let mut row = project.output(output).clone();
    macro_rules! take {
        ($($field:ident),+) => {$(if let Some(value) = edit.$field {
            row.$field = value;
        })+};
    }
    take!(
        title,
        mode,
        place,
        platform,
        planned_from,
        planned_to,
        due_on,
        note
    );
    if let Some(lead) = edit.lead {
        row.lead_id = partner(draft, &mut problems, "lead", lead.as_ref());
    }
    if let Some(host) = edit.host {
        row.host_id = partner(draft, &mut problems, "host", host.as_ref());
    }
    check_row(draft, &mut problems, &row, true);
    let exchange = project.staff_exchange(output);
    if let Some(exchange) = exchange {
        check_host(
            draft,
            &mut problems,
            exchange.pairing_id,
            exchange.leg,
            row.host_id,
        );
    }
    for (field, text) in [("learned", &edit.learned), ("adapted", &edit.adapted)] {
        match text {
            Some(_) if exchange.is_none() => problems.add(field, Code::WrongKind),
            Some(Some(text)) => check::long(&mut problems, field, text),
            _ => {}
        }
    }
    let participants = edit
        .participants
        .map(|new| participants(draft, &mut problems, output, new));
    problems.none()?;
    *super::output::row(draft, output) = row;
    if let Some(participants) = participants {
        let rows = &mut draft.rows.participations;
        rows.retain(|row| row.output_id != output);
        rows.extend(participants);
        warn_of_overlaps(draft, output);
    }
    let mut exchanges = draft.rows.staff_exchanges.iter_mut();
    if let Some(row) = exchanges.find(|row| row.output_id == output) {
        if let Some(learned) = edit.learned {
            row.learned = learned;
        }
        if let Some(adapted) = edit.adapted {
            row.adapted = adapted;
        }
    }
    Ok(())
}

/// What every output is held to.
fn check_row(draft: &Draft, problems: &mut Problems, row: &output::Model, explained: bool) {
    check::key(problems, "key", &row.key);
    let mut others = draft.rows.outputs.iter();
    if others.any(|other| other.id != row.id && other.kind == row.kind && other.key == row.key) {
        problems.add("key", Code::Taken);
    }
    check::localized(problems, "title", &row.title);
    for (field, text) in [
        ("place", &row.place),
        ("platform", &row.platform),
        ("note", &row.note),
    ] {
        if let Some(text) = text {
            check::long(problems, field, text);
        }
    }
    if let (Some(from), Some(to)) = (row.planned_from, row.planned_to)
        && to.last_day() < from.first_day()
    {
        problems.add("plannedTo", Code::EndsBeforeStart);
    }
    let project = &draft.rows.project;
    if let Some(due) = row.due_on
        && due < project.starts_on
    {
        problems.push(Problem::new("dueOn", Code::OutOfRange).with(project.starts_on));
    }
    check_dates(draft, problems, (row.starts, row.ends), explained);
    for (field, partner) in [("lead", row.lead_id), ("host", row.host_id)] {
        let mut partners = draft.rows.partners.iter();
        let left = partner
            .and_then(|id| partners.find(|row| row.id == id))
            .and_then(|row| row.left_on);
        let day = row.ends.or(row.starts).map(PartialDate::first_day);
        if let (Some(left), Some(day)) = (left, day)
            && left < day
        {
            problems.push(Problem::new(field, Code::PartnerLeft).with(left));
        }
    }
}

/// What an output's kind alone says, checked and put beside it.
fn details(
    draft: &mut Draft,
    problems: &mut Problems,
    row: &mut output::Model,
    detail: Detail,
    explained: bool,
) {
    let (output_id, project_id) = (row.id, row.project_id);
    match detail {
        Detail::StaffExchange { pairing, leg } => {
            let Some(pairing_id) = problems.take(draft.pairing("pairing", &pairing)) else {
                return;
            };
            let leg = leg_of(draft, problems, pairing_id, leg);
            let mut pairings = draft.rows.pairings.iter();
            let pairing = pairings
                .find(|row| row.id == pairing_id)
                .expect("it was found");
            let days = pairing.days_per_leg;
            row.community_id = row.community_id.or(pairing.community_id);
            row.host_id = row.host_id.or_else(|| first_host(draft, pairing_id, leg));
            row.lead_id = row.lead_id.or(row.host_id);
            row.mode = row.mode.or(Some(Mode::InPerson));
            check_host(draft, problems, pairing_id, leg, row.host_id);
            check_leg(draft, problems, days, (row.starts, row.ends), explained);
            draft.rows.staff_exchanges.push(staff_exchange::Model {
                output_id,
                project_id,
                pairing_id,
                leg,
                learned: None,
                adapted: None,
            });
        }
        Detail::Visit { number, organiser } => {
            let organiser_id = partner(draft, problems, "organiser", organiser.as_ref());
            let visits = draft.rows.visits.iter().filter(|visit| {
                let mut outputs = draft.rows.outputs.iter();
                outputs.any(|other| {
                    other.id == visit.output_id && other.community_id == row.community_id
                })
            });
            let number = number
                .unwrap_or_else(|| visits.map(|visit| visit.number).max().unwrap_or_default() + 1);
            positive(problems, "number", Some(number));
            draft.rows.visits.push(visit::Model {
                output_id,
                project_id,
                number,
                organiser_id,
            });
        }
        Detail::Event {
            kind,
            about_participants,
            website,
        } => {
            positive(problems, "aboutParticipants", about_participants);
            address(problems, "website", website.as_deref());
            draft.rows.events.push(event::Model {
                output_id,
                project_id,
                kind,
                about_participants,
                website,
            });
        }
        Detail::ActionPlan {
            kind,
            period,
            document_url,
        } => {
            address(problems, "documentUrl", document_url.as_deref());
            draft.rows.action_plans.push(action_plan::Model {
                output_id,
                project_id,
                kind,
                original_title: None,
                draft_period: None,
                period,
                presented: None,
                document_url,
            });
        }
        Detail::Policy {
            kind,
            plan,
            grant_minor,
            currency,
            beneficiaries,
        } => {
            let plan_id = plan.and_then(|plan| action_plan_named(draft, problems, &plan));
            if grant_minor.is_some_and(|amount| amount < 0) {
                problems.push(Problem::new("grantMinor", Code::OutOfRange).with(0));
            }
            if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
                problems.add("currency", Code::OutOfRange);
            }
            draft.rows.policies.push(policy::Model {
                output_id,
                project_id,
                kind,
                plan_id,
                opened: None,
                grant_minor,
                currency,
                beneficiaries,
                facts: Strings::default(),
            });
        }
        Detail::Champion {
            person,
            role_title,
            selected,
        } => {
            let person_id =
                person.and_then(|person| problems.take(draft.person("person", &person)));
            draft.rows.champions.push(champion::Model {
                output_id,
                project_id,
                person_id,
                role_title,
                selected,
                trained: None,
            });
        }
        Detail::ChampionWorkshop { about_participants } => {
            positive(problems, "aboutParticipants", about_participants);
            draft
                .rows
                .champion_workshops
                .push(champion_workshop::Model {
                    output_id,
                    project_id,
                    about_participants,
                });
        }
        Detail::Guide {
            language,
            landing_url,
        } => {
            tag(problems, language.as_deref());
            address(problems, "landingUrl", landing_url.as_deref());
            draft.rows.guides.push(guide::Model {
                output_id,
                project_id,
                language,
                landing_url,
                file_url: None,
            });
        }
        Detail::Video { language, url } => {
            tag(problems, language.as_deref());
            address(problems, "url", url.as_deref());
            draft.rows.videos.push(video::Model {
                output_id,
                project_id,
                language,
                url,
            });
        }
    }
}

/// The leg that is meant: one that the pairing does not have yet. A leg that was called off is there,
/// and can be taken up again.
fn leg_of(
    draft: &Draft,
    problems: &mut Problems,
    pairing: PairingId,
    leg: Option<i32>,
) -> Option<i32> {
    let taken: Vec<i32> = draft
        .rows
        .staff_exchanges
        .iter()
        .filter(|row| row.pairing_id == pairing)
        .filter_map(|row| row.leg)
        .collect();
    match leg {
        Some(leg) if !(1..=2).contains(&leg) => {
            problems.push(Problem::new("leg", Code::OutOfRange).with("1, 2"));
            None
        }
        Some(leg) if taken.contains(&leg) => {
            problems.push(Problem::new("leg", Code::LegTaken).with(leg));
            None
        }
        Some(leg) => Some(leg),
        None => {
            let free = (1..=2).find(|leg| !taken.contains(leg));
            if free.is_none() {
                problems.add("pairing", Code::LegsComplete);
            }
            free
        }
    }
}

/// The partners on the side that hosts a leg.
pub(super) fn hosts(draft: &Draft, pairing: PairingId, leg: Option<i32>) -> Vec<PartnerId> {
    let side = if leg == Some(1) {
        Side::Mentor
    } else {
        Side::Implementing
    };
    let parties = draft.rows.pairing_parties.iter();
    let mut parties: Vec<_> = parties
        .filter(|party| party.pairing_id == pairing && (leg.is_none() || party.side == side))
        .collect();
    parties.sort_by_key(|party| party.position);
    parties.iter().map(|party| party.partner_id).collect()
}

fn first_host(draft: &Draft, pairing: PairingId, leg: Option<i32>) -> Option<PartnerId> {
    leg.and_then(|_| hosts(draft, pairing, leg).first().copied())
}

/// Leg 1 is hosted by the mentor, leg 2 by who implements.
fn check_host(
    draft: &Draft,
    problems: &mut Problems,
    pairing: PairingId,
    leg: Option<i32>,
    host: Option<PartnerId>,
) {
    let (Some(_), Some(host)) = (leg, host) else {
        return;
    };
    if !may_host(draft, pairing, leg, host) {
        let side = if leg == Some(1) {
            "MENTOR"
        } else {
            "IMPLEMENTING"
        };
        problems.push(Problem::new("host", Code::WrongHost).with(side));
    }
}

/// Whether a partner is on the side that hosts a leg. A municipality may host for the partner through
/// which it acts.
pub(super) fn may_host(
    draft: &Draft,
    pairing: PairingId,
    leg: Option<i32>,
    host: PartnerId,
) -> bool {
    let mut partners = draft.rows.partners.iter();
    let via = partners
        .find(|row| row.id == host)
        .and_then(|row| row.via_id);
    let hosts = hosts(draft, pairing, leg);
    hosts.contains(&host) || via.is_some_and(|via| hosts.contains(&via))
}

fn action_plan_named(draft: &Draft, problems: &mut Problems, plan: &Named) -> Option<OutputId> {
    let mut outputs = draft.rows.outputs.iter();
    let found = outputs.find(|row| {
        row.kind == OutputKind::ActionPlan
            && match plan {
                Named::Id(id) => row.id.0 == *id,
                Named::Key(key) => row.key == *key,
            }
    });
    if found.is_none() {
        problems.add("plan", Code::NotFound);
    }
    found.map(|row| row.id)
}

/// The rows of those who take part.
fn participants(
    draft: &mut Draft,
    problems: &mut Problems,
    output_id: OutputId,
    new: Vec<NewParticipant>,
) -> Vec<participation::Model> {
    let mut rows = Vec::new();
    for (position, one) in new.into_iter().enumerate() {
        let at = |name: &str| format!("participants.{position}.{name}");
        let partner_id = one
            .partner
            .as_ref()
            .and_then(|named| problems.take(draft.partner(&at("partner"), named)));
        let person_id = one
            .person
            .as_ref()
            .and_then(|named| problems.take(draft.person(&at("person"), named)));
        if one.partner.is_none() && one.person.is_none() && one.who.is_none() {
            problems.add(format!("participants.{position}"), Code::Required);
        }
        rows.push(participation::Model {
            id: draft.new_id("participation").into(),
            project_id: draft.id(),
            output_id,
            position: i32::try_from(position).unwrap_or(i32::MAX),
            partner_id,
            person_id,
            who: one.who,
            status: one.status,
            reason: one.reason,
            sources: Strings::default(),
        });
    }
    rows
}

fn partner(
    draft: &Draft,
    problems: &mut Problems,
    field: &'static str,
    named: Option<&Named>,
) -> Option<PartnerId> {
    named.and_then(|named| problems.take(draft.partner(field, named)))
}

fn positive(problems: &mut Problems, field: &'static str, number: Option<i32>) {
    if number.is_some_and(|number| number < 1) {
        problems.push(Problem::new(field, Code::OutOfRange).with(1));
    }
}

fn address(problems: &mut Problems, field: &'static str, url: Option<&str>) {
    if let Some(url) = url {
        check::url(problems, field, url);
    }
}

fn tag(problems: &mut Problems, language: Option<&str>) {
    if let Some(language) = language {
        check::language(problems, "language", language);
    }
}

/// A key that no output of this kind has, such as `staff_exchange-15`.
fn free_key(draft: &Draft, kind: OutputKind) -> String {
    let name = sea_orm::ActiveEnum::to_value(&kind).to_lowercase();
    let taken = |key: &String| {
        let mut outputs = draft.rows.outputs.iter();
        outputs.any(|row| row.kind == kind && row.key == *key)
    };
    let count = draft
        .rows
        .outputs
        .iter()
        .filter(|row| row.kind == kind)
        .count();
    (count + 1..)
        .map(|number| format!("{name}-{number}"))
        .find(|key| !taken(key))
        .expect("there is always another number")
}

fn next_position(draft: &Draft) -> i32 {
    let positions = draft.rows.outputs.iter().map(|row| row.position + 1);
    positions.max().unwrap_or_default()
}
