//! Figures: by example on the CONNECTION data, and by property.

use chrono::NaiveDate;
use domain::{
    file::ProjectFile,
    progress::{
        Scope, Stage, Status, by_community, by_partner, figure, progress, reconciles, series,
    },
    project::{AsOf, Project, RecordRef, State},
    record::Output,
};
use entities::{Measure, OutputKind, Verb, target};
use proptest::prelude::*;
use tests::project::{connection, in_memory, output, step};

const END: &str = "2022-12-31";

fn day(text: &str) -> AsOf {
    text.parse::<NaiveDate>().unwrap().into()
}

fn project() -> Project {
    in_memory(&connection(), "2020-01-01T00:00:00Z")
}

fn reported(project: &Project, key: &str, on: &str) -> Option<i64> {
    figure(
        project,
        project.target_by_key(key).unwrap(),
        day(on),
        Scope::Project,
    )
    .reported
}

#[test]
fn the_seven_headline_targets_at_the_end_of_connection() {
    let project = project();
    let end = progress(&project, day(END), Scope::Project);
    assert!(end.reconciles);
    let headline: Vec<_> = end
        .figures
        .iter()
        .filter(|figure| figure.target.headline)
        .map(|figure| {
            (
                figure.target.key.as_str(),
                figure.reported,
                figure.target.value,
            )
        })
        .collect();
    assert_eq!(
        headline,
        [
            ("policies_implemented", Some(2), 7),
            ("staff_exchanges", Some(5), 14),
            ("thematic_cluster_visits", Some(8), 14),
            ("integration_champions", Some(9), 8),
            ("how_to_guides", Some(4), 4),
            ("videos", Some(2), 4),
            ("conferences", Some(1), 1),
        ]
    );
}

#[test]
fn nothing_is_verified_since_no_source_says_who_accepted_it() {
    let project = project();
    for figure in progress(&project, day(END), Scope::Project).figures {
        assert!(
            matches!(figure.verified, None | Some(0)),
            "{}",
            figure.target.key
        );
    }
}

#[test]
fn what_the_data_do_not_hold_is_not_measured_which_is_not_0() {
    let project = project();
    for key in ["further_cities_peer_trained", "practitioners_using_guides"] {
        let target = project.target_by_key(key).unwrap();
        let figure = figure(&project, target, day(END), Scope::Project);
        assert_eq!(
            (figure.planned, figure.reported, figure.share()),
            (None, None, None),
            "{key}"
        );
        assert_eq!(
            (figure.status, reconciles(&project, target, day(END))),
            (None, None),
            "{key}"
        );
    }
}

#[test]
fn no_grant_is_known_so_their_sum_is_unknown() {
    assert_eq!(reported(&project(), "implementation_grants", END), None);
}

#[test]
fn what_the_budget_grants_is_stated_and_not_met() {
    let mut file = connection();
    for target in &mut file.targets {
        // A target that is half of what the budget says, or twice as much, is no more met.
        if target.key == "funding_torino" {
            target.value *= 2;
        }
    }
    for project in [project(), in_memory(&file, "2020-01-01T00:00:00Z")] {
        for key in ["funding_total", "funding_torino"] {
            let target = project.target_by_key(key).unwrap();
            for on in ["2020-01-01", "2021-09-06", END] {
                let figure = figure(&project, target, day(on), Scope::Project);
                assert!(figure.is_stated() && figure.reported.is_some(), "{key}");
                assert_eq!(
                    (figure.status, figure.share(), figure.verified_share()),
                    (None, None, None),
                    "{key}"
                );
            }
        }
    }
    let project = project();
    let figures = progress(&project, day(END), Scope::Project).figures;
    let stated = figures.iter().filter(|figure| figure.is_stated());
    assert_eq!(stated.count(), 2);
}

#[test]
fn a_sum_that_no_number_holds_spoils_no_other_figure() {
    let mut rows = project().rows().clone();
    for policy in &mut rows.policies {
        policy.grant_minor = Some(i64::MAX);
    }
    assert!(rows.policies.len() > 1);
    let project = Project::new(rows);
    let end = progress(&project, day(END), Scope::Project);
    assert!(end.reconciles);
    for figure in end.figures {
        let is_sum = figure.target.key == "implementation_grants";
        assert_eq!(figure.planned == Some(i64::MAX), is_sum);
    }
}

