//! From a project file to rows. The file has been checked: its references hold.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use chrono::{DateTime, Utc};
use entities::*;
use uuid::Uuid;

use super::ProjectFile;
use crate::{
    ids::Ids,
    record::rows::{Row, Rows, SharedRows},
    record::{
        Code, IdOf, Kind, Name, Names, Output, Place, Problem, Problems, Stand, Step, keyed_lists,
        mail_address, store_list,
    },
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
    let mut known = old.map(Rows::names).unwrap_or_default();
    for row in &shared.organisations {
        known.insert(
            (organisation::Model::TABLE, Uuid::nil(), row.key.clone()),
            row.uuid(),
        );
    }
    for row in &shared.people {
        known.insert(
            (person::Model::TABLE, Uuid::nil(), row.key.clone()),
            row.uuid(),
        );
    }
    let known = RefCell::new(known);
    // The id of the row that is called so: the one it has, else a new one, the same each time.
    let id_of = |table: &'static str, parent: Uuid, name: Name<'_>| {
        let name = match name {
            Name::Called(name) => name.to_owned(),
            Name::Place(place) => place.to_string(),
        };
        let key = (table, parent, name);
        let mut known = known.borrow_mut();
        if let Some(id) = known.get(&key) {
            return *id;
        }
        let id = ids.make(table, parent, &key.2);
        known.insert(key, id);
        id
    };
    let mut rows = frame(file, old, shared, ids, now);
    let names = names(file, &rows, &id_of);
    file.project.store(&mut rows.project, &names);
    file.project.programme.store(&mut rows.programme, &names);
    people(file, shared, &mut rows, &names, &id_of);
    place_roles(&mut rows, old);
    let mut place = Place {
        project: rows.project.id,
        own: rows.project.id.into(),
        names: &names,
        ids: &id_of,
        old: None,
        only: None,
    };
    let at = &mut place;
    store_list(&file.partners, at, &mut rows);
    store_list(&file.outputs, at, &mut rows);
    // Organisations and people are shared, and stand there already.
    macro_rules! store {
        (Source: $l1:ident, $t1:ident; Organisation: $l2:ident, $t2:ident; Person: $l3:ident, $t3:ident;
            $($kind:ident: $list:ident, $table:ident;)+) => {
            store_list(&file.$l1, at, &mut rows);
            $(store_list(&file.$list, at, &mut rows);)+
        };
    }
    keyed_lists!(store);
    keep_proposers(&mut rows, old);
    keep_agreements(&mut rows, old);
    let mut problems = Problems::default();
    History::of(old).keep(file, &names, now, &mut rows, &mut problems);
    if !problems.is_empty() {
        return Err(problems.into_vec());
    }
    let kept = match old {
        Some(old) if !prune => rows.keep_missing(old),
        _ => Vec::new(),
    };
    // An organisation that is no partner any more reported nothing here.
    let partners: HashSet<_> = rows.partners.iter().map(|row| row.id).collect();
    let stays = |row: &reporter::Model| row.partner_id.is_none_or(|id| partners.contains(&id));
    rows.reporters.retain(stays);
    Ok((rows, kept))
}

/// The project and its programme, with what no file says of them.
fn frame(
    file: &ProjectFile,
    old: Option<&Rows>,
    shared: &SharedRows,
    ids: Ids,
    now: DateTime<Utc>,
) -> Rows {
    let project = old.map_or_else(
        || project::Model {
            id: ids.make("project", Uuid::nil(), &file.project.key).into(),
            created_at: now,
            ..Default::default()
        },
        |old| old.project.clone(),
    );
    let programme = shared
        .programme
        .clone()
        .unwrap_or_else(|| programme::Model {
            id: ids
                .make("programme", Uuid::nil(), &file.project.programme.key)
                .into(),
            ..Default::default()
        });
    let project = project::Model {
        programme_id: programme.id,
        ..project
    };
    Rows::empty(project, programme)
}

/// The names of all records of a file, with the ids that their rows have.
fn names(file: &ProjectFile, rows: &Rows, id_of: IdOf<'_>) -> Names {
    let mut names = Names::default();
    let project: Uuid = rows.project.id.into();
    names.add(Kind::Project, &file.project.key, project);
    macro_rules! keyed {
        ($($kind:ident: $list:ident, $table:ident;)+) => {$(
            for row in &file.$list {
                let parent = match Kind::$kind {
                    Kind::Organisation | Kind::Person => Uuid::nil(),
                    _ => project,
                };
                let id = id_of(Kind::$kind.table(), parent, Name::Called(&row.key));
                names.add(Kind::$kind, &row.key, id);
            }
        )+};
    }
    keyed_lists!(keyed);
    for row in &file.partners {
        let organisation = names.id_of(Kind::Organisation, &row.organisation);
        let organisation = organisation.unwrap_or_default().to_string();
        names.add(
            Kind::Partner,
            &row.organisation,
            id_of("partner", project, Name::Called(&organisation)),
        );
    }
    for row in &file.outputs {
        let kind = row.kind.kind();
        let id = id_of(
            "output",
            project,
            Name::Called(&format!("{kind:?}/{}", row.key)),
        );
        names.add(Kind::Output(kind), &row.key, id);
    }
    names
}

