//! What is refused before anything runs, and in which words.

use std::time::{Duration, Instant};

use crate::support::{Api, link_key};
use api::{Access, Config, Gateway, Limits, Operation, Rejection, endpoint};
use domain::viewer::Viewer;
use poem::test::TestClient;
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

/// The answer to a document with variables, as a client gets it.
async fn answer(api: &Api, query: &str, variables: Value) -> Value {
    let operation = Operation::new(query).with_variables(variables);
    let response = api.ask(Viewer::Anonymous, operation).await;
    serde_json::to_value(&response).unwrap()
}

#[tokio::test]
async fn a_wrong_request_is_refused_with_a_code_and_its_place() {
    let api = Api::empty().await;
    let none = || json!({});
    let (parse, invalid, input) = (
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "BAD_USER_INPUT",
    );
    for (query, variables, code, words) in [
        // Documents that are none.
        ("{", none(), parse, "expected"),
        ("", none(), parse, ""),
        ("query Q { __typename } }", none(), parse, ""),
        // Documents that do not fit the schema.
        ("{ nothing }", none(), invalid, "nothing"),
        ("{ project { key } }", none(), invalid, "key"),
        ("{ project(key: 7) { key } }", none(), invalid, "String"),
        ("{ __typename @defer }", none(), invalid, "defer"),
        ("mutation { x }", none(), invalid, "Mutation"),
        ("{ __typename } type A { b: Int }", none(), invalid, ""),
        (
            "{ ...f } fragment f on Query { ...f }",
            none(),
            invalid,
            "contains itself",
        ),
        // A value that no scalar of ours reads.
        (
            "{ project(key: \"a\", asOf: 7) { key } }",
            none(),
            input,
            "7 is no date",
        ),
        (
            "{ project(key: \"a\") { outputs(filter: { startsFrom: \"soon\" }) { totalCount } } }",
            none(),
            input,
            "is no date",
        ),
        // A nullable variable in a place that takes no null.
        (
            "query($key: String) { project(key: $key) { key } }",
            json!({ "key": "connection" }),
            invalid,
            "key",
        ),
        // Fields that cannot be merged.
        (
            "{ x: project(key: \"a\") { key } x: project(key: \"b\") { key } }",
            none(),
            invalid,
            "conflicting",
        ),
        (
            "{ project(key: \"a\") { x: key x: acronym } }",
            none(),
            invalid,
            "`x`",
        ),
        // Variables without a value, or with a wrong one.
        (
            "query($key: String!) { __typename project(key: $key) { key } }",
            none(),
            input,
            "key",
        ),
        (
            "query($key: String!) { project(key: $key) { key } }",
            json!({ "key": null }),
            input,
            "key",
        ),
        (
            "query($key: String!) { project(key: $key) { key } }",
            json!({ "key": 7 }),
            input,
            "key",
        ),
        (
            "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
            json!({ "ids": ["a", null] }),
            input,
            "ids",
        ),
        (
            "query($day: Date) { project(key: \"a\", asOf: $day) { key } }",
            json!({ "day": "tomorrow" }),
            input,
            "day",
        ),
        (
            "query($day: Date) { project(key: \"a\", asOf: $day) { key } }",
            json!({ "day": 7 }),
            input,
            "day",
        ),
        // Operations that cannot be chosen.
        (
            "query A { __typename } query B { __typename }",
            none(),
            input,
            "operationName",
        ),
    ] {
        let answer = answer(&api, query, variables).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], code, "{query}: {answer}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(words), "{query}: {message}");
        assert_eq!(answer["data"], Value::Null, "{query}");
        let has_place = error["locations"][0]["line"].is_u64();
        let is_about_document = code == invalid || (code == parse && !query.is_empty());
        assert!(has_place || !is_about_document, "{query}: {answer}");
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_text_that_holds_nul_is_refused_before_anything_runs(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let practice = |name: &str| {
        json!({ "input": {
        "project": "connection", "name": name, "kind": "service", "facts": ["a", "b"],
    } })
    };
    let create = "mutation($input: CreatePracticeInput!) {
            createPractice(input: $input) { practice { name } userErrors { code } } }";
    let verb = "query($verb: String) { project(key: \"connection\") {
            auditLog(filter: { verb: $verb }) { totalCount } } }";
    let nul = practice("a\0");
    let inside = json!({ "input": { "project": "connection", "name": "a", "kind": "service",
        "facts": ["a", "b\0c"] } });
    let default = "query($key: String! = \"a\\u0000\") { project(key: $key) { key } }";
    for (query, variables, named) in [
        (create, nul, "variable input"),
        (create, inside, "variable input"),
        (verb, json!({ "verb": "\0" }), "variable verb"),
        (default, json!({}), "variable key"),
        (
            "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
            json!({ "ids": ["a", "\0"] }),
            "variable ids",
        ),
        (
            "mutation($input: SetPreferencesInput!) {
                    setPreferences(input: $input) { userErrors { code } } }",
            json!({ "input": { "locale": "en", "timeZone": "Europe/Rome\0" } }),
            "variable input",
        ),
        (
            "{ project(key: \"a\\u0000\") { key } }",
            json!({}),
            "argument key",
        ),
        ("{ project(key: \"\"\"a\0\"\"\") { key } }", json!({}), ""),
        (
            "{ project(key: \"connection\") {
                    auditLog(filter: { verb: \"\\u0000\" }) { totalCount } } }",
            json!({}),
            "argument filter",
        ),
        (
            "mutation { createPractice(input: { project: \"connection\", name: \"a\",
                    kind: \"service\", facts: [\"a\", \"b\\u0000\"] }) { userErrors { code } } }",
            json!({}),
            "argument input",
        ),
        (
            "mutation { cancelOutput(input: { id: \"a\", reason: \"\\u0000\" }) {
                    userErrors { code } } }",
            json!({}),
            "argument input",
        ),
    ] {
        let operation = Operation::new(query).with_variables(variables);
        let response = Box::pin(api.ask(Viewer::Operator, operation)).await;
        let answer = serde_json::to_value(&response).unwrap();
        let error = &answer["errors"][0];
        let message = error["message"].as_str().unwrap();
        if named.is_empty() {
            // The grammar has no such character either.
            assert_ne!(error["extensions"]["code"], "INTERNAL", "{query}: {answer}");
            continue;
        }
        assert_eq!(
            error["extensions"]["code"], "BAD_USER_INPUT",
            "{query}: {answer}"
        );
        let expected = format!("{named}: a text must not hold the character U+0000");
        assert_eq!(message, expected, "{query}");
    }
    // Its neighbour is no matter of the gateway: a name refuses it, as it refuses line breaks.
    let operation = Operation::new(create).with_variables(practice("a\u{1}"));
    let response = Box::pin(api.ask(Viewer::Operator, operation)).await;
    let answer = serde_json::to_value(&response).unwrap();
    let errors = &answer["data"]["createPractice"]["userErrors"];
    assert_eq!(errors[0]["code"], "NOT_ONE_LINE", "{answer}");
}

