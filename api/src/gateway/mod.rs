//! The gateway: every check between a GraphQL request and its execution. All checks precede the
//! execution; each file here implements one of them, in this order.
//!
//! [`parse`] checks that the text is a document within the limits, in one walk over it
//! ([`visitor`]) for [`size`], [`introspection`], [`literals`] and [`cost`]; [`validation`] and
//! [`literals`] check it against the schema; then the operation is selected; [`variables`] checks
//! the types of the values; [`cost`] checks the cost of the response. Documents that passed are in
//! the [`document_cache`], so that the first three checks run once. Then the operation is executed:
//! [`omitted_variables`] and [`subscription_root`] rewrite the document where async-graphql would
//! execute it differently, and [`error_codes`] adds a code to every error of the response.
//!
//! Besides: [`introspection`] says who may read the schema, [`persisted_queries`] which documents
//! clients can name by their hash, [`rate_limit`] how much cost a client may spend.

mod bill;
mod cost;
mod document_cache;
mod error_codes;
mod introspection;
pub mod limits;
mod literals;
mod omitted_variables;
mod operation;
mod parse;
mod persisted_queries;
mod quota;
mod rate_limit;
mod rejection;
mod shared_redis;
mod size;
mod subscription_root;
mod subscriptions;
mod validation;
mod variables;
mod visitor;
mod weights;

use std::sync::Arc;

use apollo_compiler::{ast::OperationType, validation::Valid};
use async_graphql::{Request, Response, ServerError, Variables, parser::parse_query};
use domain::{store::Store, viewer::Viewer};
use tokio::sync::Semaphore;

pub use bill::Unfinished;
pub use introspection::Introspection;
pub use limits::{LIMITS, Limit, Limits};
pub use operation::{Access, Execution, Operation, PreparedOperation};
pub use persisted_queries::{Extensions, PersistedQuery};
pub use rate_limit::{RateLimitKey, RateLimiter, RetryAfter};
pub use rejection::Rejection;

use crate::schema::{Reads, Schema, execute, schema, sdl};
use bill::Bill;
use cost::{Cost, CostModel};
use document_cache::{CheckedDocument, CostCache, DocumentCache};
use persisted_queries::PersistedQueries;
use rejection::{BAD_INPUT, INTROSPECTION_DISABLED, UNREADABLE};
use shared_redis::SharedRedis;
use subscriptions::SharedAnswers;

/// The number of request bytes that cost as much as one value of a response.
const BYTES_READ: u64 = 64;
/// The same for a request that is then rejected.
const BYTES_REFUSED: u64 = 8;

/// The gateway, which reads, checks and executes requests.
pub struct Gateway {
    schema: Schema,
    typed: Valid<apollo_compiler::Schema>,
    cost_model: CostModel,
    limits: Limits,
    introspection: Introspection,
    documents: DocumentCache,
    persisted: PersistedQueries,
    rate_limiter: Arc<RateLimiter>,
    unfinished: Unfinished,
    /// As many permits as long responses are made at once.
    lanes: Arc<Semaphore>,
    subscription_answers: Arc<SharedAnswers>,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Gateway {
    /// A gateway for one process, whose schema everyone may introspect.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self::shared(limits, Introspection::Everyone, None)
    }

    /// A gateway that shares rate limits and persisted queries with other processes through Redis,
    /// if `redis` is given.
    #[must_use]
    pub fn shared(
        limits: Limits,
        introspection: Introspection,
        redis: Option<redis::Client>,
    ) -> Self {
        let shared = redis.map(|client| Arc::new(SharedRedis::new(client)));
        let schema = schema();
        let typed = validation::schema(&sdl(&schema));
        let cost_model = CostModel::new(&typed, limits.list);
        Self {
            schema,
            typed,
            cost_model,
            limits,
            introspection,
            documents: DocumentCache::new(&limits),
            persisted: PersistedQueries::new(&limits, shared.clone()),
            rate_limiter: Arc::new(RateLimiter::new(&limits, shared)),
            unfinished: Unfinished::default(),
            lanes: Arc::new(Semaphore::new(limits.long_answers)),
            subscription_answers: Arc::default(),
        }
    }

    /// The schema.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The limits of a request.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The rate limiter.
    #[must_use]
    pub fn rate_limiter(&self) -> &RateLimiter {
        &self.rate_limiter
    }

