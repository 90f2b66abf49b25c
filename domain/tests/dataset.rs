//! The embedded project: how much it holds, and the awkward cases that history brought.

use chrono::NaiveDate;
use domain::{
    file::{self, ProjectFile},
    ids::Ids,
    project::{AsOf, Project, State},
    record::rows::SharedRows,
};
use entities::*;

const FILE: &str = include_str!("../data/connection.json");

fn parsed() -> ProjectFile {
    file::read(FILE).unwrap()
}

fn project() -> Project {
    let shared = SharedRows {
        programme: None,
        organisations: Vec::new(),
        people: Vec::new(),
    };
    let now = "2019-12-02T08:00:00Z".parse().unwrap();
    let (rows, _) = file::rows_of(&parsed(), None, &shared, Ids::FromKeys, now, false).unwrap();
    Project::new(rows)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn date(text: &str) -> Option<PartialDate> {
    Some(text.parse().unwrap())
}

fn output<'a>(project: &'a Project, kind: OutputKind, key: &str) -> &'a output::Model {
    project
        .output_by_key(kind, key)
        .unwrap_or_else(|| panic!("no {kind:?} {key:?}"))
}

fn partner<'a>(project: &'a Project, key: &str) -> &'a partner::Model {
    project
        .partner_by_key(key)
        .unwrap_or_else(|| panic!("no partner {key:?}"))
}

fn key_of(project: &Project, partner: PartnerId) -> &str {
    &project.organisation_of(partner).key
}

fn state(project: &Project, output: &output::Model, on: &str) -> State {
    project.standing(output, AsOf::from(day(on))).unwrap().state
}

/// Who was at an output, or was not, as (partner, status, reason).
fn attendance<'a>(
    project: &'a Project,
    output: &output::Model,
) -> Vec<(&'a str, ParticipationStatus, Option<&'a str>)> {
    project
        .participations_of(output.id)
        .iter()
        .filter_map(|row| {
            Some((
                key_of(project, row.partner_id?),
                row.status,
                row.reason.as_deref(),
            ))
        })
        .collect()
}

fn count<T>(rows: &[T], is: impl Fn(&T) -> bool) -> usize {
    rows.iter().filter(|row| is(row)).count()
}

#[test]
fn nothing_is_wrong_with_the_file() {
    assert_eq!(file::check(&parsed()), []);
}

#[test]
fn it_holds_what_the_sources_hold() {
    let project = project();
    let outputs = |kind| count(&project.outputs, |row| row.kind == kind);
    let partners = |kind| count(&project.partners, |row| row.kind == kind);

    assert_eq!(project.sources.len(), 85);
    assert_eq!(project.targets.len(), 25);
    assert_eq!(count(&project.targets, |row| row.headline), 7);
    assert_eq!(project.organisations.len(), 29);
    assert_eq!(project.partners.len(), 29);
    assert_eq!(partners(PartnerKind::Coordinator), 1);
    assert_eq!(partners(PartnerKind::Expert), 1);
    assert_eq!(partners(PartnerKind::CoreCity), 13);
    assert_eq!(partners(PartnerKind::RegionalPartner), 2);
    assert_eq!(partners(PartnerKind::AssociatedMunicipality), 5);
    assert_eq!(partners(PartnerKind::FellowCity), 7);
    assert_eq!(project.communities.len(), 4);
    assert_eq!(project.members.len(), 23);
    assert_eq!(project.pairings.len(), 4);
    assert_eq!(outputs(OutputKind::Visit), 14);
    assert_eq!(
        count(&project.outputs, |row| row.kind == OutputKind::Visit
            && row.host_id.is_none()),
        6
    );
    assert_eq!(outputs(OutputKind::StaffExchange), 6);
    assert_eq!(outputs(OutputKind::ActionPlan), 7);
    assert_eq!(outputs(OutputKind::Policy), 5);
    assert_eq!(outputs(OutputKind::Champion), 9);
    assert_eq!(outputs(OutputKind::ChampionWorkshop), 2);
    assert_eq!(outputs(OutputKind::Guide), 4);
    assert_eq!(outputs(OutputKind::Video), 4);
    assert_eq!(
        outputs(OutputKind::Event),
        1 + 10,
        "the conference and the meetings"
    );
    assert_eq!(
        count(&project.events, |row| row.kind == EventKind::Conference),
        1
    );
    assert_eq!(project.practices.len(), 19);
    assert_eq!(project.forums.len(), 1);
    assert_eq!(project.budget_lines.len(), 3 + 16);
    assert_eq!(
        count(&project.budget_lines, |row| row.amount_minor.is_none()),
        16
    );
    assert_eq!(project.open_calls.len(), 2);
    assert_eq!(project.publications.len(), 9);
    assert_eq!(
        count(&project.notes, |row| row.kind == NoteKind::Discrepancy),
        34
    );
    assert_eq!(
        count(&project.notes, |row| row.kind == NoteKind::Unknown),
        12
    );
    assert_eq!(project.reminder_rules.len(), 8);
    assert_eq!(project.months().count(), 36);
}

