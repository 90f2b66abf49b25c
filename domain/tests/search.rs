//! Searching a project: what is found, by whom, as of when, and what comes first.

use chrono::NaiveDate;
use domain::{
    file::ProjectFile,
    project::{AsOf, Project},
    record::{Detail, ForumMember, ForumTopic, Kind, Learning, Stakeholder, Step},
    search::{Hit, Match, Query, matches, search, title},
    viewer::{Credential, SignedIn, Viewer},
};
use entities::*;
use tests::project::{connection, in_memory, output, step};
use uuid::Uuid;

const CREATED: &str = "2020-01-01T00:00:00Z";

fn end() -> AsOf {
    "2022-12-31".parse::<NaiveDate>().unwrap().into()
}

fn found(project: &Project, viewer: Viewer, text: &str) -> Vec<Hit> {
    search(project, viewer, end(), &Query::new(text).unwrap())
}

/// The titles of the records that a stranger finds.
fn titles(project: &Project, text: &str) -> Vec<String> {
    let hits = found(project, Viewer::Anonymous, text);
    let title = |hit: &Hit| title(project, hit, "en");
    hits.iter().map(title).collect()
}

/// The fields of the first record that a stranger finds.
fn matches_of(project: &Project, text: &str) -> Vec<Match> {
    let query = Query::new(text).unwrap();
    let hits = search(project, Viewer::Anonymous, end(), &query);
    matches(project, end(), &hits[0], &query)
}

fn shown(text: &Match) -> String {
    let shown = |piece: &domain::search::Piece| match piece.is_match {
        true => format!("[{}]", piece.text),
        false => piece.text.clone(),
    };
    text.excerpt.iter().map(shown).collect()
}

fn changed(change: impl FnOnce(&mut ProjectFile)) -> Project {
    let mut file = connection();
    change(&mut file);
    in_memory(&file, CREATED)
}

#[test]
fn a_stranger_finds_words_of_the_records_without_regard_to_accents_and_case() {
    let project = in_memory(&connection(), CREATED);
    for text in [
        "accoglienza",
        "ACCOGLIENZA",
        "Migrantour",
        "migrantour torino",
    ] {
        assert!(!titles(&project, text).is_empty(), "{text}");
    }
    let plain = titles(&project, "Citta");
    assert_eq!(plain, titles(&project, "città"));
    assert!(plain.contains(&"City of Torino".to_owned()), "{plain:?}");
    assert!(titles(&project, "nowhere to be found").is_empty());
}

#[test]
fn where_the_words_stand_is_said_with_an_excerpt() {
    let project = changed(|file| {
        let visit = output(file, "cop1_w1");
        visit.agenda[0].title = "The Zürich Quokka tour".to_owned();
    });
    let matches = matches_of(&project, "quokka zurich");
    let fields: Vec<_> = matches.iter().map(|text| text.field.as_str()).collect();
    assert_eq!(fields, ["agenda.title", "agenda.title"]);
    assert_eq!(matches[0].locale, None);
    assert_eq!(shown(&matches[0]), "The [Zürich] [Quokka] tour");
    assert_eq!(
        shown(&matches[1]),
        "Meeting the cities selected as visitors (Hamburg, Prague, [Zurich])"
    );
    let in_italian = matches_of(&project, "citta europee imparano");
    assert_eq!(in_italian[0].field, "summary");
    assert_eq!(in_italian[0].locale.as_deref(), Some("it"));
}