    /// The number of responses that were not made to their end.
    #[must_use]
    pub fn unfinished(&self) -> &Unfinished {
        &self.unfinished
    }

    /// Whether a viewer may introspect the schema.
    #[must_use]
    pub fn tells_schema(&self, viewer: Viewer) -> bool {
        self.introspection.allows(viewer)
    }

    /// As [`Gateway::prepare`], and charges the client's token bucket: for the bytes of the
    /// request, for the response, or for finding the problems of an invalid document, which takes
    /// longest.
    ///
    /// # Errors
    /// The reason for which the operation is rejected.
    pub async fn admit(
        &self,
        rate_limit_key: &RateLimitKey,
        bytes: usize,
        operation: Operation,
        viewer: Viewer,
        access: Access,
    ) -> Result<PreparedOperation, Rejection> {
        let bytes = bytes as u64;
        let spend = |cost| self.rate_limiter.spend(rate_limit_key, cost);
        spend(1 + bytes / BYTES_READ).await?;
        let mut result = self.resolve(operation, viewer, access).await;
        match &mut result {
            Ok(ready) => {
                spend(ready.cost()).await?;
                ready.rate_limit_key = Some(*rate_limit_key);
            }
            // The request is rejected either way; an empty bucket rejects the next one.
            Err(_) => drop(spend(bytes / BYTES_REFUSED).await),
        }
        result
    }

    /// As [`Gateway::prepare`], also for an operation whose document is named by its hash. A
    /// document that is sent with its hash is persisted after it was accepted.
    async fn resolve(
        &self,
        mut operation: Operation,
        viewer: Viewer,
        access: Access,
    ) -> Result<PreparedOperation, Rejection> {
        let Some(named) = operation.extensions.persisted_query.take() else {
            return self.prepare(operation, viewer, access);
        };
        if operation.query.is_empty() {
            operation.query = self.persisted.text(&named).await?;
            return self.prepare(operation, viewer, access);
        }
        PersistedQueries::check(&named, &operation.query)?;
        let text = operation.query.clone();
        let ready = self.prepare(operation, viewer, access)?;
        self.persisted.keep(&text).await;
        Ok(ready)
    }

    /// Performs all checks that precede the execution.
    ///
    /// # Errors
    /// The reason for which the operation is rejected.
    pub fn prepare(
        &self,
        operation: Operation,
        viewer: Viewer,
        access: Access,
    ) -> Result<PreparedOperation, Rejection> {
        let tells_schema = self.tells_schema(viewer);
        self.check(operation, tells_schema, access)
            .map_err(|refused| match tells_schema {
                true => refused,
                false => refused.without_names(),
            })
    }

    fn check(
        &self,
        operation: Operation,
        tells_schema: bool,
        access: Access,
    ) -> Result<PreparedOperation, Rejection> {
        let name = operation.operation_name.as_deref();
        let document = self.document(&operation.query, name, access)?;
        let chosen = document.typed.operations.get(name).map_err(|wrong| {
            let error = ServerError::new(format!("{}.", wrong.message()), None);
            Rejection::one(BAD_INPUT, error)
        })?;
        if access == Access::Read && chosen.is_mutation() {
            return Err(Rejection::ReadsOnly);
        }
        if document.introspects && !tells_schema {
            let message = "What the schema holds is told to the operator only.";
            let error = ServerError::new(message, None);
            return Err(Rejection::one(INTROSPECTION_DISABLED, error));
        }
        let values = operation.variables.unwrap_or_default();
        let variables = variables::coerced(&self.typed, &document.typed, chosen, values)?;
        let has_omitted = variables.len() < chosen.variables.len();
        let kind = chosen.operation_type;
        let mut cost = self.cost(&document, chosen, &variables)?;
        if chosen.is_mutation() {
            let fields = chosen.root_fields(&document.typed);
            cost.writes = fields
                .map(|field| weights::write(field.name.as_str()))
                .sum();
        }
        let fingerprint = (kind != OperationType::Query)
            .then(|| operation::fingerprint(&operation.query, name, &variables));
        Ok(PreparedOperation {
            fingerprint,
            request_id: None,
            key: None,
            rate_limit_key: None,
            document: Arc::clone(&document),
            operation_name: operation.operation_name,
            variables,
            has_omitted,
            kind,
            cost,
        })
    }