#[test]
fn every_other_target_counts_what_the_data_hold() {
    let project = project();
    for (key, expected) in [
        ("implementing_cities", 2),
        ("cities_in_staff_exchanges", 6),
        ("champion_workshops", 1),
        ("action_plans", 1),
        ("core_cities", 13),
        ("fellow_cities", 7),
        ("communities_of_practice", 4),
        ("duration_months", 36),
        ("funding_total", 187_487_603),
        ("funding_torino", 3_097_971),
        ("non_city_stakeholders", 2),
        ("cities_total", 20),
        ("member_states", 14),
    ] {
        assert_eq!(reported(&project, key, END), Some(expected), "{key}");
    }
}

#[test]
fn a_norm_says_how_many_legs_keep_their_five_days() {
    let project = project();
    let target = project.target_by_key("staff_exchange_days").unwrap();
    let figure = figure(&project, target, day(END), Scope::Project);
    assert_eq!((figure.reported, figure.measured), (Some(1), Some(2)));
    assert_eq!(figure.share(), Some(0.5));
    assert_eq!(figure.status, Some(Status::Late));
    let before = domain::progress::figure(&project, target, day("2022-12-30"), Scope::Project);
    assert_eq!(before.status, Some(Status::AtRisk));
    let visits = project.target_by_key("workshop_days").unwrap();
    let visits = domain::progress::figure(&project, visits, day(END), Scope::Project);
    assert_eq!((visits.reported, visits.measured), (Some(8), Some(8)));
}

#[test]
fn a_stated_length_says_nothing_where_the_days_are_known() {
    let mut file = connection();
    for output in &mut file.outputs {
        let day = |date: Option<entities::PartialDate>| date.and_then(entities::PartialDate::day);
        if day(output.starts).and(day(output.ends)).is_some() {
            output.days = Some(30);
        }
    }
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let target = project.target_by_key("staff_exchange_days").unwrap();
    let figure = figure(&project, target, day(END), Scope::Project);
    assert_eq!((figure.reported, figure.measured), (Some(1), Some(2)));
}

#[test]
fn a_passed_target_is_not_capped() {
    let project = project();
    let target = project.target_by_key("integration_champions").unwrap();
    let figure = figure(&project, target, day(END), Scope::Project);
    assert_eq!(
        (figure.share(), figure.status),
        (Some(1.125), Some(Status::Met))
    );
}

#[test]
fn each_status_is_seen_in_a_project_s_life() {
    let project = project();
    let status = |key: &str, on: &str| {
        let target = project.target_by_key(key).unwrap();
        figure(&project, target, day(on), Scope::Project).status
    };
    assert_eq!(
        status("staff_exchanges", "2020-06-01"),
        Some(Status::OnTrack)
    );
    assert_eq!(
        status("thematic_cluster_visits", "2021-06-01"),
        Some(Status::AtRisk)
    );
    assert_eq!(status("conferences", "2022-11-17"), Some(Status::Met));
    assert_eq!(
        status("staff_exchanges", "2022-12-30"),
        Some(Status::AtRisk)
    );
    assert_eq!(status("staff_exchanges", END), Some(Status::Late));
}

#[test]
fn a_burn_up_has_a_point_for_every_month_and_never_falls() {
    let project = project();
    let target = project.target_by_key("thematic_cluster_visits").unwrap();
    let points = series(&project, target, day(END), Scope::Project);
    assert_eq!(points.len(), 36);
    assert_eq!((points[0].month, points[0].reported), (1, Some(0)));
    assert_eq!(
        (points[35].day.to_string().as_str(), points[35].reported),
        (END, Some(8))
    );
    assert!(
        points
            .windows(2)
            .all(|pair| pair[0].reported <= pair[1].reported)
    );
    let half = series(&project, target, day("2021-06-15"), Scope::Project);
    assert_eq!(
        (half.len(), half[17].day.to_string().as_str()),
        (18, "2021-06-15")
    );
}

#[test]
fn visits_by_community_are_four_three_four_three() {
    let project = project();
    let target = project.target_by_key("thematic_cluster_visits").unwrap();
    let parts = by_community(&project, target, day(END));
    let planned: Vec<_> = parts.parts.iter().map(|part| part.planned).collect();
    let reported: Vec<_> = parts.parts.iter().map(|part| part.reported).collect();
    assert_eq!(planned, [Some(4), Some(3), Some(4), Some(3)]);
    assert_eq!(reported, [Some(4), Some(0), Some(2), Some(2)]);
    assert_eq!(parts.unattributed.planned, Some(0));
}

