//! Import, export and loading, on every database.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    clock::Clock,
    command::{Import, SharedChanges},
    error::Error,
    file::{self, ProjectFile},
    ids::Ids,
    ledger,
    record::rows::ChangeKind,
    record::{Code, Problem, Step},
    store::{Follower, RevisionChanged, Store},
    synthetic::Maker,
};
use entities::{Channel, NotificationState, OutputKind, Strings, Verb, audit_entry, notification};
use rstest::rstest;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, TransactionTrait};
use serde_json::json;
use tests::{
    Backend, TestDatabase,
    project::{output, step},
};
use tokio::sync::broadcast::Receiver;

const DATA_SET: &str = include_str!("../data/connection.json");

fn data_set() -> ProjectFile {
    file::read(DATA_SET).unwrap()
}

fn store(database: &TestDatabase) -> Store {
    let now: DateTime<Utc> = "2021-09-06T05:59:30Z".parse().unwrap();
    Store::new(database.db.clone(), Clock::frozen(now), Ids::Fresh)
}

async fn audited(store: &Store) -> Vec<audit_entry::Model> {
    audit_entry::Entity::find().all(store.db()).await.unwrap()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_export_of_an_import_is_the_same_file(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    let imported = store.import(&data_set(), Import::default()).await.unwrap();
    assert!(imported.is_new);
    let project = store.project("connection").await.unwrap();
    assert_eq!(project.revision(), 1);
    let exported = file::export(&project).to_json();
    assert!(
        exported == DATA_SET,
        "the export differs from the imported file"
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn importing_the_same_file_again_changes_nothing(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    store.import(&data_set(), Import::default()).await.unwrap();
    let again = store.import(&data_set(), Import::default()).await.unwrap();
    assert!(!again.is_new);
    assert_eq!(again.changes, []);
    assert_eq!(store.fresh("connection").await.unwrap().revision(), 1);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_import_is_in_the_audit_with_each_record_that_it_changes(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    let mut file = data_set();
    file.people[0].name = Some("Quirina Zanzottera".to_owned());
    let dry = Import {
        dry_run: true,
        ..Import::default()
    };
    store.import(&file, dry).await.unwrap();
    assert_eq!(audited(&store).await, []);
    // A new project is one entry: its file tells the rest.
    store.import(&file, Import::default()).await.unwrap();
    let [new] = &audited(&store).await[..] else {
        panic!("one entry")
    };
    assert_eq!(
        (&*new.verb, &*new.kind, new.channel),
        ("import", "Project", Channel::Command)
    );
    let after = new.after.as_ref().unwrap();
    assert_eq!(
        (&after["key"], &after["startsOn"]),
        (&json!("connection"), &json!("2020-01-01"))
    );
    assert_eq!((new.revision, &new.before), (Some(1), &None));
    // The same again is nothing.
    store.import(&file, Import::default()).await.unwrap();
    assert_eq!(audited(&store).await.len(), 1);
    // A newer file is an entry for each record, from what to what, and no name or address.
    file.targets[0].value += 1;
    file.organisations[0].name = "Another name".to_owned();
    file.people[0].address = Some("quirina@torino.example".to_owned());
    let (key, value) = (file.targets[0].key.clone(), file.targets[0].value);
    store.import(&file, Import::default()).await.unwrap();
    let project = store.fresh("connection").await.unwrap();
    let entries = audited(&store).await;
    let newer: Vec<_> = entries
        .iter()
        .filter(|one| one.revision == Some(2))
        .collect();
    let mut kinds: Vec<&str> = newer.iter().map(|one| &*one.kind).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["Organisation", "Person", "Target"]);
    let target = newer.iter().find(|one| one.kind == "Target").unwrap();
    let row = project.targets.iter().find(|row| row.key == key).unwrap();
    assert_eq!(target.record_id, row.id.0);
    assert_eq!(target.before, Some(json!({ "value": value - 1 })));
    assert_eq!(target.after, Some(json!({ "value": value })));
    assert_eq!(target.project_id, Some(project.id()));
    let text = format!("{entries:?}");
    assert!(
        !text.contains("Zanzottera") && !text.contains("quirina"),
        "{text}"
    );
    // Another project of the same programme is one entry more, and one for what it changes of
    // what both show.
    file.project.key = "sister".to_owned();
    file.notes.clear();
    file.organisations[0].name = "A third name".to_owned();
    store.import(&file, change_shared()).await.unwrap();
    let entries = audited(&store).await;
    let sister = store.project("sister").await.unwrap().id();
    let of_sister = entries.iter().filter(|one| one.project_id == Some(sister));
    let mut kinds: Vec<&str> = of_sister.map(|one| &*one.kind).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["Organisation", "Project"]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_dry_run_says_what_would_change_and_writes_nothing(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    store.import(&data_set(), Import::default()).await.unwrap();
    let mut newer = data_set();
    newer.targets[0].value += 1;
    let would = store
        .import(
            &newer,
            Import {
                dry_run: true,
                prune: false,
                ..Import::default()
            },
        )
        .await
        .unwrap();
    let kinds: Vec<_> = would
        .changes
        .iter()
        .map(|change| (change.table, &change.kind))
        .collect();
    assert_eq!(kinds, [("target", &ChangeKind::Changed(vec!["value"]))]);
    assert_eq!(store.fresh("connection").await.unwrap().targets[0].value, 7);

    store.import(&newer, Import::default()).await.unwrap();
    let project = store.fresh("connection").await.unwrap();
    assert_eq!((project.targets[0].value, project.revision()), (8, 2));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_a_newer_file_leaves_out_stays_unless_pruned(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    store.import(&data_set(), Import::default()).await.unwrap();
    let mut newer = data_set();
    let gone = newer.outputs.pop().unwrap();
    let imported = store.import(&newer, Import::default()).await.unwrap();
    assert_eq!(imported.kept.len(), 1, "{:?}", imported.kept);
    assert!(imported.kept[0].contains(&gone.key));
    let outputs = store.fresh("connection").await.unwrap().outputs.len();
    store
        .import(
            &newer,
            Import {
                dry_run: false,
                prune: true,
                ..Import::default()
            },
        )
        .await
        .unwrap();
    assert_eq!(
        store.fresh("connection").await.unwrap().outputs.len(),
        outputs - 1
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_bad_file_is_refused_whole_with_every_problem(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    let mut bad = data_set();
    bad.partners[0].organisation = "atlantis".into();
    bad.organisations[1].time_zone = "Europe/Atlantis".into();
    bad.outputs[0].sources.0.push("Z99:q1".into());
    let Err(Error::Invalid(problems)) = store.import(&bad, Import::default()).await else {
        panic!("a bad file was taken");
    };
    for path in ["/partners/0/organisation", "/organisations/1/timeZone"] {
        assert!(
            problems.iter().any(|problem| problem.pointer() == path),
            "{path}: {problems:?}"
        );
    }
    assert!(
        problems
            .iter()
            .any(|problem| problem.value.as_deref() == Some("Z99")),
        "{problems:?}"
    );
    assert!(matches!(
        store.fresh("connection").await,
        Err(Error::NotFound("project"))
    ));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn recorded_history_cannot_be_rewritten(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    store.import(&data_set(), Import::default()).await.unwrap();
    let mut newer = data_set();
    let at = newer
        .outputs
        .iter()
        .position(|output| !output.history.is_empty())
        .unwrap();
    newer.outputs[at].history[0].reason = Some("another reason".into());
    let Err(Error::Invalid(problems)) = store.import(&newer, Import::default()).await else {
        panic!("history was rewritten");
    };
    assert_eq!(problems[0].pointer(), format!("/outputs/{at}/history/0"));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn whose_report_a_step_is_comes_with_it_and_stays(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    let mut file = data_set();
    let reported = |step: &Step| step.verb == Verb::Reported;
    let at = (file.outputs.iter())
        .position(|one| one.history.iter().any(reported))
        .unwrap();
    let index = file.outputs[at].history.iter().position(reported).unwrap();
    let keys = Strings(vec!["torino".into(), "eurocities".into()]);
    file.outputs[at].history[index].reporters = keys.clone();
    store.import(&file, Import::default()).await.unwrap();
    let project = store.project("connection").await.unwrap();
    assert!(file::export(&project).to_json() == file.to_json());
    // A file from before that was recorded leaves it out, and it stays.
    let again = store.import(&data_set(), Import::default()).await.unwrap();
    assert_eq!(again.changes, []);
    let project = store.project("connection").await.unwrap();
    assert_eq!(
        file::export(&project).outputs[at].history[index].reporters,
        keys
    );
    file.outputs[at].history[index].reporters = Strings(vec!["zurich".into()]);
    let path = format!("/outputs/{at}/history/{index}/reporters");
    let Err(Error::Invalid(problems)) = store.import(&file, Import::default()).await else {
        panic!("history was rewritten");
    };
    assert_eq!(problems[0].pointer(), path);
    // Each once, known, and of a report alone.
    let wrong = &mut file.outputs[at].history;
    wrong[index].reporters = Strings(vec!["zurich".into(), "zurich".into(), "nowhere".into()]);
    wrong[index].verb = Verb::Confirmed;
    let Err(Error::Invalid(problems)) = store.import(&file, Import::default()).await else {
        panic!("it was imported");
    };
    let paths: Vec<_> = problems
        .iter()
        .map(|problem| problem.path.as_ref())
        .collect();
    let path = path.trim_start_matches('/').replace('/', ".");
    for expected in [&path, &format!("{path}.1"), &format!("{path}.2")] {
        assert!(
            paths.contains(&expected.as_str()),
            "{expected} in {paths:?}"
        );
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_known_date_ahead_changes_only_by_a_step_that_keeps_the_old_one(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let mut file = data_set();
    output(&mut file, "x_thessaloniki_delta_leg1")
        .history
        .clear();
    let store = store(&database);
    store.import(&file, Import::default()).await.unwrap();
    let mut moved = file.clone();
    let at = moved
        .outputs
        .iter()
        .position(|row| row.key == "x_thessaloniki_delta_leg1")
        .unwrap();
    moved.outputs[at].starts = Some("2021-09-27".parse().unwrap());
    moved.outputs[at].ends = Some("2021-10-01".parse().unwrap());
    let Err(Error::Invalid(problems)) = store.import(&moved, Import::default()).await else {
        panic!("a date was rewritten");
    };
    assert_eq!(problems[0].pointer(), format!("/outputs/{at}/starts"));
    assert_eq!(problems[0].code, Code::MoveNotRecorded);
    assert_eq!(problems[0].value.as_deref(), Some("2021-09-20"));

    let mut step = step(Verb::Rescheduled, "2021-09-06");
    step.old_starts = Some("2021-09-20".parse().unwrap());
    step.new_starts = moved.outputs[at].starts;
    moved.outputs[at].history.push(step);
    store.import(&moved, Import::default()).await.unwrap();
    let project = store.fresh("connection").await.unwrap();
    let row = project
        .output_by_key(OutputKind::StaffExchange, "x_thessaloniki_delta_leg1")
        .unwrap();
    let standing = |day: &str| {
        let day: NaiveDate = day.parse().unwrap();
        project
            .standing(row, day.into())
            .unwrap()
            .starts
            .unwrap()
            .to_string()
    };
    assert_eq!(
        (standing("2021-09-05"), standing("2021-09-06")),
        ("2021-09-20".into(), "2021-09-27".into())
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_clock_that_was_set_back_forgets_hints_and_skips_but_nothing_sent(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let clock = Clock::frozen("2022-03-01T12:00:00Z".parse().unwrap());
    let store = Store::new(database.db.clone(), clock.clone(), Ids::Fresh);
    store.import(&data_set(), Import::default()).await.unwrap();
    let later: DateTime<Utc> = "2022-06-01T00:00:00Z".parse().unwrap();
    let project = store.fresh("connection").await.unwrap();
    ledger::claim(store.db(), &project, store.ids(), later)
        .await
        .unwrap();
    let monday: DateTime<Utc> = "2021-09-06T05:59:30Z".parse().unwrap();
    clock.set(monday);
    let ahead = store.rewind_clock().await.unwrap();
    assert!(ahead.is_some_and(|instant| instant > monday));
    notification::Entity::update_many()
        .set(notification::ActiveModel {
            state: Set(NotificationState::Skipped),
            ..Default::default()
        })
        .exec(store.db())
        .await
        .unwrap();
    assert_eq!(store.rewind_clock().await.unwrap(), None);
    let project = store.fresh("connection").await.unwrap();
    assert_eq!(project.project.created_at, monday);
    assert_eq!(file::export(&project).to_json(), DATA_SET);
    let six = "2021-09-06T06:00:00Z".parse().unwrap();
    assert_eq!(
        ledger::to_plan(store.db(), monday).await.unwrap(),
        ["connection"]
    );
    assert!(
        ledger::claim(store.db(), &project, store.ids(), six)
            .await
            .unwrap()
            > 0
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn another_process_s_write_is_seen(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (ours, theirs) = (store(&database), store(&database));
    ours.import(&data_set(), Import::default()).await.unwrap();
    assert_eq!(theirs.project("connection").await.unwrap().revision(), 1);
    let mut newer = data_set();
    newer.project.acronym = "CONNECTED".into();
    ours.import(&newer, Import::default()).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), async {
        let watch = theirs.watch();
        tokio::pin!(watch);
        loop {
            tokio::select! {
                () = &mut watch => unreachable!("it runs until it is dropped"),
                () = tokio::time::sleep(Duration::from_millis(50)) => {}
            }
            let project = theirs.project("connection").await.unwrap();
            if project.project.acronym == "CONNECTED" {
                break;
            }
        }
    })
    .await
    .unwrap();
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_write_is_told_once_when_it_has_committed(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    let (mut changes, mut written) = (store.changes(), store.local_changes());
    assert_eq!(store.cached_revision("connection"), None);
    store.import(&data_set(), Import::default()).await.unwrap();
    assert_eq!(received(&mut changes), [("connection".into(), 1)]);
    assert_eq!(store.cached_revision("connection"), Some(1));

    let mut newer = data_set();
    newer.targets[0].value += 1;
    store
        .import(
            &newer,
            Import {
                dry_run: true,
                prune: false,
                ..Import::default()
            },
        )
        .await
        .unwrap();
    let mut bad = newer.clone();
    bad.partners[0].organisation = "atlantis".into();
    store.import(&bad, Import::default()).await.unwrap_err();
    store.import(&data_set(), Import::default()).await.unwrap();
    assert_eq!(received(&mut changes), [], "nothing was written");
    store.import(&newer, Import::default()).await.unwrap();
    assert_eq!(received(&mut changes), [("connection".into(), 2)]);
    assert_eq!(
        store.project("connection").await.unwrap().targets[0].value,
        newer.targets[0].value
    );
    assert_eq!(
        received(&mut written),
        [("connection".into(), 1), ("connection".into(), 2)]
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_write_to_an_organisation_is_told_of_every_project_that_shows_it(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    store.import(&data_set(), Import::default()).await.unwrap();
    let mut other = of_key("other");
    store.import(&other, Import::default()).await.unwrap();
    let mut changes = store.changes();
    other.organisations[0].name.push('!');
    store.import(&other, change_shared()).await.unwrap();
    let mut received = received(&mut changes);
    received.sort();
    assert_eq!(received, [("connection".into(), 2), ("other".into(), 2)]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_heard_twice_is_told_once_and_drops_what_is_stale(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (ours, theirs) = (store(&database), store(&database));
    ours.import(&data_set(), Import::default()).await.unwrap();
    theirs.project("connection").await.unwrap();
    let mut written = ours.local_changes();
    let (mut changes, mut passed_on) = (theirs.changes(), theirs.local_changes());
    let mut newer = data_set();
    newer.targets[0].value += 1;
    ours.import(&newer, Import::default()).await.unwrap();
    let change = written.try_recv().unwrap();
    theirs.apply_remote(change.clone());
    assert_eq!(theirs.cached_revision("connection"), None);
    assert_eq!(theirs.project("connection").await.unwrap().revision(), 2);
    theirs.apply_remote(change.clone());
    theirs.apply_remote(RevisionChanged {
        revision: 1,
        ..change
    });
    assert_eq!(
        theirs.cached_revision("connection"),
        Some(2),
        "what is current stays"
    );
    assert_eq!(received(&mut changes), [("connection".into(), 2)]);
    assert_eq!(
        received(&mut passed_on),
        [],
        "only own writes are handed on"
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_followed_project_is_found_changed_though_it_is_not_in_memory(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (ours, theirs) = (store(&database), store(&database));
    ours.import(&data_set(), Import::default()).await.unwrap();
    let mut following = theirs.follow("connection").await.unwrap();
    let mut second = theirs.follow("connection").await.unwrap();
    assert_eq!(following.latest().revision, 1);
    let mut changes = theirs.changes();
    let mut newer = data_set();
    newer.targets[0].value += 1;
    ours.import(&newer, Import::default()).await.unwrap();
    let found = next(&theirs, &mut following).await;
    assert_eq!((found.key.as_str(), found.revision), ("connection", 2));
    theirs.apply_remote(found.clone());
    assert_eq!(next(&theirs, &mut second).await, found);
    assert_eq!(received(&mut changes), [("connection".into(), 2)]);
    assert_eq!(
        theirs.cached_revision("connection"),
        None,
        "nobody has read it here"
    );
    assert!(matches!(
        theirs.follow("atlantis").await,
        Err(Error::NotFound("project"))
    ));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn changes_among_more_projects_than_one_look_asks_for_are_found_by_one_look(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    // By turns alone, 600 projects take three looks.
    let (ours, theirs) = (store(&database), store(&database));
    let maker = Maker::new(1, 0.01);
    let files: Vec<_> = (1..=600).map(|number| maker.project(number)).collect();
    ours.import_many(&files).await.unwrap();
    let keys: Vec<_> = files.into_iter().map(|file| file.project.key).collect();
    let mut following = Vec::new();
    for key in &keys {
        following.push(theirs.follow(key).await.unwrap());
    }
    let mut changes = theirs.changes();
    let watch = theirs.watch();
    tokio::pin!(watch);
    for (from, revision) in [(0, 2), (30, 2), (0, 3)] {
        let raised: Vec<_> = keys.iter().skip(from).step_by(60).collect();
        for key in &raised {
            let id = ours.project(key).await.unwrap().id();
            let mut write = ours.write().await.unwrap();
            write.raise(id).await.unwrap();
            write.commit().await.unwrap();
        }
        let mut found = Vec::new();
        // The rest of a look that was under way may find some of them, the next one finds all.
        for _ in 0..2 {
            if found.len() < raised.len() {
                found.extend(receive_together(&mut watch, &mut changes).await);
            }
        }
        found.sort();
        let raised: Vec<_> = raised
            .into_iter()
            .map(|key| (key.clone(), revision))
            .collect();
        assert_eq!(found, raised, "more than one look was needed");
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_was_not_used_for_longest_makes_room(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    for key in ["one", "two", "three", "four"] {
        store.import(&of_key(key), Import::default()).await.unwrap();
    }
    let bytes = store.project("one").await.unwrap().bytes();
    store.set_cache_capacity(bytes * 7 / 2);
    for key in ["one", "two", "three", "one", "four"] {
        store.project(key).await.unwrap();
        let (projects, size) = store.cache_size();
        assert!(
            projects <= 3 && size <= bytes * 7 / 2,
            "{projects} take {size}"
        );
    }
    let cached = ["one", "two", "three", "four"].map(|key| store.cached_revision(key).is_some());
    assert_eq!(cached, [true, false, true, true]);

    store.set_cache_capacity(bytes / 2);
    for key in ["two", "three", "three"] {
        assert_eq!(store.project(key).await.unwrap().key(), key);
        assert_eq!(
            store.cache_size().0,
            1,
            "one that is larger than the room is kept alone"
        );
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn first_reads_at_the_same_time_load_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (ours, theirs) = (store(&database), store(&database));
    ours.import(&data_set(), Import::default()).await.unwrap();
    let read = || theirs.project("connection");
    let (one, two, three, four) = tokio::join!(read(), read(), read(), read());
    let one = one.unwrap();
    for other in [two, three, four] {
        assert!(std::sync::Arc::ptr_eq(&one, &other.unwrap()));
    }
    let missing = || theirs.project("atlantis");
    let (one, two) = tokio::join!(missing(), missing());
    assert!(matches!(
        (one, two),
        (Err(Error::NotFound(_)), Err(Error::NotFound(_)))
    ));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_database_that_was_set_back_is_believed(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    store.import(&data_set(), Import::default()).await.unwrap();
    let mut ahead = store.follow("connection").await.unwrap().latest();
    ahead.revision = 7;
    store.apply_remote(ahead);
    for _ in 0..2 {
        assert_eq!(store.project("connection").await.unwrap().revision(), 1);
        assert_eq!(store.cached_revision("connection"), Some(1));
    }
}

/// The data set as another project.
fn of_key(key: &str) -> ProjectFile {
    let text = DATA_SET.replace("project:connection", &format!("project:{key}"));
    let mut file = file::read(&text).unwrap();
    key.clone_into(&mut file.project.key);
    file
}

/// What was announced and not yet received: keys and revisions.
fn received(changes: &mut Receiver<RevisionChanged>) -> Vec<(String, i64)> {
    std::iter::from_fn(|| changes.try_recv().ok())
        .map(|change| (change.key, change.revision))
        .collect()
}

/// Waits for changes while a store looks for other processes' writes; gives what one question to the
/// database found.
async fn receive_together(
    watch: &mut (impl Future<Output = ()> + Unpin),
    changes: &mut Receiver<RevisionChanged>,
) -> Vec<(String, i64)> {
    let first = tokio::select! {
        () = watch => unreachable!("it runs until it is dropped"),
        first = tokio::time::timeout(Duration::from_secs(10), changes.recv()) => first,
    };
    let first = first.unwrap().unwrap();
    let mut all = received(changes);
    all.push((first.key, first.revision));
    all
}

/// Waits for a follower's changes while a store looks for other processes' writes.
async fn next(store: &Store, following: &mut Follower) -> RevisionChanged {
    let change = async {
        tokio::select! {
            () = store.watch() => unreachable!("it runs until it is dropped"),
            change = following.next() => change,
        }
    };
    tokio::time::timeout(Duration::from_secs(10), change)
        .await
        .unwrap()
}

/// The problems of a text, each as its path and its code.
fn problems(text: &str) -> Vec<(String, String)> {
    let problems = match file::read(text) {
        Ok(file) => file::check(&file),
        Err(problems) => problems,
    };
    problems
        .into_iter()
        .map(|problem| (problem.pointer(), problem.code.name().to_owned()))
        .collect()
}

#[test]
fn problems_of_shape_and_of_meaning_are_told_together_each_by_its_path() {
    let mut value: serde_json::Value = serde_json::from_str(DATA_SET).unwrap();
    value["project"].as_object_mut().unwrap().remove("startsOn");
    value["outputs"][2]["starts"] = "2021-02-30".into();
    value["outputs"][5]["host"] = "atlantis".into();
    value["partners"][3]["joinedOn"] = "soon".into();
    value["partners"][9]["extra"] = true.into();
    value["organisations"][16]["country"] = "EL".into();
    value["targets"][1]["value"] = 0.into();
    value["notes"][0]["kind"] = "GOSSIP".into();
    let problems = problems(&value.to_string());
    for (path, code) in [
        ("/project/startsOn", "REQUIRED"),
        ("/outputs/2/starts", "NOT_A_DATE"),
        ("/outputs/5/host", "NOT_FOUND"),
        ("/partners/3/joinedOn", "NOT_A_DATE"),
        ("/partners/9/extra", "UNKNOWN_FIELD"),
        ("/organisations/16/country", "NOT_A_COUNTRY"),
        ("/targets/1/value", "OUT_OF_RANGE"),
        ("/notes/0/kind", "OUT_OF_RANGE"),
    ] {
        let found = problems.iter().find(|(at, _)| at == path);
        assert!(
            found.is_some_and(|(_, found)| found == code),
            "{path}: {problems:#?}"
        );
    }
    assert_eq!(problems.len(), 8, "{problems:#?}");
}

#[test]
fn a_missing_record_is_told_wherever_it_is_missed() {
    let mut file = data_set();
    file.partners
        .retain(|partner| partner.organisation != "migrationwork");
    let problems = file::check(&file);
    assert_eq!(problems.len(), 20, "{problems:#?}");
    assert!(problems.iter().all(|one| one.code == Code::NotFound));
    let paths: Vec<_> = problems.iter().map(Problem::pointer).collect();
    assert!(paths.contains(&"/notes/10/about/0".to_owned()), "{paths:?}");
}

/// An import that may change what other projects show.
fn change_shared() -> Import {
    Import {
        shared: SharedChanges::Make,
        ..Import::default()
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_check_allows_more_and_no_row_is_lost(#[case] backend: Backend) {
    const KNOWN: [&str; 9] = [
        "STAFF_EXCHANGE",
        "VISIT",
        "EVENT",
        "ACTION_PLAN",
        "POLICY",
        "CHAMPION",
        "CHAMPION_WORKSHOP",
        "GUIDE",
        "VIDEO",
    ];
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database);
    store.import(&data_set(), Import::default()).await.unwrap();
    let transaction = database.db.begin().await.unwrap();
    migration::allow(&transaction, "output", "kind", &KNOWN, "TOOLKIT")
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let update = |from: &str, to: &str| {
        let text = format!("update output set kind = '{to}' where kind = '{from}'");
        let db = database.db.clone();
        async move { db.execute_unprepared(&text).await }
    };
    assert_eq!(update("VIDEO", "TOOLKIT").await.unwrap().rows_affected(), 4);
    assert!(
        update("TOOLKIT", "KIT").await.is_err(),
        "anything is a kind"
    );
    assert_eq!(update("TOOLKIT", "VIDEO").await.unwrap().rows_affected(), 4);
    let project = store.fresh("connection").await.unwrap();
    let exported = file::export(&project).to_json();
    assert!(exported == DATA_SET, "rows were lost or changed");
    // A column without such a check is named.
    let refused = migration::allow(&database.db, "output", "note", &KNOWN, "X").await;
    assert!(refused.is_err());
}
