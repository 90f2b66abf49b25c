//! Names and addresses: whatever is asked for, as deep as it goes, nobody without a role is told one.

use domain::{
    file::ProjectFile,
    record::{Detail, Participant, output::Champion},
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{ParticipationStatus, Strings};
use rstest::rstest;
use serde_json::json;
use tests::{Backend, project};
use uuid::Uuid;

use super::{LEG, World, queries::Types};

/// How deep every record is read.
const DEPTH: usize = 2;

/// What the names and addresses of this test's people hold.
const PERSONAL: [&str; 5] = [
    "Name of partner",
    "Name of expert",
    "Name of coord",
    "people.example",
    "exchanges@",
];

/// Puts people wherever a project can have them.
pub fn people_everywhere(file: &mut ProjectFile) {
    project::output(file, LEG).participants.push(Participant {
        partner: None,
        person: Some("partner-own".to_owned()),
        who: None,
        status: ParticipationStatus::Expected,
        reason: None,
        since: None,
        sources: Strings::default(),
        translations: Default::default(),
    });
    let champions = file.outputs.iter_mut();
    for output in champions {
        if let Detail::Champion(Champion { person, .. }) = &mut output.kind {
            *person = Some("expert-own".to_owned());
        }
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn nobody_without_a_role_is_told_a_name_or_an_address(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let types = Types::of(&world).await;
    let records = types.all(&world, "connection").await;
    assert!(records.len() > 150, "{}", records.len());
    let mut questions = vec![format!(
        "{{ found: project(key: \"connection\") {{ {} }} }}",
        types.deep("Project", 1)
    )];
    for (kind, id) in records.iter().filter(|(kind, _)| kind != "Project") {
        for fields in types.deep_in_parts(kind, DEPTH, 8) {
            questions.push(format!(
                "{{ found: node(id: {id}) {{ ... on {kind} {{ {fields} }} }} }}"
            ));
        }
    }
    let without_people = Viewer::Person(SignedIn {
        person: world.viewers["coordinator"].person().unwrap(),
        by: Credential::Token {
            id: Uuid::from_u128(3).into(),
            project: world.api.store.project("connection").await.unwrap().id(),
            may_write: true,
            sees_people: false,
        },
    });
    let mut untold = vec![
        "Name of partner-own",
        "Name of expert-own",
        "partner-own@people.example",
    ];
    for question in &questions {
        for (viewer, of) in [
            ("anonymous", world.viewers["anonymous"]),
            ("signed in, no role", world.viewers["signed in, no role"]),
            ("a coordinator's token without people", without_people),
        ] {
            let answer = world.ask(of, question, json!({})).await;
            let codes = answer["errors"].as_array().into_iter().flatten();
            for error in codes {
                assert_eq!(
                    error["extensions"]["code"], "FORBIDDEN",
                    "{error} {question}"
                );
            }
            let answer = answer.to_string();
            for part in PERSONAL {
                let at = answer.find(part);
                let said = at.map(|at| answer[at..].chars().take(60).collect::<String>());
                assert_eq!(said, None, "{viewer}: {question}");
            }
        }
        // The coordinator is told by the same questions.
        if !untold.is_empty() {
            let answer = world
                .ask(world.viewers["coordinator"], question, json!({}))
                .await;
            let answer = answer.to_string();
            untold.retain(|part| !answer.contains(part));
        }
    }
    assert_eq!(untold, [""; 0]);
    println!("{} questions", questions.len());
}
