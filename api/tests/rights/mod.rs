//! Who may do what: every mutation, and every field of every kind of record, as every kind of viewer,
//! in their own project and in those of others. `docs/RIGHTS.md` is this matrix; `UPDATE=1` writes
//! it anew.

mod files;
mod personal;
mod queries;

use std::{collections::BTreeMap, fmt::Write};

use crate::support::Api;
use api::Operation;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    account::user,
    actor::Actor,
    command::{GivenFiles, Import},
    file::ProjectFile,
    record::{Detail, Evidence, Person, Role},
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{DigestFrequency, EvidenceKind, PersonKind, RoleKind};
use rstest::rstest;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Map, Value, json};
use tests::{Backend, project};
use uuid::Uuid;

/// Which right a mutation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Right {
    /// To steer the project.
    Steer,
    /// Steering a project, of somebody whom one must see.
    Staff,
    /// To edit a community, here `cop1`, and what belongs to it.
    Edit,
    /// To move an output along, here one that torino leads.
    Party,
    /// To speak about an output that concerns one.
    Speak,
    /// To what a partner said, or was told, here zagreb.
    Author,
    /// To take a proposal back, here zagreb's.
    Propose,
    /// To what is a partner's own, here torino's.
    Own,
    /// To add what is one's own partner's.
    Add,
    /// To add what is one's own partner's, or a community's.
    Select,
    /// To judge a report, here torino's.
    Judge,
    /// To begin projects.
    Found,
    /// To one's own account.
    Oneself,
    /// To one's own account, in a project that one sees.
    OneselfIn,
    /// To one's own roles.
    OwnRole,
}

/// Every mutation, the right that it asks for, and what its record is.
const MUTATIONS: &[(&str, Right, &str)] = &[
    ("createProject", Right::Found, ""),
    ("editProject", Right::Steer, "project"),
    ("createTarget", Right::Steer, ""),
    ("editTarget", Right::Steer, "target"),
    ("removeTarget", Right::Steer, "target"),
    ("addPartner", Right::Steer, ""),
    ("editPartner", Right::Steer, "partner"),
    ("leaveProject", Right::Own, "ownPartner"),
    ("editOrganisation", Right::Steer, "organisation"),
    ("createCommunity", Right::Steer, ""),
    ("editCommunity", Right::Edit, "community"),
    ("addMember", Right::Edit, "community"),
    ("editMember", Right::Edit, "community"),
    ("removeMember", Right::Edit, "community"),
    ("createPairing", Right::Edit, ""),
    ("editPairing", Right::Edit, "pairing"),
    ("removePairing", Right::Edit, "pairing"),
    ("createReminderRule", Right::Steer, ""),
    ("editReminderRule", Right::Steer, "reminderRule"),
    ("removeReminderRule", Right::Steer, "reminderRule"),
    ("createPractice", Right::Add, ""),
    ("editPractice", Right::Own, "practice"),
    ("removePractice", Right::Steer, "practice"),
    ("createForum", Right::Steer, ""),
    ("editForum", Right::Own, "forum"),
    ("removeForum", Right::Steer, "forum"),
    ("createNote", Right::Steer, ""),
    ("editNote", Right::Steer, "note"),
    ("removeNote", Right::Steer, "note"),
    ("createSource", Right::Steer, ""),
    ("editSource", Right::Steer, "source"),
    ("removeSource", Right::Steer, "source"),
    ("createPublication", Right::Edit, ""),
    ("editPublication", Right::Edit, "publication"),
    ("removePublication", Right::Edit, "publication"),
    ("createCall", Right::Steer, ""),
    ("editCall", Right::Steer, "call"),
    ("removeCall", Right::Steer, "call"),
    ("createBudgetLine", Right::Steer, ""),
    ("editBudgetLine", Right::Steer, "budgetLine"),
    ("removeBudgetLine", Right::Steer, "budgetLine"),
    ("addPerson", Right::Steer, ""),
    ("grantRole", Right::Staff, "person"),
    ("editRole", Right::Staff, "person"),
    ("revokeRole", Right::Staff, "person"),
    ("leaveRole", Right::OwnRole, ""),
    ("acceptRoles", Right::OwnRole, ""),
    ("setPreferences", Right::Oneself, ""),
    ("createApiToken", Right::OneselfIn, ""),
    ("eraseMyself", Right::Oneself, ""),
    ("confirmOutput", Right::Party, "output"),
    ("rescheduleOutput", Right::Party, "output"),
    ("reportOutput", Right::Party, "output"),
    ("returnOutput", Right::Judge, "output"),
    ("verifyOutput", Right::Judge, "output"),
    ("cancelOutput", Right::Party, "output"),
    ("reopenOutput", Right::Steer, "output"),
    ("editOutput", Right::Party, "output"),
    ("addEvidence", Right::Party, "output"),
    ("removeEvidence", Right::Party, "evidence"),
    ("endorseActionPlan", Right::Party, "output"),
    ("removeEndorsement", Right::Party, "endorsement"),
    ("addParticipant", Right::Speak, "output"),
    ("editParticipant", Right::Speak, "participation"),
    ("removeParticipant", Right::Party, "participation"),
    ("addAgendaItem", Right::Party, "output"),
    ("editAgendaItem", Right::Party, "agendaItem"),
    ("removeAgendaItem", Right::Party, "agendaItem"),
    ("addLearning", Right::Speak, "output"),
    ("editLearning", Right::Author, "learning"),
    ("removeLearning", Right::Author, "learning"),
    ("markAdvice", Right::Author, "advice"),
    ("addMeasure", Right::Party, "output"),
    ("editMeasure", Right::Party, "measure"),
    ("removeMeasure", Right::Party, "measure"),
    ("addStakeholder", Right::Party, "output"),
    ("editStakeholder", Right::Party, "stakeholder"),
    ("removeStakeholder", Right::Party, "stakeholder"),
    ("addTraining", Right::Party, "output"),
    ("editTraining", Right::Party, "training"),
    ("removeTraining", Right::Party, "training"),
    ("editEndorsement", Right::Party, "endorsement"),
    ("addForumMember", Right::Own, "forum"),
    ("editForumMember", Right::Own, "forumMember"),
    ("removeForumMember", Right::Own, "forumMember"),
    ("addForumTopic", Right::Own, "forum"),
    ("editForumTopic", Right::Own, "forumTopic"),
    ("removeForumTopic", Right::Own, "forumTopic"),
    ("addForumMeeting", Right::Own, "forum"),
    ("editForumMeeting", Right::Own, "forumMeeting"),
    ("removeForumMeeting", Right::Own, "forumMeeting"),
    ("scheduleStaffExchange", Right::Edit, "pairing"),
    ("scheduleVisit", Right::Edit, ""),
    ("scheduleEvent", Right::Edit, ""),
    ("scheduleChampionWorkshop", Right::Edit, ""),
    ("planActionPlan", Right::Edit, ""),
    ("planPolicy", Right::Edit, ""),
    ("selectChampion", Right::Select, ""),
    ("planGuide", Right::Edit, ""),
    ("planVideo", Right::Edit, ""),
    ("proposeDates", Right::Speak, "output"),
    ("acceptProposal", Right::Party, "proposal"),
    ("declineProposal", Right::Party, "proposal"),
    ("withdrawProposal", Right::Propose, "proposal"),
];