#[tokio::test]
async fn a_problem_s_place_is_its_line_and_column() {
    let api = Api::empty().await;
    let answer = answer(&api, "{\n  __typename\n  nothing\n}", json!({})).await;
    let places = &answer["errors"][0]["locations"];
    assert_eq!(places, &json!([{ "line": 3, "column": 3 }]));
}

#[tokio::test]
async fn values_are_coerced_as_the_specification_says() {
    let api = Api::new().await;
    let query = "query($key: String! = \"connection\", $day: Date, $kinds: [OutputKind!]) {
        project(key: $key, asOf: $day) { outputs(filter: { kinds: $kinds }, first: 1) { totalCount } }
    }";
    let count = |answer: &Value| answer["data"]["project"]["outputs"]["totalCount"].clone();
    let all = answer(&api, query, json!({})).await;
    assert!(count(&all).as_u64() > Some(0), "{all}");
    let null = answer(&api, query, json!({ "kinds": null, "unknown": 1 })).await;
    assert_eq!(count(&null), count(&all));
    let one = answer(
        &api,
        query,
        json!({ "kinds": "COP_EVENT", "day": "2021-09-06" }),
    )
    .await;
    let list = answer(&api, query, json!({ "kinds": ["COP_EVENT"] })).await;
    assert_eq!(one, list);
}

