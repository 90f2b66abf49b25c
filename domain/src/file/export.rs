//! From a project to its file, the other way round from `import`.

use entities::*;

use super::{
    FORMAT, FileAgendaItem, FileBudgetLine, FileCall, FileCommunity, FileEndorsement, FileEvidence,
    FileForum, FileForumMeeting, FileForumMember, FileForumTopic, FileHistory, FileKind,
    FileLearning, FileMeasure, FileMember, FileNote, FileOrganisation, FileOutput, FilePairing,
    FileParticipation, FilePartner, FilePerson, FilePractice, FileProgramme, FileProject,
    FilePublication, FileReminderRule, FileRole, FileSource, FileStakeholder, FileTarget,
    FileTraining, ProjectFile,
};
use crate::project::Project;

/// The file of a project. Importing it elsewhere makes the same project.
#[must_use]
pub fn export(project: &Project) -> ProjectFile {
    let from = &project.project;
    ProjectFile {
        format: FORMAT.into(),
        project: FileProject {
            key: from.key.clone(),
            acronym: from.acronym.clone(),
            name: from.name.clone(),
            summary: from.summary.clone(),
            programme: FileProgramme {
                key: project.programme.key.clone(),
                name: project.programme.name.clone(),
            },
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
        },
        sources: sources(project),
        organisations: organisations(project),
        partners: partners(project),
        people: people(project),
        communities: communities(project),
        targets: targets(project),
        practices: practices(project),
        pairings: pairings(project),
        outputs: project
            .outputs
            .iter()
            .map(|row| output(project, row))
            .collect(),
        forums: project
            .forums
            .iter()
            .map(|row| forum(project, row))
            .collect(),
        budget_lines: budget_lines(project),
        calls: calls(project),
        publications: publications(project),
        notes: notes(project),
        reminder_rules: reminder_rules(project),
    }
}

fn partner_key(project: &Project, id: PartnerId) -> String {
    project.organisation_of(id).key.clone()
}

fn maybe_partner(project: &Project, id: Option<PartnerId>) -> Option<String> {
    id.map(|id| partner_key(project, id))
}

fn maybe_community(project: &Project, id: Option<CommunityId>) -> Option<String> {
    id.map(|id| project.community(id).key.clone())
}

fn maybe_person(project: &Project, id: Option<PersonId>) -> Option<String> {
    id.filter(|id| project.holds(*id))
        .map(|id| project.person(id).key.clone())
}

fn sources(project: &Project) -> Vec<FileSource> {
    let file = |row: &source::Model| FileSource {
        key: row.key.clone(),
        title: row.title.clone(),
        publisher: row.publisher.clone(),
        address: row.address.clone(),
    };
    project.sources.iter().map(file).collect()
}

/// In the order of the partners.
fn organisations(project: &Project) -> Vec<FileOrganisation> {
    let file = |row: &partner::Model| {
        let row = project.organisation(row.organisation_id);
        FileOrganisation {
            key: row.key.clone(),
            kind: row.kind,
            name: row.name.clone(),
            native_name: row.native_name.clone(),
            country: row.country.clone(),
            time_zone: row.time_zone.clone(),
            locale: row.locale.clone(),
            latitude: row.latitude,
            longitude: row.longitude,
            geonames_id: row.geonames_id,
            wikidata_id: row.wikidata_id.clone(),
        }
    };
    project.partners.iter().map(file).collect()
}

fn partners(project: &Project) -> Vec<FilePartner> {
    let file = |row: &partner::Model| FilePartner {
        organisation: partner_key(project, row.id),
        kind: row.kind,
        via: maybe_partner(project, row.via_id),
        acting_body: row.acting_body.clone(),
        joined_on: row.joined_on,
        left_on: row.left_on,
        note: row.note.clone(),
        basis: row.basis.clone(),
        sources: row.sources.clone(),
    };
    project.partners.iter().map(file).collect()
}

/// In the order of their first roles, since people themselves have no place in a project.
fn people(project: &Project) -> Vec<FilePerson> {
    let file = |row: &person::Model| FilePerson {
        key: row.key.clone(),
        kind: row.kind,
        name: row.name.clone(),
        address: row.address.clone(),
        locale: row.locale.clone(),
        time_zone: row.time_zone.clone(),
        digest: row.digest,
        digest_hour: row.digest_hour,
        paused_until: row.paused_until,
        roles: project
            .roles_of(row.id)
            .iter()
            .map(|role| FileRole {
                kind: role.kind,
                partner: maybe_partner(project, role.partner_id),
            })
            .collect(),
    };
    let mut people: Vec<&person::Model> = project.people.iter().collect();
    people.sort_by_key(|row| project.roles_of(row.id).first().map(|role| role.position));
    people.into_iter().map(file).collect()
}

fn communities(project: &Project) -> Vec<FileCommunity> {
    let file = |row: &community::Model| FileCommunity {
        key: row.key.clone(),
        number: row.number,
        letter: row.letter.clone(),
        title: row.title.clone(),
        expert: maybe_partner(project, row.expert_id),
        planned_visits: row.planned_visits,
        note: row.note.clone(),
        members: project
            .members_of(row.id)
            .iter()
            .map(|member| FileMember {
                partner: partner_key(project, member.partner_id),
                role: member.role,
                role_hint: member.role_hint.clone(),
                basis: member.basis.clone(),
            })
            .collect(),
        sources: row.sources.clone(),
    };
    project.communities.iter().map(file).collect()
}

