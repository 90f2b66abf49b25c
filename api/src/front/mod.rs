//! From a request to its answer. Whatever can be refused is refused before anything runs: each file
//! here takes one decision, in this order.
//!
//! [`read`] whether the text is a document that keeps to the limits; [`valid`] and [`literals`]
//! whether it fits the schema; then which of its operations is meant; [`variables`] whether their
//! values have the types that it says; [`cost`] whether the answer would be too long; [`omitted`]
//! what the client left out. Documents that were accepted are kept, so that the first three are
//! decided once. [`answer`] runs what is left.

mod accepted;
mod answer;
mod cost;
pub mod limits;
mod literals;
mod omitted;
mod read;
mod refused;
mod root;
mod size;
mod valid;
mod variables;

use std::sync::{Arc, Mutex, PoisonError};

use apollo_compiler::{ast::OperationType, validation::Valid};
use async_graphql::{Request, Response, ServerError, Variables, parser::parse_query};
use domain::{store::Store, viewer::Viewer};
use futures::stream::{BoxStream, StreamExt};
use serde::Deserialize;

pub use limits::{LIMITS, Limit, Limits};
pub use refused::Refused;

use crate::schema::{Basis, Reads, Schema, schema, sdl};
use accepted::{Accepted, Costs, Recent};
use cost::{Cost, Prices};
use refused::{BAD_INPUT, UNREADABLE};

/// A request as GraphQL over HTTP spells it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// The document.
    pub query: String,
    /// Which of its operations; may be left out where there is one.
    #[serde(default)]
    pub operation_name: Option<String>,
    #[serde(default)]
    pub variables: Option<serde_json::Map<String, serde_json::Value>>,
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
}

impl Ready {
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
    recent: Mutex<Recent>,
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Front")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Front {
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let schema = schema();
        let typed = valid::schema(&sdl(&schema));
        let prices = Prices::new(&typed, limits.list);
        let recent = Mutex::new(Recent::new(&limits));
        Self {
            schema,
            typed,
            prices,
            limits,
            recent,
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

    /// Takes every decision that can be taken before anything runs.
    ///
    /// # Errors
    /// Why it may not run.
    pub fn prepare(&self, operation: Operation, may: May) -> Result<Ready, Refused> {
        let name = operation.operation_name.as_deref();
        let document = self.document(&operation.query, name, may)?;
        let chosen = document.typed.operations.get(name).map_err(|wrong| {
            let error = ServerError::new(format!("{}.", wrong.message()), None);
            Refused::one(BAD_INPUT, error)
        })?;
        if may == May::Read && chosen.is_mutation() {
            return Err(Refused::ReadsOnly);
        }
        let given = operation.variables.unwrap_or_default();
        let variables = variables::coerced(&self.typed, &document.typed, chosen, given)?;
        let has_omitted = variables.len() < chosen.variables.len();
        let kind = chosen.operation_type;
        let cost = self.cost(&document, chosen, &variables)?;
        Ok(Ready {
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
        match self.prepare(operation, May::Write) {
            Ok(ready) => self.run(store, viewer, ready).await.response,
            Err(Refused::Request(response)) => *response,
            Err(Refused::ReadsOnly) => unreachable!("it may write"),
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

/// What async-graphql runs.
fn request(reads: &Arc<Reads>, viewer: Viewer, ready: Ready) -> Request {
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
        .data(Arc::clone(reads));
    request.operation_name = ready.operation_name;
    request.set_parsed_query(parsed);
    request
}