#[tokio::test]
async fn a_field_of_an_input_object_whose_variable_was_omitted_takes_its_default() {
    let api = Api::new().await;
    let query = |order: &str| {
        format!(
            "query($direction: Direction) {{ project(key: \"connection\") {{
                outputs(order: {{ by: TITLE{order} }}, first: 3) {{ nodes {{ id }} }}
            }} }}"
        )
    };
    let through = query(", direction: $direction");
    let omitted = answer(&api, &through, json!({})).await;
    let ascending = answer(&api, &through, json!({ "direction": "ASCENDING" })).await;
    let descending = answer(&api, &through, json!({ "direction": "DESCENDING" })).await;
    assert_eq!(omitted["errors"], Value::Null, "{omitted}");
    assert_eq!(omitted, ascending);
    assert_ne!(omitted, descending);
    let null = answer(&api, &through, json!({ "direction": null })).await;
    assert_eq!(null["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

/// What every client asks at its start.
const QUESTION: &str = "query IntrospectionQuery {
        __schema {
            description
            queryType { name } mutationType { name } subscriptionType { name }
            types { ...FullType }
            directives {
                name description isRepeatable locations
                args(includeDeprecated: true) { ...InputValue }
            }
        }
    }
    fragment FullType on __Type {
        kind name description specifiedByURL isOneOf
        fields(includeDeprecated: true) {
            name description
            args(includeDeprecated: true) { ...InputValue }
            type { ...TypeRef } isDeprecated deprecationReason
        }
        inputFields(includeDeprecated: true) { ...InputValue }
        interfaces { ...TypeRef }
        enumValues(includeDeprecated: true) {
            name description isDeprecated deprecationReason
        }
        possibleTypes { ...TypeRef }
    }
    fragment InputValue on __InputValue {
        name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
    }
    fragment TypeRef on __Type {
        kind name ofType { kind name ofType { kind name ofType { kind name ofType {
            kind name ofType { kind name ofType { kind name ofType { kind name ofType {
                kind name
        } } } } } } } }
    }";

#[test]
fn the_question_of_introspection_leaves_room_for_a_larger_schema() {
    let limits = Limits::default();
    let most = limits.introspection as u64;
    let gateway = Gateway::new(limits);
    let ready = gateway.prepare(Operation::new(QUESTION), Viewer::Anonymous, Access::Read);
    let cost = ready.unwrap().cost();
    println!("introspection costs {cost} of {most}");
    assert!(
        cost * 4 < most * 3,
        "{cost} of {most}: raise LIMIT_INTROSPECTION_COST"
    );
}

#[tokio::test]
async fn introspection_is_answered_with_all_that_clients_ask_of_it() {
    let api = Api::empty().await;
    let data = api.data(QUESTION).await;
    let types = data["__schema"]["types"].as_array().unwrap();
    assert!(types.iter().any(|one| one["name"] == "Project"));
}

#[tokio::test]
async fn an_answer_that_would_be_too_long_is_refused_by_its_cost() {
    let api = Api::empty().await;
    let query = "query($n: Int) { project(key: \"a\") {
        partners(first: $n) { nodes { outputs(first: $n) { nodes { sources { key } } } } }
    } }";
    let refused = answer(&api, query, json!({ "n": 100 })).await;
    let error = &refused["errors"][0];
    assert_eq!(error["extensions"]["code"], "TOO_COMPLEX", "{refused}");
    assert_eq!(error["extensions"]["limit"], 50_000);
    assert!(
        error["extensions"]["found"].as_u64() > Some(200_000),
        "{refused}"
    );
    let wraps = answer(&api, query, json!({ "n": i32::MAX })).await;
    assert_eq!(wraps["errors"][0]["extensions"]["code"], "TOO_COMPLEX");
    let small = answer(&api, query, json!({ "n": 10 })).await;
    assert_eq!(small["errors"][0]["extensions"]["code"], "NOT_FOUND");
}

#[test]
fn the_cost_goes_by_the_values_of_each_request() {
    let gateway = Gateway::new(Limits::default());
    let query =
        "query($n: Int = 2) { project(key: \"a\") { partners(first: $n) { nodes { key } } } }";
    let cost = |variables| {
        let operation = Operation::new(query).with_variables(variables);
        gateway
            .prepare(operation, Viewer::Anonymous, Access::Read)
            .unwrap()
            .cost()
    };
    let of_two = cost(json!({}));
    assert_eq!(cost(json!({ "n": 12 })), of_two + 10 * 2);
    assert_eq!(cost(json!({ "n": 2 })), of_two);
    for n in 3..100 {
        assert_eq!(cost(json!({ "n": n })), of_two + (n - 2) * 2);
    }
}