#[test]
fn visits_are_planned_four_three_four_and_three() {
    let project = project();
    for community in &project.communities {
        let visits = count(&project.outputs, |row| {
            row.kind == OutputKind::Visit && row.community_id == Some(community.id)
        });
        assert_eq!(
            visits,
            usize::try_from(community.planned_visits).unwrap(),
            "{}",
            community.key
        );
    }
    let planned: Vec<i32> = project
        .communities
        .iter()
        .map(|row| row.planned_visits)
        .collect();
    assert_eq!(planned, [4, 3, 4, 3]);
    let cop2 = project.community_by_key("cop2").unwrap();
    assert!(
        project.members_of(cop2.id).is_empty(),
        "no source names one"
    );
}

#[test]
fn what_is_documented_as_done_is_reported_and_nothing_is_verified() {
    let project = project();
    let end = AsOf::from(project.project.ends_on);
    let reported = |kind| {
        count(&project.outputs, |row| {
            row.kind == kind && project.standing(row, end).unwrap().state == State::Reported
        })
    };
    assert_eq!(reported(OutputKind::Policy), 2);
    assert_eq!(reported(OutputKind::StaffExchange), 5);
    assert_eq!(reported(OutputKind::Visit), 8);
    assert_eq!(reported(OutputKind::Champion), 9);
    assert_eq!(reported(OutputKind::ChampionWorkshop), 1);
    assert_eq!(reported(OutputKind::ActionPlan), 1);
    assert_eq!(reported(OutputKind::Guide), 4);
    assert_eq!(reported(OutputKind::Video), 2);
    assert_eq!(reported(OutputKind::Event), 1 + 9);
    for row in &project.outputs {
        let state = project.standing(row, end).unwrap().state;
        assert!(
            matches!(state, State::Planned | State::Reported),
            "{}: {state:?}",
            row.key
        );
        let has_evidence = !project.evidence_of(row.id).is_empty();
        assert_eq!(has_evidence, state == State::Reported, "{}", row.key);
    }
}

#[test]
fn what_is_implied_or_announced_only_is_planned() {
    let project = project();
    let implied = output(
        &project,
        OutputKind::StaffExchange,
        "x_torino_anci_piemonte_leg1",
    );
    assert_eq!(state(&project, implied, "2022-12-31"), State::Planned);
    let announced = output(
        &project,
        OutputKind::Event,
        "sofia_labour_market_discussion",
    );
    assert_eq!(state(&project, announced, "2022-12-31"), State::Planned);
}

#[test]
fn what_is_undated_counts_from_the_end_of_the_project() {
    let project = project();
    for (kind, key) in [
        (OutputKind::Guide, "guide_cop1"),
        (OutputKind::Video, "video_cop2"),
        (OutputKind::StaffExchange, "x_antwerp"),
    ] {
        let undated = output(&project, kind, key);
        assert_eq!(
            state(&project, undated, "2022-12-30"),
            State::Planned,
            "{key}"
        );
        assert_eq!(
            state(&project, undated, "2022-12-31"),
            State::Reported,
            "{key}"
        );
    }
}