#[test]
fn where_nothing_is_planned_there_is_no_status() {
    let project = project();
    let target = project.target_by_key("staff_exchanges").unwrap();
    let parts = by_community(&project, target, day(END));
    let gender = &parts.parts[1];
    assert_eq!(
        (gender.goal, gender.share(), gender.status),
        (Some(0), None, None)
    );
    assert_eq!(parts.parts[0].status, Some(Status::Late));
}

#[test]
fn the_last_report_names_who_blocks_what() {
    let project = project();
    let blockers = domain::brief::blockers(&project, day(END));
    let dortmund = project.partner_by_key("dortmund").unwrap().id;
    assert!(
        blockers
            .iter()
            .any(|blocker| blocker.partner == Some(dortmund)),
        "{blockers:#?}"
    );
    let overdue = progress(&project, day(END), Scope::Project)
        .figures
        .iter()
        .find(|figure| figure.target.key == "action_plans")
        .map(|figure| figure.items.iter().filter(|item| item.lack.overdue).count());
    assert_eq!(overdue, Some(6));
}

#[test]
fn the_host_leads_and_so_counts_the_visit() {
    let project = project();
    let target = project.target_by_key("thematic_cluster_visits").unwrap();
    let torino = project.partner_by_key("torino").unwrap().id;
    let parts = by_partner(&project, target, day(END));
    let torino = parts
        .parts
        .iter()
        .find(|part| part.scope == Scope::Partner(torino))
        .unwrap();
    assert_eq!((torino.planned, torino.reported), (Some(1), Some(1)));
    assert_eq!(parts.unattributed.planned, Some(6));
}

#[test]
fn a_report_without_evidence_does_not_count() {
    let mut file = connection();
    output(&mut file, "cop1_w2").evidence.clear();
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    assert_eq!(reported(&project, "thematic_cluster_visits", END), Some(7));
}

#[test]
fn what_was_cancelled_counts_nowhere_and_what_was_returned_counts_as_planned() {
    let mut file = connection();
    output(&mut file, "cop1_w2")
        .history
        .push(step(Verb::Returned, "2021-11-01"));
    output(&mut file, "cop2_w1")
        .history
        .push(step(Verb::Cancelled, "2021-01-01"));
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let target = project.target_by_key("thematic_cluster_visits").unwrap();
    let figure = figure(&project, target, day(END), Scope::Project);
    assert_eq!((figure.planned, figure.reported), (Some(13), Some(7)));
    let returned = project.output_by_key(OutputKind::Visit, "cop1_w2").unwrap();
    assert_eq!(
        project.standing(returned, day(END)).unwrap().state,
        State::Returned
    );
}

#[test]
fn what_is_known_to_the_month_takes_effect_at_its_end() {
    let project = project();
    let athens = project.output_by_key(OutputKind::Visit, "cop4_w2").unwrap();
    let state = |on| project.standing(athens, day(on)).unwrap().state;
    assert_eq!(state("2021-11-29"), State::Planned);
    assert_eq!(state("2021-11-30"), State::Reported);
    let guide = &project
        .outputs
        .iter()
        .find(|row| row.kind == OutputKind::Guide)
        .unwrap();
    assert_eq!(
        project.standing(guide, day("2022-12-30")).unwrap().state,
        State::Planned
    );
    assert_eq!(
        project.standing(guide, day(END)).unwrap().state,
        State::Reported
    );
}

#[test]
fn a_day_sees_the_dates_as_they_stood_then() {
    let mut file = connection();
    let mut moved = step(Verb::Rescheduled, "2021-08-01");
    moved.old_starts = Some("2021-06-07".parse().unwrap());
    moved.new_starts = Some("2021-09-20".parse().unwrap());
    let exchange = output(&mut file, "x_thessaloniki_delta_leg1");
    exchange.history.insert(0, moved);
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let exchange = project
        .output_by_key(OutputKind::StaffExchange, "x_thessaloniki_delta_leg1")
        .unwrap();
    let before = project.standing(exchange, day("2021-07-31")).unwrap();
    assert_eq!(
        (before.starts.unwrap().to_string().as_str(), before.moves),
        ("2021-06-07", 0)
    );
    let after = project.standing(exchange, day("2021-08-01")).unwrap();
    assert_eq!(
        (after.starts.unwrap().to_string().as_str(), after.moves),
        ("2021-09-20", 1)
    );
}

