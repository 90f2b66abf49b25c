//! Slips of a project file: what the field may do is warned of, what nobody means is refused.

use domain::{
    clock::Clock,
    command::Import,
    error::Error,
    file::{ProjectFile, check, warnings},
    ids::Ids,
    record::Participant,
    store::Store,
};
use entities::{ParticipationStatus, Strings, Verb};
use rstest::rstest;
use tests::{
    Backend,
    project::{connection, output, step},
};

/// The problems of CONNECTION after a change: pointer and code of each.
fn problems(change: impl FnOnce(&mut ProjectFile)) -> Vec<String> {
    let mut file = connection();
    change(&mut file);
    let problems = check(&file).into_iter();
    problems.map(|problem| problem.to_string()).collect()
}

fn participant(partner: Option<&str>, person: Option<&str>) -> Participant {
    Participant {
        partner: partner.map(str::to_owned),
        person: person.map(str::to_owned),
        who: None,
        status: ParticipationStatus::Expected,
        reason: None,
        since: None,
        sources: Strings::default(),
        translations: Default::default(),
    }
}

/// Moves the third visit of CoP1 to the days of the second.
fn overlapping() -> ProjectFile {
    let mut file = connection();
    let visit = output(&mut file, "cop1_w3");
    visit.starts = Some("2021-10-13".parse().unwrap());
    visit.ends = Some("2021-10-15".parse().unwrap());
    file
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn two_visits_of_one_community_on_the_same_days_are_imported_with_a_warning(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let now = "2021-09-06T12:00:00Z".parse().unwrap();
    let store = Store::new(database.db.clone(), Clock::frozen(now), Ids::FromKeys);
    let file = overlapping();
    assert_eq!(check(&file), []);
    for _ in 0..2 {
        let imported = store.import(&file, Import::default()).await.unwrap();
        let said: Vec<String> = imported.warnings.iter().map(ToString::to_string).collect();
        let at = file.outputs.iter().position(|one| one.key == "cop1_w3");
        let right = format!(
            "/outputs/{}/starts: OVERLAPPING_VISITS (cop1_w2)",
            at.unwrap()
        );
        assert_eq!(said, [right]);
    }
}

#[test]
fn visits_on_other_days_in_other_communities_or_called_off_are_no_reason_to_warn() {
    assert_eq!(warnings(&connection()), []);
    assert_eq!(warnings(&overlapping()).len(), 1);
    let mut elsewhere = overlapping();
    output(&mut elsewhere, "cop1_w3").community = Some("cop2".to_owned());
    assert_eq!(warnings(&elsewhere), []);
    let mut cancelled = overlapping();
    output(&mut cancelled, "cop1_w2").history = vec![step(Verb::Cancelled, "2021-10-01")];
    assert_eq!(warnings(&cancelled), []);
    let mut by_month = overlapping();
    let visit = output(&mut by_month, "cop1_w3");
    visit.starts = Some("2021-10".parse().unwrap());
    visit.ends = None;
    assert_eq!(warnings(&by_month), []);
}

#[test]
fn one_language_in_two_spellings_is_refused_wherever_texts_are() {
    let text = || "A text".to_owned();
    let wrong = problems(|file| {
        file.project.name.0.insert("EN".to_owned(), text());
        file.project.summary.0.insert("En".to_owned(), text());
        file.project
            .programme
            .name
            .0
            .insert("EN".to_owned(), text());
        file.targets[0].label.0.insert("IT".to_owned(), text());
        file.targets[0].rule.text.0.insert("eN".to_owned(), text());
        for tag in ["it-ch", "it-CH"] {
            file.outputs[0].title.0.insert(tag.to_owned(), text());
        }
    });
    assert_eq!(wrong.len(), 6, "{wrong:?}");
    assert!(
        wrong.iter().all(|one| one.ends_with(": TWICE")),
        "{wrong:?}"
    );
    for place in [
        "/project/name/en",
        "/project/summary/en",
        "/project/programme/name/en",
        "/targets/0/label/it",
        "/targets/0/rule/text/en",
        "/outputs/0/title/it-ch",
    ] {
        assert!(
            wrong
                .iter()
                .any(|one| one.starts_with(&format!("{place}:"))),
            "{place}: {wrong:?}"
        );
    }
    let others = problems(|file| {
        file.outputs[0].title.0.insert("it-CH".to_owned(), text());
    });
    assert_eq!(others, [""; 0], "another country's spelling is another one");
}

#[test]
fn a_text_is_found_by_its_language_however_that_is_spelled() {
    let mut file = connection();
    let title = &mut file.outputs[0].title;
    title.0 = [("EN", "Visit"), ("IT", "Visita")]
        .map(|(tag, text)| (tag.to_owned(), text.to_owned()))
        .into();
    assert_eq!(title.get("it", "en"), Some("Visita"));
    assert_eq!(title.get("it-IT", "en"), Some("Visita"));
    assert_eq!(title.get("el", "en"), Some("Visit"));
}

#[test]
fn a_place_that_shows_nothing_is_refused() {
    for blank in [
        " ",
        "\t\n",
        "\u{a0}\u{3000}",
        "\u{200b}",
        "\u{2800} \u{feff}",
    ] {
        let wrong = problems(|file| {
            output(file, "final_meeting").place = Some(blank.to_owned());
            file.forums[0].district = Some(blank.to_owned());
        });
        assert_eq!(wrong.len(), 2, "{blank:?}: {wrong:?}");
        assert!(
            wrong.iter().all(|one| one.ends_with("REQUIRED")),
            "{wrong:?}"
        );
    }
    let right = problems(|file| output(file, "final_meeting").place = Some(" Utrecht ".to_owned()));
    assert_eq!(right, [""; 0]);
}

#[test]
fn who_takes_part_twice_is_refused() {
    let with = |entries: Vec<Participant>| {
        problems(|file| output(file, "final_meeting").participants = entries)
    };
    let torino = || participant(Some("torino"), None);
    let desk = |partner| participant(partner, Some("torino-exchanges"));
    for (entries, place) in [
        (vec![torino(), torino()], "1/partner"),
        (vec![desk(None), desk(Some("torino"))], "1/person"),
    ] {
        let wrong = with(entries);
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert!(
            wrong[0].ends_with(&format!("/participants/{place}: TWICE")),
            "{wrong:?}"
        );
    }
    assert_eq!(with(vec![torino(), desk(Some("torino"))]), [""; 0]);
}

#[tokio::test]
async fn a_file_that_names_a_participant_twice_is_not_imported() {
    let database = tests::TestDatabase::sqlite().await;
    let now = "2021-09-06T12:00:00Z".parse().unwrap();
    let store = Store::new(database.db.clone(), Clock::frozen(now), Ids::FromKeys);
    let mut file = connection();
    output(&mut file, "final_meeting").participants = vec![participant(Some("torino"), None); 2];
    let refused = store.import(&file, Import::default()).await;
    assert!(matches!(refused, Err(Error::Invalid(problems)) if problems.len() == 1));
}
