//! The seats: counts live connections, in total and per client.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::LiveLimits;
use crate::http::client_address::Client;

/// The reason for which there is no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitReached {
    /// The client has the maximum number of connections.
    Client,
    /// All seats are taken.
    All,
}

/// The seats of a process.
#[derive(Debug)]
pub struct Seats {
    all: usize,
    each: usize,
    by_guest: Mutex<HashMap<Client, usize>>,
    taken: watch::Sender<usize>,
}

impl Seats {
    pub fn new(limits: &LiveLimits) -> Self {
        Self {
            all: limits.connections,
            each: limits.connections_each,
            by_guest: Mutex::default(),
            taken: watch::Sender::new(0),
        }
    }

    /// Takes a seat, which is free again when it is dropped.
    pub fn take(self: &Arc<Self>, client: Client) -> Result<Seat, LimitReached> {
        let mut by_guest = self.by_guest();
        let own = by_guest.get(&client).copied().unwrap_or_default();
        if own >= self.each {
            return Err(LimitReached::Client);
        }
        if *self.taken.borrow() >= self.all {
            return Err(LimitReached::All);
        }
        by_guest.insert(client, own + 1);
        self.taken.send_modify(|taken| *taken += 1);
        Ok(Seat {
            seats: Arc::clone(self),
            client,
        })
    }

    /// The number of taken seats.
    pub fn taken(&self) -> usize {
        *self.taken.borrow()
    }

    /// Completes when no seat is taken.
    pub async fn empty(&self) {
        let mut taken = self.taken.subscribe();
        // The sender lives as long as this borrow of it.
        let _ = taken.wait_for(|taken| *taken == 0).await;
    }

    fn by_guest(&self) -> MutexGuard<'_, HashMap<Client, usize>> {
        self.by_guest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to one live connection.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    client: Client,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut by_guest = self.seats.by_guest();
        if let Some(own) = by_guest.get_mut(&self.client) {
            *own -= 1;
            if *own == 0 {
                by_guest.remove(&self.client);
            }
        }
        self.seats.taken.send_modify(|taken| *taken -= 1);
    }
}

#[cfg(test)]
mod tests {
    use domain::viewer::Viewer;

    use super::*;

    fn client(address: &str) -> Client {
        Client::new(Viewer::Anonymous, address.parse().unwrap())
    }

    #[test]
    fn one_guest_takes_so_many_seats_and_all_together_so_many() {
        let seats = Arc::new(Seats::new(&LiveLimits {
            connections: 3,
            connections_each: 2,
            ..LiveLimits::default()
        }));
        let (here, there) = (client("192.0.2.1"), client("192.0.2.2"));
        let first = seats.take(here).unwrap();
        let _second = seats.take(here).unwrap();
        assert_eq!(seats.take(here).unwrap_err(), LimitReached::Client);
        let _third = seats.take(there).unwrap();
        assert_eq!(seats.take(there).unwrap_err(), LimitReached::All);
        drop(first);
        let _fourth = seats.take(there).unwrap();
        assert_eq!(seats.taken(), 3);
    }

    #[test]
    fn nothing_is_kept_of_a_guest_who_left() {
        let seats = Arc::new(Seats::new(&LiveLimits::default()));
        drop(seats.take(client("192.0.2.1")).unwrap());
        assert!(seats.by_guest().is_empty());
        assert_eq!(seats.taken(), 0);
    }

    #[test]
    fn a_guest_is_an_ipv4_address_or_an_ipv6_network() {
        assert_eq!(client("192.0.2.1"), client("::ffff:192.0.2.1"));
        assert_eq!(client("2001:db8::1"), client("2001:db8::ffff:2"));
        assert_ne!(client("2001:db8::1"), client("2001:db8:0:1::1"));
        assert_ne!(client("192.0.2.1"), client("192.0.2.2"));
        let operator = Client::new(Viewer::Operator, "192.0.2.1".parse().unwrap());
        assert_ne!(client("192.0.2.1"), operator);
    }
}