/// Mutations of one's own account whose input names no record that they could be refused for.
const OF_NO_RECORD: [&str; 2] = ["revokeApiToken", "signOutEverywhere"];

/// Whose project it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Own,
    /// Of others, open to everyone.
    Open,
    /// Of others, and nobody else's business.
    Closed,
}

const PROJECTS: [(Whose, &str); 3] = [
    (Whose::Own, "connection"),
    (Whose::Open, "open"),
    (Whose::Closed, "closed"),
];

/// The kinds of viewers, as the page names them.
const VIEWERS: [&str; 13] = [
    "anonymous",
    "signed in, no role",
    "viewer",
    "funder",
    "partner, other city",
    "partner, city that it concerns",
    "partner, own city",
    "expert, other community",
    "expert, own community",
    "coordinator",
    "coordinator's reading token",
    "coordinator's token of another project",
    "operator",
];

/// Somebody of a partner in the community of an output that another one leads.
const CONCERNED: &str = "partner, city that it concerns";

/// What a viewer gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Gets {
    Done,
    Forbidden,
    SignIn,
    NotFound,
}

impl Gets {
    fn shown(self) -> &'static str {
        match self {
            Self::Done => "yes",
            Self::Forbidden => "FORBIDDEN",
            Self::SignIn => "UNAUTHENTICATED",
            Self::NotFound => "NOT_FOUND",
        }
    }
}

