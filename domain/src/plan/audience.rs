//! Whom a mail goes to on its day: whoever has a role then that its rule names, or takes part.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entities::*;

use super::{ALL_PARTNERS, Plan};
use crate::project::{Project, Standing, is_in_force};

/// The days of a mail.
#[derive(Clone, Copy)]
struct MailDay {
    /// On which it is due.
    mailed: NaiveDate,
    /// The first day of what it is about.
    about: NaiveDate,
}

impl Plan<'_> {
    /// Everyone a mail goes to, each once. Nobody gets mail about days after their partner left.
    pub(super) fn audience(
        &self,
        rule: &reminder_rule::Model,
        about: Option<(&output::Model, &Standing<'_>)>,
        day: NaiveDate,
    ) -> BTreeSet<PersonId> {
        let starts = about.and_then(|(_, standing)| standing.starts?.day());
        let day = MailDay {
            mailed: day,
            about: starts.map_or(day, |starts| starts.max(day)),
        };
        let mut people = BTreeSet::new();
        for audience in &rule.audience.0 {
            match (audience, about) {
                (Audience::Coordinator, _) => {
                    people.extend(self.having(RoleKind::Coordinator, day.mailed));
                }
                (Audience::Expert, _) => people.extend(self.having(RoleKind::Expert, day.mailed)),
                (Audience::Funder, _) => people.extend(self.having(RoleKind::Funder, day.mailed)),
                (Audience::Partners, _) => people.extend(self.all_partners(day)),
                (Audience::Host, Some((output, _))) => {
                    let organiser = self
                        .project
                        .visit(output.id)
                        .and_then(|row| row.organiser_id);
                    for partner in output.host_id.into_iter().chain(organiser) {
                        people.extend(self.acting_for(partner, day));
                    }
                }
                (Audience::Guest, Some((output, _))) => {
                    for partner in self.project.guests(output) {
                        people.extend(self.acting_for(partner, day));
                    }
                }
                (Audience::Participants, Some((output, _))) => {
                    self.participants(output, day, &mut people);
                }
                (Audience::Lead, Some((output, _))) => {
                    let lead = output.lead_id.into_iter();
                    let acting = lead.flat_map(|lead| self.acting_for(lead, day));
                    let acting: Vec<_> = acting.collect();
                    if acting.is_empty() {
                        people.extend(self.having(RoleKind::Coordinator, day.mailed));
                    }
                    people.extend(acting);
                }
                (Audience::Challengers, Some((output, _))) => {
                    for challenge in self.unsaid(output, day.mailed) {
                        let poser = Project::poser_of(challenge).into_iter();
                        let acting = poser.flat_map(|poser| self.acting_for(poser, day));
                        let acting: Vec<_> = acting.collect();
                        if acting.is_empty() {
                            people.extend(self.having(RoleKind::Coordinator, day.mailed));
                        }
                        people.extend(acting);
                    }
                }
                (
                    Audience::Challengers
                    | Audience::Host
                    | Audience::Guest
                    | Audience::Participants
                    | Audience::Lead,
                    None,
                ) => {}
            }
        }
        people
    }

    fn participants(&self, output: &output::Model, day: MailDay, people: &mut BTreeSet<PersonId>) {
        let withdrew = [ParticipationStatus::Cancelled, ParticipationStatus::Unable];
        let rows = self.project.participations_of(output.id);
        let (absent, expected): (Vec<_>, Vec<_>) =
            rows.iter().partition(|row| withdrew.contains(&row.status));
        let named = |row: &&participation::Model| {
            let is_there =
                |id: &PersonId| self.project.holds(*id) && !self.is_away(*id, day.mailed);
            let person = row.person_id.filter(is_there);
            let partner = row.partner_id.into_iter();
            let acting = partner.flat_map(|partner| self.acting_for(partner, day));
            person.into_iter().chain(acting).collect::<Vec<_>>()
        };
        let absent: BTreeSet<PersonId> = absent.iter().flat_map(named).collect();
        let names_all = |row: &&participation::Model| row.who.as_deref() == Some(ALL_PARTNERS);
        if expected.iter().any(names_all) || self.is_for_all(output) {
            let all: BTreeSet<PersonId> = match output.community_id {
                Some(community) => self.all_members(community, day).collect(),
                None => self.all_partners(day).collect(),
            };
            people.extend(all.difference(&absent));
        }
        people.extend(expected.iter().flat_map(named));
    }

    /// Whether an event is for everyone: a project meeting always, a conference unless it names
    /// its participants.
    fn is_for_all(&self, output: &output::Model) -> bool {
        let kind = self.project.event(output.id).map(|row| row.kind);
        match kind {
            Some(EventKind::ProjectMeeting) => true,
            Some(EventKind::Conference) => self.project.participations_of(output.id).is_empty(),
            _ => false,
        }
    }

    fn having(&self, kind: RoleKind, day: NaiveDate) -> impl Iterator<Item = PersonId> {
        self.roles(day)
            .filter(move |role| role.kind == kind)
            .map(|role| role.person_id)
    }

    fn all_partners(&self, day: MailDay) -> impl Iterator<Item = PersonId> {
        let is_there = move |id| self.is_there(id, day);
        self.roles(day.mailed)
            .filter(move |role| {
                role.kind == RoleKind::Partner && role.partner_id.is_some_and(is_there)
            })
            .map(|role| role.person_id)
    }

    /// The people who act for a partner, unless it leaves before the days that the mail is about.
    fn acting_for(&self, partner: PartnerId, day: MailDay) -> impl Iterator<Item = PersonId> {
        let is_expected = !self.has_left(partner, day);
        self.roles(day.mailed)
            .filter(move |role| is_expected && role.partner_id == Some(partner))
            .map(|role| role.person_id)
    }

    /// The roles that are in force on a day, and on the day of the sending.
    fn roles(&self, day: NaiveDate) -> impl Iterator<Item = &role::Model> {
        let sent_on = self.sent_on.unwrap_or(day);
        let roles = self.project.roles.iter();
        roles.filter(move |role| is_in_force(role, day) && is_in_force(role, sent_on))
    }

    /// Whether a person has left the project by a day, or joins it later.
    fn is_away(&self, person: PersonId, day: NaiveDate) -> bool {
        let sent_on = self.sent_on.unwrap_or(day);
        [day, sent_on]
            .iter()
            .any(|day| self.project.is_out_of_roles(person, *day))
    }

    fn all_members(&self, community: CommunityId, day: MailDay) -> impl Iterator<Item = PersonId> {
        let members = self.project.members_of(community).iter();
        members
            .map(|member| member.partner_id)
            .filter(move |id| self.is_there(*id, day))
            .flat_map(move |id| self.acting_for(id, day))
    }

    fn is_there(&self, id: PartnerId, day: MailDay) -> bool {
        let joined_on = self.project.partner(id).joined_on;
        joined_on.is_none_or(|joined| joined <= day.mailed) && !self.has_left(id, day)
    }

    /// Whether a partner has left by the day of a mail, by that of its sending, or by the days that
    /// it is about.
    fn has_left(&self, id: PartnerId, day: MailDay) -> bool {
        let last = day.about.max(self.sent_on.unwrap_or(day.mailed));
        let left_on = self.project.partner(id).left_on;
        left_on.is_some_and(|left| left <= last)
    }
}
