//! From a request to its answer. Whatever can be refused is refused before anything runs: each file
//! here takes one decision, in this order.
//!
//! [`read`] whether the text is a document that keeps to the limits; [`valid`] and [`literals`]
//! whether it fits the schema; then which of its operations is meant; [`variables`] whether their
//! values have the types that it says; [`cost`] whether the answer would be too long; [`omitted`]
//! what the client left out. Documents that were accepted are kept, so that the first three are
//! decided once. [`answer`] runs what is left.
//!
//! Beside them: [`introspection`] who is told what the schema holds; [`persisted`] which documents
//! need not be sent; [`allowance`] how much one who asks may ask for in a while.

mod accepted;
mod allowance;
mod answer;
mod cost;
mod introspection;
pub mod limits;
mod literals;
mod omitted;
mod persisted;
mod read;
mod refused;
mod root;
mod shared;
mod size;
mod valid;
mod variables;

use std::sync::{Arc, Mutex, PoisonError};

use apollo_compiler::{ast::OperationType, validation::Valid};
use async_graphql::{Request, Response, ServerError, Variables, parser::parse_query};
use domain::{
    actor::{Actor, IdempotencyKey},
    store::Store,
    viewer::Viewer,
};
use futures::stream::{BoxStream, StreamExt};
use serde::Deserialize;
use sha2::{Digest, Sha256};

pub use allowance::{Allowance, Payer, Wait};
pub use introspection::Introspection;
pub use limits::{LIMITS, Limit, Limits};
pub use persisted::{Extensions, PersistedQuery};
pub use refused::Refused;

use crate::schema::{Basis, Reads, Schema, schema, sdl};
use accepted::{Accepted, Costs, Recent};
use cost::{Cost, Prices};
use persisted::Persisted;
use refused::{BAD_INPUT, NOT_TOLD, UNREADABLE};
use shared::Shared;

/// A request as GraphQL over HTTP spells it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// The document; empty where [`Extensions`] name it.
    #[serde(default)]
    pub query: String,
    /// Which of its operations; may be left out where there is one.
    #[serde(default)]
    pub operation_name: Option<String>,
    #[serde(default)]
    pub variables: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(default)]
    pub extensions: Extensions,
}

impl Operation {
    /// One document without variables.
    #[must_use]
    pub fn new(query: impl Into<String>) -> Self {
        Self {
            query: query.into(),
            ..Self::default()
        }
    }

    /// The same with the variables that an object holds; anything else holds none.
    #[must_use]
    pub fn with_variables(self, variables: serde_json::Value) -> Self {
        let variables = match variables {
            serde_json::Value::Object(variables) => Some(variables),
            _ => None,
        };
        Self { variables, ..self }
    }
}

/// How many bytes of a request cost as much to read as one value to answer.
const BYTES_READ: u64 = 64;
/// The same for what is then refused.
const BYTES_REFUSED: u64 = 8;

/// What a request may do, by the way it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum May {
    /// Ask and subscribe.
    Read,
    /// Change something, too.
    Write,
}

/// An operation that may run.
#[derive(Debug)]
pub struct Ready {
    document: Arc<Accepted>,
    operation_name: Option<String>,
    variables: Variables,
    /// Whether a variable of the operation has no value at all.
    has_omitted: bool,
    kind: OperationType,
    cost: Cost,
    /// Of document and variables, where it changes something.
    fingerprint: Option<String>,
    /// The request, as the log names it.
    request_id: Option<String>,
    /// Asking for it again under the same key does nothing more.
    key: Option<String>,
}

impl Ready {
    /// As it came: in which request, and under which key of the client's.
    #[must_use]
    pub fn asked_in(self, request_id: Option<String>, key: Option<String>) -> Self {
        Self {
            request_id,
            key,
            ..self
        }
    }

    /// Who asks for a change, and how.
    fn actor(&self, viewer: Viewer) -> Actor {
        let key = self.key.clone().zip(self.fingerprint.clone());
        Actor {
            request_id: self.request_id.clone(),
            idempotency_key: key.map(|(key, fingerprint)| IdempotencyKey {
                key,
                fingerprint,
                field: String::new(),
            }),
            ..Actor::new(viewer)
        }
    }

    /// Whether it has one answer after another, for [`Front::subscribe`], and not a single one.
    #[must_use]
    pub fn is_subscription(&self) -> bool {
        self.kind == OperationType::Subscription
    }

    /// About how many values its answer holds, at most, with what takes longer counted as more.
    #[must_use]
    pub fn cost(&self) -> u64 {
        self.cost.total()
    }
}

/// The answer of an operation that ran.
#[derive(Debug)]
pub struct Answered {
    pub response: Response,
    /// For as long as this holds, the same question has the same answer; none: only this once.
    pub rests_on: Option<Basis>,
}

