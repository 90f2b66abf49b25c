//! What is a city's own, and what is not: practices, forums and champions; grants.

use domain::viewer::Viewer;
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

use super::{ask, at, autumn, done, forbidden, output, refused, signed_in};

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn practices_forums_and_champions_are_their_own_city_s(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = autumn(database).await;
    let torino = signed_in(&api, "torino-exchanges").await;
    let zagreb = signed_in(&api, "zagreb-exchanges").await;
    let query = "{ project(key: \"connection\") { practices(filter: { partner: \"torino\" }) {
        nodes { id } } forums { nodes { id } } } }";
    let answer = ask(&api, Viewer::Operator, query, json!({})).await;
    let practice = answer["project"]["practices"]["nodes"][0]["id"].clone();
    let forum = answer["project"]["forums"]["nodes"][0]["id"].clone();

    let edit = json!({ "id": practice, "note": "Since last year" });
    let wrong = refused(&api, zagreb, "editPractice", edit.clone()).await;
    assert_eq!(wrong, forbidden());
    done(&api, torino, "editPractice", "", edit).await;
    for partner in [json!("zagreb"), Value::Null] {
        let away = json!({ "id": practice, "partner": partner });
        let wrong = refused(&api, torino, "editPractice", away).await;
        assert_eq!(wrong, at("partner", "FORBIDDEN"));
    }
    let remove = json!({ "id": practice });
    let wrong = refused(&api, torino, "removePractice", remove).await;
    assert_eq!(wrong, forbidden());
    let mut garden = json!({ "project": "connection", "name": "Garden", "kind": "Place" });
    let fields = "practice { partner { key } }";
    let made = done(&api, zagreb, "createPractice", fields, garden.clone()).await;
    assert_eq!(made["practice"]["partner"]["key"], "zagreb");
    garden["partner"] = json!("torino");
    let wrong = refused(&api, zagreb, "createPractice", garden).await;
    assert_eq!(wrong, at("partner", "FORBIDDEN"));

    let topic = json!({ "forum": forum, "title": "Schools", "proposedBy": "PARTICIPANT" });
    let wrong = refused(&api, zagreb, "addForumTopic", topic.clone()).await;
    assert_eq!(wrong, forbidden());
    let added = done(&api, torino, "addForumTopic", "forumTopic { id }", topic).await;
    let topic = json!({ "id": added["forumTopic"]["id"], "title": "Nurseries" });
    done(&api, torino, "editForumTopic", "", topic).await;
    done(
        &api,
        torino,
        "editForum",
        "",
        json!({ "id": forum, "meets": "Monthly" }),
    )
    .await;
    let away = json!({ "id": forum, "partner": "zagreb" });
    let wrong = refused(&api, torino, "editForum", away).await;
    assert_eq!(wrong, at("partner", "FORBIDDEN"));

    let champion = |output: Value| json!({ "project": "connection", "output": output });
    let fields = "output { id lead { key } }";
    let own = champion(json!({ "community": "cop1" }));
    let chosen = done(&api, zagreb, "selectChampion", fields, own).await;
    assert_eq!(chosen["output"]["lead"]["key"], "zagreb");
    let other = champion(json!({ "lead": "torino" }));
    let wrong = refused(&api, zagreb, "selectChampion", other).await;
    assert_eq!(wrong, at("output.lead", "FORBIDDEN"));
    let other = champion(json!({ "community": "cop3" }));
    let wrong = refused(&api, zagreb, "selectChampion", other).await;
    assert_eq!(wrong, at("output.community", "FORBIDDEN"));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn grants_are_set_by_the_coordinator_alone(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = autumn(database).await;
    let zagreb = signed_in(&api, "zagreb-exchanges").await;
    let expert = signed_in(&api, "migrationwork-facilitation").await;
    let coordinator = signed_in(&api, "eurocities-coordination").await;
    let id = output(&api, "pol_zagreb").await["id"].clone();
    let policy = |fields: Value| json!({ "id": id, "policy": fields });
    let grant = policy(json!({ "grantMinor": 1_000_000 }));
    for other in [zagreb, expert] {
        let wrong = refused(&api, other, "editOutput", grant.clone()).await;
        assert_eq!(wrong, at("policy.grantMinor", "FORBIDDEN"));
    }
    let currency = policy(json!({ "currency": "SEK" }));
    let wrong = refused(&api, zagreb, "editOutput", currency).await;
    assert_eq!(wrong, at("policy.currency", "FORBIDDEN"));
    done(&api, coordinator, "editOutput", "", grant.clone()).await;
    // What stays as it is, may be said again.
    done(&api, zagreb, "editOutput", "", grant).await;
    let facts = policy(json!({ "facts": ["Adopted"] }));
    done(&api, zagreb, "editOutput", "", facts).await;
    let new = json!({ "project": "connection", "kind": "SERVICE", "grantMinor": 5,
        "output": { "community": "cop1" } });
    let wrong = refused(&api, expert, "planPolicy", new.clone()).await;
    assert_eq!(wrong, at("grantMinor", "FORBIDDEN"));
    done(&api, coordinator, "planPolicy", "", new).await;
}
