//! From a project file to rows. The file has been checked: its references hold.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::*;
use uuid::Uuid;

use super::{FileKind, FileOutput, Problem, ProjectFile};
use crate::{ids::Ids, rows::Rows, store::Shared};

/// The rows that a checked file stands for: new ones with new ids, known ones with theirs. Also the
/// labels of the records that the file leaves out and that are kept.
///
/// # Errors
/// When the file contradicts a recorded history.
pub fn rows_of(
    file: &ProjectFile,
    old: Option<&Rows>,
    shared: &Shared,
    ids: Ids,
    now: DateTime<Utc>,
    prune: bool,
) -> Result<(Rows, Vec<String>), Vec<Problem>> {
    let mut names = old.map(Rows::names).unwrap_or_default();
    for row in &shared.organisations {
        names.insert(
            ("organisation", Uuid::nil(), row.key.clone()),
            row.id.into(),
        );
    }
    for row in &shared.people {
        names.insert(("person", Uuid::nil(), row.key.clone()), row.id.into());
    }
    let mut import = Import::new(file, old, shared, names, ids, now);
    import.shared(shared);
    import.project_tables();
    import.communities();
    import.lists();
    import.pairings();
    import.practices_and_forums();
    for (at, output) in file.outputs.iter().enumerate() {
        import.output(at, output);
    }
    if !import.problems.is_empty() {
        return Err(import.problems);
    }
    let mut rows = import.rows;
    let kept = match old {
        Some(old) if !prune => rows.keep_missing(old),
        _ => Vec::new(),
    };
    Ok((rows, kept))
}