#[test]
fn every_text_of_a_record_is_found_wherever_its_room_declares_it() {
    let mut file = connection();
    let mark = |text: &mut String, word: &str| *text = format!("{text} {word}");
    let mut wanted = Vec::new();
    let mut add = |word: &'static str, field: &'static str| {
        wanted.push((word, field));
        word
    };
    file.project
        .programme
        .name
        .0
        .insert("it".into(), add("xprogramme", "programme.name").into());
    file.notes[0].topic = add("xtopic", "topic").into();
    file.notes[0].readings.0.push(Reading {
        value: add("xreading", "readings.value").into(),
        source: None,
    });
    file.targets[0]
        .rule
        .text
        .0
        .insert("en".into(), add("xrule", "rule.text").into());
    mark(&mut file.forums[0].goals.0[0], add("xgoal", "goals"));
    file.forums[0].topics.push(ForumTopic {
        title: add("xforumtopic", "topics.title").into(),
        proposed_by: TopicProposer::Coordinator,
        proposed: None,
        translations: Default::default(),
    });
    mark(&mut file.practices[0].name, add("xpractice", "name"));
    mark(&mut file.calls[0].title, add("xcall", "title"));
    mark(
        &mut file.publications[0].title,
        add("xpublication", "title"),
    );
    mark(&mut file.sources[0].title, add("xsource", "title"));
    mark(
        &mut file.organisations[0].name,
        add("xorganisation", "name"),
    );
    file.pairings[0].result = Some(add("xresult", "result").into());
    file.partners[0]
        .basis
        .0
        .insert("kind".into(), add("xbasis", "basis.kind").into());
    file.budget_lines[0].label = add("xbudget", "label").into();
    let project = in_memory(&file, CREATED);
    for (word, field) in wanted {
        let matches = matches_of(&project, word);
        assert_eq!(matches[0].field, field, "{word}");
    }
}

#[test]
fn details_and_the_lists_in_them_are_searched() {
    let project = changed(|file| {
        let learning = serde_json::json!({ "kind": "LESSON", "body": "xlesson" });
        let learning: Learning = serde_json::from_value(learning).unwrap();
        output(file, "cop1_w1").learning.push(learning);
        let plan = output(file, "ap_asti");
        let Detail::ActionPlan(plan) = &mut plan.kind else {
            panic!("it is an action plan");
        };
        plan.original_title = Some("xtitolo".into());
        plan.stakeholders.push(Stakeholder {
            name: "xstakeholder".into(),
            kind: None,
            translations: Default::default(),
        });
    });
    for (word, field) in [
        ("xlesson", "learning.body"),
        ("xtitolo", "actionPlan.originalTitle"),
        ("xstakeholder", "actionPlan.stakeholders.name"),
    ] {
        assert_eq!(matches_of(&project, word)[0].field, field, "{word}");
    }
}

#[test]
fn all_words_must_be_there_in_one_record() {
    let project = changed(|file| {
        file.practices[0].description = Some("quokka".into());
        file.practices[0].note = Some("wombat".into());
        file.practices[1].description = Some("quokka".into());
    });
    assert_eq!(titles(&project, "quokka").len(), 2);
    assert_eq!(titles(&project, "wombat quokka").len(), 1);
    assert_eq!(titles(&project, "wombat quokka numbat").len(), 0);
}

#[test]
fn whole_words_come_before_prefixes_and_these_before_parts_and_titles_first() {
    let project = changed(|file| {
        let texts = [
            (None, "a bandiquokkax"),
            (None, "quokkas are here"),
            (None, "the quokka"),
            (Some("Inner xquokkax"), ""),
            (Some("Quokkas"), ""),
            (Some("A quokka"), ""),
        ];
        for (practice, (name, description)) in file.practices.iter_mut().zip(texts) {
            let name = name.map_or_else(|| format!("In {description:.3}"), str::to_owned);
            practice.name = name;
            practice.description = Some(description.to_owned());
        }
    });
    let hits = found(&project, Viewer::Anonymous, "quokka");
    let ids: Vec<_> = project.practices.iter().map(|row| row.id.0).collect();
    let order: Vec<_> = hits
        .iter()
        .filter_map(|hit| ids.iter().position(|id| *id == hit.id))
        .collect();
    assert_eq!(order, [5, 2, 4, 1, 3, 0]);
}

#[test]
fn sources_and_notes_come_after_what_stands_for_itself() {
    let project = changed(|file| {
        file.sources[0].title = "Quokka".into();
        file.notes[0].topic = "Quokka".into();
        file.practices[0].name = "Quokka".into();
    });
    let kinds: Vec<_> = found(&project, Viewer::Anonymous, "quokka")
        .iter()
        .map(|hit| hit.kind)
        .collect();
    assert_eq!(kinds[0], Kind::Practice);
    assert_eq!(kinds.len(), 3);
}