/// Organisations and people, which projects share, with what no file says of them.
fn people(
    file: &ProjectFile,
    shared: &SharedRows,
    rows: &mut Rows,
    names: &Names,
    id_of: IdOf<'_>,
) {
    for record in &file.organisations {
        let there = shared
            .organisations
            .iter()
            .find(|row| row.key == record.key);
        let mut row = there.cloned().unwrap_or_else(|| organisation::Model {
            id: id_of("organisation", Uuid::nil(), Name::Called(&record.key)).into(),
            ..Default::default()
        });
        record.store(&mut row, names);
        rows.organisations.push(row);
    }
    for record in &file.people {
        let there = shared.people.iter().find(|row| row.key == record.key);
        let mut row = there.cloned().unwrap_or_else(|| person::Model {
            id: id_of("person", Uuid::nil(), Name::Called(&record.key)).into(),
            ..Default::default()
        });
        // Whoever was erased stays so, whatever an older file says of them.
        if row.erased_at.is_none() {
            record.store(&mut row, names);
        }
        row.address = row.address.as_deref().and_then(mail_address);
        if there.is_some_and(|there| there.address != row.address) {
            row.suppressed_at = None;
        }
        let mut place = Place {
            project: rows.project.id,
            own: row.id.into(),
            names,
            ids: id_of,
            old: None,
            only: None,
        };
        rows.people.push(row);
        record.store_parts(&mut place, rows);
    }
}

/// Gives roles their places, by which an export keeps the order of its people. They keep the ones that
/// they have where these say the order of the file: an erased or revoked role leaves a gap. Else they
/// are counted through the project.
fn place_roles(rows: &mut Rows, old: Option<&Rows>) {
    let old = old.iter().flat_map(|old| &old.roles);
    let old: HashMap<_, _> = old.map(|role| (role.id, role.position)).collect();
    let keys: HashMap<_, _> = rows.people.iter().map(|row| (row.id, &row.key)).collect();
    let mut next = 0;
    let places: Vec<i32> = rows
        .roles
        .iter()
        .map(|role| {
            let place = old.get(&role.id).copied().unwrap_or(next);
            next = next.max(place + 1);
            place
        })
        .collect();
    let placed: Vec<_> = rows.roles.iter().zip(&places).collect();
    let of_people = placed.chunk_by(|(one, _), (other, _)| one.person_id == other.person_id);
    let of_people: Vec<_> = of_people.collect();
    let says_the_order = of_people
        .iter()
        .all(|roles| roles.is_sorted_by_key(|(_, place)| **place))
        && of_people.is_sorted_by_key(|roles| {
            let (role, place) = roles[0];
            (*place, keys.get(&role.person_id))
        });
    for (count, (role, place)) in (0_i32..).zip(rows.roles.iter_mut().zip(places)) {
        role.position = if says_the_order { place } else { count };
    }
}

/// Who made and decided a proposal is in no file.
fn keep_proposers(rows: &mut Rows, old: Option<&Rows>) {
    let old = old.iter().flat_map(|old| &old.proposals);
    let old: HashMap<_, _> = old.map(|row| (row.id, row)).collect();
    for row in &mut rows.proposals {
        if let Some(old) = old.get(&row.id) {
            (row.person_id, row.decided_by_id) = (old.person_id, old.decided_by_id);
        }
    }
}

/// What several projects decide, and what is shown until somebody agrees, is in no file.
fn keep_agreements(rows: &mut Rows, old: Option<&Rows>) {
    let Some(old) = old else { return };
    let shared = old.proposals.iter();
    let shared = shared.filter(|row| row.kind != ProposalKind::Dates);
    rows.proposals.extend(shared.cloned());
    rows.introductions.clone_from(&old.introductions);
}

/// What is recorded of a project's outputs.
struct History<'a> {
    outputs: HashMap<OutputId, &'a output::Model>,
    events: HashMap<(OutputId, i32), &'a output_event::Model>,
    /// How often each output was moved.
    moves: HashMap<OutputId, usize>,
    reporters: HashMap<OutputEventId, Vec<&'a reporter::Model>>,
}

