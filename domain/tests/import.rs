//! What an import refuses, warns of and takes: the rules are those of mutations, each problem has its
//! path, and what is wrong in a project already keeps nobody from changing the rest.

use domain::{
    account::{privacy, user},
    actor::Actor,
    clock::Clock,
    command::{
        Command, Draft, Import, Named, SharedChanges,
        role::{self, NewRole},
    },
    data,
    error::Error,
    file::{self, ProjectFile},
    ids::Ids,
    record::{Code, Participant, Person, Problem, Role, mail_address},
    store::Store,
    viewer::Viewer,
};
use entities::{DigestFrequency, ParticipationStatus, PersonId, PersonKind, RoleKind};
use rstest::rstest;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::{Backend, TestDatabase};

fn data_set() -> Value {
    serde_json::from_str(data::CONNECTION).unwrap()
}

fn store(database: &TestDatabase) -> Store {
    let noon = "2021-09-06T12:00:00Z".parse().unwrap();
    Store::new(database.db.clone(), Clock::frozen(noon), Ids::Fresh)
}

/// All problems of a text, by path and code.
fn problems(text: &str) -> Vec<(String, &'static str)> {
    let problems = match file::read(text) {
        Ok(file) => file::check(&file),
        Err(problems) => problems,
    };
    let named = problems.iter().map(|one| (one.pointer(), one.code.name()));
    named.collect()
}

/// The problems of the data set after a change, but for those of the whole file.
fn after(change: impl FnOnce(&mut Value)) -> Vec<(String, &'static str)> {
    let mut file = data_set();
    change(&mut file);
    problems(&file.to_string())
}