#[test]
fn what_no_source_tells_is_left_out() {
    let project = project();
    assert_eq!(project.project.grant_agreement, None);
    assert_eq!(project.project.call_reference, None);
    let unknown = output(&project, OutputKind::Visit, "cop2_w1");
    assert_eq!(
        (unknown.host_id, unknown.mode, unknown.starts),
        (None, None, None)
    );
    assert_eq!(unknown.planned_from, date("2020-10"));
    assert!(project.policies.iter().all(|row| row.grant_minor.is_none()));
    for key in ["further_cities_peer_trained", "practitioners_using_guides"] {
        let rule = &project.target_by_key(key).unwrap().rule;
        assert_eq!((rule.measure, &rule.of), (Measure::NotMeasured, &None));
    }
}

#[test]
fn people_are_mailboxes_at_reserved_domains_one_for_each_partner() {
    let project = project();
    assert_eq!(
        project.people.len(),
        project.partners.len() + 1,
        "and the funder, who is no partner"
    );
    for person in &project.people {
        assert_eq!(person.kind, PersonKind::Mailbox);
        let is_reserved = |address: &String| address.ends_with(".example");
        assert!(
            person.address.as_ref().is_none_or(is_reserved),
            "{}",
            person.key
        );
    }
    let silent: Vec<&str> = project
        .people
        .iter()
        .filter(|person| person.address.is_none())
        .map(|person| person.key.as_str())
        .collect();
    assert_eq!(silent, ["zurich-exchanges"]);
    for partner in &project.partners {
        let roles = count(&project.roles, |role| role.partner_id == Some(partner.id));
        assert_eq!(roles, 1, "{}", key_of(&project, partner.id));
    }
    let italian = count(&project.people, |person| person.locale == "it");
    assert_eq!(
        italian, 5,
        "Torino, ANCI Piemonte and its three municipalities"
    );
}

#[test]
fn every_target_has_its_rule_in_both_languages() {
    let project = project();
    for target in &project.targets {
        for text in [&target.label, &target.rule.text] {
            assert!(
                text.0.contains_key("en") && text.0.contains_key("it"),
                "{}",
                target.key
            );
        }
    }
    let exchanges = project.target_by_key("staff_exchanges").unwrap();
    assert_eq!((exchanges.unit, exchanges.value), (Unit::Leg, 14));
    let funding = project.target_by_key("funding_torino").unwrap();
    assert_eq!(
        (funding.value, funding.currency.as_deref()),
        (3_097_971, Some("EUR"))
    );
}

// The awkward cases.

#[test]
fn an_online_visit() {
    let project = project();
    let visit = output(&project, OutputKind::Visit, "cop1_w1");
    assert_eq!(visit.mode, Some(Mode::Online));
    assert_eq!(visit.platform.as_deref(), Some("Microsoft Teams"));
    assert_eq!(visit.place, None);
    assert_eq!(
        key_of(&project, visit.host_id.unwrap()),
        "paris",
        "it has a host all the same"
    );
    let announced = attendance(&project, visit);
    assert!(
        announced
            .iter()
            .all(|(_, status, _)| *status == ParticipationStatus::Expected)
    );
}

#[test]
fn a_month_without_days() {
    let project = project();
    let visit = output(&project, OutputKind::Visit, "cop4_w2");
    assert_eq!(
        (visit.starts, visit.ends, visit.days),
        (date("2021-11"), None, Some(3))
    );
    assert_eq!(visit.starts.unwrap().day(), None);
    assert_eq!(state(&project, visit, "2021-11-29"), State::Planned);
    assert_eq!(
        state(&project, visit, "2021-11-30"),
        State::Reported,
        "at the end of the month"
    );
}

