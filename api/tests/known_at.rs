//! What was known at an instant: steps, proposals, audit entries, reports and mail go by the instants of
//! their recording. On both databases.

use api::Operation;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{ledger, viewer::Viewer};
use entities::{
    FrozenFigures, NotificationState, ReportKind, ReportState, notification, person, report,
};
use rstest::rstest;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde_json::{Value, json};
use tests::Backend;
use uuid::Uuid;

use crate::support::Api;

/// The hours of 6 September 2021 at which something is recorded.
const PROPOSED: &str = "2021-09-06T13:00:00Z";
const DECIDED: &str = "2021-09-06T14:00:00Z";

const EVERYTHING: &str = "query($knownAt: DateTime) {
    project(key: \"connection\", asOf: \"2021-09-06\", knownAt: $knownAt) {
        proposals { nodes { state decidedAt answer } }
        output(kind: VISIT, key: \"cop1_w2\") { proposals { state } }
        auditLog(filter: { verb: \"proposeDates\" }) { totalCount }
        declined: auditLog(filter: { verb: \"declineProposal\" }) { totalCount }
        reports { nodes { state madeAt revision figures { key } files { url } } }
        notifications(first: 100) { totalCount nodes { state sentAt messageId } }
        sent: notifications(filter: { states: [SENT] }) { totalCount }
        due: notifications(filter: { states: [DUE] }) { totalCount }
        people(first: 100) { nodes { key suppressedAt } }
        search(text: \"strike\") { totalCount } } }";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn ask(api: &Api, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    let answer = Box::pin(api.ask(Viewer::Operator, operation)).await;
    let answer = serde_json::to_value(answer).unwrap();
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].clone()
}

/// A proposal at one o'clock, declined at two.
async fn propose(api: &Api) {
    let visit = "{ project(key: \"connection\") { output(kind: VISIT, key: \"cop1_w2\") { id } } }";
    let id = ask(api, visit, json!({})).await["project"]["output"]["id"].clone();
    api.store.clock().set(at(PROPOSED));
    let propose = "mutation($input: ProposeDatesInput!) { proposeDates(input: $input) {
        proposal { id } userErrors { code } } }";
    let input = json!({ "output": id, "starts": "2021-10-18", "reason": "A strike" });
    let made = ask(api, propose, json!({ "input": input })).await;
    let id = made["proposeDates"]["proposal"]["id"].clone();
    assert!(id.is_string(), "{made}");
    api.store.clock().set(at(DECIDED));
    let decline = "mutation($input: DeclineProposalInput!) { declineProposal(input: $input) {
        userErrors { code } } }";
    let input = json!({ "id": id, "reason": "No hall" });
    let declined = ask(api, decline, json!({ "input": input })).await;
    assert_eq!(declined["declineProposal"]["userErrors"], json!([]));
}

/// A report that is asked for at one and issued at two; mail that is claimed at one, of which one is sent
/// at two, when an address is suppressed, too.
async fn report_and_mail(api: &Api) {
    let db = api.store.db();
    let project = api.store.project("connection").await.unwrap();
    let row = report::Model {
        id: Uuid::from_u128(7).into(),
        project_id: project.id(),
        kind: ReportKind::OnDemand,
        state: ReportState::Ready,
        period_from: "2021-08-01".parse().unwrap(),
        period_to: "2021-08-31".parse().unwrap(),
        revision: Some(1),
        figures: FrozenFigures::default(),
        requested_by_id: None,
        requested_at: at(PROPOSED),
        made_at: Some(at(DECIDED)),
    };
    row.into_active_model().insert(db).await.unwrap();
    let later = at(PROPOSED) + TimeDelta::days(30);
    ledger::claim(db, &project, api.store.ids(), later)
        .await
        .unwrap();
    notification::Entity::update_many()
        .set(notification::ActiveModel {
            created_at: Set(at(PROPOSED)),
            ..Default::default()
        })
        .exec(db)
        .await
        .unwrap();
    let waiting = notification::Entity::find()
        .filter(notification::Column::State.eq(NotificationState::Due))
        .one(db)
        .await
        .unwrap();
    let mut sent = waiting.unwrap().into_active_model();
    sent.state = Set(NotificationState::Sent);
    sent.sent_at = Set(Some(at(DECIDED)));
    sent.message_id = Set(Some("one@connection.example".to_owned()));
    sent.update(db).await.unwrap();
    person::Entity::update_many()
        .set(person::ActiveModel {
            suppressed_at: Set(Some(at(DECIDED))),
            ..Default::default()
        })
        .filter(person::Column::Key.eq("torino-exchanges"))
        .exec(db)
        .await
        .unwrap();
    api.rewrite("connection", &[]).await;
}

#[rstest]
#[tokio::test]
async fn what_was_recorded_later_was_not_known(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    report_and_mail(&api).await;
    propose(&api).await;
    api.store.clock().set(at("2021-09-06T18:00:00Z"));
    let known = async |instant: Value| {
        ask(&api, EVERYTHING, json!({ "knownAt": instant })).await["project"].clone()
    };
    let suppressed = |project: &Value| {
        let people = project["people"]["nodes"].as_array().unwrap();
        let one = people.iter().find(|one| one["key"] == "torino-exchanges");
        one.unwrap()["suppressedAt"].clone()
    };

    let noon = known(json!("2021-09-06T12:30:00Z")).await;
    for empty in [
        "/proposals/nodes",
        "/output/proposals",
        "/reports/nodes",
        "/notifications/nodes",
    ] {
        assert_eq!(noon.pointer(empty), Some(&json!([])), "{empty}");
    }
    assert_eq!(noon["auditLog"]["totalCount"], 0);
    assert_eq!(noon["search"]["totalCount"], 0);
    assert_eq!(noon["notifications"]["totalCount"], 0);

    let half_past_one = known(json!("2021-09-06T13:30:00Z")).await;
    let open = json!([{ "state": "OPEN", "decidedAt": null, "answer": null }]);
    assert_eq!(half_past_one["proposals"]["nodes"], open);
    assert_eq!(
        half_past_one["output"]["proposals"],
        json!([{ "state": "OPEN" }])
    );
    assert_eq!(half_past_one["auditLog"]["totalCount"], 1);
    assert_eq!(half_past_one["declined"]["totalCount"], 0);
    assert_eq!(
        half_past_one["reports"]["nodes"],
        json!([{ "state": "REQUESTED", "madeAt": null, "revision": null, "figures": [], "files": [] }])
    );
    assert_eq!(half_past_one["sent"]["totalCount"], 0);
    let mails = half_past_one["notifications"]["nodes"].as_array().unwrap();
    assert!(mails.iter().all(|mail| mail["sentAt"].is_null()));
    assert!(mails.iter().all(|mail| mail["messageId"].is_null()));
    assert_eq!(half_past_one["search"]["totalCount"], 1);
    assert_eq!(suppressed(&half_past_one), Value::Null);

    for instant in [json!(DECIDED), Value::Null] {
        let now = known(instant).await;
        let declined = json!([{ "state": "DECLINED", "decidedAt": DECIDED, "answer": "No hall" }]);
        assert_eq!(now["proposals"]["nodes"], declined);
        assert_eq!(now["declined"]["totalCount"], 1);
        assert_eq!(now["reports"]["nodes"][0]["state"], "READY");
        assert_eq!(now["reports"]["nodes"][0]["madeAt"], DECIDED);
        assert_eq!(now["sent"]["totalCount"], 1);
        let before = &half_past_one["due"]["totalCount"];
        assert_eq!(
            now["due"]["totalCount"].as_i64(),
            before.as_i64().map(|count| count - 1)
        );
        assert_eq!(suppressed(&now), DECIDED);
    }
}

#[tokio::test]
async fn every_field_that_goes_by_instants_says_so() {
    let api = Api::empty().await;
    let query = "{ __type(name: \"Project\") { fields { name description } }
        query: __type(name: \"Query\") { fields { name args { name description } } } }";
    let data = api.data_as(Viewer::Operator, query).await;
    let fields = data["__type"]["fields"].as_array().unwrap();
    for name in ["auditLog", "reports", "notifications"] {
        let field = fields.iter().find(|field| field["name"] == name).unwrap();
        let text = field["description"].as_str().unwrap();
        assert!(text.contains("`knownAt`"), "{name}: {text}");
    }
    let queries = data["query"]["fields"].as_array().unwrap();
    let project = queries.iter().find(|field| field["name"] == "project");
    let args = project.unwrap()["args"].as_array().unwrap();
    let known_at = args.iter().find(|arg| arg["name"] == "knownAt").unwrap();
    let text = known_at["description"].as_str().unwrap();
    for word in [
        "steps",
        "proposals",
        "audit",
        "reports",
        "mail",
        "suppressed",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
}
