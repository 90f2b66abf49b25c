//! From a project to its file, the other way round from `import`.

mod outputs;

use entities::*;

use super::{
    FORMAT, FileBudgetLine, FileCall, FileCommunity, FileForum, FileForumMeeting, FileForumMember,
    FileForumTopic, FileMember, FileNote, FileOrganisation, FilePairing, FilePartner, FilePerson,
    FilePractice, FileProgramme, FileProject, FilePublication, FileReminderRule, FileRole,
    FileSource, FileTarget, ProjectFile,
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
            .map(|row| outputs::output(project, row))
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
    project.reminder_rules.iter().map(reminder_rule).collect()
}

/// A rule of mail as the file says it.
pub(crate) fn reminder_rule(row: &reminder_rule::Model) -> FileReminderRule {
    FileReminderRule {
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
    }
}