#[tokio::test]
async fn circles_in_what_is_told_about_the_schema_are_refused() {
    let api = Api::empty().await;
    let circles =
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    let aliases: String = (0..90).map(|n| format!("a{n}: name ")).collect();
    let wide =
        format!("{{ __schema {{ types {{ fields {{ type {{ fields {{ {aliases} }} }} }} }} }} }}");
    for (query, code) in [(circles, "TOO_DEEP"), (&wide, "INTROSPECTION_TOO_COMPLEX")] {
        let refused = answer(&api, query, json!({})).await;
        assert_eq!(
            refused["errors"][0]["extensions"]["code"], code,
            "{refused}"
        );
    }
}

#[test]
fn a_way_that_only_reads_takes_no_other_operation() {
    let gateway = Gateway::new(Limits::default());
    let both = "query A { __typename } mutation B { __typename }";
    let named = |name: &str| Operation {
        operation_name: Some(name.to_owned()),
        ..Operation::new(both)
    };
    let refused = gateway.prepare(named("B"), Viewer::Anonymous, Access::Read);
    assert!(matches!(refused, Err(Rejection::ReadsOnly)));
    let ready = gateway.prepare(
        Operation::new("{ __typename }"),
        Viewer::Anonymous,
        Access::Read,
    );
    assert!(ready.is_ok());
}

#[test]
fn an_accepted_document_is_accepted_again_and_its_variables_are_looked_at_each_time() {
    let gateway = Gateway::new(Limits::default());
    let query = "query($key: String!) { project(key: $key) { key } }";
    for _ in 0..3 {
        let with = |variables| Operation::new(query).with_variables(variables);
        assert!(
            gateway
                .prepare(with(json!({ "key": "a" })), Viewer::Anonymous, Access::Read)
                .is_ok()
        );
        assert!(
            gateway
                .prepare(with(json!({ "key": 1 })), Viewer::Anonymous, Access::Read)
                .is_err()
        );
        assert!(
            gateway
                .prepare(with(json!({})), Viewer::Anonymous, Access::Read)
                .is_err()
        );
    }
}

/// What an attack may take in a build without optimisation; far less than any of them used to.
const SOON: Duration = Duration::from_secs(2);

#[tokio::test]
async fn attacks_are_refused_soon_and_the_process_lives() {
    let api = Api::empty().await;
    let client = TestClient::new(endpoint(Config::new(api.store.clone(), link_key())));
    let mut bodies = Vec::new();
    for depth in [2_000, 50_000] {
        for (open, close) in [("[", "]"), ("{a:", "}")] {
            let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            bodies
                .push(json!({ "query": format!("{{ node(id: {value}) {{ id }} }}") }).to_string());
            bodies.push(
                json!({ "query": format!("{{ node(id: {}", open.repeat(depth)) }).to_string(),
            );
        }
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            bodies.push(format!(
                "{{\"query\": \"query($id: ID!) {{ node(id: $id) {{ id }} }}\", \
                 \"variables\": {{\"id\": {value}}}}}"
            ));
        }
        let fields = format!("{}{}", "{ node ".repeat(depth), "}".repeat(depth));
        bodies.push(json!({ "query": fields }).to_string());
    }
    let mut fragments = "{ ...f0 }".to_owned();
    for n in 0..31 {
        fragments += &format!(" fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1);
    }
    fragments += " fragment f31 on Query { __typename }";
    bodies.push(json!({ "query": fragments }).to_string());
    bodies.push(
        json!({ "query": "{ __typename }", "variables": { "x": "y".repeat(1 << 17) } }).to_string(),
    );
    let harmless = bodies.len() - 1;
    for (at, body) in bodies.into_iter().enumerate() {
        let refusal = if body.len() > 256 * 1024 { 413 } else { 400 };
        let start: String = body.chars().take(60).collect();
        let began = Instant::now();
        let response = client
            .post("/graphql")
            .content_type("application/json")
            .header("accept", "application/graphql-response+json")
            .body(body)
            .send()
            .await;
        let took = began.elapsed();
        let status = response.0.status().as_u16();
        assert_eq!(
            status,
            if at == harmless { 200 } else { refusal },
            "{start}"
        );
        assert!(took < SOON, "{took:?} for {start}");
    }
    client.get("/healthz").send().await.assert_status_is_ok();
}
