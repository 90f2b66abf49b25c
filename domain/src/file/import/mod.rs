//! From a project file to rows. The file has been checked: its references hold.

mod outputs;
mod records;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entities::*;
use uuid::Uuid;

use super::{Problem, ProjectFile};
use crate::{
    ids::Ids,
    rows::{Rows, SharedRows},
};

/// The rows that a checked file stands for: new ones with new ids, known ones with theirs. Also the
/// labels of the records that the file leaves out and that are kept.
///
/// # Errors
/// When the file contradicts a recorded history.
pub fn rows_of(
    file: &ProjectFile,
    old: Option<&Rows>,
    shared: &SharedRows,
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
    // Whoever is no partner any more reported nothing here.
    let partners: HashSet<_> = rows.partners.iter().map(|row| row.id).collect();
    let stays = |row: &reporter::Model| row.partner_id.is_none_or(|id| partners.contains(&id));
    rows.reporters.retain(stays);
    Ok((rows, kept))
}

struct Import<'a> {
    file: &'a ProjectFile,
    old_outputs: HashMap<OutputId, &'a output::Model>,
    old_moves: HashMap<OutputId, usize>,
    names: HashMap<(&'static str, Uuid, String), Uuid>,
    ids: Ids,
    now: DateTime<Utc>,
    rows: Rows,
    project: ProjectId,
    old_events: HashMap<(OutputId, i32), &'a output_event::Model>,
    old_reporters: HashMap<OutputEventId, Vec<&'a reporter::Model>>,
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
        shared: &SharedRows,
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
        let old_outputs = old.iter().flat_map(|old| &old.outputs);
        let mut old_moves = HashMap::new();
        for row in old.iter().flat_map(|old| &old.output_events) {
            if row.verb == Verb::Rescheduled {
                *old_moves.entry(row.output_id).or_default() += 1;
            }
        }
        let mut old_reporters: HashMap<_, Vec<_>> = HashMap::new();
        for row in old.iter().flat_map(|old| &old.reporters) {
            old_reporters
                .entry(row.output_event_id)
                .or_default()
                .push(row);
        }
        Self {
            file,
            old_outputs: old_outputs.map(|row| (row.id, row)).collect(),
            old_moves,
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
            old_reporters,
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

    fn shared(&mut self, shared: &SharedRows) {
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
                may_create_projects: known.is_some_and(|known| known.may_create_projects),
                erased_at: known.and_then(|known| known.erased_at),
            });
        }
    }
}
