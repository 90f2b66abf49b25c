//! An operation: as requested by a client, as accepted by the gateway, and its response.

use std::sync::Arc;

use apollo_compiler::ast::OperationType;
use async_graphql::{Response, Variables};
use domain::{
    actor::{Actor, IdempotencyKey},
    viewer::Viewer,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    cost::Cost, document_cache::CheckedDocument, persisted_queries::Extensions,
    rate_limit::RateLimitKey,
};
use crate::schema::Dependencies;

/// A request in the form of GraphQL over HTTP.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// The document; empty if [`Extensions`] name it by its hash.
    #[serde(default)]
    pub query: String,
    /// The name of the operation; may be left out if the document has only one.
    #[serde(default)]
    pub operation_name: Option<String>,
    #[serde(default)]
    pub variables: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(default)]
    pub extensions: Extensions,
}

impl Operation {
    /// A request of a document without variables.
    #[must_use]
    pub fn new(query: impl Into<String>) -> Self {
        Self {
            query: query.into(),
            ..Self::default()
        }
    }

    /// The same request with the variables of a JSON object; any other JSON value means none.
    #[must_use]
    pub fn with_variables(self, variables: serde_json::Value) -> Self {
        let variables = match variables {
            serde_json::Value::Object(variables) => Some(variables),
            _ => None,
        };
        Self { variables, ..self }
    }
}

/// The access of a request, by its transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Only queries and subscriptions.
    Read,
    /// Also mutations.
    Write,
}

/// An operation that the gateway accepted.
#[derive(Clone, Debug)]
pub struct PreparedOperation {
    pub(super) document: Arc<CheckedDocument>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
    /// Whether a variable of the operation has no value and no default.
    pub(super) has_omitted: bool,
    pub(super) kind: OperationType,
    pub(super) cost: Cost,
    /// The fingerprint of document and variables, for a mutation or a subscription.
    pub(super) fingerprint: Option<String>,
    /// The id of the request in the log.
    pub(super) request_id: Option<String>,
    /// The client's idempotency key: a repeated request with the same key has no further effect.
    pub(super) key: Option<String>,
    /// The client that is charged for what is made beyond the cost.
    pub(super) rate_limit_key: Option<RateLimitKey>,
}

impl PreparedOperation {
    /// The same operation with the id of its request and the client's idempotency key.
    #[must_use]
    pub fn of_request(self, request_id: Option<String>, key: Option<String>) -> Self {
        Self {
            request_id,
            key,
            ..self
        }
    }

    /// The actor of a mutation.
    pub(super) fn actor(&self, viewer: Viewer) -> Actor {
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

    /// Whether it is a subscription, for [`Gateway::subscribe`](super::Gateway::subscribe).
    #[must_use]
    pub fn is_subscription(&self) -> bool {
        self.kind == OperationType::Subscription
    }

    /// The cost of its response: an approximate upper bound of the number of values, with expensive
    /// fields weighted.
    #[must_use]
    pub fn cost(&self) -> u64 {
        self.cost.total()
    }
}

/// The response of an executed operation.
#[derive(Debug)]
pub struct Execution {
    pub response: Response,
    /// The dependencies: while they are current, the same request has the same response. `None` if
    /// it cannot be cached.
    pub dependencies: Option<Dependencies>,
    /// What it is charged: the cost that was taken before, or what was made if that is more.
    pub cost: u64,
}

/// The fingerprint of a mutation: a hash of its document, the name of the operation and its
/// variables.
pub(super) fn fingerprint(document: &str, name: Option<&str>, variables: &Variables) -> String {
    let variables = serde_json::to_string(variables).expect("variables are plain JSON");
    let mut hash = Sha256::new();
    for part in [document, name.unwrap_or_default(), &variables] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    domain::secret::hex(&hash.finalize())
}