#[test]
fn what_was_recorded_later_was_not_known() {
    let mut file = connection();
    let mut late = step(Verb::Verified, "2021-12-01");
    late.recorded_at = Some("2022-03-01T10:00:00Z".parse().unwrap());
    output(&mut file, "cop1_w2").history.push(late);
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let visit = project.output_by_key(OutputKind::Visit, "cop1_w2").unwrap();
    let state = |known_at: &str| {
        let known_at = Some(known_at.parse().unwrap());
        project
            .standing(
                visit,
                AsOf {
                    known_at,
                    ..day("2021-12-31")
                },
            )
            .unwrap()
            .state
    };
    assert_eq!(state("2022-02-01T00:00:00Z"), State::Reported);
    assert_eq!(state("2022-03-02T00:00:00Z"), State::Verified);
}

#[test]
fn a_partner_counts_while_it_is_in_the_project() {
    let mut file = connection();
    let rotterdam = file
        .partners
        .iter_mut()
        .find(|row| row.organisation == "rotterdam")
        .unwrap();
    rotterdam.joined_on = Some("2020-03-01".parse().unwrap());
    rotterdam.left_on = Some("2021-05-01".parse().unwrap());
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    assert_eq!(reported(&project, "core_cities", "2020-02-01"), Some(12));
    assert_eq!(reported(&project, "core_cities", "2021-04-30"), Some(13));
    assert_eq!(reported(&project, "core_cities", "2021-05-01"), Some(12));
}

/// What may happen to one output: how far it comes, when, and with what.
#[derive(Clone, Debug)]
struct Fate {
    verbs: Vec<Verb>,
    days: Vec<u16>,
    has_evidence: bool,
    community: Option<usize>,
    lead: Option<usize>,
}

fn fate() -> impl Strategy<Value = Fate> {
    let ways = prop::sample::select(vec![
        vec![],
        vec![Verb::Confirmed],
        vec![Verb::Confirmed, Verb::Reported],
        vec![Verb::Reported, Verb::Verified],
        vec![Verb::Reported, Verb::Returned],
        vec![
            Verb::Reported,
            Verb::Returned,
            Verb::Reported,
            Verb::Verified,
        ],
        vec![Verb::Cancelled],
        vec![
            Verb::Reported,
            Verb::Verified,
            Verb::Reopened,
            Verb::Cancelled,
        ],
    ]);
    let days = prop::collection::vec(0u16..1100, 4);
    let community = prop::option::of(0usize..4);
    let lead = prop::option::of(0usize..30);
    (ways, days, any::<bool>(), community, lead).prop_map(
        |(verbs, days, has_evidence, community, lead)| Fate {
            verbs,
            days,
            has_evidence,
            community,
            lead,
        },
    )
}

fn befall(file: &mut ProjectFile, fates: &[Fate]) {
    let start = file.project.starts_on;
    let communities: Vec<String> = file.communities.iter().map(|row| row.key.clone()).collect();
    let partners: Vec<String> = file
        .partners
        .iter()
        .map(|row| row.organisation.clone())
        .collect();
    for (output, fate) in file.outputs.iter_mut().zip(fates.iter().cycle()) {
        let mut days = fate.days.clone();
        days.sort_unstable();
        output.history = fate
            .verbs
            .iter()
            .zip(days)
            .map(|(verb, day)| {
                let on = start + chrono::Days::new(day.into());
                step(*verb, &on.to_string())
            })
            .collect();
        if !fate.has_evidence {
            output.evidence.clear();
        }
        output.community = fate
            .community
            .map(|at| communities[at % communities.len()].clone());
        output.lead = fate.lead.map(|at| partners[at % partners.len()].clone());
    }
}

fn befallen(fates: &[Fate]) -> ProjectFile {
    let mut file = connection();
    befall(&mut file, fates);
    file
}

