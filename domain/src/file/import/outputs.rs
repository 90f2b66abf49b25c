//! The outputs of a file, with all that belongs to them.

use entities::*;

use super::{Import, place};
use crate::file::{FileHistory, FileKind, FileOutput, Problem};

impl<'a> Import<'a> {
    pub(super) fn output(&mut self, at: usize, from: &'a FileOutput) {
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
        self.dates(at, id, from);
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
                    self.problems
                        .push(rewritten(&format!("/outputs/{at}/history/{index}")));
                }
                self.old_reporters(&format!("/outputs/{at}/history/{index}"), row.id, step);
            } else {
                self.new_reporters(row.id, step);
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

    /// Whose report a new step is.
    fn new_reporters(&mut self, event: OutputEventId, step: &FileHistory) {
        for (at, key) in step.reporters.0.iter().enumerate() {
            let partner = self.partners[key.as_str()];
            self.rows.reporters.push(reporter::Model {
                id: self.id("reporter", event, &partner.to_string()),
                project_id: self.project,
                output_event_id: event,
                partner_id: Some(partner),
                person_id: None,
                position: place(at),
            });
        }
    }

    /// Whose report a recorded step is stays as it was; the file may leave it out.
    fn old_reporters(&mut self, path: &str, event: OutputEventId, step: &FileHistory) {
        let recorded = self.old_reporters.remove(&event).unwrap_or_default();
        let named = step.reporters.0.iter();
        let named: Vec<_> = named.map(|key| self.partners[key.as_str()]).collect();
        let same = recorded
            .iter()
            .filter_map(|row| row.partner_id)
            .eq(named.iter().copied());
        if !named.is_empty() && !same {
            self.problems.push(rewritten(&format!("{path}/reporters")));
        }
        self.rows.reporters.extend(recorded.into_iter().cloned());
    }

    /// A known first day of something ahead changes only by a step that keeps the old one.
    fn dates(&mut self, at: usize, id: OutputId, from: &FileOutput) {
        let Some(old) = self.old_outputs.get(&id) else {
            return;
        };
        let (Some(was), is) = (old.starts.filter(|date| date.day().is_some()), from.starts) else {
            return;
        };
        let moves = from
            .history
            .iter()
            .filter(|step| step.verb == Verb::Rescheduled)
            .count();
        let recorded = self.old_moves.get(&id).copied().unwrap_or_default();
        let last = from
            .history
            .iter()
            .rev()
            .find(|step| step.verb != Verb::Rescheduled);
        let is_done = last.is_some_and(|step| {
            matches!(step.verb, Verb::Reported | Verb::Verified | Verb::Cancelled)
        });
        if is != Some(was) && moves == recorded && !is_done {
            self.problems.push(Problem {
                path: format!("/outputs/{at}/starts"),
                wrong: format!("it differs from the recorded {was}, and no step tells of a move"),
                right: format!(
                    "add to its history {{\"verb\": \"RESCHEDULED\", \"oldStarts\": \"{was}\", …}} \
                     with the new dates and the reason"
                ),
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

/// A recorded step was written anew.
fn rewritten(path: &str) -> Problem {
    Problem {
        path: path.to_owned(),
        wrong: "it differs from what is recorded".into(),
        right: "keep recorded steps, and add one that corrects them".into(),
    }
}
