//! The accepted documents that were asked for last: none of them is parsed or validated again.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use apollo_compiler::{ExecutableDocument, validation::Valid};
use async_graphql::{Variables, parser::types::ExecutableDocument as Parsed};

use super::{
    cost::{self, Cost},
    limits::Limits,
};

/// A document in both of its forms.
#[derive(Debug)]
pub struct CheckedDocument {
    /// With its types, for choosing the operation and coercing variables.
    pub typed: Valid<ExecutableDocument>,
    /// As async-graphql runs it.
    pub parsed: Parsed,
    pub costs: CostCache,
    /// Whether it asks what the schema holds.
    pub introspects: bool,
}

/// What the operations of a document cost, by the values that matter for it.
#[derive(Debug)]
pub struct CostCache {
    /// The variables that say how many records are asked for.
    sizing: Vec<apollo_compiler::Name>,
    known: Mutex<HashMap<CostKey, Cost>>,
}

/// The operation, and how many records each of those variables asks for.
type CostKey = (Option<String>, Vec<Option<u64>>);

/// How many costs are kept for each document: as many as there are page sizes in a dashboard.
const KEPT_COSTS: usize = 16;

impl CostCache {
    pub fn new(document: &ExecutableDocument) -> Self {
        Self {
            sizing: cost::sizing_variables(document),
            known: Mutex::default(),
        }
    }

    /// The cost of an operation, counted where it is not known.
    pub fn of(
        &self,
        operation: Option<&str>,
        variables: &Variables,
        count: impl FnOnce() -> Cost,
    ) -> Cost {
        let asked = |name: &apollo_compiler::Name| {
            let value = variables.get(name.as_str())?;
            cost::asked(value)
        };
        let sizes: Vec<_> = self.sizing.iter().map(asked).collect();
        let key = (operation.map(str::to_owned), sizes);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cost) = known().get(&key) {
            return *cost;
        }
        let cost = count();
        let mut known = known();
        if known.len() >= KEPT_COSTS {
            known.clear();
        }
        known.insert(key, cost);
        cost
    }
}

/// About how many bytes both forms take for each byte of the text.
const BYTES_PER_BYTE: usize = 64;

/// A bounded number of documents; the one that was asked for longest ago goes first.
#[derive(Debug)]
pub struct DocumentCache<T = CheckedDocument> {
    most_entries: usize,
    most_bytes: usize,
    bytes: usize,
    clock: u64,
    entries: HashMap<Arc<str>, (u64, Arc<T>)>,
    by_age: BTreeMap<u64, Arc<str>>,
}

impl<T> DocumentCache<T> {
    pub fn new(limits: &Limits) -> Self {
        Self {
            most_entries: limits.kept_documents,
            most_bytes: limits.kept_bytes,
            bytes: 0,
            clock: 0,
            entries: HashMap::new(),
            by_age: BTreeMap::new(),
        }
    }

    /// The document of a text, which is now the youngest.
    pub fn get(&mut self, text: &str) -> Option<Arc<T>> {
        let (age, found) = self.entries.get_mut(text)?;
        let key = self.by_age.remove(age)?;
        self.clock += 1;
        *age = self.clock;
        self.by_age.insert(self.clock, key);
        Some(Arc::clone(found))
    }

    /// Keeps a document, if it does not fill the bound alone.
    pub fn keep(&mut self, text: &str, document: Arc<T>) {
        if weight(text) > self.most_bytes || self.entries.contains_key(text) {
            return;
        }
        self.clock += 1;
        let key: Arc<str> = text.into();
        self.bytes += weight(text);
        self.by_age.insert(self.clock, Arc::clone(&key));
        self.entries.insert(key, (self.clock, document));
        while self.entries.len() > self.most_entries || self.bytes > self.most_bytes {
            let Some((_, oldest)) = self.by_age.pop_first() else {
                return;
            };
            self.entries.remove(&oldest);
            self.bytes -= weight(&oldest);
        }
    }
}

fn weight(text: &str) -> usize {
    text.len() * BYTES_PER_BYTE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recent(documents: usize, bytes: usize) -> DocumentCache<()> {
        DocumentCache::new(&Limits {
            kept_documents: documents,
            kept_bytes: bytes * BYTES_PER_BYTE,
            ..Limits::default()
        })
    }

    #[test]
    fn the_document_asked_for_longest_ago_goes_first() {
        let mut recent = recent(2, 100);
        recent.keep("a", Arc::new(()));
        recent.keep("b", Arc::new(()));
        assert!(recent.get("a").is_some());
        recent.keep("c", Arc::new(()));
        assert!(recent.get("b").is_none());
        assert!(recent.get("a").is_some() && recent.get("c").is_some());
    }

    #[test]
    fn the_bytes_are_bounded_whatever_comes() {
        let mut recent = recent(1000, 10);
        for n in 0..1000 {
            recent.keep(&format!("{n:04}"), Arc::new(()));
            recent.keep(&"x".repeat(n), Arc::new(()));
            assert!(recent.bytes <= recent.most_bytes);
            assert_eq!(recent.entries.len(), recent.by_age.len());
        }
        assert!(recent.get("0999").is_some());
        assert!(recent.get(&"x".repeat(999)).is_none());
    }
}