#[test]
fn a_file_is_held_to_the_rules_of_mutations() {
    let found = after(|file| {
        file["calls"][0]["title"] = "x".repeat(20_000).into();
        file["calls"][0]["places"] = (-5).into();
        file["calls"][0]["formUrl"] = "javascript:alert(1)".into();
        file["calls"][0]["issued"] = "2021-06-01".into();
        file["calls"][0]["deadline"] = "2021-01-01".into();
        file["communities"][0]["plannedVisits"] = (-3).into();
        file["publications"][0]["url"] = "ftp//bad".into();
        file["practices"][0]["name"] = " ".into();
        file["people"][0]["name"] = "Torino\r\nBcc: all".into();
        file["people"][0]["address"] = "a..b@torino.example".into();
        file["people"][1]["address"] = "a>b@torino.example".into();
        file["organisations"][0]["locale"] = "@@".into();
        file["forums"][0]["name"] = json!({ "@@": "A forum" });
    });
    let expected = [
        ("/calls/0/deadline", "ENDS_BEFORE_START"),
        ("/calls/0/formUrl", "NOT_A_URL"),
        ("/calls/0/places", "OUT_OF_RANGE"),
        ("/calls/0/title", "TOO_LONG"),
        ("/communities/0/plannedVisits", "OUT_OF_RANGE"),
        ("/forums/0/name", "NOT_A_LANGUAGE"),
        ("/organisations/0/locale", "NOT_A_LANGUAGE"),
        ("/people/0/address", "NOT_AN_ADDRESS"),
        ("/people/0/name", "NOT_ONE_LINE"),
        ("/people/1/address", "NOT_AN_ADDRESS"),
        ("/practices/0/name", "REQUIRED"),
        ("/publications/0/url", "NOT_A_URL"),
    ];
    let mut found: Vec<_> = found
        .iter()
        .map(|(at, code)| (at.as_str(), *code))
        .collect();
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_name_that_is_given_twice_is_told_by_its_path() {
    let text = data::CONNECTION.replacen("\"acronym\":", "\"acronym\": \"A\", \"acronym\":", 1);
    let expected = [("/project/acronym".to_owned(), "TWICE")];
    assert_eq!(problems(&text), expected);
}

#[test]
fn a_mark_of_the_encoding_and_a_whole_number_with_a_point_are_taken() {
    let number = "\"plannedVisits\": 4";
    assert!(data::CONNECTION.contains(number));
    let text = format!("\u{feff}{}", data::CONNECTION).replace(number, "\"plannedVisits\": 4.0");
    let file = file::read(&text).unwrap();
    assert_eq!(file, file::read(data::CONNECTION).unwrap());
    let found = after(|file| file["communities"][0]["plannedVisits"] = 2.5.into());
    let expected = [("/communities/0/plannedVisits".to_owned(), "WRONG_TYPE")];
    assert_eq!(found, expected);
}

#[test]
fn a_participant_is_expected_until_more_is_known() {
    let mut value = data_set();
    let outputs = value["outputs"].as_array_mut().unwrap();
    let output = outputs
        .iter_mut()
        .find(|output| output.get("participants").is_some())
        .unwrap();
    output["participants"][0]
        .as_object_mut()
        .unwrap()
        .remove("status");
    let file = file::read(&value.to_string()).unwrap();
    let mut all = file.outputs.iter().flat_map(|output| &output.participants);
    assert!(all.any(|one| one.status == ParticipationStatus::Expected));
}

#[test]
fn one_inbox_has_one_spelling() {
    for (written, stored) in [
        ("Exchanges@TORINO.example", Some("exchanges@torino.example")),
        (
            " exchanges@torino.example ",
            Some("exchanges@torino.example"),
        ),
        ("post@zürich.example", Some("post@xn--zrich-kva.example")),
        (
            "post@xn--zrich-kva.example",
            Some("post@xn--zrich-kva.example"),
        ),
        ("a..b@torino.example", None),
        ("a>b@torino.example", None),
        ("a b@torino.example", None),
        ("a,b@torino.example", None),
        ("nobody", None),
        ("@torino.example", None),
        ("a@localhost", None),
    ] {
        assert_eq!(mail_address(written).as_deref(), stored, "{written}");
    }
    let found = after(|file| {
        file["people"][0]["address"] = "post@zürich.example".into();
        file["people"][1]["address"] = "POST@xn--zrich-kva.example".into();
    });
    assert_eq!(found, [("/people/1/address".to_owned(), "TAKEN")]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_wrong_already_is_a_warning_until_it_changes(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    let mut file = file::read(data::CONNECTION).unwrap();
    store.import(&file, Import::default()).await.unwrap();
    // As a release left it that had other rules.
    let wrong = "update open_call set places = -5";
    database.db.execute_unprepared(wrong).await.unwrap();
    let raised = "update project set revision = revision + 1";
    database.db.execute_unprepared(raised).await.unwrap();
    file.calls[0].places = Some(-5);
    file.calls[0].title.push('!');
    let imported = store.import(&file, Import::default()).await.unwrap();
    let warned: Vec<_> = imported.warnings.iter().map(Problem::pointer).collect();
    assert_eq!(warned, ["/calls/0/places"]);
    file.calls[0].places = Some(-6);
    let Err(Error::Invalid(problems)) = store.import(&file, Import::default()).await else {
        panic!("another wrong number was taken");
    };
    assert_eq!(problems[0].pointer(), "/calls/0/places");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_other_projects_show_is_not_taken_over_by_a_key(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    let file = file::read(data::CONNECTION).unwrap();
    store.import(&file, Import::default()).await.unwrap();
    let mut other: ProjectFile = file.clone();
    other.project.key = "other".to_owned();
    other.notes.clear();
    let at = other
        .people
        .iter()
        .position(|person| person.kind == PersonKind::Mailbox && person.address.is_some())
        .unwrap();
    other.people[at].time_zone = "Europe/Lisbon".to_owned();
    other.organisations[2].name.push('!');
    let dry = Import {
        dry_run: true,
        ..Import::default()
    };
    let told = store.import(&other, dry).await.unwrap().elsewhere;
    let paths: Vec<_> = told.iter().map(Problem::pointer).collect();
    assert_eq!(
        paths,
        [
            "/organisations/2/name".to_owned(),
            format!("/people/{at}/timeZone")
        ]
    );
    assert!(told.iter().all(|one| one.code == Code::ShownElsewhere));
    assert!(
        told.iter()
            .all(|one| one.value.as_deref() == Some("connection"))
    );
    let Err(Error::Invalid(refused)) = store.import(&other, Import::default()).await else {
        panic!("somebody else's mailbox was taken over");
    };
    assert_eq!(refused, told);
    let meant = Import {
        shared: SharedChanges::Make,
        ..Import::default()
    };
    store.import(&other, meant).await.unwrap();
    let connection = store.fresh("connection").await.unwrap();
    let mut people = connection.people.iter();
    assert!(people.any(|row| row.time_zone == "Europe/Lisbon"));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_address_under_another_key_is_told_by_its_path(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    let file = file::read(data::CONNECTION).unwrap();
    store.import(&file, Import::default()).await.unwrap();
    let mut other = file.clone();
    other.project.key = "other".to_owned();
    other.notes.clear();
    let person = other.people.iter_mut().enumerate();
    let mut people = person.filter(|(_, person)| person.address.is_some());
    let (at, person) = people.next().unwrap();
    let known = std::mem::replace(&mut person.key, "somebody-new".to_owned());
    for output in &mut other.outputs {
        for participant in &mut output.participants {
            if participant.person.as_ref() == Some(&known) {
                participant.person = Some("somebody-new".to_owned());
            }
        }
    }
    let Err(Error::Invalid(problems)) = store.import(&other, Import::default()).await else {
        panic!("one inbox has two people");
    };
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].pointer(), format!("/people/{at}/address"));
    assert_eq!(
        (problems[0].code, problems[0].value.as_deref()),
        (Code::Taken, Some(known.as_str()))
    );
}

/// A human who took part in an output, with a role of their own.
fn participant(file: &mut ProjectFile, key: &str) {
    file.people.push(Person {
        key: key.to_owned(),
        kind: PersonKind::Human,
        name: Some("Quirina Unica".to_owned()),
        address: Some(format!("{key}@torino.example")),
        locale: "it".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        digest: DigestFrequency::Weekly,
        digest_hour: 7,
        paused_until: None,
        roles: vec![Role {
            kind: RoleKind::Partner,
            partner: Some("torino".to_owned()),
            from: None,
            until: None,
        }],
    });
    let mut outputs = file.outputs.iter_mut();
    let output = outputs.find(|output| !output.participants.is_empty());
    output.unwrap().participants.push(Participant {
        partner: Some("torino".to_owned()),
        person: Some(key.to_owned()),
        who: None,
        status: ParticipationStatus::Present,
        reason: None,
        since: None,
        sources: Default::default(),
        translations: Default::default(),
    });
}

async fn person_id(store: &Store, key: &str) -> PersonId {
    user::find(store, key).await.unwrap().id
}

async fn erase(store: &Store, person: PersonId) {
    let keeper = Viewer::Operator.keeper_of(person).unwrap();
    privacy::erase(store, &Actor::COMMAND, &keeper)
        .await
        .unwrap();
}

async fn revoke(store: &Store, person: PersonId, kind: RoleKind, partner: Option<&str>) {
    let role = NewRole {
        kind,
        partner: partner.map(|key| Named::Key(key.to_owned())),
        from: None,
        until: None,
    };
    let edit = |draft: &mut Draft| {
        let right = draft.viewer.coordinator_of(&draft.project())?;
        role::revoke(draft, &right, person, &role)?;
        Ok(person.into())
    };
    let actor = Actor::new(Viewer::Operator);
    store
        .execute(&actor, "connection", Command::new("revokeRole"), edit)
        .await
        .unwrap();
}

/// The file of the project as it is now, after it went through text.
async fn exported(store: &Store) -> ProjectFile {
    let project = store.fresh("connection").await.unwrap();
    file::read(&file::export(&project).to_json()).unwrap()
}

/// Holds an export to what it is for: it makes the same project in an empty place, and changes nothing
/// where it comes from.
async fn comes_back(backend: Backend, store: &Store) {
    let export = exported(store).await;
    let dry = Import {
        dry_run: true,
        ..Import::default()
    };
    for how in [dry, Import::default()] {
        let imported = store.import(&export, how).await.unwrap();
        assert_eq!(imported.changes, [], "the same place");
        assert_eq!((imported.warnings, imported.elsewhere), (vec![], vec![]));
        assert_eq!(imported.kept, Vec::<String>::new());
    }
    assert_eq!(exported(store).await, export);
    let elsewhere = backend.database().await.unwrap();
    let elsewhere = self::store(&elsewhere);
    let imported = elsewhere.import(&export, Import::default()).await.unwrap();
    assert!(imported.is_new);
    assert_eq!(exported(&elsewhere).await, export, "an empty place");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_project_of_which_somebody_was_erased_is_exported_and_imported_again(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    let mut file = file::read(data::CONNECTION).unwrap();
    for key in ["quirina", "tecla", "zita"] {
        participant(&mut file, key);
    }
    store.import(&file, Import::default()).await.unwrap();
    comes_back(backend, &store).await;
    // One who stays, with a role from the command line.
    let wanted = user::NewUser {
        key: Some("desk".to_owned()),
        name: Some("Exchange desk".to_owned()),
        address: Some("desk@torino.example".to_owned()),
        locale: "it".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        role: Some(("connection".to_owned(), RoleKind::Coordinator)),
        may_create_projects: false,
    };
    user::add(&store, &Actor::COMMAND, wanted).await.unwrap();
    comes_back(backend, &store).await;
    // One whose role is revoked, and who took part; one of whom only that is left, and nothing else.
    let (quirina, tecla) = (
        person_id(&store, "quirina").await,
        person_id(&store, "tecla").await,
    );
    revoke(&store, tecla, RoleKind::Partner, Some("torino")).await;
    comes_back(backend, &store).await;
    erase(&store, quirina).await;
    comes_back(backend, &store).await;
    erase(&store, tecla).await;
    comes_back(backend, &store).await;
    // Two former members, each without a role, in the outputs that they took part in.
    let export = exported(&store).await;
    let former = export.people.iter().filter(|one| one.name.is_none());
    let former: Vec<_> = former
        .filter(|one| one.key.starts_with("former-"))
        .collect();
    assert_eq!(former.len(), 2);
    let parts = export
        .outputs
        .iter()
        .flat_map(|output| &output.participants);
    let named = parts.filter(|part| {
        let key = part.person.as_deref().unwrap_or_default();
        former.iter().any(|one| one.key == key)
    });
    assert_eq!(named.count(), 2);
    assert!(
        former
            .iter()
            .all(|one| one.roles.is_empty() && one.address.is_none())
    );
    // Nothing else of the file names them.
    let text = export.to_json();
    assert!(!text.contains("quirina") && !text.contains("tecla") && text.contains("zita"));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn many_new_projects_at_once_change_no_organisation_of_others(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    let file = file::read(data::CONNECTION).unwrap();
    store.import(&file, Import::default()).await.unwrap();
    let before = store.fresh("connection").await.unwrap();
    let mut other = ProjectFile::empty(file.project.clone());
    other.project.key = "other".to_owned();
    other.project.sources = Default::default();
    other.project.websites = Default::default();
    other.project.related = Default::default();
    other.organisations.clone_from(&file.organisations);
    for organisation in &mut other.organisations {
        organisation.country = None;
    }
    let name = &mut other.project.programme.name.0;
    name.insert("en".to_owned(), "Another fund".to_owned());
    store.import_many(&[other]).await.unwrap();
    let after = store.fresh("connection").await.unwrap();
    assert_eq!(after.organisations, before.organisations);
    assert_eq!(after.programme, before.programme);
}