fn targets(project: &Project) -> Vec<FileTarget> {
    let file = |row: &target::Model| FileTarget {
        key: row.key.clone(),
        label: row.label.clone(),
        unit: row.unit,
        value: row.value,
        currency: row.currency.clone(),
        headline: row.headline,
        due_on: row.due_on,
        rule: row.rule.clone(),
        rule_version: row.rule_version,
        stated: row.stated,
        stated_sources: row.stated_sources.clone(),
        note: row.note.clone(),
        basis: row.basis.clone(),
        sources: row.sources.clone(),
    };
    project.targets.iter().map(file).collect()
}

fn practices(project: &Project) -> Vec<FilePractice> {
    let file = |row: &practice::Model| FilePractice {
        key: row.key.clone(),
        name: row.name.clone(),
        kind: row.kind.clone(),
        partner: maybe_partner(project, row.partner_id),
        since: row.since,
        description: row.description.clone(),
        facts: row.facts.clone(),
        note: row.note.clone(),
        sources: row.sources.clone(),
    };
    project.practices.iter().map(file).collect()
}

fn pairings(project: &Project) -> Vec<FilePairing> {
    let side = |id, side| {
        project
            .side(id, side)
            .map(|id| partner_key(project, id))
            .collect()
    };
    let file = |row: &pairing::Model| FilePairing {
        key: row.key.clone(),
        community: maybe_community(project, row.community_id),
        days_per_leg: row.days_per_leg,
        mentor: side(row.id, Side::Mentor),
        implementing: side(row.id, Side::Implementing),
        result: row.result.clone(),
        note: row.note.clone(),
        basis: row.basis.clone(),
        sources: row.sources.clone(),
    };
    project.pairings.iter().map(file).collect()
}

fn output(project: &Project, row: &output::Model) -> FileOutput {
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

fn forum(project: &Project, row: &forum::Model) -> FileForum {
    FileForum {
        key: row.key.clone(),
        name: row.name.clone(),
        practice: row.practice_id.map(|id| project.practice(id).key.clone()),
        partner: maybe_partner(project, row.partner_id),
        district: row.district.clone(),
        founded: row.founded,
        meets: row.meets.clone(),
        access: row.access.clone(),
        funding: row.funding.clone(),
        beneficiaries: row.beneficiaries.clone(),
        goals: row.goals.clone(),
        results: row.results.clone(),
        stated: row.stated.clone(),
        members: project
            .members_of_forum(row.id)
            .iter()
            .map(|row| FileForumMember {
                kind: row.kind,
                name: row.name.clone(),
                state: row.state,
                applied: row.applied,
                decided: row.decided,
            })
            .collect(),
        topics: project
            .topics_of(row.id)
            .iter()
            .map(|row| FileForumTopic {
                title: row.title.clone(),
                proposed_by: row.proposed_by,
                proposed: row.proposed,
            })
            .collect(),
        meetings: project
            .meetings_of(row.id)
            .iter()
            .map(|row| FileForumMeeting {
                held: row.held,
                place: row.place.clone(),
                note: row.note.clone(),
            })
            .collect(),
        sources: row.sources.clone(),
    }
}

fn budget_lines(project: &Project) -> Vec<FileBudgetLine> {
    let file = |row: &budget_line::Model| FileBudgetLine {
        key: row.key.clone(),
        kind: row.kind,
        label: row.label.clone(),
        partner: maybe_partner(project, row.partner_id),
        amount_minor: row.amount_minor,
        currency: row.currency.clone(),
        note: row.note.clone(),
        sources: row.sources.clone(),
    };
    project.budget_lines.iter().map(file).collect()
}

fn calls(project: &Project) -> Vec<FileCall> {
    let file = |row: &open_call::Model| FileCall {
        key: row.key.clone(),
        title: row.title.clone(),
        issued: row.issued,
        deadline: row.deadline,
        for_whom: row.for_whom.clone(),
        places: row.places,
        form_url: row.form_url.clone(),
        required: row.required.clone(),
        sources: row.sources.clone(),
    };
    project.open_calls.iter().map(file).collect()
}

fn publications(project: &Project) -> Vec<FilePublication> {
    let file = |row: &publication::Model| FilePublication {
        key: row.key.clone(),
        title: row.title.clone(),
        published: row.published,
        url: row.url.clone(),
        community: maybe_community(project, row.community_id),
        sources: row.sources.clone(),
    };
    project.publications.iter().map(file).collect()
}

fn notes(project: &Project) -> Vec<FileNote> {
    let file = |row: &note::Model| FileNote {
        key: row.key.clone(),
        kind: row.kind,
        topic: row.topic.clone(),
        body: row.body.clone(),
        readings: row.readings.clone(),
        about: row.about.clone(),
    };
    project.notes.iter().map(file).collect()
}

fn reminder_rules(project: &Project) -> Vec<FileReminderRule> {
    let file = |row: &reminder_rule::Model| FileReminderRule {
        key: row.key.clone(),
        category: row.category,
        anchor: row.anchor,
        offsets: row.offsets.clone(),
        at_time: row.at_time.clone(),
        weekday: row.weekday,
        month_day: row.month_day,
        audience: row.audience.clone(),
        useful_hours: row.useful_hours,
        enabled: row.enabled,
    };
    project.reminder_rules.iter().map(file).collect()
}
