//! Signing in over HTTP: the link, the cookies, tokens, and what nobody is told.

use crate::support::{Api, link_key};
use api::{Config, Limits, endpoint};
use chrono::TimeDelta;
use domain::{
    account::{
        link,
        token::{self, NewToken},
        user,
    },
    actor::Actor,
    viewer::Viewer,
};
use entities::{RoleKind, SignInLinkId, notification, person, session, sign_in_link};
use poem::{
    Endpoint, Response,
    http::{HeaderMap, StatusCode, header},
    test::{TestClient, TestResponse},
};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use tests::Backend;

const ADDRESS: &str = "exchange-desk@torino.example";
/// Asks for what only a coordinator sees.
const PEOPLE: &str = "{ project(key: \"connection\") { people(first: 1) { totalCount } } }";

type Client<E> = TestClient<E>;

fn client(api: &Api) -> Client<impl Endpoint<Output = Response>> {
    TestClient::new(endpoint(Config {
        origins: vec!["https://dashboard.example".to_owned()],
        ..Config::new(api.store.clone(), link_key())
    }))
}

async fn coordinator(api: &Api) -> person::Model {
    let wanted = user::NewUser {
        key: Some("exchange-desk".to_owned()),
        name: Some("Exchange <desk>".to_owned()),
        address: Some(ADDRESS.to_owned()),
        locale: "it".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        role: Some(("connection".to_owned(), RoleKind::Coordinator)),
        may_create_projects: false,
    };
    user::add(&api.store, &Actor::COMMAND, wanted)
        .await
        .unwrap()
}

async fn token(api: &Api, person: &person::Model, may_write: bool) -> token::IssuedToken {
    let project = api.store.project("connection").await.unwrap();
    let keeper = Viewer::Operator.keeper_of(person.id).unwrap();
    let wanted = NewToken {
        name: "City dashboard".to_owned(),
        days: 1,
        may_write,
        sees_people: true,
    };
    token::create(&api.store, &Actor::COMMAND, &keeper, &project, wanted)
        .await
        .unwrap()
}

async fn ask(client: &Client<impl Endpoint<Output = Response>>, address: &str) -> TestResponse {
    let body = format!("address={}", address.replace('@', "%40"));
    client
        .post("/sign-in")
        .content_type("application/x-www-form-urlencoded")
        .header("origin", "null")
        .header("sec-fetch-site", "same-origin")
        .body(body)
        .send()
        .await
}

/// The cookies that an answer sets, as a browser sends them back.
fn cookies(response: &TestResponse) -> String {
    let set = response.0.headers().get_all(header::SET_COOKIE).iter();
    let pairs = set.map(|line| line.to_str().unwrap().split(';').next().unwrap());
    pairs.collect::<Vec<_>>().join("; ")
}

async fn only_link(api: &Api) -> SignInLinkId {
    let links = sign_in_link::Entity::find()
        .all(api.store.db())
        .await
        .unwrap();
    let [link] = &links[..] else {
        panic!("{} links", links.len())
    };
    link.id
}

/// A link of the command line.
async fn link_for(api: &Api, person: &person::Model) -> String {
    let made = link::create(&api.store, &link_key(), &Actor::COMMAND, person.id).await;
    made.unwrap().path
}

/// The cookie of somebody who has just signed in.
async fn session(api: &Api, client: &Client<impl Endpoint<Output = Response>>) -> String {
    let person = coordinator(api).await;
    let used = client.post(&link_for(api, &person).await).send().await;
    used.assert_status(StatusCode::SEE_OTHER);
    cookies(&used)
}

