//! The list of projects, page by page from the database.

use crate::support::Api;
use domain::{command::Import, data, file, viewer::Viewer};
use rstest::rstest;
use serde_json::{Value, json};
use tests::{Backend, TestDatabase};

/// In the order of their bytes, which is no language's order.
const KEYS: [&str; 6] = ["Zeta", "a", "a-b", "aB", "a_c", "ab"];

async fn with_projects(database: TestDatabase) -> Api {
    let api = Api::over(database).await;
    for (at, key) in KEYS.iter().rev().enumerate() {
        let text = data::CONNECTION.replace("project:connection", &format!("project:{key}"));
        let mut file = file::read(&text).unwrap();
        (*key).clone_into(&mut file.project.key);
        file.project.public = *key != "aB";
        if at == 0 {
            file.project.ends_on = "2030-12-31".parse().unwrap();
            file.project.programme.key = "other".into();
        }
        api.store.import(&file, Import::default()).await.unwrap();
    }
    api
}

async fn ask(api: &Api, viewer: Viewer, arguments: &str) -> Value {
    let query = format!(
        "{{ projects{arguments} {{ totalCount nodes {{ key }}
            pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} }} }}"
    );
    api.data_as(viewer, &query).await["projects"].take()
}

fn keys(page: &Value) -> Vec<&str> {
    let nodes = page["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["key"].as_str().unwrap()).collect()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn projects_stand_in_the_order_of_their_keys_and_only_the_visible_ones(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_projects(database).await;
    let everyone = ask(&api, Viewer::Anonymous, "").await;
    assert_eq!(
        keys(&everyone),
        ["Zeta", "a", "a-b", "a_c", "ab", "connection"]
    );
    assert_eq!(everyone["totalCount"], 6);
    let operator = ask(&api, Viewer::Operator, "").await;
    assert_eq!(
        keys(&operator),
        ["Zeta", "a", "a-b", "aB", "a_c", "ab", "connection"]
    );
    let later = ask(
        &api,
        Viewer::Anonymous,
        "(filter: {runningOn: \"2029-01-01\"})",
    )
    .await;
    assert_eq!(
        (keys(&later), &later["totalCount"]),
        (vec!["ab"], &json!(1))
    );
    let funded = ask(&api, Viewer::Anonymous, "(filter: {programme: \"other\"})").await;
    assert_eq!(keys(&funded), ["ab"]);
    let nothing = ask(
        &api,
        Viewer::Anonymous,
        "(filter: {programme: \"no such\"})",
    )
    .await;
    assert_eq!(
        (keys(&nothing).len(), &nothing["totalCount"]),
        (0, &json!(0))
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn pages_follow_each_other_from_both_ends(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_projects(database).await;
    let viewer = Viewer::Operator;
    let mut found = Vec::new();
    let mut arguments = "(first: 3)".to_owned();
    loop {
        let page = ask(&api, viewer, &arguments).await;
        assert_eq!(
            page["pageInfo"]["hasPreviousPage"],
            json!(!found.is_empty())
        );
        found.extend(keys(&page).into_iter().map(str::to_owned));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        arguments = format!("(first: 3, after: {})", page["pageInfo"]["endCursor"]);
    }
    assert_eq!(found, ["Zeta", "a", "a-b", "aB", "a_c", "ab", "connection"]);

    let last = ask(&api, viewer, "(last: 2)").await;
    assert_eq!(keys(&last), ["ab", "connection"]);
    let info = &last["pageInfo"];
    assert_eq!(
        (&info["hasNextPage"], &info["hasPreviousPage"]),
        (&json!(false), &json!(true))
    );
    let before = format!("(last: 2, before: {})", last["pageInfo"]["startCursor"]);
    let before = ask(&api, viewer, &before).await;
    assert_eq!(keys(&before), ["aB", "a_c"]);
    assert_eq!(before["pageInfo"]["hasNextPage"], true);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_page_loads_its_own_projects_and_no_others(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_projects(database).await;
    api.store.set_cache_capacity(0);
    api.store.set_cache_capacity(usize::MAX);
    assert_eq!(api.store.cache_size().0, 1);
    let query = "{ projects(first: 2) { nodes { key } } }";
    assert_eq!(
        api.data(query).await["projects"]["nodes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(
        api.store.cache_size().0 <= 3,
        "{:?}",
        api.store.cache_size()
    );
    assert!(api.store.cached_revision("Zeta").is_some());
}
