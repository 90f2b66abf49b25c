//! A store over the embedded project, and how the tests ask the API.

use std::sync::Arc;

use api::{Gateway, Limits, Operation};
use async_graphql::Response;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    clock::Clock, command::Import, data, file, ids::Ids, link::LinkKey, record, store::Store,
    viewer::Viewer,
};
use sea_orm::ConnectionTrait;
use serde_json::Value;
use tests::TestDatabase;
use uuid::Uuid;

/// The API over a database of its own, its clock standing at noon of 6 September 2021.
pub struct Api {
    pub gateway: Gateway,
    pub store: Arc<Store>,
    _database: TestDatabase,
}

/// What signs links in tests.
pub fn link_key() -> LinkKey {
    LinkKey::new(&[7; 32]).unwrap()
}

impl Api {
    pub async fn new() -> Self {
        Self::over(TestDatabase::sqlite().await).await
    }

    /// Over a given database.
    pub async fn over(database: TestDatabase) -> Self {
        let api = Self::without_projects(database);
        let file = file::read(data::CONNECTION).expect("the embedded file is right");
        api.store.import(&file, Import::default()).await.unwrap();
        api
    }

    /// Over a given database, with the project as it was known on 6 September 2021: what was
    /// reported later is still open.
    pub async fn as_known_then(database: TestDatabase) -> Self {
        let api = Self::without_projects(database);
        let mut file = file::read(data::CONNECTION).expect("the embedded file is right");
        let ends_on = file.project.ends_on;
        for output in &mut file.outputs {
            let last = output.ends.or(output.starts);
            let last = last.map_or(ends_on, entities::PartialDate::last_day);
            output.history.retain(|step| {
                let on = step.effective_on.unwrap_or(last);
                on <= chrono::NaiveDate::from_ymd_opt(2021, 9, 6).unwrap()
                    || step.verb == entities::Verb::Rescheduled
            });
        }
        api.store.import(&file, Import::default()).await.unwrap();
        api
    }

    /// CONNECTION after its last day, when all that the sources hold of it is there.
    pub async fn afterwards() -> Self {
        let api = Self::new().await;
        api.store
            .clock()
            .set("2023-02-01T12:00:00Z".parse().unwrap());
        api
    }

    /// Without any project.
    pub async fn empty() -> Self {
        Self::without_projects(TestDatabase::sqlite().await)
    }

    /// Over a given database, without any project.
    pub fn bare(database: TestDatabase) -> Self {
        Self::without_projects(database)
    }

    fn without_projects(database: TestDatabase) -> Self {
        let noon = "2021-09-06T12:00:00Z".parse().unwrap();
        let store = Store::new(database.db.clone(), Clock::frozen(noon), Ids::FromKeys);
        Self {
            gateway: Gateway::new(Limits::default()),
            store: Arc::new(store),
            _database: database,
        }
    }

    /// Writes into the tables as an older release might have left them.
    pub async fn rewrite(&self, project: &str, statements: &[&str]) {
        let db = self.store.db();
        for statement in statements {
            let result = db.execute_unprepared(statement).await.unwrap();
            assert_eq!(result.rows_affected(), 1, "{statement}");
        }
        let raise = format!("update project set revision = revision + 1 where key = '{project}'");
        db.execute_unprepared(&raise).await.unwrap();
        self.store.fresh(project).await.unwrap();
    }

    /// An input with the versions of the lists that it replaces, as they are now.
    pub async fn with_list_versions(&self, mut input: Value) -> Value {
        let Some(id) = input["id"].as_str().and_then(row_of) else {
            return input;
        };
        let project = self.store.project("connection").await.unwrap();
        macro_rules! versions {
            ($($path:literal: $entry:ident, $version:literal;)+) => {$(
                if input.pointer($path).is_some_and(Value::is_array) && input[$version].is_null() {
                    input[$version] = project.list_version::<record::$entry>(id).into();
                }
            )+};
        }
        versions! {
            "/participants": Participant, "participantsVersion";
            "/agenda": AgendaItem, "agendaVersion";
            "/learning": Learning, "learningVersion";
            "/actionPlan/measures": Measure, "measuresVersion";
            "/actionPlan/stakeholders": Stakeholder, "stakeholdersVersion";
            "/champion/trainings": Training, "trainingsVersion";
            "/members": ForumMember, "membersVersion";
            "/topics": ForumTopic, "topicsVersion";
            "/meetings": ForumMeeting, "meetingsVersion";
        }
        input
    }

    pub async fn ask(&self, viewer: Viewer, operation: Operation) -> Response {
        self.gateway.answer(&self.store, viewer, operation).await
    }

    /// The data of a query that anyone may ask and that has no error.
    pub async fn data(&self, query: &str) -> Value {
        self.data_as(Viewer::Anonymous, query).await
    }

    pub async fn data_as(&self, viewer: Viewer, query: &str) -> Value {
        let response = self.ask(viewer, Operation::new(query)).await;
        assert_eq!(response.errors, [], "{query}");
        response.data.into_json().unwrap()
    }

    /// The codes of the errors that anyone gets for a query.
    pub async fn codes(&self, query: &str) -> Vec<String> {
        let response = self.ask(Viewer::Anonymous, Operation::new(query)).await;
        let response = serde_json::to_value(&response).unwrap();
        response["errors"]
            .as_array()
            .map(|errors| errors.iter().map(code_of).collect())
            .unwrap_or_default()
    }
}

/// The row that an opaque id is about.
fn row_of(id: &str) -> Option<Uuid> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
    text.rsplit_once(':')?.1.parse().ok()
}

fn code_of(error: &Value) -> String {
    error["extensions"]["code"].as_str().unwrap().to_owned()
}
