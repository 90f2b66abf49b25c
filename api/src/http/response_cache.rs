//! Whole answers, kept for as long as the projects that they rest on stay as they are. The same
//! question, byte for byte and from the same viewer, then costs nothing but the sending.

use std::sync::Arc;

use bytes::Bytes;
use domain::{store::Store, viewer::Viewer};
use quick_cache::{Weighter, sync::Cache};

use super::encoding::EncodedBody;
use crate::{gateway::Access, schema::Dependencies};

/// About how many bytes an answer takes; only sets how many slots there are at first.
const USUAL_BYTES: u64 = 16 * 1024;

/// A question as it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey {
    pub viewer: Viewer,
    pub access: Access,
    pub media_type: &'static str,
    /// The body of a POST, the query string of a GET.
    pub text: Bytes,
}

/// An answer without errors.
#[derive(Debug)]
pub struct CachedResponse {
    pub body: EncodedBody,
    pub dependencies: Dependencies,
    /// What it costs whoever asks for it.
    pub cost: u64,
}

/// The answers that were asked for last, within a bound.
#[derive(Debug)]
pub struct ResponseCache(Cache<CacheKey, Arc<CachedResponse>, Bytewise>);

impl ResponseCache {
    /// Keeps no more than so many bytes, about.
    pub fn new(bytes: u64) -> Self {
        let slots = usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX);
        Self(Cache::with_weighter(slots, bytes, Bytewise))
    }

    /// The answer to a question, if it still holds.
    pub fn get(&self, question: &CacheKey, store: &Store) -> Option<Arc<CachedResponse>> {
        let answer = self.0.get(question)?;
        if answer.dependencies.holds(store) {
            return Some(answer);
        }
        self.0.remove(question);
        None
    }

    /// Drops the answers that hold no more: what they tell is not kept longer than it is true.
    pub fn tidy(&self, store: &Store) {
        self.0.retain(|_, answer| answer.dependencies.holds(store));
    }

    pub fn keep(&self, mut question: CacheKey, answer: Arc<CachedResponse>) {
        // A body is a part of the buffer that it was read into, all of which it would hold on to.
        question.text = Bytes::copy_from_slice(&question.text);
        self.0.insert(question, answer);
    }

    /// How many answers are kept, and about how many bytes they take.
    pub fn size(&self) -> (usize, u64) {
        (self.0.len(), self.0.weight())
    }
}

#[derive(Clone, Debug)]
struct Bytewise;

impl Weighter<CacheKey, Arc<CachedResponse>> for Bytewise {
    fn weight(&self, question: &CacheKey, answer: &Arc<CachedResponse>) -> u64 {
        let own = size_of::<CacheKey>() + size_of::<CachedResponse>();
        let held = question.text.len() + answer.body.bytes() + answer.dependencies.bytes();
        (own + held) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_is_kept_holds_on_to_no_buffer() {
        let buffer = Bytes::from(vec![b'x'; 8192]);
        let question = CacheKey {
            viewer: Viewer::Anonymous,
            access: Access::Write,
            media_type: "application/json",
            text: buffer.slice(..100),
        };
        let answer = CachedResponse {
            cost: 1,
            body: EncodedBody::new("application/json", "{}"),
            dependencies: Dependencies::default(),
        };
        let kept = ResponseCache::new(1024 * 1024);
        kept.keep(question, Arc::new(answer));
        assert_eq!(kept.size().0, 1);
        assert!(buffer.is_unique());
    }

    #[test]
    fn whatever_comes_the_answers_take_no_more_than_the_bound() {
        const BOUND: u64 = 1024 * 1024;
        let kept = ResponseCache::new(BOUND);
        for n in 0..2000 {
            let question = CacheKey {
                viewer: Viewer::Anonymous,
                access: Access::Write,
                media_type: "application/json",
                text: format!("question {n}").into(),
            };
            let answer = CachedResponse {
                cost: 1,
                body: EncodedBody::new("application/json", vec![b'x'; n * 100]),
                dependencies: Dependencies::default(),
            };
            kept.keep(question, Arc::new(answer));
            assert!(kept.size().1 <= BOUND);
        }
        assert!(kept.size().0 > 0);
    }
}
