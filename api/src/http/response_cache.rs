//! The response cache: whole responses, while the projects on which they depend do not change. The
//! same request, byte for byte and by the same viewer, then only costs the sending.

use std::sync::Arc;

use bytes::Bytes;
use domain::{store::Store, viewer::Viewer};
use quick_cache::{Weighter, sync::Cache};

use super::encoding::EncodedBody;
use crate::{gateway::Access, schema::Dependencies};

/// The approximate size of a response, which only determines the initial number of slots.
const USUAL_BYTES: u64 = 16 * 1024;

/// The key of a cached response: the request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey {
    pub viewer: Viewer,
    pub access: Access,
    pub media_type: &'static str,
    /// The body of a POST, the query string of a GET.
    pub text: Bytes,
}

/// A response without errors.
#[derive(Debug)]
pub struct CachedResponse {
    pub body: EncodedBody,
    pub dependencies: Dependencies,
    /// The cost that the client is charged.
    pub cost: u64,
}

/// The cache of responses, bounded in bytes.
#[derive(Debug)]
pub struct ResponseCache(Cache<CacheKey, Arc<CachedResponse>, Bytewise>);

impl ResponseCache {
    /// A cache of approximately this many bytes.
    pub fn new(bytes: u64) -> Self {
        let slots = usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX);
        Self(Cache::with_weighter(slots, bytes, Bytewise))
    }

    /// The response to a request, unless it is stale.
    pub fn get(&self, key: &CacheKey, store: &Store) -> Option<Arc<CachedResponse>> {
        let response = self.0.get(key)?;
        if response.dependencies.holds(store) {
            return Some(response);
        }
        self.0.remove(key);
        None
    }

    /// Drops stale responses: personal data do not stay longer than they are in the database.
    pub fn evict_stale(&self, store: &Store) {
        self.0
            .retain(|_, response| response.dependencies.holds(store));
    }

    pub fn insert(&self, mut key: CacheKey, response: Arc<CachedResponse>) {
        // The text is a slice of the read buffer, all of which it would retain.
        key.text = Bytes::copy_from_slice(&key.text);
        self.0.insert(key, response);
    }

    /// The number of cached responses, and their approximate size in bytes.
    pub fn size(&self) -> (usize, u64) {
        (self.0.len(), self.0.weight())
    }
}

#[derive(Clone, Debug)]
struct Bytewise;

impl Weighter<CacheKey, Arc<CachedResponse>> for Bytewise {
    fn weight(&self, key: &CacheKey, response: &Arc<CachedResponse>) -> u64 {
        let own = size_of::<CacheKey>() + size_of::<CachedResponse>();
        let data = key.text.len() + response.body.bytes() + response.dependencies.bytes();
        (own + data) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cached_request_holds_on_to_no_buffer() {
        let buffer = Bytes::from(vec![b'x'; 8192]);
        let key = CacheKey {
            viewer: Viewer::Anonymous,
            access: Access::Write,
            media_type: "application/json",
            text: buffer.slice(..100),
        };
        let response = CachedResponse {
            cost: 1,
            body: EncodedBody::new("application/json", "{}"),
            dependencies: Dependencies::default(),
        };
        let cache = ResponseCache::new(1024 * 1024);
        cache.insert(key, Arc::new(response));
        assert_eq!(cache.size().0, 1);
        assert!(buffer.is_unique());
    }

    #[test]
    fn whatever_comes_the_responses_take_no_more_than_the_bound() {
        const BOUND: u64 = 1024 * 1024;
        let cache = ResponseCache::new(BOUND);
        for n in 0..2000 {
            let key = CacheKey {
                viewer: Viewer::Anonymous,
                access: Access::Write,
                media_type: "application/json",
                text: format!("query {n}").into(),
            };
            let response = CachedResponse {
                cost: 1,
                body: EncodedBody::new("application/json", vec![b'x'; n * 100]),
                dependencies: Dependencies::default(),
            };
            cache.insert(key, Arc::new(response));
            assert!(cache.size().1 <= BOUND);
        }
        assert!(cache.size().0 > 0);
    }
}