/// The rules, in words of code: what the matrix must be.
fn expected(right: Right, viewer: &str, whose: Whose) -> Gets {
    let (is_operator, is_anonymous) = (viewer == "operator", viewer == "anonymous");
    match right {
        Right::OneselfIn if whose == Whose::Closed && !is_operator => return Gets::NotFound,
        Right::OneselfIn => return expected(Right::Oneself, viewer, whose),
        Right::OwnRole if whose == Whose::Closed && !is_operator => return Gets::NotFound,
        Right::OwnRole => {
            let has_role = whose == Whose::Own && viewer != "signed in, no role";
            return match expected(Right::Oneself, viewer, whose) {
                Gets::Done if !has_role => Gets::Forbidden,
                gets => gets,
            };
        }
        // Whom it is about, not everyone may see.
        Right::Staff if is_operator => return Gets::Done,
        Right::Staff => {
            return match viewer {
                _ if whose != Whose::Own => Gets::NotFound,
                "coordinator" => Gets::Done,
                "coordinator's reading token" => Gets::Forbidden,
                _ if viewer.starts_with("expert") => Gets::Forbidden,
                _ => Gets::NotFound,
            };
        }
        Right::Found if is_operator || viewer == "expert, own community" => return Gets::Done,
        Right::Oneself if is_operator => return Gets::SignIn,
        Right::Found | Right::Oneself if is_anonymous => return Gets::SignIn,
        Right::Oneself if viewer.contains("token") => return Gets::Forbidden,
        Right::Oneself => return Gets::Done,
        Right::Found => return Gets::Forbidden,
        _ if is_operator => return Gets::Done,
        _ => {}
    }
    match whose {
        Whose::Closed => return Gets::NotFound,
        _ if is_anonymous => return Gets::SignIn,
        Whose::Open => return Gets::Forbidden,
        Whose::Own => {}
    }
    let may = match right {
        Right::Steer | Right::Judge => viewer == "coordinator",
        Right::Edit => ["coordinator", "expert, own community"].contains(&viewer),
        Right::Party => {
            ["coordinator", "expert, own community", "partner, own city"].contains(&viewer)
        }
        Right::Speak => expected(Right::Party, viewer, whose) == Gets::Done || viewer == CONCERNED,
        Right::Author => expected(Right::Edit, viewer, whose) == Gets::Done || viewer == CONCERNED,
        Right::Propose => viewer == CONCERNED,
        Right::Own => ["coordinator", "partner, own city"].contains(&viewer),
        Right::Add => viewer == "coordinator" || viewer.starts_with("partner"),
        Right::Select => {
            let edits = expected(Right::Edit, viewer, whose) == Gets::Done;
            edits || viewer.starts_with("partner")
        }
        Right::Staff | Right::Found | Right::Oneself | Right::OneselfIn | Right::OwnRole => {
            unreachable!("decided above")
        }
    };
    match may {
        true => Gets::Done,
        false => Gets::Forbidden,
    }
}

fn person(key: &str, roles: &[(RoleKind, Option<&str>)]) -> Person {
    Person {
        key: key.to_owned(),
        kind: PersonKind::Human,
        name: Some(format!("Name of {key}")),
        address: Some(format!("{key}@people.example")),
        locale: "en".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        digest: DigestFrequency::Never,
        digest_hour: 8,
        paused_until: None,
        roles: roles
            .iter()
            .map(|(kind, partner)| Role {
                kind: *kind,
                partner: partner.map(str::to_owned),
                from: None,
                until: None,
            })
            .collect(),
    }
}

/// Gives a leg, a plan and a champion of torino's its lead, and each list an entry.
fn torinos(file: &mut ProjectFile) {
    let plan = project::output(file, PLAN);
    plan.lead = Some("torino".to_owned());
    entries(
        &mut plan.kind,
        "actionPlan",
        &json!({
            "measures": [{ "title": "A desk" }],
            "stakeholders": [{ "name": "An association" }],
        }),
    );
    let champion = project::output(file, CHAMPION);
    champion.lead = Some("torino".to_owned());
    champion.community = Some("cop1".to_owned());
    entries(
        &mut champion.kind,
        "champion",
        &json!({
            "trainings": [{ "description": "A course" }],
        }),
    );
    let forum = &mut file.forums[0];
    forum.members =
        serde_json::from_value(json!([{ "kind": "INDIVIDUAL", "state": "APPLIED" }])).unwrap();
    forum.topics =
        serde_json::from_value(json!([{ "title": "Schools", "proposedBy": "PARTICIPANT" }]))
            .unwrap();
    forum.meetings = serde_json::from_value(json!([{ "place": "Torino" }])).unwrap();
    let proposal = json!([{ "key": "proposal-1", "output": format!("staffExchange:{LEG}"),
        "by": "zagreb", "proposedAt": "2021-09-05T09:00:00Z", "reason": "A strike",
        "until": "2021-09-20", "starts": "2021-11-08", "ends": "2021-11-12" }]);
    file.proposals = serde_json::from_value(proposal).unwrap();
    let leg = project::output(file, LEG);
    leg.lead = Some("torino".to_owned());
    leg.participants = serde_json::from_value(json!([{ "partner": "zagreb" }])).unwrap();
    leg.agenda =
        serde_json::from_value(json!([{ "kind": "PRESENTATION", "title": "Welcome" }])).unwrap();
    let lesson = json!([{ "kind": "LESSON", "body": "Begin early", "by": "zagreb" },
        { "kind": "ADVICE", "body": "Ask them", "partner": "zagreb" }]);
    leg.learning = serde_json::from_value(lesson).unwrap();
    leg.evidence = vec![Evidence {
        kind: EvidenceKind::Url,
        title: Some("Evidence of torino's leg".to_owned()),
        source: None,
        locator: None,
        url: Some("https://torino.example/leg".to_owned()),
        sha256: None,
        media_type: None,
        size: None,
        translations: Default::default(),
    }];
    leg.evidence.push(files::evidence());
}