    /// The cost of an operation, if it is within the limits.
    fn cost(
        &self,
        document: &CheckedDocument,
        chosen: &apollo_compiler::executable::Operation,
        variables: &Variables,
    ) -> Result<Cost, Rejection> {
        let count = || self.cost_model.cost(&document.typed, chosen, variables);
        let cost = (document.costs).get_or_insert(chosen.name.as_deref(), variables, count);
        let (data, introspection) = (self.limits.cost, self.limits.introspection);
        if cost.data > data as u64 {
            let what = "values in the answer, at most";
            return Err(Rejection::too_much(limits::COST, what, cost.data, data));
        }
        if cost.introspection > introspection as u64 {
            let (code, what) = (limits::INTROSPECTION, "values about the schema, at most");
            return Err(Rejection::too_much(
                code,
                what,
                cost.introspection,
                introspection,
            ));
        }
        Ok(cost)
    }

    /// Executes an operation on a viewer's behalf.
    pub async fn run(
        &self,
        store: &Arc<Store>,
        viewer: Viewer,
        ready: PreparedOperation,
    ) -> Execution {
        let reads = Arc::new(Reads::new(Arc::clone(store)));
        let is_query = ready.kind == OperationType::Query;
        let mut bill = self.bill(&ready);
        let request = request(&reads, viewer, ready).data(self.limits.quota());
        let response = match bill.meter.run(execute(&self.schema, request)).await {
            Ok(response) => error_codes::coded(response),
            Err(exceeded) => bill.too_complex(&self.limits, exceeded),
        };
        let cost = bill.cost();
        bill.settle();
        let may_be_kept = is_query && response.errors.is_empty();
        Execution {
            dependencies: may_be_kept.then(|| reads.dependencies()).flatten(),
            cost,
            response,
        }
    }

    fn bill(&self, ready: &PreparedOperation) -> Bill {
        let limiter = Arc::clone(&self.rate_limiter);
        Bill::new(
            &self.limits,
            Arc::clone(&self.lanes),
            limiter,
            self.unfinished.clone(),
            ready.rate_limit_key,
            ready.cost(),
        )
    }

    /// As [`Gateway::prepare`] and [`Gateway::run`].
    pub async fn answer(
        &self,
        store: &Arc<Store>,
        viewer: Viewer,
        operation: Operation,
    ) -> Response {
        match self.prepare(operation, viewer, Access::Write) {
            Ok(ready) => self.run(store, viewer, ready).await.response,
            Err(Rejection::Request(response)) => *response,
            Err(Rejection::ReadsOnly | Rejection::RateLimited(_)) => {
                unreachable!("it may write, for free")
            }
        }
    }

    /// The accepted document of a text.
    fn document(
        &self,
        text: &str,
        name: Option<&str>,
        access: Access,
    ) -> Result<Arc<CheckedDocument>, Rejection> {
        if let Some(checked) = self.documents.get(text) {
            return Ok(checked);
        }
        let parsed = parse::parse(&self.typed, text, &self.limits)?;
        if access == Access::Read && parse::writes(&parsed.document, name) {
            return Err(Rejection::ReadsOnly);
        }
        let typed = validation::validate(&self.typed, &parsed.document)?;
        if let Some(error) = parsed.bad_literal {
            return Err(Rejection::one(BAD_INPUT, error));
        }
        let runnable =
            parse_query(text).map_err(|wrong| Rejection::one(UNREADABLE, wrong.into()))?;
        let checked = Arc::new(CheckedDocument {
            introspects: parsed.introspects,
            costs: CostCache::new(parsed.sizing_variables),
            typed,
            parsed: runnable,
        });
        self.documents.insert(text, Arc::clone(&checked));
        Ok(checked)
    }
}

/// The request that async-graphql executes.
fn request(reads: &Arc<Reads>, viewer: Viewer, ready: PreparedOperation) -> Request {
    let actor = ready.actor(viewer);
    let mut parsed = ready.document.parsed.clone();
    if ready.has_omitted {
        omitted_variables::drop_omitted(&mut parsed, &ready.variables);
    }
    if ready.is_subscription() {
        subscription_root::lift_field(&mut parsed, ready.operation_name.as_deref());
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
