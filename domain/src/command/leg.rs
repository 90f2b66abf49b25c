//! Legs of staff exchanges: a pairing has two, the mentor hosts the first, and who implements the
//! second.

use entities::*;

use super::{Code, Draft, Problem, Problems};

/// The leg that is meant: one that the pairing does not have yet. A leg that was called off is there,
/// and can be taken up again.
pub(super) fn leg_of(
    draft: &Draft,
    problems: &mut Problems,
    pairing: PairingId,
    leg: Option<i32>,
) -> Option<i32> {
    let taken: Vec<i32> = draft
        .rows
        .staff_exchanges
        .iter()
        .filter(|row| row.pairing_id == pairing)
        .filter_map(|row| row.leg)
        .collect();
    match leg {
        Some(leg) if !(1..=2).contains(&leg) => {
            problems.push(Problem::new("leg", Code::OutOfRange).with("1, 2"));
            None
        }
        Some(leg) if taken.contains(&leg) => {
            problems.push(Problem::new("leg", Code::LegTaken).with(leg));
            None
        }
        Some(leg) => Some(leg),
        None => {
            let free = (1..=2).find(|leg| !taken.contains(leg));
            if free.is_none() {
                problems.add("pairing", Code::LegsComplete);
            }
            free
        }
    }
}

/// The partners on the side that hosts a leg.
pub(super) fn hosts(draft: &Draft, pairing: PairingId, leg: Option<i32>) -> Vec<PartnerId> {
    let side = if leg == Some(1) {
        Side::Mentor
    } else {
        Side::Implementing
    };
    let parties = draft.rows.pairing_parties.iter();
    let mut parties: Vec<_> = parties
        .filter(|party| party.pairing_id == pairing && (leg.is_none() || party.side == side))
        .collect();
    parties.sort_by_key(|party| party.position);
    parties.iter().map(|party| party.partner_id).collect()
}

pub(super) fn first_host(draft: &Draft, pairing: PairingId, leg: Option<i32>) -> Option<PartnerId> {
    leg.and_then(|_| hosts(draft, pairing, leg).first().copied())
}

/// Leg 1 is hosted by the mentor, leg 2 by who implements.
pub(super) fn check_host(
    draft: &Draft,
    problems: &mut Problems,
    pairing: PairingId,
    leg: Option<i32>,
    host: Option<PartnerId>,
) {
    let (Some(_), Some(host)) = (leg, host) else {
        return;
    };
    if !may_host(draft, pairing, leg, host) {
        let side = if leg == Some(1) {
            "MENTOR"
        } else {
            "IMPLEMENTING"
        };
        problems.push(Problem::new("host", Code::WrongHost).with(side));
    }
}

/// Whether a partner is on the side that hosts a leg. A municipality may host for the partner through
/// which it acts.
pub(super) fn may_host(
    draft: &Draft,
    pairing: PairingId,
    leg: Option<i32>,
    host: PartnerId,
) -> bool {
    let mut partners = draft.rows.partners.iter();
    let via = partners
        .find(|row| row.id == host)
        .and_then(|row| row.via_id);
    let hosts = hosts(draft, pairing, leg);
    hosts.contains(&host) || via.is_some_and(|via| hosts.contains(&via))
}
