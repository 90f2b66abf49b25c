//! Which partners an output concerns.

use chrono::NaiveDate;
use entities::*;

use super::Project;
use crate::record::ALL_PARTNERS;

impl Project {
    /// The partners that move an output along: its lead, its host, and the sides of its pairing.
    pub fn parties_to(&self, output: OutputId) -> impl Iterator<Item = PartnerId> {
        let row = self.output(output);
        let exchange = self.staff_exchange(output);
        let sides = exchange.map_or(&[][..], |exchange| self.parties_of(exchange.pairing_id));
        let sides = sides.iter().map(|party| party.partner_id);
        sides.chain(row.lead_id).chain(row.host_id)
    }

    /// Whether an output concerns a partner: it is a party to it or organises it, belongs to its
    /// community, or takes part in it: by itself, by one of its people, or with all partners.
    #[must_use]
    pub fn concerns(&self, output: OutputId, partner: PartnerId) -> bool {
        let row = self.output(output);
        let organiser = self.visit(output).and_then(|visit| visit.organiser_id);
        let is_member = |community| {
            let mut members = self.members_of(community).iter();
            members.any(|member| member.partner_id == partner)
        };
        let takes_part = |part: &participation::Model| {
            part.partner_id == Some(partner)
                || part.person_id.is_some_and(|id| self.acts_for(id, partner))
                || (part.who.as_deref() == Some(ALL_PARTNERS) && self.is_in_project(partner, row))
        };
        self.parties_to(output).any(|party| party == partner)
            || organiser == Some(partner)
            || row.community_id.is_some_and(is_member)
            || self.participations_of(output).iter().any(takes_part)
    }

    /// Whether a person has the role of a partner's now.
    fn acts_for(&self, person: PersonId, partner: PartnerId) -> bool {
        let mut roles = self.roles_in_force_of(person).iter();
        roles.any(|role| role.kind == RoleKind::Partner && role.partner_id == Some(partner))
    }

    /// Whether a partner is in the project when an output takes place, as far as that is known.
    fn is_in_project(&self, partner: PartnerId, output: &output::Model) -> bool {
        let partner = self.partner(partner);
        let first = output.starts.or(output.planned_from);
        let last = output.ends.or(output.planned_to).or(first);
        let is_after = |left: NaiveDate| first.is_none_or(|first| left > first.first_day());
        let is_before = |joined: NaiveDate| last.is_none_or(|last| joined <= last.last_day());
        partner.left_on.is_none_or(is_after) && partner.joined_on.is_none_or(is_before)
    }
}
