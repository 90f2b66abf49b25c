//! A bounded map, which evicts approximately the least recently used entries.
//!
//! Two generations: new and used entries are young. When the young generation is full, the old one
//! is dropped and the young one becomes old. Shards with a lock each keep requests from waiting for
//! each other.

use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::{BuildHasher, Hash},
    mem,
    sync::{Mutex, PoisonError},
};

const SHARDS: usize = 16;

#[derive(Debug)]
pub struct Bounded<K, V> {
    shards: [Mutex<Shard<K, V>>; SHARDS],
    /// The maximum number of young entries in each shard.
    most: usize,
    /// Seeded at random, so that no client can choose a shard.
    hasher: RandomState,
}

#[derive(Debug)]
struct Shard<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K, V> Default for Shard<K, V> {
    fn default() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }
}

impl<K: Copy + Eq + Hash, V> Bounded<K, V> {
    /// A map of approximately `most` entries.
    pub fn new(most: usize) -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            most: most.div_ceil(2 * SHARDS),
            hasher: RandomState::new(),
        }
    }

    /// Calls `act` with the entry of a key, which `make` creates if it is missing.
    pub fn with<R>(&self, key: K, make: impl FnOnce() -> V, act: impl FnOnce(&mut V) -> R) -> R {
        let hash = self.hasher.hash_one(key);
        let at = usize::try_from(hash % SHARDS as u64).unwrap_or_default();
        let mut shard = self.shards[at]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = shard.young.get_mut(&key) {
            return act(value);
        }
        let mut value = shard.old.remove(&key).unwrap_or_else(make);
        let result = act(&mut value);
        if shard.young.len() >= self.most {
            shard.old = mem::take(&mut shard.young);
        }
        shard.young.insert(key, value);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl<K, V> Bounded<K, V> {
        fn len(&self) -> usize {
            let shards = self.shards.iter().map(|shard| shard.lock().unwrap());
            shards
                .map(|shard| shard.young.len() + shard.old.len())
                .sum()
        }
    }

    #[test]
    fn a_thousand_strangers_do_not_fill_it_up_and_who_comes_often_stays() {
        let map = Bounded::new(320);
        for stranger in 1..10_000_u32 {
            map.with(stranger, || 0, |times| *times += 1);
            map.with(0, || 0, |times| *times += 1);
            assert!(map.len() <= 320);
        }
        assert_eq!(map.with(0, || 0, |times| *times), 9_999);
        assert_eq!(map.with(1, || 0, |times| *times), 0);
    }
}
