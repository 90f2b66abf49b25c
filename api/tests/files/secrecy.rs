//! What others learn of a file that is not theirs, and whether it leaves its project.

use domain::{
    command::{GivenFiles, Import},
    error::Error,
    files::Stored,
    record::{Code, Evidence},
};
use entities::{EvidenceKind, RoleKind};
use serde_json::json;
use tests::project;

use super::*;

/// A file that is evidence in one project, and only there.
fn confidential() -> Stored {
    Stored {
        sha256: "ab".repeat(32),
        media_type: "application/pdf",
        size: 7,
    }
}

fn evidence(file: &Stored) -> Evidence {
    Evidence {
        kind: EvidenceKind::File,
        title: Some("The list of those present".to_owned()),
        source: None,
        locator: None,
        url: None,
        sha256: Some(file.sha256.clone()),
        media_type: Some(file.media_type.to_owned()),
        size: Some(file.size),
        translations: Default::default(),
    }
}

/// CONNECTION under another key, in which the same people have other roles.
fn other(person: Person) -> ProjectFile {
    let mut file = staffed();
    file.project.key = "other".to_owned();
    file.people = vec![person];
    file.notes.clear();
    file
}

fn given(file: &Stored) -> GivenFiles {
    let mut given = GivenFiles::default();
    given.add(file.clone());
    given
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_known_of_a_file_is_told_to_those_alone_who_may_read_it(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let store = &world.api.store;
    let mut file = staffed();
    file.people.retain(|row| row.key != "left");
    let stored = confidential();
    project::output(&mut file, LEG).evidence = vec![evidence(&stored)];
    let imported = store
        .import_with(&file, Import::default(), &given(&stored))
        .await;
    imported.unwrap();
    let leg = world.leg().await;
    let query = format!(
        "{{ node(id: {leg:?}) {{ ... on StaffExchange {{ evidence {{
            version title kind sha256 mediaType size downloadPath }} }} }} }}"
    );
    let mut versions = Vec::new();
    let left = world.signed_in("left").await;
    for (viewer, may) in [
        (Viewer::Anonymous, false),
        (left, false),
        (world.signed_in("reader").await, true),
        (world.signed_in("city").await, true),
        (Viewer::Operator, true),
    ] {
        let data = world.api.data_as(viewer, &query).await;
        let told = &data["node"]["evidence"][0];
        assert_eq!(told["title"], "The list of those present");
        assert_eq!(told["kind"], "FILE");
        for field in ["sha256", "mediaType", "size", "downloadPath"] {
            assert_eq!(told[field].is_null(), !may, "{field} as {viewer:?}: {told}");
        }
        versions.push((may, told["version"].clone()));
    }
    // Nor can who has a file tell by the version whether it is this one.
    let told: Vec<_> = versions.iter().filter(|(may, _)| *may).collect();
    let hidden: Vec<_> = versions.iter().filter(|(may, _)| !*may).collect();
    assert!(told.iter().all(|one| one.1 == told[0].1));
    assert!(
        hidden
            .iter()
            .all(|one| one.1 == hidden[0].1 && one.1 != told[0].1)
    );
    let mut without = evidence(&stored);
    (without.sha256, without.media_type, without.size) = (Some("cd".repeat(32)), None, None);
    let another = Stored {
        sha256: "cd".repeat(32),
        ..stored
    };
    project::output(&mut file, LEG).evidence = vec![without];
    let prune = Import {
        prune: true,
        ..Import::default()
    };
    store
        .import_with(&file, prune, &given(&another))
        .await
        .unwrap();
    let data = world.api.data(&query).await;
    assert_eq!(data["node"]["evidence"][0]["version"], hidden[0].1);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_project_file_names_the_files_of_its_own_project_alone(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let store = &world.api.store;
    let stored = confidential();
    let (mut own, mut thief) = (
        staffed(),
        other(person("thief", RoleKind::Coordinator, Some("eurocities"))),
    );
    for file in [&mut own, &mut thief] {
        project::output(file, LEG).evidence = vec![evidence(&stored)];
    }
    let place = thief
        .outputs
        .iter()
        .position(|output| output.key == LEG)
        .unwrap();
    let problems = async |file: &ProjectFile| match store.import(file, Import::default()).await {
        Err(Error::Invalid(problems)) => problems
            .into_iter()
            .map(|one| (one.path.into_owned(), one.code))
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let path = |field: &str| format!("outputs.{place}.evidence.0.{field}");
    let missing = vec![(path("sha256"), Code::FileMissing)];
    // Of nobody, of the project that was given it, and of another one.
    assert_eq!(problems(&own).await, missing);
    store
        .import_with(&own, Import::default(), &given(&stored))
        .await
        .unwrap();
    assert_eq!(problems(&thief).await, missing);
    let mut renamed = own.clone();
    project::output(&mut renamed, LEG).evidence[0].title = Some("Renamed".to_owned());
    store.import(&renamed, Import::default()).await.unwrap();
    // What it is said to be is what it is.
    let mut lies = own.clone();
    let said = &mut project::output(&mut lies, LEG).evidence[0];
    (said.media_type, said.size) = (Some("text/html".to_owned()), Some(8));
    let wrong = vec![
        (path("mediaType"), Code::OutOfRange),
        (path("size"), Code::OutOfRange),
    ];
    assert_eq!(problems(&lies).await, wrong);
    // What is no hash is a problem, and nothing worse.
    for hash in [
        "a\u{e9}",
        "",
        "AB",
        &"AB".repeat(32),
        &"\u{e9}".repeat(32),
        "../../etc/passwd",
    ] {
        let mut file = thief.clone();
        project::output(&mut file, LEG).evidence[0].sha256 = Some(hash.to_owned());
        let problems = problems(&file).await;
        assert!(
            problems.contains(&(path("sha256"), Code::OutOfRange)),
            "{hash}: {problems:?}"
        );
    }
    assert!(store.project("other").await.is_err());
    store
        .import_with(&thief, Import::default(), &given(&stored))
        .await
        .unwrap();
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_upload_of_somebody_else_or_for_another_project_is_no_evidence(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let store = &world.api.store;
    // Who reads in the one project steers the other one, and so sends files there.
    let mut steers = staffed();
    steers.people.retain(|row| row.key == "reader");
    let mut both = steers.people[0].clone();
    both.roles[0].kind = RoleKind::Coordinator;
    store.import(&other(both), Import::default()).await.unwrap();
    let client = world.client(Limits::default());
    let send = async |path: &str, token: &str| {
        let sent = client.send(path, token, "", PDF).await;
        let (status, sent) = body_of(sent).await;
        assert_eq!(status, 201, "{sent}");
        sent["upload"].as_str().unwrap().to_owned()
    };
    let (city, reader) = (
        world.signed_in("city").await,
        world.signed_in("reader").await,
    );
    let leg = world.leg().await;
    let codes = async |viewer, upload: &str| {
        let answer = world.add(viewer, &leg, upload).await;
        let errors = answer["data"]["addEvidence"]["userErrors"]
            .as_array()
            .cloned();
        let errors = errors.unwrap_or_else(|| panic!("{answer}"));
        let codes = errors.iter().map(|one| json!([one["field"], one["code"]]));
        codes.collect::<Vec<_>>()
    };
    let none = vec![json!(["proof.upload", "NOT_FOUND"])];
    let of_expert = send("/uploads", &world.tokens["expert"]).await;
    assert_eq!(codes(city, &of_expert).await, none);
    assert_eq!(codes(city, &confidential().sha256).await, none);
    // What was sent to the other project stays there, whoever sent it.
    let token = token(store, "reader", "other").await;
    let of_other = send("/uploads?project=other", &token).await;
    let sql = "update role set kind = 'COORDINATOR' where person_id in (select id from person where key = 'reader')";
    store.db().execute_unprepared(sql).await.unwrap();
    store
        .db()
        .execute_unprepared("update project set revision = revision + 1")
        .await
        .unwrap();
    store.fresh("connection").await.unwrap();
    assert_eq!(codes(reader, &of_other).await, none);
    let own = send("/uploads?project=connection", &world.tokens["reader"]).await;
    // By a token of the other project, nothing of this one is in reach.
    let by_token = Viewer::Person(SignedIn {
        person: reader.person().unwrap(),
        by: Credential::Token {
            id: uuid::Uuid::from_u128(1).into(),
            project: store.project("other").await.unwrap().id(),
            may_write: true,
            sees_people: true,
        },
    });
    assert_eq!(codes(by_token, &own).await, [json!([null, "FORBIDDEN"])]);
    assert!(codes(reader, &own).await.is_empty());
}