async fn people(
    client: &Client<impl Endpoint<Output = Response>>,
    headers: &[(&str, &str)],
) -> (StatusCode, Value) {
    let mut request = client.post("/graphql");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.body_json(&json!({ "query": PEOPLE })).send().await;
    let status = response.0.status();
    let body = response.0.into_body().into_bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

/// Whether it was answered to a coordinator.
fn is_in(answer: &(StatusCode, Value)) -> bool {
    let count = &answer.1["data"]["project"]["people"]["totalCount"];
    count.as_u64().is_some_and(|count| count > 1)
}

#[tokio::test]
async fn whoever_asks_for_a_link_and_uses_it_in_the_same_browser_is_signed_in() {
    let api = Api::new().await;
    coordinator(&api).await;
    let client = client(&api);
    let form = client.get("/sign-in").send().await;
    form.assert_status_is_ok();
    let form = form.0.into_body().into_string().await.unwrap();
    assert!(form.contains("name=\"address\""), "{form}");
    let asked = ask(&client, ADDRESS).await;
    asked.assert_status_is_ok();
    let browser = cookies(&asked);
    let path = link_key().sign_in_path(only_link(&api).await);
    // Whatever opens the link on its own uses nothing up.
    for _ in 0..2 {
        let page = client.get(&path).send().await;
        page.assert_status_is_ok();
        page.assert_header("cache-control", "no-store");
        page.assert_header("referrer-policy", "no-referrer");
        let page = page.0.into_body().into_string().await.unwrap();
        assert!(page.contains("<form method=\"post\"><button>"), "{page}");
    }
    let elsewhere = client.post(&path).send().await;
    elsewhere.assert_status(StatusCode::FORBIDDEN);
    let used = client.post(&path).header("cookie", &browser).send().await;
    used.assert_status(StatusCode::SEE_OTHER);
    used.assert_header("location", "/");
    let again = client.post(&path).header("cookie", &browser).send().await;
    again.assert_status(StatusCode::NOT_FOUND);

    let cookie = cookies(&used);
    assert!(is_in(&people(&client, &[("cookie", &cookie)]).await));
    assert!(!is_in(&people(&client, &[]).await));
    let start = client.get("/").header("cookie", &cookie).send().await;
    let start = start.0.into_body().into_string().await.unwrap();
    assert!(
        start.contains("signed in as Exchange &lt;desk&gt;"),
        "{start}"
    );
    let out = client
        .post("/sign-out")
        .header("cookie", &cookie)
        .send()
        .await;
    out.assert_status(StatusCode::SEE_OTHER);
    assert!(!is_in(&people(&client, &[("cookie", &cookie)]).await));
    let start = client.get("/").header("cookie", &cookie).send().await;
    let start = start.0.into_body().into_string().await.unwrap();
    assert!(start.contains("You are not signed in"), "{start}");
}

#[tokio::test]
async fn the_pages_speak_the_language_of_the_browser() {
    let api = Api::new().await;
    let client = client(&api);
    for (path, text) in [
        ("/sign-in", "Richiedere un link"),
        ("/sign-in/x.y", "Questo link non funziona"),
    ] {
        let request = client.get(path).header("accept-language", "it-IT,it;q=0.9");
        let page = request.send().await.0.into_body().into_string().await;
        let page = page.unwrap();
        assert!(page.contains("<html lang=\"it\">"), "{page}");
        assert!(page.contains(text), "{page}");
    }
}

#[tokio::test]
async fn a_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts() {
    let api = Api::new().await;
    let client = client(&api);
    let asked = ask(&client, ADDRESS).await;
    let person = coordinator(&api).await;
    let used = client.post(&link_for(&api, &person).await).send().await;
    let out = client.post("/sign-out").send().await;
    for (response, expected) in [
        (asked, &[("__Host-connection-browser", 3600)][..]),
        (
            used,
            &[
                ("__Host-connection-session", 30 * 24 * 3600),
                ("__Host-connection-known", 365 * 24 * 3600),
            ],
        ),
        (out, &[("__Host-connection-session", 0)]),
    ] {
        let set = response.0.headers().get_all(header::SET_COOKIE);
        let set: Vec<_> = set.iter().map(|line| line.to_str().unwrap()).collect();
        assert_eq!(set.len(), expected.len(), "{set:?}");
        for (line, (name, age)) in set.into_iter().zip(expected) {
            let (pair, flags) = line.split_once(';').unwrap();
            assert!(pair.starts_with(&format!("{name}=")), "{line}");
            let expected = format!(" Path=/; Max-Age={age}; HttpOnly; Secure; SameSite=Lax");
            assert_eq!(flags, expected);
        }
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_address_that_no_database_keeps_is_one_that_nobody_has(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    coordinator(&api).await;
    let client = client(&api);
    let mut answers = Vec::new();
    for address in [
        "nobody@torino.example",
        "%00exchange-desk@torino.example",
        "a@b.example%00",
    ] {
        let response = ask(&client, address).await;
        let (status, length) = (response.0.status(), cookies(&response).len());
        let body = response.0.into_body().into_string().await.unwrap();
        answers.push((status, length, body));
    }
    assert_eq!(answers[0].0, StatusCode::OK);
    assert!(
        answers.windows(2).all(|pair| pair[0] == pair[1]),
        "{answers:?}"
    );
    let json = client
        .post("/sign-in")
        .header("sec-fetch-site", "same-origin")
        .body_json(&json!({ "address": format!("{ADDRESS}\0") }))
        .send()
        .await;
    json.assert_status_is_ok();
    json.assert_json(json!({ "accepted": true })).await;
    // Each was looked for, and nobody is written to.
    let links = sign_in_link::Entity::find()
        .count(api.store.db())
        .await
        .unwrap();
    let mails = notification::Entity::find()
        .filter(notification::Column::ProjectId.is_null())
        .count(api.store.db());
    assert_eq!((links, mails.await.unwrap()), (4, 0));
}

#[tokio::test]
async fn no_answer_tells_whether_somebody_has_an_address() {
    let api = Api::new().await;
    coordinator(&api).await;
    let client = client(&api);
    let mut answers = Vec::new();
    for address in [
        ADDRESS,
        "nobody@torino.example",
        "exchanges@torino.example",
        "nonsense",
    ] {
        let began = std::time::Instant::now();
        let response = ask(&client, address).await;
        // Whatever was done meanwhile, the answer comes with the beat.
        let took = began.elapsed().as_millis();
        assert!(took >= 400, "{address}: {took} ms");
        let status = response.0.status();
        let plain = |headers: &HeaderMap| {
            let names = headers.iter().map(|(name, value)| {
                let is_own = name == header::SET_COOKIE || name == "x-request-id";
                (name.clone(), (!is_own).then(|| value.clone()))
            });
            names.collect::<Vec<_>>()
        };
        let headers = plain(response.0.headers());
        let length = cookies(&response).len();
        let body = response.0.into_body().into_string().await.unwrap();
        answers.push((status, headers, length, body));
    }
    assert!(
        answers.windows(2).all(|pair| pair[0] == pair[1]),
        "{answers:?}"
    );
    let mails = notification::Entity::find()
        .filter(notification::Column::ProjectId.is_null())
        .count(api.store.db());
    assert_eq!(mails.await.unwrap(), 1);
}

#[tokio::test]
async fn a_link_can_be_asked_for_with_json_and_not_with_anything_else() {
    let api = Api::new().await;
    let client = client(&api);
    let body = json!({ "address": ADDRESS });
    let asked = client.post("/sign-in").body_json(&body).send().await;
    asked.assert_status_is_ok();
    asked.assert_json(json!({ "accepted": true })).await;
    let text = client.post("/sign-in").body(body.to_string()).send().await;
    text.assert_status(StatusCode::BAD_REQUEST);
    let long = client
        .post("/sign-in")
        .body_json(&json!({ "address": "a".repeat(4000) }));
    long.send().await.assert_status(StatusCode::BAD_REQUEST);
    only_link(&api).await;
    let method = client.delete("/sign-in").send().await;
    method.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    let method = client.get("/sign-out").send().await;
    method.assert_status(StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_page_of_another_site_signs_nobody_in_or_out() {
    let api = Api::new().await;
    let client = client(&api);
    let cookie = session(&api, &client).await;
    let person = user::find(&api.store, ADDRESS).await.unwrap();
    let path = link_for(&api, &person).await;
    for headers in [
        &[
            ("origin", "https://evil.example"),
            ("host", "connection.example"),
        ][..],
        &[("origin", "null"), ("host", "connection.example")],
        &[
            ("origin", "https://connection.example"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[("sec-fetch-site", "same-site")],
    ] {
        for path in ["/sign-in", &path, "/sign-out"] {
            let mut request = client.post(path).header("cookie", &cookie);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let refused = request.send().await;
            refused.assert_status(StatusCode::FORBIDDEN);
            assert_eq!(refused.0.headers().get(header::SET_COOKIE), None);
        }
    }
    assert!(is_in(&people(&client, &[("cookie", &cookie)]).await));
    // Nor does one ask as whoever is signed in, unless the settings name it.
    for (origin, expected) in [
        ("https://evil.example", false),
        ("null", false),
        ("https://dashboard.example", true),
        ("https://connection.example", true),
    ] {
        let headers = [
            ("cookie", cookie.as_str()),
            ("origin", origin),
            ("host", "connection.example"),
        ];
        assert_eq!(
            is_in(&people(&client, &headers).await),
            expected,
            "{origin}"
        );
    }
}

#[tokio::test]
async fn once_an_address_is_sent_all_its_links_a_browser_of_its_person_still_gets_one() {
    let api = Api::new().await;
    let limits = Limits {
        sign_in_links: 1,
        ..Limits::default()
    };
    let client = TestClient::new(endpoint(Config {
        limits,
        ..Config::new(api.store.clone(), link_key())
    }));
    let cookie = session(&api, &client).await;
    let (_, known) = cookie.split_once("; ").unwrap();
    let links = async || {
        let rows = sign_in_link::Entity::find();
        rows.count(api.store.db()).await.unwrap()
    };
    let before = links().await;
    ask(&client, ADDRESS).await.assert_status_is_ok();
    assert_eq!(links().await, before + 1);
    let ask_with = async |known: &str| {
        let request = client.post("/sign-in").header("cookie", known);
        let body = json!({ "address": ADDRESS });
        request.body_json(&body).send().await.assert_status_is_ok();
    };
    let forged = format!("__Host-connection-known={}", "A".repeat(96));
    for cookie in ["", &forged] {
        ask_with(cookie).await;
        assert_eq!(links().await, before + 1, "{cookie}");
    }
    ask_with(known).await;
    assert_eq!(links().await, before + 2);
    // A year later the browser is one like any other.
    api.store
        .clock()
        .set(api.store.clock().now() + TimeDelta::days(366));
    ask(&client, ADDRESS).await;
    let before = links().await;
    ask_with(known).await;
    assert_eq!(links().await, before);
}

#[tokio::test]
async fn asking_for_links_is_limited() {
    let api = Api::new().await;
    let client = client(&api);
    let mut refused = None;
    for _ in 0..40 {
        let response = ask(&client, "nonsense").await;
        if response.0.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(response);
            break;
        }
    }
    let refused = refused.expect("a limit");
    assert!(refused.0.headers().contains_key(header::RETRY_AFTER));
}

#[tokio::test]
async fn a_token_asks_on_behalf_of_its_person_and_is_refused_when_it_is_none() {
    let api = Api::new().await;
    let client = client(&api);
    let person = coordinator(&api).await;
    let token = token(&api, &person, false).await;
    for scheme in ["Bearer", "bearer"] {
        let value = format!("{scheme} {}", token.secret.as_deref().unwrap());
        assert!(is_in(&people(&client, &[("authorization", &value)]).await));
    }
    // What a proxy asks for is none of ours.
    let answer = people(&client, &[("authorization", "Basic eDp5")]).await;
    assert!(answer.0.is_success() && !is_in(&answer));
    let keeper = Viewer::Operator.keeper_of(person.id).unwrap();
    let right = format!("Bearer {}", token.secret.as_deref().unwrap());
    token::revoke(&api.store, &Actor::COMMAND, &keeper, token.row.id)
        .await
        .unwrap();
    for value in [right.as_str(), "Bearer", "Bearer x", "Bearer connection_x"] {
        let response = client
            .post("/graphql")
            .header("authorization", value)
            .body_json(&json!({ "query": PEOPLE }))
            .send()
            .await;
        response.assert_status(StatusCode::UNAUTHORIZED);
        let challenge = response.0.header(header::WWW_AUTHENTICATE).unwrap();
        assert!(challenge.starts_with("Bearer "), "{challenge}");
        let body = response.0.into_body().into_string().await.unwrap();
        assert!(body.contains("UNAUTHENTICATED"), "{body}");
    }
}

#[tokio::test]
async fn an_old_cookie_is_replaced_with_the_answer() {
    let api = Api::new().await;
    let client = client(&api);
    let old = session(&api, &client).await;
    let clock = api.store.clock();
    clock.set(clock.now() + TimeDelta::hours(24));
    let ask = async |cookie: &str| client.get("/").header("cookie", cookie).send().await;
    let new = cookies(&ask(&old).await);
    assert!(new.starts_with("__Host-connection-session="), "{new}");
    assert_ne!(new, old);
    assert_eq!(cookies(&ask(&old).await), "");
    assert_eq!(cookies(&ask(&new).await), "");
    clock.set(clock.now() + TimeDelta::seconds(60));
    assert!(!is_in(&people(&client, &[("cookie", &old)]).await));
    assert!(is_in(&people(&client, &[("cookie", &new)]).await));
}

#[tokio::test]
async fn whoever_signs_in_again_in_a_browser_has_one_session_there() {
    let api = Api::new().await;
    let client = client(&api);
    let first = session(&api, &client).await;
    let person = user::find(&api.store, ADDRESS).await.unwrap();
    let path = link_for(&api, &person).await;
    let used = client.post(&path).header("cookie", &first).send().await;
    used.assert_status(StatusCode::SEE_OTHER);
    let sessions = session::Entity::find().count(api.store.db());
    assert_eq!(sessions.await.unwrap(), 1);
    assert!(!is_in(&people(&client, &[("cookie", &first)]).await));
}

#[tokio::test]
async fn a_link_that_was_made_up_is_none() {
    let api = Api::new().await;
    let client = client(&api);
    ask(&client, ADDRESS).await;
    let id = only_link(&api).await;
    for path in [
        format!("/sign-in/{id}.{}", "a".repeat(43)),
        format!("/sign-in/{id}."),
        format!("/sign-in/{id}"),
        "/sign-in/x.y".to_owned(),
        "/sign-in/".to_owned(),
    ] {
        let page = client.get(&path).send().await;
        page.assert_status(StatusCode::NOT_FOUND);
        let used = client.post(&path).send().await;
        used.assert_status(StatusCode::NOT_FOUND);
    }
}

const VIEWER: &str = "{ viewer { key name address locale timeZone mayCreateProjects \
    roles { kind projectKey project { key } } \
    tokens { id name projectKey mayWrite expiresAt lastUsedAt } \
    sessions { isThis createdAt lastUsedAt expiresAt } } }";

async fn viewer(
    client: &Client<impl Endpoint<Output = Response>>,
    headers: &[(&str, &str)],
) -> Value {
    let mut request = client.post("/graphql");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.body_json(&json!({ "query": VIEWER })).send().await;
    let body = response.0.into_body().into_bytes().await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body.get("errors"), None, "{body}");
    body["data"]["viewer"].clone()
}

#[tokio::test]
async fn whoever_is_signed_in_reads_their_own_account_and_no_secret_of_it() {
    let api = Api::new().await;
    let client = client(&api);
    assert_eq!(viewer(&client, &[]).await, Value::Null);
    let cookie = session(&api, &client).await;
    let person = user::find(&api.store, ADDRESS).await.unwrap();
    let token = token(&api, &person, true).await;
    let own = viewer(&client, &[("cookie", &cookie)]).await;
    assert_eq!(own["key"], "exchange-desk");
    assert_eq!(own["address"], ADDRESS);
    let role = json!({
        "kind": "COORDINATOR",
        "projectKey": "connection",
        "project": { "key": "connection" },
    });
    assert_eq!(own["roles"], json!([role]));
    assert_eq!(own["tokens"][0]["name"], "City dashboard");
    assert_eq!(own["tokens"][0]["projectKey"], "connection");
    assert_eq!(own["tokens"][0]["lastUsedAt"], Value::Null);
    assert_eq!(own["sessions"][0]["isThis"], true);
    assert!(!own.to_string().contains(token.secret.as_deref().unwrap()));

    // What a token is asked for is no way to others.
    let bearer = format!("Bearer {}", token.secret.as_deref().unwrap());
    let by_token = viewer(&client, &[("authorization", &bearer)]).await;
    assert_eq!(by_token["key"], "exchange-desk");
    assert_eq!(by_token["tokens"], Value::Null);
    assert_eq!(by_token["sessions"], Value::Null);
    // The answer before was not kept: the token has been used meanwhile.
    let own = viewer(&client, &[("cookie", &cookie)]).await;
    assert_eq!(own["tokens"][0]["lastUsedAt"], "2021-09-06T12:00:00Z");
}

/// What a mutation answers to whoever comes with these headers.
async fn changed(
    client: &Client<impl Endpoint<Output = Response>>,
    header: (&str, &str),
    mutation: &str,
) -> Value {
    let request = client.post("/graphql").header(header.0, header.1);
    let query = json!({ "query": format!("mutation {{ {mutation} }}") });
    let response = request.body_json(&query).send().await;
    let body = response.0.into_body().into_bytes().await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn whoever_is_signed_in_makes_and_revokes_tokens_and_a_token_makes_none() {
    let api = Api::new().await;
    let client = client(&api);
    let cookie = session(&api, &client).await;
    let cookie = ("cookie", cookie.as_str());
    let create = |input: &str| {
        format!(
            "createApiToken(input: {{ project: \"connection\", {input} }}) {{
                secret token {{ id name mayWrite }} userErrors {{ field code }} }}"
        )
    };
    let made = changed(&client, cookie, &create("name: \"City dashboard\"")).await;
    let made = &made["data"]["createApiToken"];
    assert_eq!(made["userErrors"], json!([]));
    assert_eq!(made["token"]["mayWrite"], false);
    let bearer = format!("Bearer {}", made["secret"].as_str().unwrap());
    let bearer = ("authorization", bearer.as_str());
    assert!(is_in(&people(&client, &[bearer]).await));

    let wrong = changed(&client, cookie, &create("name: \" \", days: 0")).await;
    let errors = json!([
        { "field": "name", "code": "REQUIRED" },
        { "field": "days", "code": "OUT_OF_RANGE" },
    ]);
    assert_eq!(wrong["data"]["createApiToken"]["userErrors"], errors);
    let id = &made["token"]["id"];
    let revoke =
        format!("revokeApiToken(input: {{ id: {id} }}) {{ token {{ id }} userErrors {{ code }} }}");
    for mutation in [
        create("name: \"Another\""),
        revoke.clone(),
        "signOutEverywhere { sessions userErrors { code } }".to_owned(),
    ] {
        let refused = changed(&client, bearer, &mutation).await;
        assert!(refused.to_string().contains("\"FORBIDDEN\""), "{refused}");
        let nobody = changed(&client, ("accept", "application/json"), &mutation).await;
        assert_eq!(nobody["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
    let revoked = changed(&client, cookie, &revoke).await;
    assert_eq!(revoked["data"]["revokeApiToken"]["token"]["id"], *id);
    assert_eq!(people(&client, &[bearer]).await.0, StatusCode::UNAUTHORIZED);
    let out = changed(&client, cookie, "signOutEverywhere { sessions }").await;
    assert_eq!(out["data"]["signOutEverywhere"]["sessions"], 1);
    assert!(!is_in(&people(&client, &[cookie]).await));
}

#[tokio::test]
async fn a_token_that_is_asked_for_again_under_one_key_is_told_without_its_secret() {
    let api = Api::new().await;
    let client = client(&api);
    let cookie = session(&api, &client).await;
    let create = async |name: &str| -> Value {
        let mutation = format!(
            "mutation {{ createApiToken(input: {{ project: \"connection\", name: {name:?} }}) {{
                secret token {{ id }} userErrors {{ code }} }} }}"
        );
        let request = client.post("/graphql").header("cookie", &cookie);
        let request = request.header("idempotency-key", "k-1");
        let response = request
            .body_json(&json!({ "query": mutation }))
            .send()
            .await;
        let body = response.0.into_body().into_bytes().await.unwrap();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        answer["data"]["createApiToken"].clone()
    };
    let first = create("City dashboard").await;
    assert!(first["secret"].is_string(), "{first}");
    let again = create("City dashboard").await;
    assert_eq!(
        (&again["token"], &again["secret"]),
        (&first["token"], &Value::Null)
    );
    let other = create("Another").await;
    assert_eq!(
        other["userErrors"],
        json!([{ "code": "IDEMPOTENCY_KEY_REUSED" }])
    );
    let own = viewer(&client, &[("cookie", &cookie)]).await;
    assert_eq!(own["tokens"].as_array().unwrap().len(), 1);
}