/// Gives what a kind of output alone says some entries.
fn entries(kind: &mut Detail, field: &str, lists: &Value) {
    let mut values = serde_json::to_value(&*kind).unwrap();
    for (list, entries) in lists.as_object().unwrap() {
        values[field][list] = entries.clone();
    }
    *kind = serde_json::from_value(values).unwrap();
}

/// The output that the partner's own city leads.
const LEG: &str = "x_torino_anci_piemonte_leg1";

/// An action plan that was adopted, of the partner's own city here.
const PLAN: &str = "ap_zagreb";

/// An integration champion, of the partner's own city here.
const CHAMPION: &str = "champion_madrid";

/// Three projects, and the people of the first.
struct World {
    api: Api,
    viewers: BTreeMap<&'static str, Viewer>,
}

impl World {
    async fn over(database: tests::TestDatabase) -> Self {
        let api = Api::bare(database);
        let mut own = project::connection();
        // A community that another expert runs.
        let zurich = Some("zurich".to_owned());
        own.communities[3].expert = zurich;
        torinos(&mut own);
        personal::people_everywhere(&mut own);
        own.people.extend([
            person("viewer", &[(RoleKind::Viewer, None)]),
            person("funder", &[(RoleKind::Funder, None)]),
            person("partner-other", &[(RoleKind::Partner, Some("antwerp"))]),
            person("partner-concerned", &[(RoleKind::Partner, Some("zagreb"))]),
            person("partner-own", &[(RoleKind::Partner, Some("torino"))]),
            person("expert-other", &[(RoleKind::Expert, Some("zurich"))]),
            person("expert-own", &[(RoleKind::Expert, Some("migrationwork"))]),
            person(
                "coordinator",
                &[(RoleKind::Coordinator, Some("eurocities"))],
            ),
        ]);
        let mut given = GivenFiles::default();
        given.add(files::stored());
        let import = api.store.import_with(&own, Import::default(), &given);
        import.await.unwrap();
        for (key, public) in [("open", true), ("closed", false)] {
            let mut other = project::connection();
            other.project.key = key.to_owned();
            other.project.public = public;
            other.notes.truncate(1);
            other.notes[0].about.0.clear();
            other.people = vec![person("keeper", &[(RoleKind::Viewer, None)])];
            torinos(&mut other);
            let import = api.store.import_with(&other, Import::default(), &given);
            import.await.unwrap();
        }
        let nobody = user::NewUser {
            key: Some("nobody".to_owned()),
            name: None,
            address: None,
            locale: "en".to_owned(),
            time_zone: "UTC".to_owned(),
            role: None,
            may_create_projects: false,
        };
        user::add(&api.store, &Actor::COMMAND, nobody)
            .await
            .unwrap();
        let people = entities::person::Entity::find()
            .all(api.store.db())
            .await
            .unwrap();
        let by_key = |key: &str| people.iter().find(|row| row.key == key).unwrap().id;
        let session = |key: &str| {
            Viewer::Person(SignedIn {
                person: by_key(key),
                by: Credential::Session(Uuid::from_u128(1).into()),
            })
        };
        let open = api.store.project("open").await.unwrap().id();
        let connection = api.store.project("connection").await.unwrap().id();
        let token = |project, may_write| {
            Viewer::Person(SignedIn {
                person: by_key("coordinator"),
                by: Credential::Token {
                    id: Uuid::from_u128(2).into(),
                    project,
                    may_write,
                    sees_people: true,
                },
            })
        };
        let viewers = [
            Viewer::Anonymous,
            session("nobody"),
            session("viewer"),
            session("funder"),
            session("partner-other"),
            session("partner-concerned"),
            session("partner-own"),
            session("expert-other"),
            session("expert-own"),
            session("coordinator"),
            token(connection, false),
            token(open, true),
            Viewer::Operator,
        ];
        // Only one of them may begin projects.
        let sql = "update person set may_create_projects = true where key = 'expert-own'";
        api.store.db().execute_unprepared(sql).await.unwrap();
        Self {
            api,
            viewers: VIEWERS.into_iter().zip(viewers).collect(),
        }
    }

    async fn ask(&self, viewer: Viewer, query: &str, variables: Value) -> Value {
        let operation = Operation::new(query).with_variables(variables);
        serde_json::to_value(self.api.ask(viewer, operation).await).unwrap()
    }

