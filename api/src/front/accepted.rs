//! The accepted documents that were asked for last: none of them is parsed or validated again.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use apollo_compiler::{ExecutableDocument, validation::Valid};
use async_graphql::parser::types::ExecutableDocument as Parsed;

use super::limits::Limits;

/// A document in both of its forms.
#[derive(Debug)]
pub struct Accepted {
    /// With its types, for choosing the operation and coercing variables.
    pub typed: Valid<ExecutableDocument>,
    /// As async-graphql runs it.
    pub parsed: Parsed,
}

/// About how many bytes both forms take for each byte of the text.
const BYTES_PER_BYTE: usize = 64;

/// A bounded number of documents; the one that was asked for longest ago goes first.
#[derive(Debug)]
pub struct Recent<T = Accepted> {
    most_entries: usize,
    most_bytes: usize,
    bytes: usize,
    clock: u64,
    entries: HashMap<Arc<str>, (u64, Arc<T>)>,
    by_age: BTreeMap<u64, Arc<str>>,
}

impl<T> Recent<T> {
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

    fn recent(documents: usize, bytes: usize) -> Recent<()> {
        Recent::new(&Limits {
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
