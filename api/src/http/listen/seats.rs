//! The seats of a listener: counts connections, in all and per address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::ListenLimits;
use crate::http::{TrustedProxies, client_address::network_of, metrics::ConnectionMetrics};

/// The reason for which a connection is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Its address has the maximum number of connections.
    Address,
    /// All seats are taken.
    All,
}

impl Refusal {
    /// Its label in the metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::All => "all",
        }
    }
}

/// The seats of a listener.
#[derive(Debug)]
pub struct Seats {
    all: usize,
    each: usize,
    proxies: TrustedProxies,
    taken: Mutex<Taken>,
    pub metrics: ConnectionMetrics,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_network: HashMap<IpAddr, usize>,
}

impl Seats {
    pub fn new(limits: &ListenLimits, proxies: TrustedProxies, metrics: ConnectionMetrics) -> Self {
        Self {
            all: limits.connections,
            each: limits.connections_each,
            proxies,
            taken: Mutex::default(),
            metrics,
        }
    }

    /// Takes a seat for a connection from an address, which is free again when it is dropped.
    pub fn take(self: &Arc<Self>, peer: IpAddr) -> Result<Seat, Refusal> {
        let network = (!self.proxies.trusts(peer)).then(|| network_of(peer));
        let mut taken = self.taken();
        if taken.all >= self.all {
            return Err(Refusal::All);
        }
        if let Some(network) = network {
            let own = taken.by_network.entry(network).or_default();
            if *own >= self.each {
                return Err(Refusal::Address);
            }
            *own += 1;
        }
        taken.all += 1;
        self.metrics.opened();
        Ok(Seat {
            seats: Arc::clone(self),
            network,
        })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to one connection.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    /// `None` for a trusted proxy, whose connections are counted in all alone.
    network: Option<IpAddr>,
}

impl Seat {
    /// Counts a connection that a deadline ends.
    pub fn cut(&self, why: &'static str) {
        self.seats.metrics.cut(why);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        taken.all -= 1;
        self.seats.metrics.closed();
        let Some(network) = self.network else {
            return;
        };
        if let Some(own) = taken.by_network.get_mut(&network) {
            *own -= 1;
            if *own == 0 {
                taken.by_network.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(connections: usize, connections_each: usize) -> Arc<Seats> {
        let limits = ListenLimits {
            connections,
            connections_each,
            ..ListenLimits::default()
        };
        let proxies = "10.0.0.0/8".parse().unwrap();
        Arc::new(Seats::new(&limits, proxies, ConnectionMetrics::default()))
    }

    fn take(seats: &Arc<Seats>, address: &str) -> Result<Seat, Refusal> {
        seats.take(address.parse().unwrap())
    }

    #[test]
    fn one_address_takes_so_many_seats_and_all_together_so_many() {
        let seats = seats(4, 2);
        let first = take(&seats, "192.0.2.1").unwrap();
        let _second = take(&seats, "::ffff:192.0.2.1").unwrap();
        assert_eq!(take(&seats, "192.0.2.1").unwrap_err(), Refusal::Address);
        let _third = take(&seats, "192.0.2.2").unwrap();
        let _fourth = take(&seats, "192.0.2.3").unwrap();
        assert_eq!(take(&seats, "192.0.2.4").unwrap_err(), Refusal::All);
        drop(first);
        let _fifth = take(&seats, "192.0.2.1").unwrap();
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let seats = seats(10, 1);
        let first = take(&seats, "2001:db8::1").unwrap();
        assert_eq!(take(&seats, "2001:db8::2").unwrap_err(), Refusal::Address);
        let _other = take(&seats, "2001:db8:0:1::1").unwrap();
        drop(first);
        assert_eq!(seats.taken().by_network.len(), 1, "nothing is left behind");
    }

    #[test]
    fn a_trusted_proxy_has_as_many_as_there_are() {
        let seats = seats(3, 1);
        let _seats = [(); 3].map(|()| take(&seats, "10.0.0.1").unwrap());
        assert_eq!(take(&seats, "10.0.0.1").unwrap_err(), Refusal::All);
    }
}