    /// The ids that the mutations' inputs name, by what they are.
    async fn records(&self, key: &str) -> Value {
        let query = "query($key: String!) { project(key: $key, asOf: \"2022-12-31\") { id
            partners(first: 1) { nodes { id organisation { id } } }
            all: partners(first: 100) { nodes { id key } }
            targets { id } pairings(first: 1) { nodes { id } }
            communities { nodes { id key } }
            reminderRules { id } practices(first: 1) { nodes { id } }
            forums(first: 1) { nodes { id members(first: 1) { nodes { id } }
                topics(first: 1) { nodes { id } } meetings(first: 1) { nodes { id } } } }
            notes(first: 1) { nodes { id } } sources(first: 1) { nodes { id } }
            publications(filter: { community: \"cop1\" }) { nodes { id } }
            calls { nodes { id } } budgetLines(first: 1) { nodes { id } }
            proposals { nodes { id } }
            people(first: 1) { nodes { id } }
            outputs(first: 100, filter: { kinds: [STAFF_EXCHANGE, ACTION_PLAN, CHAMPION] }) {
                nodes { id key evidence { id } participations { id } agenda { id } lessons { id }
                    advice { id }
                    ... on ActionPlan { endorsements { id } measures { id } stakeholders { id } }
                    ... on Champion { trainings { id } } } } } }";
        let answer = self
            .ask(Viewer::Operator, query, json!({ "key": key }))
            .await;
        assert!(answer["data"]["project"].is_object(), "{answer}");
        answer["data"]["project"].clone()
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_matrix_is_what_the_page_says(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let schema = Schema::of(&world).await;
    let named: Vec<_> = MUTATIONS.iter().map(|(name, ..)| *name).collect();
    let mut missing = schema.mutations();
    missing.retain(|name| !named.contains(&name.as_str()) && !OF_NO_RECORD.contains(&&**name));
    assert_eq!(missing, [""; 0], "give each mutation its row in the matrix");
    let mut wrong = String::new();
    let mut cells = 0;
    let mut table: BTreeMap<(&str, &str), Vec<Gets>> = BTreeMap::new();
    for (whose, key) in PROJECTS {
        let records = world.records(key).await;
        let before = world.api.store.fresh(key).await.unwrap().revision();
        for (name, right, record) in MUTATIONS {
            let (document, variables) = schema.call(name, record, key, &records);
            for viewer in VIEWERS {
                let answer = world
                    .ask(world.viewers[viewer], &document, variables.clone())
                    .await;
                let gets = gets(name, &answer);
                let should = expected(*right, viewer, whose);
                cells += 1;
                if gets != Some(should) {
                    let _ = writeln!(
                        wrong,
                        "{name} as {viewer} in {whose:?}: {gets:?}, not {should:?}: {answer}"
                    );
                }
                table.entry((name, viewer)).or_default().push(should);
            }
        }
        let after = world.api.store.fresh(key).await.unwrap().revision();
        assert_eq!(after, before, "no cell may change anything");
    }
    assert!(wrong.is_empty(), "{wrong}");
    println!("{cells} cells of mutations");
    let page = page(&table);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/RIGHTS.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap();
    assert!(
        written == page,
        "docs/RIGHTS.md is not current; UPDATE=1 writes it anew"
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_id_that_was_put_together_finds_nothing(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let schema = Schema::of(&world).await;
    let records = world.records("connection").await;
    let project = world.api.store.project("connection").await.unwrap();
    let before = project.revision();
    // Rows of every table, from the places in which they stand.
    let others: Vec<(&str, Uuid)> = vec![
        ("Evidence", project.evidence.last().unwrap().id.0),
        ("Community", project.communities.last().unwrap().id.0),
        ("", project.output_events.last().unwrap().id.0),
        ("Partner", project.partners.last().unwrap().id.0),
        ("Project", project.id().0),
    ];
    let mut cells = 0;
    for (name, _, record) in MUTATIONS.iter().filter(|(.., record)| !record.is_empty()) {
        let (document, variables) = schema.call(name, record, "connection", &records);
        for field in ["id", "output", "person", "community"] {
            let Some(id) = variables["input"][field].as_str() else {
                continue;
            };
            let Some(spelled) = URL_SAFE_NO_PAD.decode(id).ok() else {
                continue;
            };
            let spelled = String::from_utf8(spelled).unwrap();
            let (head, _) = spelled.rsplit_once(':').unwrap();
            let kind = head.split(':').next().unwrap();
            // Another record of the same kind is another matter.
            for (_, other) in others.iter().filter(|(of, _)| *of != kind) {
                let mut variables = variables.clone();
                let forged = format!("{head}:{other}");
                variables["input"][field] = URL_SAFE_NO_PAD.encode(&forged).into();
                variables["input"]
                    .as_object_mut()
                    .unwrap()
                    .remove("expectedVersion");
                for viewer in ["anonymous", "coordinator"] {
                    let answer = world
                        .ask(world.viewers[viewer], &document, variables.clone())
                        .await;
                    let code = answer["errors"][0]["extensions"]["code"].as_str();
                    let told = answer["data"][*name]["userErrors"][0]["code"].as_str();
                    let fine = ["NOT_FOUND", "UNAUTHENTICATED"];
                    cells += 1;
                    assert!(
                        code.or(told).is_some_and(|code| fine.contains(&code)),
                        "{name} of {forged} as {viewer}: {answer}"
                    );
                }
            }
        }
    }
    assert!(cells > 100, "{cells}");
    let after = world
        .api
        .store
        .fresh("connection")
        .await
        .unwrap()
        .revision();
    assert_eq!(after, before);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn one_s_own_account_is_out_of_reach_for_tokens_and_strangers(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    for (name, call) in [
        ("revokeApiToken", "revokeApiToken(input: { id: \"none\" })"),
        ("signOutEverywhere", "signOutEverywhere"),
    ] {
        for (viewer, should) in [
            ("anonymous", Gets::SignIn),
            ("operator", Gets::SignIn),
            ("coordinator's reading token", Gets::Forbidden),
            ("coordinator's token of another project", Gets::Forbidden),
        ] {
            let document = format!("mutation {{ {call} {{ userErrors {{ code }} }} }}");
            let answer = world.ask(world.viewers[viewer], &document, json!({})).await;
            assert_eq!(gets(name, &answer), Some(should), "{viewer}: {answer}");
        }
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn names_and_addresses_are_told_to_those_alone_who_may(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let world = World::over(database).await;
    let query = "{ project(key: \"connection\") { people(first: 100) { nodes {
            id key name address } } } }";
    for (viewer, count) in [
        ("viewer", 1),
        ("funder", 1),
        ("partner, own city", 2),
        ("partner, other city", 2),
        ("partner, city that it concerns", 2),
        ("expert, own community", 38),
        ("coordinator", 38),
        ("operator", 38),
    ] {
        let answer = world.ask(world.viewers[viewer], query, json!({})).await;
        let people = answer["data"]["project"]["people"]["nodes"]
            .as_array()
            .unwrap();
        assert_eq!(people.len(), count, "{viewer}: {answer}");
        // What is not listed is not found by its id either.
        for other in VIEWERS {
            let ids: Vec<_> = people.iter().map(|person| person["id"].clone()).collect();
            let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Person { address } } }";
            let found = world
                .ask(world.viewers[other], nodes, json!({ "ids": ids }))
                .await;
            let found = found["data"]["nodes"].as_array().unwrap();
            let seen = found.iter().filter(|node| !node.is_null()).count();
            let may = match other {
                "anonymous" | "signed in, no role" => 0,
                "coordinator's token of another project" => 0,
                _ => count,
            };
            assert!(seen <= may, "{other} saw {seen} of what {viewer} sees");
        }
    }
}

/// What an answer says of the right alone; none where it says something else.
fn gets(name: &str, answer: &Value) -> Option<Gets> {
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return match code {
            "UNAUTHENTICATED" => Some(Gets::SignIn),
            "NOT_FOUND" => Some(Gets::NotFound),
            _ => None,
        };
    }
    let errors = answer["data"][name]["userErrors"].as_array()?;
    let codes: Vec<_> = errors
        .iter()
        .map(|error| error["code"].as_str().unwrap())
        .collect();
    match codes[..] {
        ["FORBIDDEN" | "READ_ONLY_TOKEN" | "OWN_REPORT"] => Some(Gets::Forbidden),
        // The right was there; the sample input is wrong on purpose, so that nothing is done.
        [_, ..] => Some(Gets::Done),
        [] => None,
    }
}

