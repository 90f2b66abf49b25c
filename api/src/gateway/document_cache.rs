//! The document cache: a repeated document is neither parsed nor validated again.
//!
//! quick_cache bounds one weight, but both the number and the bytes of documents are limited here:
//! the weight of a document is its approximate size in bytes, and at least its share of a cache
//! that is full by number. A document that is requested repeatedly outlives those that were
//! requested once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use apollo_compiler::{ExecutableDocument, Name, validation::Valid};
use async_graphql::{Variables, parser::types::ExecutableDocument as Parsed};
use quick_cache::{Weighter, sync::Cache};

use super::{
    cost::{self, Cost},
    limits::Limits,
};

/// A document that passed all checks, in both parsed forms.
#[derive(Debug)]
pub struct CheckedDocument {
    /// The typed document of apollo-compiler, to select the operation and to coerce variables.
    pub typed: Valid<ExecutableDocument>,
    /// The document that async-graphql executes.
    pub parsed: Parsed,
    pub costs: CostCache,
    /// Whether it introspects the schema.
    pub introspects: bool,
}

/// The costs of a document's operations, by the values that they depend on.
#[derive(Debug)]
pub struct CostCache {
    /// The variables that determine the number of requested records.
    sizing: Vec<Name>,
    costs: Mutex<HashMap<CostKey, Cost>>,
}

/// The operation, and the number of records that each of those variables requests.
type CostKey = (Option<String>, Vec<Option<u64>>);

/// The number of costs cached for each document: enough for the page sizes of a dashboard.
const MAX_COSTS: usize = 16;

impl CostCache {
    pub fn new(sizing: Vec<Name>) -> Self {
        Self {
            sizing,
            costs: Mutex::default(),
        }
    }

    /// The cost of an operation; computed if it is not cached.
    pub fn get_or_insert(
        &self,
        operation: Option<&str>,
        variables: &Variables,
        count: impl FnOnce() -> Cost,
    ) -> Cost {
        let size = |name: &Name| cost::page_size(variables.get(name.as_str())?);
        let sizes: Vec<_> = self.sizing.iter().map(size).collect();
        let key = (operation.map(str::to_owned), sizes);
        let costs = || self.costs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cost) = costs().get(&key) {
            return *cost;
        }
        let cost = count();
        let mut costs = costs();
        if costs.len() >= MAX_COSTS {
            costs.clear();
        }
        costs.insert(key, cost);
        cost
    }
}

/// The approximate size in bytes of both forms, per byte of the text.
const BYTES_PER_BYTE: usize = 64;

/// A bounded number of checked documents, by their text.
#[derive(Debug)]
pub struct DocumentCache<T: Clone = Arc<CheckedDocument>>(Cache<Arc<str>, T, ByText>);

impl<T: Clone> DocumentCache<T> {
    pub fn new(limits: &Limits) -> Self {
        let (entries, bytes) = (limits.cached_documents, limits.document_cache_bytes);
        let least = bytes.div_ceil(entries.max(1)) as u64;
        Self(Cache::with_weighter(
            entries,
            bytes as u64,
            ByText { least },
        ))
    }

    pub fn get(&self, text: &str) -> Option<T> {
        self.0.get(text)
    }

    /// Caches a document, unless it alone exceeds the bound.
    pub fn insert(&self, text: &str, document: T) {
        self.0.insert(text.into(), document);
    }
}

#[derive(Clone, Debug)]
struct ByText {
    /// The weight of the shortest document.
    least: u64,
}

impl<T> Weighter<Arc<str>, T> for ByText {
    fn weight(&self, text: &Arc<str>, _: &T) -> u64 {
        ((text.len() * BYTES_PER_BYTE) as u64).max(self.least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(documents: usize, bytes: usize) -> DocumentCache<()> {
        DocumentCache::new(&Limits {
            cached_documents: documents,
            document_cache_bytes: bytes * BYTES_PER_BYTE,
            ..Limits::default()
        })
    }

    #[test]
    fn a_document_asked_for_again_outlives_those_asked_for_once() {
        let cache = cache(100, 10_000);
        cache.insert("dashboard", ());
        for n in 0..10_000 {
            assert!(cache.get("dashboard").is_some(), "after {n}");
            cache.insert(&format!("{n:04}"), ());
        }
    }

    #[test]
    fn number_and_bytes_are_bounded_whatever_comes() {
        let cache = cache(100, 10_000);
        for n in 0..1000 {
            cache.insert(&format!("{n:04}"), ());
            assert!(cache.0.len() <= 100);
            cache.insert(&"x".repeat(n * 20), ());
            assert!(cache.0.weight() <= cache.0.capacity());
        }
        assert!(!cache.0.is_empty());
        assert!(cache.get(&"x".repeat(999 * 20)).is_none());
    }
}
