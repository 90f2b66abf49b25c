//! Proposals: who decides them, until when, and of what.

use domain::{command::Import, file, viewer::Viewer};
use rstest::rstest;
use serde_json::json;
use tests::Backend;

use super::{VISIT, ask, at, autumn, done, forbidden, output, refused, signed_in};

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_proposal_is_decided_once_in_time_and_as_it_was_read(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = autumn(database).await;
    let prague = signed_in(&api, "prague-exchanges").await;
    let zagreb = signed_in(&api, "zagreb-exchanges").await;
    let torino = signed_in(&api, "torino-exchanges").await;
    let id = output(&api, VISIT).await["id"].clone();
    let to = |starts: &str| json!({ "output": id, "starts": starts, "reason": "A strike" });
    let propose = async |starts: &str| {
        let fields = "proposal { id version state }";
        done(&api, prague, "proposeDates", fields, to(starts)).await["proposal"].clone()
    };
    for (field, value, code) in [
        ("reason", json!(" "), at("reason", "REASON_REQUIRED")),
        ("ends", json!("2021-10-01"), at("ends", "ENDS_BEFORE_START")),
        ("until", json!("2021-09-05"), at("until", "OUT_OF_RANGE")),
        ("by", json!("zagreb"), at("by", "FORBIDDEN")),
    ] {
        let mut input = to("2021-10-18");
        input[field] = value;
        let wrong = refused(&api, prague, "proposeDates", input).await;
        assert_eq!(wrong, code);
    }
    let mut same = to("2021-10-11");
    same["ends"] = json!("2021-10-13");
    let wrong = refused(&api, prague, "proposeDates", same).await;
    assert_eq!(wrong, at("starts", "NOTHING_CHANGES"));

    // Declined, with a reason, by whoever may move it; withdrawn by who made it.
    let first = propose("2021-10-18").await;
    let decline = |reason: &str| json!({ "id": first["id"], "reason": reason });
    let wrong = refused(&api, zagreb, "declineProposal", decline("No")).await;
    assert_eq!(wrong, forbidden());
    let wrong = refused(&api, torino, "declineProposal", decline(" ")).await;
    assert_eq!(wrong, at("reason", "REASON_REQUIRED"));
    let fields = "proposal { state answer }";
    let declined = done(&api, torino, "declineProposal", fields, decline("No hall")).await;
    let expected = json!({ "state": "DECLINED", "answer": "No hall" });
    assert_eq!(declined["proposal"], expected);
    let second = propose("2021-10-19").await;
    let withdraw = json!({ "id": second["id"] });
    for other in [zagreb, torino] {
        let wrong = refused(&api, other, "withdrawProposal", withdraw.clone()).await;
        assert_eq!(wrong, forbidden());
    }
    let stale = json!({ "id": second["id"], "expectedVersion": first["version"] });
    let wrong = refused(&api, prague, "withdrawProposal", stale).await;
    assert_eq!(wrong, at("expectedVersion", "CONFLICT"));
    let fields = "proposal { state }";
    let withdrawn = done(&api, prague, "withdrawProposal", fields, withdraw).await;
    assert_eq!(withdrawn["proposal"]["state"], "WITHDRAWN");

    // What it would move has moved since.
    let third = propose("2021-10-20").await;
    let moves = json!({ "id": id, "starts": "2021-10-12", "ends": "2021-10-14",
        "reason": "The hall" });
    done(&api, torino, "rescheduleOutput", "", moves).await;
    let accept = json!({ "id": third["id"] });
    let wrong = refused(&api, torino, "acceptProposal", accept.clone()).await;
    assert_eq!(wrong, at("id", "CONFLICT"));

    // In time, or not at all.
    let counted = async |state: &str| {
        let query = format!(
            "{{ project(key: \"connection\") {{ proposals(state: {state}) {{ totalCount }} }} }}"
        );
        let answer = ask(&api, Viewer::Anonymous, &query, json!({})).await;
        answer["project"]["proposals"]["totalCount"].clone()
    };
    assert_eq!(counted("OPEN").await, 1);
    api.store
        .clock()
        .set("2021-09-20T12:00:00Z".parse().unwrap());
    assert_eq!(counted("OPEN").await, 1);
    api.store
        .clock()
        .set("2021-09-21T12:00:00Z".parse().unwrap());
    assert_eq!(counted("OPEN").await, 0);
    assert_eq!(counted("LAPSED").await, 1);
    let wrong = refused(&api, torino, "acceptProposal", accept).await;
    assert_eq!(wrong, at("id", "WRONG_STATE"));
    let cancel = json!({ "id": id, "reason": "Not this year" });
    done(&api, torino, "cancelOutput", "", cancel).await;
    let wrong = refused(&api, prague, "proposeDates", to("2021-10-25")).await;
    assert_eq!(wrong, at("output", "WRONG_STATE"));

    // The project file holds them, and taken in again it changes nothing.
    let project = api.store.fresh("connection").await.unwrap();
    let written = file::export(&project);
    assert_eq!(written.proposals.len(), 3);
    assert_eq!(written.proposals[0].output.0, "visit:cop1_w2");
    api.store.import(&written, Import::default()).await.unwrap();
    let again = api.store.fresh("connection").await.unwrap();
    assert_eq!(again.revision(), project.revision());
}