impl<'a> History<'a> {
    fn of(old: Option<&'a Rows>) -> Self {
        let mut reporters: HashMap<_, Vec<_>> = HashMap::new();
        for row in old.iter().flat_map(|old| &old.reporters) {
            reporters.entry(row.output_event_id).or_default().push(row);
        }
        let outputs = old.iter().flat_map(|old| &old.outputs);
        let events = old.iter().flat_map(|old| &old.output_events);
        let mut moves = HashMap::new();
        for row in events.clone().filter(|row| row.verb == Verb::Rescheduled) {
            *moves.entry(row.output_id).or_default() += 1;
        }
        Self {
            moves,
            outputs: outputs.map(|row| (row.id, row)).collect(),
            events: events
                .map(|row| ((row.output_id, row.position), row))
                .collect(),
            reporters,
        }
    }

    /// Recorded steps stay as they are; the file may only add to them.
    fn keep(
        mut self,
        file: &ProjectFile,
        names: &Names,
        now: DateTime<Utc>,
        rows: &mut Rows,
        problems: &mut Problems,
    ) {
        let mut places: HashMap<(OutputId, i32), usize> = HashMap::new();
        for (at, row) in rows.output_events.iter().enumerate() {
            places.insert((row.output_id, row.position), at);
        }
        let mut recorded_reporters = Vec::new();
        let mut recorded_events = HashSet::new();
        for (at, output) in file.outputs.iter().enumerate() {
            let kind = Kind::Output(output.kind.kind());
            let id: OutputId = names.id_of(kind, &output.key).unwrap_or_default().into();
            self.dates(at, id, output, problems);
            for (position, step) in (0_i32..).zip(&output.history) {
                let row = &mut rows.output_events[places[&(id, position)]];
                let path = format!("outputs.{at}.history.{position}");
                row.recorded_at = step.recorded_at.unwrap_or(now);
                let Some(recorded) = self.events.remove(&(id, position)) else {
                    continue;
                };
                row.person_id = recorded.person_id;
                if step.recorded_at.is_none() {
                    row.recorded_at = recorded.recorded_at;
                }
                if row != recorded {
                    problems.add(path.clone(), Code::HistoryRewritten);
                }
                recorded_events.insert(row.id);
                recorded_reporters.extend(self.reporters(&path, row.id, step, names, problems));
            }
            let length = i32::try_from(output.history.len()).unwrap_or(i32::MAX);
            if self.events.contains_key(&(id, length)) {
                problems.add(format!("outputs.{at}.history"), Code::HistoryRewritten);
            }
        }
        rows.reporters
            .retain(|row| !recorded_events.contains(&row.output_event_id));
        rows.reporters.extend(recorded_reporters);
    }

    /// Whose report a recorded step is stays as it was; the file may leave it out.
    fn reporters(
        &mut self,
        path: &str,
        event: OutputEventId,
        step: &Step,
        names: &Names,
        problems: &mut Problems,
    ) -> Vec<reporter::Model> {
        let recorded = self.reporters.remove(&event).unwrap_or_default();
        let keys = step.reporters.0.iter();
        let named = keys.filter_map(|key| names.id_of(Kind::Partner, key));
        let same = recorded
            .iter()
            .filter_map(|row| row.partner_id.map(Uuid::from))
            .eq(named);
        if !step.reporters.0.is_empty() && !same {
            problems.add(format!("{path}.reporters"), Code::HistoryRewritten);
        }
        recorded.into_iter().cloned().collect()
    }

    /// A known first day of something ahead changes only by a step that keeps the old one.
    fn dates(&self, at: usize, id: OutputId, new: &Output, problems: &mut Problems) {
        let Some(old) = self.outputs.get(&id) else {
            return;
        };
        let Some(was) = old.starts.filter(|date| date.day().is_some()) else {
            return;
        };
        let moves = |verb: Verb| verb == Verb::Rescheduled;
        let told = new.history.iter().filter(|step| moves(step.verb)).count();
        let recorded = self.moves.get(&id).copied().unwrap_or_default();
        let mut steps = new.history.iter().rev();
        let last = steps.find(|step| !moves(step.verb)).map(|step| step.verb);
        let is_done = matches!(
            last,
            Some(Verb::Reported | Verb::Verified | Verb::Cancelled)
        );
        if new.starts != Some(was) && told == recorded && !is_done {
            let path = format!("outputs.{at}.starts");
            problems.push(Problem::new(path, Code::MoveNotRecorded).with(was));
        }
    }
}
