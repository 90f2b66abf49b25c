//! Import, export and loading, on every database.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use chrono::{DateTime, Utc};
use domain::{
    clock::Clock,
    error::Error,
    file::{self, ProjectFile},
    ids::Ids,
    rows::ChangeKind,
    store::{Import, Store},
};
use tests::{TestDatabase, on_each_database};

const DATA_SET: &str = include_str!("../data/connection.json");

fn data_set() -> ProjectFile {
    file::read(DATA_SET).unwrap()
}

fn store(database: &TestDatabase) -> Store {
    let now: DateTime<Utc> = "2021-09-06T05:59:30Z".parse().unwrap();
    Store::new(database.db.clone(), Clock::frozen(now), Ids::Fresh)
}

on_each_database! {
    async fn an_export_of_an_import_is_the_same_file(database: TestDatabase) {
        let store = store(&database);
        let imported = store.import(&data_set(), Import::default()).await.unwrap();
        assert!(imported.is_new);
        let project = store.project("connection").await.unwrap();
        assert_eq!(project.revision(), 1);
        let exported = file::export(&project).to_json();
        assert!(exported == DATA_SET, "the export differs from the imported file");
    }

    async fn importing_the_same_file_again_changes_nothing(database: TestDatabase) {
        let store = store(&database);
        store.import(&data_set(), Import::default()).await.unwrap();
        let again = store.import(&data_set(), Import::default()).await.unwrap();
        assert!(!again.is_new);
        assert_eq!(again.changes, []);
        assert_eq!(store.fresh("connection").await.unwrap().revision(), 1);
    }

    async fn a_dry_run_says_what_would_change_and_writes_nothing(database: TestDatabase) {
        let store = store(&database);
        store.import(&data_set(), Import::default()).await.unwrap();
        let mut newer = data_set();
        newer.targets[0].value += 1;
        let would = store.import(&newer, Import { dry_run: true, prune: false }).await.unwrap();
        let kinds: Vec<_> = would.changes.iter().map(|change| (change.table, &change.kind)).collect();
        assert_eq!(kinds, [("target", &ChangeKind::Changed(vec!["value"]))]);
        assert_eq!(store.fresh("connection").await.unwrap().targets[0].value, 7);

        store.import(&newer, Import::default()).await.unwrap();
        let project = store.fresh("connection").await.unwrap();
        assert_eq!((project.targets[0].value, project.revision()), (8, 2));
    }

    async fn what_a_newer_file_leaves_out_stays_unless_pruned(database: TestDatabase) {
        let store = store(&database);
        store.import(&data_set(), Import::default()).await.unwrap();
        let mut newer = data_set();
        let gone = newer.outputs.pop().unwrap();
        let kept = store.import(&newer, Import::default()).await.unwrap();
        assert_eq!(kept.kept.len(), 1, "{:?}", kept.kept);
        assert!(kept.kept[0].contains(&gone.key));
        let outputs = store.fresh("connection").await.unwrap().outputs.len();
        store.import(&newer, Import { dry_run: false, prune: true }).await.unwrap();
        assert_eq!(store.fresh("connection").await.unwrap().outputs.len(), outputs - 1);
    }

    async fn a_bad_file_is_refused_whole_with_every_problem(database: TestDatabase) {
        let store = store(&database);
        let mut bad = data_set();
        bad.partners[0].organisation = "atlantis".into();
        bad.organisations[1].time_zone = "Europe/Atlantis".into();
        bad.outputs[0].sources.0.push("Z99:q1".into());
        let Err(Error::Invalid(problems)) = store.import(&bad, Import::default()).await else {
            panic!("a bad file was taken");
        };
        for path in ["/partners/0/organisation", "/organisations/1/timeZone"] {
            assert!(problems.iter().any(|problem| problem.path == path), "{path}: {problems:?}");
        }
        assert!(problems.iter().any(|problem| problem.wrong.contains("Z99")), "{problems:?}");
        assert!(matches!(store.fresh("connection").await, Err(Error::NotFound("project"))));
    }

    async fn recorded_history_cannot_be_rewritten(database: TestDatabase) {
        let store = store(&database);
        store.import(&data_set(), Import::default()).await.unwrap();
        let mut newer = data_set();
        let at = newer.outputs.iter().position(|output| !output.history.is_empty()).unwrap();
        newer.outputs[at].history[0].reason = Some("another reason".into());
        let Err(Error::Invalid(problems)) = store.import(&newer, Import::default()).await else {
            panic!("history was rewritten");
        };
        assert_eq!(problems[0].path, format!("/outputs/{at}/history/0"));
    }

    async fn another_process_s_write_is_seen(database: TestDatabase) {
        let (ours, theirs) = (store(&database), store(&database));
        ours.import(&data_set(), Import::default()).await.unwrap();
        assert_eq!(theirs.project("connection").await.unwrap().revision(), 1);
        let mut newer = data_set();
        newer.project.acronym = "CONNECTED".into();
        ours.import(&newer, Import::default()).await.unwrap();
        tokio::time::timeout(std::time::Duration::from_secs(5), async {
            let watch = theirs.watch();
            tokio::pin!(watch);
            loop {
                tokio::select! {
                    () = &mut watch => unreachable!("it runs until it is dropped"),
                    () = tokio::time::sleep(std::time::Duration::from_millis(50)) => {}
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
}