/// The schema, to make inputs from that are read but never done.
struct Schema {
    mutations: Vec<Value>,
    inputs: BTreeMap<String, Value>,
}

impl Schema {
    async fn of(world: &World) -> Self {
        let query = "{ __schema { mutationType { fields { name args { name type { ...T } } } }
            types { name kind enumValues { name } inputFields { name defaultValue type { ...T } } } } }
            fragment T on __Type { kind name ofType { kind name ofType { kind name
                ofType { kind name } } } }";
        let answer = world.ask(Viewer::Operator, query, json!({})).await;
        let schema = &answer["data"]["__schema"];
        let types = schema["types"].as_array().unwrap();
        Self {
            mutations: schema["mutationType"]["fields"].as_array().unwrap().clone(),
            inputs: types
                .iter()
                .map(|one| (one["name"].as_str().unwrap().to_owned(), one.clone()))
                .collect(),
        }
    }

    fn mutations(&self) -> Vec<String> {
        let names = self.mutations.iter();
        names
            .map(|field| field["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// A mutation with an input that asks for the right and is then refused.
    fn call(&self, name: &str, record: &str, key: &str, records: &Value) -> (String, Value) {
        let field = self
            .mutations
            .iter()
            .find(|field| field["name"] == name)
            .unwrap();
        let of = &field["args"][0]["type"]["ofType"];
        let input = of["name"].as_str().unwrap();
        let sample = self.input(
            input,
            &Given {
                record,
                key,
                records,
            },
        );
        let document = format!(
            "mutation($input: {input}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
        );
        (document, json!({ "input": sample }))
    }

    fn input(&self, name: &str, given: &Given<'_>) -> Value {
        let mut sample = Map::new();
        let fields = self.inputs[name]["inputFields"].as_array().unwrap();
        for field in fields {
            let (name, of) = (field["name"].as_str().unwrap(), &field["type"]);
            let is_required = of["kind"] == "NON_NULL";
            let wanted = [
                "expectedVersion",
                "output",
                "key",
                "community",
                "partner",
                "timeZone",
                "place",
            ]
            .contains(&name);
            if is_required || wanted {
                let of = if is_required { &of["ofType"] } else { of };
                sample.insert(name.to_owned(), self.value(name, of, given));
            }
        }
        Value::Object(sample)
    }

    fn value(&self, name: &str, of: &Value, given: &Given<'_>) -> Value {
        match of["kind"].as_str().unwrap() {
            "LIST" => json!([]),
            "NON_NULL" => self.value(name, &of["ofType"], given),
            "ENUM" => {
                let of = &self.inputs[of["name"].as_str().unwrap()];
                of["enumValues"][0]["name"].clone()
            }
            "INPUT_OBJECT" => {
                let of = of["name"].as_str().unwrap();
                // One of several: any will do.
                if of == "ProofInput" {
                    return json!({ "url": "https://torino.example/" });
                }
                self.input(of, given)
            }
            _ => given.scalar(name, of["name"].as_str().unwrap()),
        }
    }
}

/// What inputs name.
struct Given<'a> {
    record: &'a str,
    key: &'a str,
    records: &'a Value,
}

impl Given<'_> {
    fn scalar(&self, name: &str, of: &str) -> Value {
        let records = self.records;
        let output = |key: &str| {
            let all = records["outputs"]["nodes"].as_array().unwrap();
            all.iter().find(|one| one["key"] == key).unwrap().clone()
        };
        let forum = |list: &str| records["forums"]["nodes"][0][list]["nodes"][0]["id"].clone();
        match (name, of) {
            ("forum", _) => records["forums"]["nodes"][0]["id"].clone(),
            ("project", _) => json!(self.key),
            ("person", _) => records["people"]["nodes"][0]["id"].clone(),
            ("community", _) => records["communities"]["nodes"][0]["id"].clone(),
            ("pairing", _) => records["pairings"]["nodes"][0]["id"].clone(),
            ("expectedVersion", _) => json!("stale"),
            ("id" | "output", _) => match self.record {
                "output" => output(LEG)["id"].clone(),
                "evidence" => output(LEG)["evidence"][0]["id"].clone(),
                "participation" => output(LEG)["participations"][0]["id"].clone(),
                "agendaItem" => output(LEG)["agenda"][0]["id"].clone(),
                "learning" => output(LEG)["lessons"][0]["id"].clone(),
                "advice" => output(LEG)["advice"][0]["id"].clone(),
                "training" => output(CHAMPION)["trainings"][0]["id"].clone(),
                list @ ("endorsement" | "measure" | "stakeholder") => {
                    output(PLAN)[format!("{list}s")][0]["id"].clone()
                }
                "forumMember" => forum("members"),
                "forumTopic" => forum("topics"),
                "forumMeeting" => forum("meetings"),
                "community" => records["communities"]["nodes"][0]["id"].clone(),
                "partner" => records["partners"]["nodes"][0]["id"].clone(),
                "ownPartner" => {
                    let all = records["all"]["nodes"].as_array().unwrap();
                    let own = all.iter().find(|one| one["key"] == "torino");
                    own.unwrap()["id"].clone()
                }
                "organisation" => records["partners"]["nodes"][0]["organisation"]["id"].clone(),
                "pairing" => records["pairings"]["nodes"][0]["id"].clone(),
                "target" => records["targets"][0]["id"].clone(),
                "reminderRule" => records["reminderRules"][0]["id"].clone(),
                list @ ("practice" | "forum" | "note" | "source" | "publication" | "call"
                | "budgetLine" | "proposal") => {
                    records[format!("{list}s")]["nodes"][0]["id"].clone()
                }
                "project" => records["id"].clone(),
                "role" => records["people"]["nodes"][0]["roles"][0]["id"].clone(),
                "person" => records["people"]["nodes"][0]["id"].clone(),
                _ => json!("none"),
            },
            ("key", _) => json!("no key!"),
            (_, "Int" | "Quantity") => json!(-1),
            (_, "Float") => json!(0.5),
            (_, "Boolean") => json!(false),
            (_, "Date" | "PartialDate") => json!("2021-10-04"),
            (_, "ID") => json!("none"),
            _ => json!(" "),
        }
    }
}

