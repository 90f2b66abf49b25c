//! How many files are sent and fetched at once, in all and by each client.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use poem::{
    Response,
    http::{HeaderValue, StatusCode, header},
};

use super::response;
use crate::gateway::{Limits, RateLimitKey, limits};

/// The transfers in one direction.
#[derive(Debug)]
pub struct Transfers {
    all: usize,
    each: usize,
    running: Mutex<HashMap<RateLimitKey, usize>>,
}

/// The reason for which another transfer has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// The client has as many as it may have.
    Client(usize),
    /// All clients together have.
    All,
}

impl Transfers {
    pub fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self {
            all: limits.transfers,
            each: limits.transfers_each,
            running: Mutex::default(),
        })
    }

    /// Begins a transfer, which is over when it is dropped.
    pub fn begin(self: &Arc<Self>, client: RateLimitKey) -> Result<Transfer, Busy> {
        let mut running = self.running();
        let own = running.get(&client).copied().unwrap_or_default();
        if own >= self.each {
            return Err(Busy::Client(self.each));
        }
        if running.values().sum::<usize>() >= self.all {
            return Err(Busy::All);
        }
        running.insert(client, own + 1);
        Ok(Transfer {
            transfers: Arc::clone(self),
            client,
        })
    }

    fn running(&self) -> MutexGuard<'_, HashMap<RateLimitKey, usize>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that is sent or fetched.
#[derive(Debug)]
pub struct Transfer {
    transfers: Arc<Transfers>,
    client: RateLimitKey,
}

impl Drop for Transfer {
    fn drop(&mut self) {
        let mut running = self.transfers.running();
        if let Some(own) = running.get_mut(&self.client) {
            *own -= 1;
            if *own == 0 {
                running.remove(&self.client);
            }
        }
    }
}

impl From<Busy> for Box<Response> {
    fn from(busy: Busy) -> Self {
        let (status, message) = match busy {
            Busy::Client(most) => (
                StatusCode::TOO_MANY_REQUESTS,
                format!("You send or fetch {most} files at once already: wait for one of them."),
            ),
            Busy::All => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many files are sent or fetched at once: try again in a moment.".to_owned(),
            ),
        };
        let mut response = response::error(status, limits::TRANSFERS, &message);
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        Self::new(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_has_so_many_transfers_and_all_together_so_many() {
        let transfers = Transfers::new(&Limits {
            transfers: 3,
            transfers_each: 2,
            ..Limits::default()
        });
        let client = |address: &str| RateLimitKey::at(address.parse().unwrap());
        let (here, there) = (client("192.0.2.1"), client("192.0.2.2"));
        let first = transfers.begin(here).unwrap();
        let _second = transfers.begin(here).unwrap();
        assert_eq!(transfers.begin(here).unwrap_err(), Busy::Client(2));
        let third = transfers.begin(there).unwrap();
        assert_eq!(transfers.begin(there).unwrap_err(), Busy::All);
        drop(first);
        let _fourth = transfers.begin(there).unwrap();
        drop(third);
        assert_eq!(transfers.running().values().sum::<usize>(), 2);
    }

    #[test]
    fn nothing_is_remembered_of_a_client_without_transfers() {
        let transfers = Transfers::new(&Limits::default());
        drop(transfers.begin(RateLimitKey::Operator).unwrap());
        assert!(transfers.running().is_empty());
    }
}