#[test]
fn a_participant_that_cancels_with_a_reason() {
    let project = project();
    let visit = output(&project, OutputKind::Visit, "cop1_w3");
    let attendance_of = |key: &str| {
        attendance(&project, visit)
            .into_iter()
            .find(|(partner, ..)| *partner == key)
            .unwrap()
    };
    let reason = Some("Ukrainian crisis and the influx of refugees");
    for key in ["zagreb", "hamburg"] {
        assert_eq!(
            attendance_of(key),
            (key, ParticipationStatus::Cancelled, reason)
        );
    }
    let silence = attendance_of("prague");
    assert_eq!(
        silence,
        ("prague", ParticipationStatus::NotNamed, None),
        "silence is no absence"
    );

    let athens = output(&project, OutputKind::Visit, "cop4_w2");
    let unable = ("dortmund", ParticipationStatus::Unable, None);
    assert!(
        attendance(&project, athens).contains(&unable),
        "the reason may be unknown"
    );
}

#[test]
fn a_participant_from_another_community() {
    let project = project();
    let visit = output(&project, OutputKind::Visit, "cop4_w3");
    let present = ("sofia", ParticipationStatus::Present, None);
    assert!(attendance(&project, visit).contains(&present));
    let communities: Vec<&str> = project
        .communities_of(partner(&project, "sofia").id)
        .map(|community| community.key.as_str())
        .collect();
    assert_eq!(communities, ["cop3"]);
}

#[test]
fn a_host_that_is_not_in_the_partner_list() {
    let project = project();
    let visit = output(&project, OutputKind::Visit, "cop4_w3");
    let host = project.partner(visit.host_id.unwrap());
    assert_eq!(key_of(&project, host.id), "stockholm");
    assert_eq!(host.kind, PartnerKind::FellowCity);
    let basis = host.basis.0.get("kind").unwrap();
    assert!(
        basis.starts_with("derived"),
        "its kind was worked out: {basis}"
    );
}

#[test]
fn associated_municipalities_act_through_a_regional_partner() {
    let project = project();
    let through = |key: &str| -> Vec<&str> {
        project
            .acting_through(partner(&project, key).id)
            .map(|municipality| {
                assert_eq!(municipality.kind, PartnerKind::AssociatedMunicipality);
                key_of(&project, municipality.id)
            })
            .collect()
    };
    assert_eq!(
        through("anci_piemonte"),
        ["asti", "cuneo", "settimo_torinese"]
    );
    assert_eq!(through("anatoliki"), ["thessaloniki", "delta"]);
}

#[test]
fn a_mentor_paired_with_a_group_of_three() {
    let project = project();
    let leg = output(
        &project,
        OutputKind::StaffExchange,
        "x_torino_anci_piemonte_leg2",
    );
    let exchange = project.staff_exchange(leg.id).unwrap();
    let side = |side| -> Vec<&str> {
        project
            .side(exchange.pairing_id, side)
            .map(|id| key_of(&project, id))
            .collect()
    };
    let group = ["asti", "cuneo", "settimo_torinese"];
    assert_eq!(side(Side::Mentor), ["torino"]);
    assert_eq!(side(Side::Implementing), group);

    assert_eq!(key_of(&project, leg.host_id.unwrap()), "anci_piemonte");
    let cities: Vec<&str> = project
        .host_cities(leg)
        .into_iter()
        .map(|id| project.organisation(id).key.as_str())
        .collect();
    assert_eq!(
        cities, group,
        "the host is no city: it stands for the three"
    );
    let guests: Vec<&str> = project
        .guests(leg)
        .into_iter()
        .map(|id| key_of(&project, id))
        .collect();
    assert_eq!(guests, ["torino"]);
}

#[test]
fn a_leg_shorter_than_the_rule() {
    let project = project();
    let days = |key| {
        let leg = output(&project, OutputKind::StaffExchange, key);
        let exchange = project.staff_exchange(leg.id).unwrap();
        let from = leg.starts.and_then(PartialDate::day).unwrap();
        let to = leg.ends.and_then(PartialDate::day).unwrap();
        (
            (to - from).num_days() + 1,
            project.pairing(exchange.pairing_id).days_per_leg,
        )
    };
    assert_eq!(days("x_thessaloniki_delta_leg1"), (5, 5));
    assert_eq!(days("x_thessaloniki_delta_leg2"), (2, 5));
    let target = project.target_by_key("staff_exchange_days").unwrap();
    assert_eq!((target.rule.measure, target.value), (Measure::NormDays, 5));
}