/// The page of the matrix.
fn page(table: &BTreeMap<(&str, &str), Vec<Gets>>) -> String {
    let mut page = String::from(
        "# Who may do what\n\n\
         What somebody may follows from their roles in the project that a record belongs to, and \
         from nothing else. A role counts from its first day to its last, by the day that it is now \
         in the project's zone, whatever day is read: one that has ended, or has not begun, gives no \
         right and no mail. `api/tests/rights` asks for every mutation, and for every field of \
         every kind of record, as every kind of viewer, in their own project, in an open one of \
         others and in a closed one, and holds this page to what it gets.\n\n\
         What is invisible answers `NOT_FOUND`, as if it were not there. What is visible but not \
         yours is refused with the code `FORBIDDEN` among `userErrors`. Nobody verifies what their \
         own organisation reported (`OWN_REPORT`); what the coordinator reported, the funder \
         judges, and so what no coordinator may judge. Whose report it is, is recorded with it \
         (`history { reporters }`), and who then acted for them: whatever becomes of roles and \
         partners afterwards, none of these judges it, nor does who acts for them by now. Of a \
         report that was made before this was recorded, the organisations are those of the \
         reporter's roles today, and the funder judges what somebody reported who has none. A \
         token has its owner's rights in one project, or only the reading ones \
         (`READ_ONLY_TOKEN`), and never their account.\n\n\
         The coordinator and the experts see everyone in their project; a partner sees the \
         colleagues of their own organisation; a funder and a viewer see themselves. Mail, previews \
         and the audit are the coordinator's; reports and files of evidence are for whoever has a \
         role. Nobody else ever sees a name or an address.\n\n\
         A city speaks for itself. A partner's people say who of them comes to an output that \
         concerns it, or why they cannot, pose its challenges, give its advice, add its lessons and \
         propose other dates. An output concerns whoever leads, hosts or organises it, is on a side \
         of its pairing, belongs to its community or takes part in it, also with all partners. Its \
         practices, its forum and its champions are its own. A partner that is not theirs is \
         `FORBIDDEN` at the field that names it; of several that are theirs, one must be named \
         (`REQUIRED`). Grants and targets are the coordinator's alone, also where the rest of a \
         policy is not. What another partner said stays as it is for everyone but the expert of \
         the community and the coordinator. A proposal is decided by whoever may do the thing \
         itself, and taken back by whoever made it.\n\n\
         Organisations, people and programmes are shared by projects. A change of one takes the \
         coordinator of each project that shows it, or the operator; everyone else's becomes a \
         proposal, which those coordinators alone see (`sharedProposals`) and decide. The last of \
         them to agree makes the change, one who declines ends it, and it is taken back by a \
         coordinator of the project that made it. That project learns that others have to agree, \
         and not which or how many; these learn what would change and why, and neither who \
         proposes it nor in which project. An organisation or a person whom the viewer does not \
         see in any project is shown, in the one that adds them, as that one says, until a \
         coordinator who shows the organisation (`acceptProposal`), or the person themselves \
         (`acceptRoles`), agrees. A partner leaves by its own people, too (`leaveProject`), and \
         everyone gives up roles of their own (`leaveRole`). `api/tests/agreement` tries all of \
         this.\n\n\
         The output below is one that the own city leads, in the own expert's community. The city \
         that it concerns takes part in it; the participation, the lesson and the proposal are its \
         own, the practice and the forum the own city's.\n\n",
    );
    let _ = writeln!(
        page,
        "| mutation | in the own project, by | everyone else who is signed in | anonymous | in an open project of others | in a closed one |"
    );
    let _ = writeln!(page, "| --- | --- | --- | --- | --- | --- |");
    for (name, ..) in MUTATIONS {
        let of = |viewer: &str, at: usize| table[&(*name, viewer)][at];
        let may: Vec<_> = VIEWERS
            .into_iter()
            .filter(|viewer| of(viewer, 0) == Gets::Done)
            .collect();
        let others: Vec<_> = VIEWERS
            .into_iter()
            .filter(|viewer| *viewer != "anonymous" && of(viewer, 0) != Gets::Done)
            .map(|viewer| of(viewer, 0).shown())
            .collect();
        let others = others.first().copied().unwrap_or("–");
        let _ = writeln!(
            page,
            "| `{name}` | {} | {others} | {} | {} | {} |",
            may.join("; "),
            of("anonymous", 0).shown(),
            of("coordinator", 1).shown(),
            of("coordinator", 2).shown(),
        );
    }
    page + &files::page()
}
