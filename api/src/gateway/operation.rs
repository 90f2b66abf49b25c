//! An operation: as a client asks for it, as it may run, and its outcome.

use std::sync::Arc;

use apollo_compiler::ast::OperationType;
use async_graphql::{Response, Variables};
use domain::{
    actor::{Actor, IdempotencyKey},
    viewer::Viewer,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{cost::Cost, document_cache::CheckedDocument, persisted_queries::Extensions};
use crate::schema::Dependencies;

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

/// What a request may do, by the way it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Queries and subscriptions.
    Read,
    /// Mutations, too.
    Write,
}

/// An operation that may run.
#[derive(Debug)]
pub struct PreparedOperation {
    pub(super) document: Arc<CheckedDocument>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
    /// Whether a variable of the operation has no value at all.
    pub(super) has_omitted: bool,
    pub(super) kind: OperationType,
    pub(super) cost: Cost,
    /// Of document and variables, where it changes something.
    pub(super) fingerprint: Option<String>,
    /// The request, as the log names it.
    pub(super) request_id: Option<String>,
    /// Asking for it again under the same key does nothing more.
    pub(super) key: Option<String>,
}

impl PreparedOperation {
    /// As it came: in which request, and under which key of the client's.
    #[must_use]
    pub fn of_request(self, request_id: Option<String>, key: Option<String>) -> Self {
        Self {
            request_id,
            key,
            ..self
        }
    }

    /// Who asks for a change, and how.
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

    /// Whether it has one answer after another, for [`Gateway::subscribe`](super::Gateway::subscribe), and not a single one.
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
pub struct Execution {
    pub response: Response,
    /// For as long as they are current, the same request has the same response. `None`: it is not
    /// cached.
    pub dependencies: Option<Dependencies>,
}

/// What tells one change from another: its document, which operation of it, and its variables.
pub(super) fn fingerprint(document: &str, name: Option<&str>, variables: &Variables) -> String {
    let variables = serde_json::to_string(variables).expect("variables are plain JSON");
    let mut hash = Sha256::new();
    for part in [document, name.unwrap_or_default(), &variables] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    domain::secret::hex(&hash.finalize())
}
