//! Everything of a file but its outputs.

use std::collections::HashMap;

use entities::*;

use super::{Import, place};

impl Import<'_> {
    pub(super) fn project_tables(&mut self) {
        let organisations: HashMap<&str, OrganisationId> = self
            .rows
            .organisations
            .iter()
            .map(|row| (row.key.as_str(), row.id))
            .collect();
        let mut partners = Vec::new();
        for from in &self.file.partners {
            let organisation_id = organisations[from.organisation.as_str()];
            let id = self.id("partner", self.project, &organisation_id.to_string());
            self.partners.insert(&from.organisation, id);
            partners.push((id, organisation_id));
        }
        for (at, (from, (id, organisation_id))) in
            self.file.partners.iter().zip(partners).enumerate()
        {
            self.rows.partners.push(partner::Model {
                id,
                project_id: self.project,
                organisation_id,
                position: place(at),
                kind: from.kind,
                via_id: self.partner(from.via.as_ref()),
                acting_body: from.acting_body.clone(),
                joined_on: from.joined_on,
                left_on: from.left_on,
                note: from.note.clone(),
                basis: from.basis.clone(),
                sources: from.sources.clone(),
            });
        }
        let mut at = 0;
        for from in &self.file.people {
            let person_id = self.people[from.key.as_str()];
            for role in &from.roles {
                let partner_id = self.partner(role.partner.as_ref());
                let name = format!("{}/{:?}/{partner_id:?}", self.project, role.kind);
                self.rows.roles.push(role::Model {
                    id: self.id("role", person_id, &name),
                    project_id: self.project,
                    person_id,
                    partner_id,
                    kind: role.kind,
                    position: place(at),
                });
                at += 1;
            }
        }
        for (at, from) in self.file.sources.iter().enumerate() {
            let id = self.id("source", self.project, &from.key);
            self.sources.insert(&from.key, id);
            self.rows.sources.push(source::Model {
                id,
                project_id: self.project,
                key: from.key.clone(),
                position: place(at),
                title: from.title.clone(),
                publisher: from.publisher.clone(),
                address: from.address.clone(),
            });
        }
    }

    pub(super) fn communities(&mut self) {
        for (at, from) in self.file.communities.iter().enumerate() {
            let id: CommunityId = self.id("community", self.project, &from.key);
            self.communities.insert(&from.key, id);
            self.rows.communities.push(community::Model {
                id,
                project_id: self.project,
                key: from.key.clone(),
                position: place(at),
                number: from.number,
                letter: from.letter.clone(),
                title: from.title.clone(),
                expert_id: self.partner(from.expert.as_ref()),
                planned_visits: from.planned_visits,
                note: from.note.clone(),
                sources: from.sources.clone(),
            });
            for (at, member) in from.members.iter().enumerate() {
                let partner_id = self.partners[member.partner.as_str()];
                self.rows.members.push(member::Model {
                    id: self.id("member", id, &partner_id.to_string()),
                    project_id: self.project,
                    community_id: id,
                    partner_id,
                    position: place(at),
                    role: member.role,
                    role_hint: member.role_hint.clone(),
                    basis: member.basis.clone(),
                });
            }
        }
    }

    pub(super) fn lists(&mut self) {
        let project_id = self.project;
        for (at, from) in self.file.notes.iter().enumerate() {
            self.rows.notes.push(note::Model {
                id: self.id("note", project_id, &from.key),
                project_id,
                key: from.key.clone(),
                position: place(at),
                kind: from.kind,
                topic: from.topic.clone(),
                body: from.body.clone(),
                readings: from.readings.clone(),
                about: from.about.clone(),
            });
        }
        for (at, from) in self.file.targets.iter().enumerate() {
            self.rows.targets.push(target::Model {
                id: self.id("target", project_id, &from.key),
                project_id,
                key: from.key.clone(),
                position: place(at),
                label: from.label.clone(),
                unit: from.unit,
                value: from.value,
                currency: from.currency.clone(),
                headline: from.headline,
                due_on: from.due_on,
                rule: from.rule.clone(),
                rule_version: from.rule_version,
                stated: from.stated,
                stated_sources: from.stated_sources.clone(),
                note: from.note.clone(),
                basis: from.basis.clone(),
                sources: from.sources.clone(),
            });
        }
        for (at, from) in self.file.budget_lines.iter().enumerate() {
            self.rows.budget_lines.push(budget_line::Model {
                id: self.id("budget_line", project_id, &from.key),
                project_id,
                key: from.key.clone(),
                position: place(at),
                kind: from.kind,
                label: from.label.clone(),
                partner_id: self.partner(from.partner.as_ref()),
                amount_minor: from.amount_minor,
                currency: from.currency.clone(),
                note: from.note.clone(),
                sources: from.sources.clone(),
            });
        }
        for (at, from) in self.file.calls.iter().enumerate() {
            self.rows.open_calls.push(open_call::Model {
                id: self.id("open_call", project_id, &from.key),
                project_id,
                key: from.key.clone(),
                position: place(at),
                title: from.title.clone(),
                issued: from.issued,
                deadline: from.deadline,
                for_whom: from.for_whom.clone(),
                places: from.places,
                form_url: from.form_url.clone(),
                required: from.required.clone(),
                sources: from.sources.clone(),
            });
        }
        for (at, from) in self.file.publications.iter().enumerate() {
            self.rows.publications.push(publication::Model {
                id: self.id("publication", project_id, &from.key),
                project_id,
                key: from.key.clone(),
                position: place(at),
                title: from.title.clone(),
                published: from.published,
                url: from.url.clone(),
                community_id: self.community(from.community.as_ref()),
                sources: from.sources.clone(),
            });
        }
        for (at, from) in self.file.reminder_rules.iter().enumerate() {
            self.rows.reminder_rules.push(reminder_rule::Model {
                id: self.id("reminder_rule", project_id, &from.key),
                project_id,
                key: from.key.clone(),
                position: place(at),
                category: from.category,
                anchor: from.anchor,
                offsets: from.offsets.clone(),
                at_time: from.at_time.clone(),
                weekday: from.weekday,
                month_day: from.month_day,
                audience: from.audience.clone(),
                useful_hours: from.useful_hours,
                enabled: from.enabled,
            });
        }
    }

    pub(super) fn pairings(&mut self) {
        for (at, from) in self.file.pairings.iter().enumerate() {
            let id: PairingId = self.id("pairing", self.project, &from.key);
            self.pairings.insert(&from.key, id);
            self.rows.pairings.push(pairing::Model {
                id,
                project_id: self.project,
                key: from.key.clone(),
                position: place(at),
                community_id: self.community(from.community.as_ref()),
                days_per_leg: from.days_per_leg,
                result: from.result.clone(),
                note: from.note.clone(),
                basis: from.basis.clone(),
                sources: from.sources.clone(),
            });
            let mentors = from.mentor.iter().map(|key| (key, Side::Mentor));
            let implementing = from
                .implementing
                .iter()
                .map(|key| (key, Side::Implementing));
            for (at, (key, side)) in mentors.chain(implementing).enumerate() {
                let partner_id = self.partners[key.as_str()];
                self.rows.pairing_parties.push(pairing_party::Model {
                    id: self.id("pairing_party", id, &partner_id.to_string()),
                    project_id: self.project,
                    pairing_id: id,
                    partner_id,
                    side,
                    position: place(at),
                });
            }
        }
    }

    pub(super) fn practices_and_forums(&mut self) {
        for (at, from) in self.file.practices.iter().enumerate() {
            let id = self.id("practice", self.project, &from.key);
            self.practices.insert(&from.key, id);
            self.rows.practices.push(practice::Model {
                id,
                project_id: self.project,
                key: from.key.clone(),
                position: place(at),
                name: from.name.clone(),
                kind: from.kind.clone(),
                partner_id: self.partner(from.partner.as_ref()),
                since: from.since,
                description: from.description.clone(),
                facts: from.facts.clone(),
                note: from.note.clone(),
                sources: from.sources.clone(),
            });
        }
        for (at, from) in self.file.forums.iter().enumerate() {
            let id: ForumId = self.id("forum", self.project, &from.key);
            self.rows.forums.push(forum::Model {
                id,
                project_id: self.project,
                key: from.key.clone(),
                position: place(at),
                name: from.name.clone(),
                practice_id: from
                    .practice
                    .as_ref()
                    .map(|key| self.practices[key.as_str()]),
                partner_id: self.partner(from.partner.as_ref()),
                district: from.district.clone(),
                founded: from.founded,
                meets: from.meets.clone(),
                access: from.access.clone(),
                funding: from.funding.clone(),
                beneficiaries: from.beneficiaries.clone(),
                goals: from.goals.clone(),
                results: from.results.clone(),
                stated: from.stated.clone(),
                sources: from.sources.clone(),
            });
            for (at, member) in from.members.iter().enumerate() {
                self.rows.forum_members.push(forum_member::Model {
                    id: self.id("forum_member", id, &at.to_string()),
                    project_id: self.project,
                    forum_id: id,
                    position: place(at),
                    kind: member.kind,
                    name: member.name.clone(),
                    state: member.state,
                    applied: member.applied,
                    decided: member.decided,
                });
            }
            for (at, topic) in from.topics.iter().enumerate() {
                self.rows.forum_topics.push(forum_topic::Model {
                    id: self.id("forum_topic", id, &at.to_string()),
                    project_id: self.project,
                    forum_id: id,
                    position: place(at),
                    title: topic.title.clone(),
                    proposed_by: topic.proposed_by,
                    proposed: topic.proposed,
                });
            }
            for (at, meeting) in from.meetings.iter().enumerate() {
                self.rows.forum_meetings.push(forum_meeting::Model {
                    id: self.id("forum_meeting", id, &at.to_string()),
                    project_id: self.project,
                    forum_id: id,
                    position: place(at),
                    held: meeting.held,
                    place: meeting.place.clone(),
                    note: meeting.note.clone(),
                });
            }
        }
        for from in &self.file.outputs {
            let kind = from.kind.output_kind();
            let id = self.id("output", self.project, &format!("{kind:?}/{}", from.key));
            self.outputs.insert((kind, &from.key), id);
        }
    }
}