struct Import<'a> {
    file: &'a ProjectFile,
    names: HashMap<(&'static str, Uuid, String), Uuid>,
    ids: Ids,
    now: DateTime<Utc>,
    rows: Rows,
    project: ProjectId,
    old_events: HashMap<(OutputId, i32), &'a output_event::Model>,
    partners: HashMap<&'a str, PartnerId>,
    people: HashMap<&'a str, PersonId>,
    communities: HashMap<&'a str, CommunityId>,
    sources: HashMap<&'a str, SourceId>,
    practices: HashMap<&'a str, PracticeId>,
    pairings: HashMap<&'a str, PairingId>,
    outputs: HashMap<(OutputKind, &'a str), OutputId>,
    problems: Vec<Problem>,
}

fn place(at: usize) -> i32 {
    i32::try_from(at).expect("a file holds fewer than 2^31 records")
}

impl<'a> Import<'a> {
    fn new(
        file: &'a ProjectFile,
        old: Option<&'a Rows>,
        shared: &Shared,
        names: HashMap<(&'static str, Uuid, String), Uuid>,
        ids: Ids,
        now: DateTime<Utc>,
    ) -> Self {
        let from = &file.project;
        let id: ProjectId = old
            .map_or_else(
                || ids.make("project", Uuid::nil(), &from.key),
                |old| old.project.id.into(),
            )
            .into();
        let programme_id = shared.programme.as_ref().map_or_else(
            || {
                ids.make("programme", Uuid::nil(), &from.programme.key)
                    .into()
            },
            |programme| programme.id,
        );
        let project = project::Model {
            id,
            key: from.key.clone(),
            acronym: from.acronym.clone(),
            name: from.name.clone(),
            summary: from.summary.clone(),
            programme_id,
            starts_on: from.starts_on,
            ends_on: from.ends_on,
            time_zone: from.time_zone.clone(),
            default_locale: from.default_locale.clone(),
            grant_agreement: from.grant_agreement.clone(),
            call_reference: from.call_reference.clone(),
            websites: from.websites.clone(),
            related: from.related.clone(),
            public: from.public,
            sources: from.sources.clone(),
            revision: old.map_or(0, |old| old.project.revision),
            next_plan_at: old.and_then(|old| old.project.next_plan_at),
            created_at: old.map_or(now, |old| old.project.created_at),
        };
        let programme = programme::Model {
            id: programme_id,
            key: from.programme.key.clone(),
            name: from.programme.name.clone(),
        };
        Self {
            file,
            names,
            ids,
            now,
            rows: Rows::empty(project, programme),
            project: id,
            old_events: old
                .map(|old| {
                    old.output_events
                        .iter()
                        .map(|row| ((row.output_id, row.position), row))
                        .collect()
                })
                .unwrap_or_default(),
            partners: HashMap::new(),
            people: HashMap::new(),
            communities: HashMap::new(),
            sources: HashMap::new(),
            practices: HashMap::new(),
            pairings: HashMap::new(),
            outputs: HashMap::new(),
            problems: Vec::new(),
        }
    }

    /// The id of the row that is called so: the one it has, else a new one.
    fn id<T: From<Uuid>>(&self, table: &'static str, parent: impl Into<Uuid>, name: &str) -> T {
        let parent = parent.into();
        self.names
            .get(&(table, parent, name.to_owned()))
            .copied()
            .unwrap_or_else(|| self.ids.make(table, parent, name))
            .into()
    }

    fn partner(&self, key: Option<&String>) -> Option<PartnerId> {
        key.map(|key| self.partners[key.as_str()])
    }

    fn community(&self, key: Option<&String>) -> Option<CommunityId> {
        key.map(|key| self.communities[key.as_str()])
    }

    fn person(&self, key: Option<&String>) -> Option<PersonId> {
        key.map(|key| self.people[key.as_str()])
    }

    fn shared(&mut self, shared: &Shared) {
        for from in &self.file.organisations {
            self.rows.organisations.push(organisation::Model {
                id: self.id("organisation", Uuid::nil(), &from.key),
                key: from.key.clone(),
                kind: from.kind,
                name: from.name.clone(),
                native_name: from.native_name.clone(),
                country: from.country.clone(),
                time_zone: from.time_zone.clone(),
                locale: from.locale.clone(),
                latitude: from.latitude,
                longitude: from.longitude,
                geonames_id: from.geonames_id,
                wikidata_id: from.wikidata_id.clone(),
            });
        }
        for from in &self.file.people {
            let known = shared.people.iter().find(|row| row.key == from.key);
            let address = from.address.as_ref().map(|address| address.to_lowercase());
            let is_same_address = known.is_some_and(|known| known.address == address);
            let id: PersonId = self.id("person", Uuid::nil(), &from.key);
            self.people.insert(&from.key, id);
            self.rows.people.push(person::Model {
                id,
                key: from.key.clone(),
                kind: from.kind,
                name: from.name.clone(),
                address,
                locale: from.locale.clone(),
                time_zone: from.time_zone.clone(),
                digest: from.digest,
                digest_hour: from.digest_hour,
                paused_until: from.paused_until,
                suppressed_at: known
                    .filter(|_| is_same_address)
                    .and_then(|known| known.suppressed_at),
            });
        }
    }

    fn project_tables(&mut self) {
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

    fn communities(&mut self) {
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

    fn lists(&mut self) {
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

    fn pairings(&mut self) {
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

    fn practices_and_forums(&mut self) {
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

    fn output(&mut self, at: usize, from: &'a FileOutput) {
        let (project_id, kind) = (self.project, from.kind.output_kind());
        let id = self.outputs[&(kind, from.key.as_str())];
        self.rows.outputs.push(output::Model {
            id,
            project_id,
            kind,
            key: from.key.clone(),
            position: place(at),
            community_id: self.community(from.community.as_ref()),
            lead_id: self.partner(from.lead.as_ref()),
            title: from.title.clone(),
            host_id: self.partner(from.host.as_ref()),
            mode: from.mode,
            place: from.place.clone(),
            platform: from.platform.clone(),
            planned_from: from.planned_from,
            planned_to: from.planned_to,
            starts: from.starts,
            ends: from.ends,
            days: from.days,
            due_on: from.due_on,
            note: from.note.clone(),
            basis: from.basis.clone(),
            sources: from.sources.clone(),
        });
        self.history(at, id, from);
        for (at, row) in from.evidence.iter().enumerate() {
            self.rows.evidence.push(evidence::Model {
                id: self.id("evidence", id, &at.to_string()),
                project_id,
                output_id: id,
                position: place(at),
                kind: row.kind,
                title: row.title.clone(),
                source_id: row.source.as_ref().map(|key| self.sources[key.as_str()]),
                locator: row.locator.clone(),
                url: row.url.clone(),
                sha256: row.sha256.clone(),
                media_type: row.media_type.clone(),
                size: row.size,
            });
        }
        for (at, row) in from.participants.iter().enumerate() {
            self.rows.participations.push(participation::Model {
                id: self.id("participation", id, &at.to_string()),
                project_id,
                output_id: id,
                position: place(at),
                partner_id: self.partner(row.partner.as_ref()),
                person_id: self.person(row.person.as_ref()),
                who: row.who.clone(),
                status: row.status,
                reason: row.reason.clone(),
                sources: row.sources.clone(),
            });
        }
        for (at, row) in from.agenda.iter().enumerate() {
            self.rows.agenda_items.push(agenda_item::Model {
                id: self.id("agenda_item", id, &at.to_string()),
                project_id,
                output_id: id,
                position: place(at),
                day: row.day,
                part_of_day: row.part_of_day,
                kind: row.kind,
                title: row.title.clone(),
                presenter_id: self.partner(row.presenter.as_ref()),
                speakers: row.speakers.clone(),
                sources: row.sources.clone(),
            });
        }
        for (at, row) in from.learning.iter().enumerate() {
            self.rows.learnings.push(learning::Model {
                id: self.id("learning", id, &at.to_string()),
                project_id,
                output_id: id,
                position: place(at),
                kind: row.kind,
                body: row.body.clone(),
                for_id: self.partner(row.partner.as_ref()),
                sources: row.sources.clone(),
            });
        }
        self.kind(id, &from.kind);
    }

    /// Recorded steps stay as they are; the file may only add to them.
    fn history(&mut self, at: usize, id: OutputId, from: &FileOutput) {
        for (index, step) in from.history.iter().enumerate() {
            let position = place(index);
            let mut row = output_event::Model {
                id: self.id("output_event", id, &index.to_string()),
                project_id: self.project,
                output_id: id,
                position,
                verb: step.verb,
                effective_on: step.effective_on,
                recorded_at: step.recorded_at.unwrap_or(self.now),
                person_id: None,
                reason: step.reason.clone(),
                old_starts: step.old_starts,
                old_ends: step.old_ends,
                new_starts: step.new_starts,
                new_ends: step.new_ends,
            };
            if let Some(recorded) = self.old_events.remove(&(id, position)) {
                row.person_id = recorded.person_id;
                if step.recorded_at.is_none() {
                    row.recorded_at = recorded.recorded_at;
                }
                if row != *recorded {
                    self.problems.push(Problem {
                        path: format!("/outputs/{at}/history/{index}"),
                        wrong: "it differs from what is recorded".into(),
                        right: "keep recorded steps, and add one that corrects them".into(),
                    });
                }
            }
            self.rows.output_events.push(row);
        }
        let length = place(from.history.len());
        if self
            .old_events
            .keys()
            .any(|(output, position)| *output == id && *position >= length)
        {
            self.problems.push(Problem {
                path: format!("/outputs/{at}/history"),
                wrong: "recorded steps are missing".into(),
                right: "export the project and add to its history".into(),
            });
        }
    }

    fn kind(&mut self, id: OutputId, from: &'a FileKind) {
        let project_id = self.project;
        match from {
            FileKind::StaffExchange {
                pairing,
                leg,
                learned,
                adapted,
            } => {
                self.rows.staff_exchanges.push(staff_exchange::Model {
                    output_id: id,
                    project_id,
                    pairing_id: self.pairings[pairing.as_str()],
                    leg: *leg,
                    learned: learned.clone(),
                    adapted: adapted.clone(),
                });
            }
            FileKind::Visit {
                number,
                organiser,
                practices,
            } => {
                self.rows.visits.push(visit::Model {
                    output_id: id,
                    project_id,
                    number: *number,
                    organiser_id: self.partner(organiser.as_ref()),
                });
                for (at, key) in practices.iter().enumerate() {
                    let practice_id = self.practices[key.as_str()];
                    self.rows.visit_practices.push(visit_practice::Model {
                        id: self.id("visit_practice", id, &practice_id.to_string()),
                        project_id,
                        output_id: id,
                        practice_id,
                        position: place(at),
                    });
                }
            }
            FileKind::Event {
                kind,
                about_participants,
                website,
            } => {
                self.rows.events.push(event::Model {
                    output_id: id,
                    project_id,
                    kind: *kind,
                    about_participants: *about_participants,
                    website: website.clone(),
                });
            }
            FileKind::ActionPlan { .. } => self.action_plan(id, from),
            FileKind::Policy {
                kind,
                plan,
                opened,
                grant_minor,
                currency,
                beneficiaries,
                facts,
            } => {
                self.rows.policies.push(policy::Model {
                    output_id: id,
                    project_id,
                    kind: *kind,
                    plan_id: plan
                        .as_ref()
                        .map(|key| self.outputs[&(OutputKind::ActionPlan, key.as_str())]),
                    opened: *opened,
                    grant_minor: *grant_minor,
                    currency: currency.clone(),
                    beneficiaries: beneficiaries.clone(),
                    facts: facts.clone(),
                });
            }
            FileKind::Champion {
                person,
                role_title,
                selected,
                trained,
                trainings,
            } => {
                self.rows.champions.push(champion::Model {
                    output_id: id,
                    project_id,
                    person_id: self.person(person.as_ref()),
                    role_title: role_title.clone(),
                    selected: *selected,
                    trained: *trained,
                });
                for (at, row) in trainings.iter().enumerate() {
                    self.rows.trainings.push(training::Model {
                        id: self.id("training", id, &at.to_string()),
                        project_id,
                        output_id: id,
                        position: place(at),
                        description: row.description.clone(),
                        workshop_id: row
                            .workshop
                            .as_ref()
                            .map(|key| self.outputs[&(OutputKind::ChampionWorkshop, key.as_str())]),
                        held: row.held,
                        audience: row.audience.clone(),
                    });
                }
            }
            FileKind::ChampionWorkshop { about_participants } => {
                self.rows.champion_workshops.push(champion_workshop::Model {
                    output_id: id,
                    project_id,
                    about_participants: *about_participants,
                });
            }
            FileKind::Guide {
                language,
                landing_url,
                file_url,
            } => {
                self.rows.guides.push(guide::Model {
                    output_id: id,
                    project_id,
                    language: language.clone(),
                    landing_url: landing_url.clone(),
                    file_url: file_url.clone(),
                });
            }
            FileKind::Video { language, url } => self.rows.videos.push(video::Model {
                output_id: id,
                project_id,
                language: language.clone(),
                url: url.clone(),
            }),
        }
    }

    fn action_plan(&mut self, id: OutputId, from: &FileKind) {
        let FileKind::ActionPlan {
            kind,
            original_title,
            draft_period,
            period,
            presented,
            document_url,
            measures,
            stakeholders,
            endorsements,
        } = from
        else {
            return;
        };
        let project_id = self.project;
        self.rows.action_plans.push(action_plan::Model {
            output_id: id,
            project_id,
            kind: *kind,
            original_title: original_title.clone(),
            draft_period: draft_period.clone(),
            period: period.clone(),
            presented: *presented,
            document_url: document_url.clone(),
        });
        for (at, row) in measures.iter().enumerate() {
            self.rows.measures.push(measure::Model {
                id: self.id("measure", id, &at.to_string()),
                project_id,
                output_id: id,
                position: place(at),
                title: row.title.clone(),
                state: row.state,
                due: row.due,
            });
        }
        for (at, row) in stakeholders.iter().enumerate() {
            self.rows.stakeholders.push(stakeholder::Model {
                id: self.id("stakeholder", id, &at.to_string()),
                project_id,
                output_id: id,
                position: place(at),
                name: row.name.clone(),
                kind: row.kind.clone(),
            });
        }
        for (at, row) in endorsements.iter().enumerate() {
            self.rows.endorsements.push(endorsement::Model {
                id: self.id("endorsement", id, &at.to_string()),
                project_id,
                output_id: id,
                position: place(at),
                body: row.body.clone(),
                endorsed: row.endorsed,
                document_url: row.document_url.clone(),
                sources: row.sources.clone(),
            });
        }
    }
}