#[test]
fn a_plan_whose_period_changes_between_draft_and_adoption() {
    let project = project();
    let zagreb = output(&project, OutputKind::ActionPlan, "ap_zagreb");
    let plan = project.action_plan(zagreb.id).unwrap();
    assert_eq!(plan.draft_period.as_deref(), Some("2021-2022"));
    assert_eq!(plan.period.as_deref(), Some("2022"));
    assert_eq!(plan.presented, date("2021-10-05"));
    let [endorsement] = project.endorsements_of(zagreb.id) else {
        panic!("one endorsement")
    };
    assert_eq!(endorsement.endorsed, date("2022-01-27"));
    assert_eq!(state(&project, zagreb, "2022-01-26"), State::Planned);
    assert_eq!(state(&project, zagreb, "2022-01-27"), State::Reported);
}

#[test]
fn a_target_that_is_passed() {
    let project = project();
    let target = project.target_by_key("integration_champions").unwrap();
    let trained = count(&project.outputs, |row| {
        row.kind == OutputKind::Champion && state(&project, row, "2022-11-17") == State::Reported
    });
    assert_eq!((target.value, trained, target.stated), (8, 9, Some(9)));
}

#[test]
fn a_planned_and_an_actual_date() {
    let project = project();
    let visit = output(&project, OutputKind::Visit, "cop1_w2");
    assert_eq!(
        (visit.planned_from, visit.planned_to),
        (date("2021-01"), date("2021-04"))
    );
    assert_eq!(
        (visit.starts, visit.ends),
        (date("2021-10-11"), date("2021-10-13"))
    );
    let standing = project
        .standing(visit, AsOf::from(day("2021-05-01")))
        .unwrap();
    assert_eq!(standing.state, State::Planned);
    assert_eq!(
        project.due_on(visit, &standing),
        day("2021-10-13"),
        "due by its days, which were known"
    );
    assert_eq!(state(&project, visit, "2021-10-12"), State::Planned);
    assert_eq!(state(&project, visit, "2021-10-13"), State::Reported);

    let conference = output(&project, OutputKind::Event, "integrating_cities_x");
    assert_eq!(
        (conference.planned_to, conference.starts),
        (date("2022-10"), date("2022-11-16"))
    );
}

#[test]
fn an_organisation_with_an_acting_body_of_another_name() {
    let project = project();
    let acting = |key| {
        partner(&project, key)
            .acting_body
            .as_deref()
            .unwrap_or_default()
    };
    assert!(acting("sofia").starts_with("Sofia Development Association"));
    assert!(acting("madrid").starts_with("Madrid employment agency"));
    assert_eq!(count(&project.partners, |row| row.acting_body.is_some()), 2);
}

#[test]
fn sources_that_disagree() {
    let project = project();
    let note = |key: &str| project.notes.iter().find(|note| note.key == key).unwrap();
    let migrado = note("D10");
    let sources: Vec<&str> = migrado
        .readings
        .0
        .iter()
        .filter_map(|reading| reading.source.as_deref())
        .collect();
    assert_eq!(sources, ["W17:q2", "W46:q1", "W44:q2", "W43:q3"]);
    assert_eq!(migrado.about.0, ["output:pol_dortmund_migrado"]);
    for note in project
        .notes
        .iter()
        .filter(|note| note.kind == NoteKind::Discrepancy)
    {
        assert!(note.readings.0.len() >= 2, "{}", note.key);
        assert!(
            note.readings
                .0
                .iter()
                .all(|reading| reading.source.is_some()),
            "{}",
            note.key
        );
        assert!(!note.about.0.is_empty(), "{}", note.key);
    }
}