/// Reads, checks and answers requests.
pub struct Front {
    schema: Schema,
    typed: Valid<apollo_compiler::Schema>,
    prices: Prices,
    limits: Limits,
    introspection: Introspection,
    recent: Mutex<Recent>,
    persisted: Persisted,
    allowance: Allowance,
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Front")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Front {
    /// For one process, whose schema anyone may read.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self::shared(limits, Introspection::Everyone, None)
    }

    /// With Redis, if several processes share who asked for how much, and which documents are
    /// persisted.
    #[must_use]
    pub fn shared(
        limits: Limits,
        introspection: Introspection,
        redis: Option<redis::Client>,
    ) -> Self {
        let shared = redis.map(|client| Arc::new(Shared::new(client)));
        let schema = schema();
        let typed = valid::schema(&sdl(&schema));
        let prices = Prices::new(&typed, limits.list);
        let recent = Mutex::new(Recent::new(&limits));
        Self {
            schema,
            typed,
            prices,
            limits,
            introspection,
            recent,
            persisted: Persisted::new(&limits, shared.clone()),
            allowance: Allowance::new(&limits, shared),
        }
    }

    /// The schema that is asked.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// How much a request may ask for.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How much one who asks may ask for in a while.
    #[must_use]
    pub fn allowance(&self) -> &Allowance {
        &self.allowance
    }

    /// Whether a viewer is told what the schema holds.
    #[must_use]
    pub fn tells_schema(&self, viewer: Viewer) -> bool {
        self.introspection.allows(viewer)
    }

    /// As [`Front::prepare`], and takes what it costs out of the payer's bucket: for reading so many
    /// bytes, for the answer, or for finding out what is wrong, which takes longest.
    ///
    /// # Errors
    /// Why it may not run.
    pub async fn admit(
        &self,
        payer: &Payer,
        bytes: usize,
        operation: Operation,
        viewer: Viewer,
        may: May,
    ) -> Result<Ready, Refused> {
        let bytes = bytes as u64;
        let spend = |cost| self.allowance.spend(payer, cost);
        spend(1 + bytes / BYTES_READ).await?;
        let admitted = self.found(operation, viewer, may).await;
        match &admitted {
            Ok(ready) => spend(ready.cost()).await?,
            // It is refused either way; who has no more for the next one learns it then.
            Err(_) => drop(spend(bytes / BYTES_REFUSED).await),
        }
        admitted
    }

    /// As [`Front::prepare`], also for an operation whose document is named by its hash. One that
    /// came with both is kept once it was accepted.
    async fn found(
        &self,
        mut operation: Operation,
        viewer: Viewer,
        may: May,
    ) -> Result<Ready, Refused> {
        let Some(named) = operation.extensions.persisted_query.take() else {
            return self.prepare(operation, viewer, may);
        };
        if operation.query.is_empty() {
            operation.query = self.persisted.text(&named).await?;
            return self.prepare(operation, viewer, may);
        }
        Persisted::check(&named, &operation.query)?;
        let text = operation.query.clone();
        let ready = self.prepare(operation, viewer, may)?;
        self.persisted.keep(&text).await;
        Ok(ready)
    }

    /// Takes every decision that can be taken before anything runs.
    ///
    /// # Errors
    /// Why it may not run.
    pub fn prepare(
        &self,
        operation: Operation,
        viewer: Viewer,
        may: May,
    ) -> Result<Ready, Refused> {
        let tells_schema = self.tells_schema(viewer);
        self.checked(operation, tells_schema, may)
            .map_err(|refused| match tells_schema {
                true => refused,
                false => refused.without_names(),
            })
    }

    fn checked(
        &self,
        operation: Operation,
        tells_schema: bool,
        may: May,
    ) -> Result<Ready, Refused> {
        let name = operation.operation_name.as_deref();
        let document = self.document(&operation.query, name, may)?;
        let chosen = document.typed.operations.get(name).map_err(|wrong| {
            let error = ServerError::new(format!("{}.", wrong.message()), None);
            Refused::one(BAD_INPUT, error)
        })?;
        if may == May::Read && chosen.is_mutation() {
            return Err(Refused::ReadsOnly);
        }
        if document.introspects && !tells_schema {
            let message = "What the schema holds is told to the operator only.";
            let error = ServerError::new(message, None);
            return Err(Refused::one(NOT_TOLD, error));
        }
        let given = operation.variables.unwrap_or_default();
        let variables = variables::coerced(&self.typed, &document.typed, chosen, given)?;
        let has_omitted = variables.len() < chosen.variables.len();
        let kind = chosen.operation_type;
        let cost = self.cost(&document, chosen, &variables)?;
        let fingerprint = (kind == OperationType::Mutation)
            .then(|| fingerprint(&operation.query, name, &variables));
        Ok(Ready {
            fingerprint,
            request_id: None,
            key: None,
            document: Arc::clone(&document),
            operation_name: operation.operation_name,
            variables,
            has_omitted,
            kind,
            cost,
        })
    }

    /// The cost of an operation, if it keeps to the limits.
    fn cost(
        &self,
        document: &Accepted,
        chosen: &apollo_compiler::executable::Operation,
        variables: &Variables,
    ) -> Result<Cost, Refused> {
        let count = || self.prices.cost(&document.typed, chosen, variables);
        let cost = document.costs.of(chosen.name.as_deref(), variables, count);
        let (data, told) = (self.limits.cost, self.limits.introspection);
        if cost.data > data as u64 {
            let what = "values in the answer, at most";
            return Err(Refused::too_much(limits::COST, what, cost.data, data));
        }
        if cost.introspection > told as u64 {
            let (code, what) = (limits::INTROSPECTION, "values about the schema, at most");
            return Err(Refused::too_much(code, what, cost.introspection, told));
        }
        Ok(cost)
    }

    /// Runs an operation on a viewer's behalf.
    pub async fn run(&self, store: &Arc<Store>, viewer: Viewer, ready: Ready) -> Answered {
        let reads = Arc::new(Reads::new(Arc::clone(store)));
        let is_query = ready.kind == OperationType::Query;
        let request = request(&reads, viewer, ready);
        let response = answer::coded(self.schema.execute(request).await);
        let may_be_kept = is_query && response.errors.is_empty();
        Answered {
            rests_on: may_be_kept.then(|| reads.basis()).flatten(),
            response,
        }
    }

    /// Runs a subscription on a viewer's behalf: one answer after another, until there are no more
    /// or the stream is dropped.
    pub fn subscribe(
        &self,
        store: &Arc<Store>,
        viewer: Viewer,
        ready: Ready,
    ) -> BoxStream<'static, Response> {
        let reads = Arc::new(Reads::new(Arc::clone(store)));
        let request = request(&reads, viewer, ready);
        let answers = self.schema.execute_stream(request);
        answers.map(answer::coded).boxed()
    }

    /// As [`Front::prepare`] and [`Front::run`].
    pub async fn answer(
        &self,
        store: &Arc<Store>,
        viewer: Viewer,
        operation: Operation,
    ) -> Response {
        match self.prepare(operation, viewer, May::Write) {
            Ok(ready) => self.run(store, viewer, ready).await.response,
            Err(Refused::Request(response)) => *response,
            Err(Refused::ReadsOnly | Refused::Later(_)) => unreachable!("it may write, for free"),
        }
    }

    /// The accepted document of a text.
    fn document(&self, text: &str, name: Option<&str>, may: May) -> Result<Arc<Accepted>, Refused> {
        if let Some(known) = self.recent().get(text) {
            return Ok(known);
        }
        let document = read::read(text, &self.limits)?;
        if may == May::Read && read::writes(&document, name) {
            return Err(Refused::ReadsOnly);
        }
        let typed = valid::valid(&self.typed, &document)?;
        literals::check(&self.typed, &typed)?;
        let parsed = parse_query(text).map_err(|wrong| Refused::one(UNREADABLE, wrong.into()))?;
        let costs = Costs::new(&typed);
        let accepted = Arc::new(Accepted {
            introspects: introspection::asks(&typed),
            typed,
            parsed,
            costs,
        });
        self.recent().keep(text, Arc::clone(&accepted));
        Ok(accepted)
    }

    fn recent(&self) -> std::sync::MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What tells one change from another: its document, which operation of it, and its variables.
fn fingerprint(document: &str, name: Option<&str>, variables: &Variables) -> String {
    let variables = serde_json::to_string(variables).expect("variables are plain JSON");
    let mut hash = Sha256::new();
    for part in [document, name.unwrap_or_default(), &variables] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    domain::secret::hex(&hash.finalize())
}

/// What async-graphql runs.
fn request(reads: &Arc<Reads>, viewer: Viewer, ready: Ready) -> Request {
    let actor = ready.actor(viewer);
    let mut parsed = ready.document.parsed.clone();
    if ready.has_omitted {
        omitted::drop_omitted(&mut parsed, &ready.variables);
    }
    if ready.is_subscription() {
        root::lift_field(&mut parsed, ready.operation_name.as_deref());
    }
    let mut request = Request::new(String::new())
        .variables(ready.variables)
        .data(viewer)
        .data(actor)
        .data(Arc::clone(reads));
    request.operation_name = ready.operation_name;
    request.set_parsed_query(parsed);
    request
}