fn stages(project: &Project, target: &target::Model, on: AsOf, scope: Scope) -> [Option<i64>; 3] {
    let figure = figure(project, target, on, scope);
    [figure.planned, figure.reported, figure.verified]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parts_always_sum_to_the_whole(fates in prop::collection::vec(fate(), 1..20), after in 0u64..1150) {
        let project = in_memory(&befallen(&fates), "2020-01-01T00:00:00Z");
        let on = AsOf::from(project.project.starts_on + chrono::Days::new(after));
        for target in &project.targets {
            let sums = matches!(target.rule.measure, Measure::Count | Measure::SumAmount);
            let whole = stages(&project, target, on, Scope::Project);
            if !sums || whole[0].is_none() {
                continue;
            }
            for parts in [by_community(&project, target, on), by_partner(&project, target, on)] {
                for stage in [Stage::Planned, Stage::Reported, Stage::Verified] {
                    let sum: i64 = parts
                        .parts
                        .iter()
                        .chain([&parts.unattributed])
                        .filter_map(|part| part.value_at(stage))
                        .sum();
                    prop_assert_eq!(Some(sum), whole[stage as usize], "{} {:?}", &target.key, stage);
                }
            }
            prop_assert_eq!(reconciles(&project, target, on), Some(true));
        }
    }

    #[test]
    fn planned_holds_reported_holds_verified_and_items_are_the_figure(
        fates in prop::collection::vec(fate(), 1..20),
        after in 0u64..1150,
    ) {
        let project = in_memory(&befallen(&fates), "2020-01-01T00:00:00Z");
        let on = AsOf::from(project.project.starts_on + chrono::Days::new(after));
        for figure in progress(&project, on, Scope::Project).figures {
            let [planned, reported, verified] = [figure.planned, figure.reported, figure.verified];
            prop_assert!(planned >= reported && reported >= verified, "{}", &figure.target.key);
            if figure.target.rule.measure == Measure::Count {
                for stage in [Stage::Planned, Stage::Reported, Stage::Verified] {
                    let items = i64::try_from(figure.items_at(stage).count()).unwrap();
                    prop_assert_eq!(figure.value_at(stage), Some(items));
                }
            }
        }
    }

    #[test]
    fn verifying_never_lowers_a_figure(fates in prop::collection::vec(fate(), 1..20), which in 0usize..80) {
        let file = befallen(&fates);
        let mut verified = file.clone();
        let reported: Vec<&mut Output> = verified
            .outputs
            .iter_mut()
            .filter(|output| output.history.last().is_some_and(|last| last.verb == Verb::Reported))
            .collect();
        prop_assume!(!reported.is_empty());
        let count = reported.len();
        let chosen = reported.into_iter().nth(which % count).unwrap();
        chosen.history.push(step(Verb::Verified, END));
        let (before, after) = (
            in_memory(&file, "2020-01-01T00:00:00Z"),
            in_memory(&verified, "2020-01-01T00:00:00Z"),
        );
        for (target, same) in before.targets.iter().zip(&after.targets) {
            let was = stages(&before, target, day("2023-06-01"), Scope::Project);
            let is = stages(&after, same, day("2023-06-01"), Scope::Project);
            prop_assert!(was.iter().zip(is).all(|(was, is)| is >= *was), "{}", &target.key);
        }
    }

    #[test]
    fn an_event_effective_after_a_day_never_changes_that_day(
        fates in prop::collection::vec(fate(), 1..20),
        which in 0usize..80,
        after in 0u64..1090,
    ) {
        let file = befallen(&fates);
        let on = file.project.starts_on + chrono::Days::new(after);
        let mut later = file.clone();
        let count = later.outputs.len();
        let chosen = &mut later.outputs[which % count];
        let tomorrow = on.succ_opt().unwrap().to_string();
        let last = chosen.history.last().map(|step| step.verb);
        let verb = match last {
            Some(Verb::Reported) => Verb::Verified,
            Some(Verb::Verified | Verb::Cancelled) => Verb::Reopened,
            _ => Verb::Reported,
        };
        chosen.history.push(step(verb, &tomorrow));
        let (before, with) = (
            in_memory(&file, "2020-01-01T00:00:00Z"),
            in_memory(&later, "2020-01-01T00:00:00Z"),
        );
        for (target, same) in before.targets.iter().zip(&with.targets) {
            let was = stages(&before, target, on.into(), Scope::Project);
            prop_assert_eq!(was, stages(&with, same, on.into(), Scope::Project), "{}", &target.key);
        }
    }
}

#[test]
fn a_record_s_reference_reads_back() {
    let project = project();
    for figure in progress(&project, day(END), Scope::Project).figures {
        for item in &figure.items {
            assert_eq!(
                item.record.to_string().parse::<RecordRef>().as_ref(),
                Ok(&item.record)
            );
        }
    }
}
