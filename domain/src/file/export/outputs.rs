//! The outputs of a project as they stand in its file.

use entities::*;

use super::{maybe_community, maybe_partner, maybe_person};
use crate::{
    file::{
        FileAgendaItem, FileEndorsement, FileEvidence, FileHistory, FileKind, FileLearning,
        FileMeasure, FileOutput, FileParticipation, FileStakeholder, FileTraining,
    },
    project::Project,
};

pub(super) fn output(project: &Project, row: &output::Model) -> FileOutput {
    FileOutput {
        key: row.key.clone(),
        kind: kind(project, row),
        community: maybe_community(project, row.community_id),
        lead: maybe_partner(project, row.lead_id),
        title: row.title.clone(),
        host: maybe_partner(project, row.host_id),
        mode: row.mode,
        place: row.place.clone(),
        platform: row.platform.clone(),
        planned_from: row.planned_from,
        planned_to: row.planned_to,
        starts: row.starts,
        ends: row.ends,
        days: row.days,
        due_on: row.due_on,
        note: row.note.clone(),
        history: project
            .events_of(row.id)
            .iter()
            .map(|step| history(project, step))
            .collect(),
        evidence: project
            .evidence_of(row.id)
            .iter()
            .map(|row| FileEvidence {
                kind: row.kind,
                title: row.title.clone(),
                source: row.source_id.map(|id| project.source(id).key.clone()),
                locator: row.locator.clone(),
                url: row.url.clone(),
                sha256: row.sha256.clone(),
                media_type: row.media_type.clone(),
                size: row.size,
            })
            .collect(),
        participants: project
            .participations_of(row.id)
            .iter()
            .map(|row| FileParticipation {
                partner: maybe_partner(project, row.partner_id),
                person: maybe_person(project, row.person_id),
                who: row.who.clone(),
                status: row.status,
                reason: row.reason.clone(),
                sources: row.sources.clone(),
            })
            .collect(),
        agenda: project
            .agenda_of(row.id)
            .iter()
            .map(|row| FileAgendaItem {
                day: row.day,
                part_of_day: row.part_of_day,
                kind: row.kind,
                title: row.title.clone(),
                presenter: maybe_partner(project, row.presenter_id),
                speakers: row.speakers.clone(),
                sources: row.sources.clone(),
            })
            .collect(),
        learning: project
            .learnings_of(row.id)
            .iter()
            .map(|row| FileLearning {
                kind: row.kind,
                body: row.body.clone(),
                partner: maybe_partner(project, row.for_id),
                sources: row.sources.clone(),
            })
            .collect(),
        basis: row.basis.clone(),
        sources: row.sources.clone(),
    }
}

/// What came with the project carries no instant of its own.
fn history(project: &Project, step: &output_event::Model) -> FileHistory {
    let came_later = step.recorded_at != project.project.created_at;
    FileHistory {
        verb: step.verb,
        effective_on: step.effective_on,
        recorded_at: came_later.then_some(step.recorded_at),
        reason: step.reason.clone(),
        old_starts: step.old_starts,
        old_ends: step.old_ends,
        new_starts: step.new_starts,
        new_ends: step.new_ends,
        reporters: Strings(
            (project.reporters_of(step.id).iter())
                .filter_map(|row| maybe_partner(project, row.partner_id))
                .collect(),
        ),
    }
}

fn kind(project: &Project, output: &output::Model) -> FileKind {
    const HELD: &str = "an output is written together with the row of its kind";
    let id = output.id;
    match output.kind {
        OutputKind::StaffExchange => {
            let row = project.staff_exchange(id).expect(HELD);
            FileKind::StaffExchange {
                pairing: project.pairing(row.pairing_id).key.clone(),
                leg: row.leg,
                learned: row.learned.clone(),
                adapted: row.adapted.clone(),
            }
        }
        OutputKind::Visit => {
            let row = project.visit(id).expect(HELD);
            FileKind::Visit {
                number: row.number,
                organiser: maybe_partner(project, row.organiser_id),
                practices: project
                    .practices_seen_at(id)
                    .iter()
                    .map(|seen| project.practice(seen.practice_id).key.clone())
                    .collect(),
            }
        }
        OutputKind::Event => {
            let row = project.event(id).expect(HELD);
            FileKind::Event {
                kind: row.kind,
                about_participants: row.about_participants,
                website: row.website.clone(),
            }
        }
        OutputKind::ActionPlan => action_plan(project, id, project.action_plan(id).expect(HELD)),
        OutputKind::Policy => {
            let row = project.policy(id).expect(HELD);
            FileKind::Policy {
                kind: row.kind,
                plan: row.plan_id.map(|id| project.output(id).key.clone()),
                opened: row.opened,
                grant_minor: row.grant_minor,
                currency: row.currency.clone(),
                beneficiaries: row.beneficiaries.clone(),
                facts: row.facts.clone(),
            }
        }
        OutputKind::Champion => champion(project, id, project.champion(id).expect(HELD)),
        OutputKind::ChampionWorkshop => FileKind::ChampionWorkshop {
            about_participants: project
                .champion_workshop(id)
                .expect(HELD)
                .about_participants,
        },
        OutputKind::Guide => {
            let row = project.guide(id).expect(HELD);
            FileKind::Guide {
                language: row.language.clone(),
                landing_url: row.landing_url.clone(),
                file_url: row.file_url.clone(),
            }
        }
        OutputKind::Video => {
            let row = project.video(id).expect(HELD);
            FileKind::Video {
                language: row.language.clone(),
                url: row.url.clone(),
            }
        }
    }
}

fn action_plan(project: &Project, id: OutputId, row: &action_plan::Model) -> FileKind {
    FileKind::ActionPlan {
        kind: row.kind,
        original_title: row.original_title.clone(),
        draft_period: row.draft_period.clone(),
        period: row.period.clone(),
        presented: row.presented,
        document_url: row.document_url.clone(),
        measures: project
            .measures_of(id)
            .iter()
            .map(|row| FileMeasure {
                title: row.title.clone(),
                state: row.state,
                due: row.due,
            })
            .collect(),
        stakeholders: project
            .stakeholders_of(id)
            .iter()
            .map(|row| FileStakeholder {
                name: row.name.clone(),
                kind: row.kind.clone(),
            })
            .collect(),
        endorsements: project
            .endorsements_of(id)
            .iter()
            .map(|row| FileEndorsement {
                body: row.body.clone(),
                endorsed: row.endorsed,
                document_url: row.document_url.clone(),
                sources: row.sources.clone(),
            })
            .collect(),
    }
}

fn champion(project: &Project, id: OutputId, row: &champion::Model) -> FileKind {
    FileKind::Champion {
        person: maybe_person(project, row.person_id),
        role_title: row.role_title.clone(),
        selected: row.selected,
        trained: row.trained,
        trainings: project
            .trainings_of(id)
            .iter()
            .map(|row| FileTraining {
                description: row.description.clone(),
                workshop: row.workshop_id.map(|id| project.output(id).key.clone()),
                held: row.held,
                audience: row.audience.clone(),
            })
            .collect(),
    }
}