#[test]
fn an_output_that_is_planned_later_is_not_found_nor_why_it_was_moved_later() {
    let project = changed(|file| {
        let later = output(file, "cop1_w1");
        later.title.0.insert("en".into(), "The Quokka visit".into());
        later.history = vec![
            step(Verb::Planned, "2021-03-01"),
            Step {
                reason: Some("wombats everywhere".into()),
                ..step(Verb::Cancelled, "2021-06-01")
            },
        ];
    });
    let found = |text: &str, day: &str| {
        let day: NaiveDate = day.parse().unwrap();
        let query = Query::new(text).unwrap();
        search(&project, Viewer::Anonymous, day.into(), &query).len()
    };
    assert_eq!(found("quokka", "2021-02-28"), 0);
    assert_eq!(found("quokka", "2021-03-01"), 1);
    assert_eq!(found("wombats", "2021-05-31"), 0);
    assert_eq!(found("wombats", "2021-06-01"), 1);
    let query = Query::new("wombats").unwrap();
    let known_at = AsOf {
        day: end().day,
        known_at: Some("2019-01-01T00:00:00Z".parse().unwrap()),
        is_going_on: false,
    };
    assert_eq!(
        search(&project, Viewer::Anonymous, known_at, &query).len(),
        0
    );
}

#[test]
fn people_are_found_by_those_who_may_see_them() {
    let project = changed(|file| {
        file.people[0].name = Some("Quentin Quokka".into());
    });
    let person = |row: &person::Model| {
        Viewer::Person(SignedIn {
            person: row.id,
            by: Credential::Session(Uuid::from_u128(1).into()),
        })
    };
    let role_of = |kind: RoleKind| {
        let mut roles = project.roles.iter();
        let role = roles.find(|role| role.kind == kind).unwrap();
        person(project.person(role.person_id))
    };
    assert_eq!(found(&project, Viewer::Anonymous, "quokka").len(), 0);
    assert_eq!(found(&project, Viewer::Operator, "quokka").len(), 1);
    assert_eq!(
        found(&project, role_of(RoleKind::Coordinator), "quokka").len(),
        1
    );
    for row in &project.people {
        let viewer = person(row);
        let quentin = project
            .people
            .iter()
            .find(|row| row.name.as_deref() == Some("Quentin Quokka"));
        let may = viewer.may_see_person(&project, quentin.unwrap().id);
        let finds = found(&project, viewer, "quokka").len() == 1;
        assert_eq!(finds, may, "{}", row.key);
    }
}

#[test]
fn a_single_person_in_a_forum_is_not_found_though_an_import_named_them() {
    let project = changed(|file| {
        file.forums[0].members.push(ForumMember {
            kind: ForumMemberKind::Association,
            name: Some("Quokka".into()),
            state: MembershipState::Accepted,
            applied: None,
            decided: None,
            translations: Default::default(),
        });
    });
    assert_eq!(found(&project, Viewer::Anonymous, "quokka").len(), 1);
    let mut rows = project.rows().clone();
    rows.forum_members[0].kind = ForumMemberKind::Individual;
    let project = Project::new(rows);
    assert_eq!(found(&project, Viewer::Operator, "quokka").len(), 0);
}

#[test]
fn an_output_without_a_title_is_found_by_the_words_for_one() {
    let project = in_memory(&connection(), CREATED);
    let found = titles(&project, "Thematic visit 3 of CoP2");
    assert_eq!(found[0], "Thematic visit 3 of CoP2");
    let query = Query::new("Piano d'azione Asti").unwrap();
    let hits = search(&project, Viewer::Anonymous, end(), &query);
    let key = |hit: &Hit| hit.kind.key_in(hit.id, project.rows()).unwrap().to_owned();
    let keys: Vec<_> = hits.iter().map(key).collect();
    assert!(keys.contains(&"ap_asti".to_owned()), "{keys:?}");
}
