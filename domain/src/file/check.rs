//! Holds every record of a file to its own rules, and the file to those of the whole: each record
//! has one name.

use std::collections::{HashMap, HashSet};

use entities::{OutputKind, Verb};
use serde_json::Value;
use uuid::Uuid;

use super::{FORMAT, ProjectFile};
use crate::record::{
    Check, Code, Detail, Kind, Names, Problem, Problems, Record, Surroundings, VisitDays,
    keyed_lists, mail_address,
};

/// Every problem of what a file says: keys, references, dates, rules.
#[must_use]
pub fn check(file: &ProjectFile) -> Vec<Problem> {
    check_beside(file, &[])
}

/// What keeps a file from being taken in, and what to look at although it does not.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    pub problems: Vec<Problem>,
    /// What is as wrong in the project already, and stays as it is.
    pub warnings: Vec<Problem>,
}

/// Judges a file that updates a project: what is wrong in the project already and stays as it is
/// keeps nobody from changing the rest.
#[must_use]
pub fn judge(file: &ProjectFile, project: &ProjectFile) -> Verdict {
    let (new, old) = (Addressed::of(file), Addressed::of(project));
    let stands: HashMap<_, _> = check(project)
        .into_iter()
        .map(|problem| (old.address(&problem), problem))
        .collect();
    let mut verdict = Verdict::default();
    for problem in check(file) {
        let address = new.address(&problem);
        let is_there = stands.get(&address).is_some_and(|stood| {
            stood.value == problem.value && old.value(stood) == new.value(&problem)
        });
        let list = match is_there {
            true => &mut verdict.warnings,
            false => &mut verdict.problems,
        };
        list.push(problem);
    }
    verdict
}

/// What to look at in a file although it may be so: two visits of one community on the same days.
#[must_use]
pub fn warnings(file: &ProjectFile) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let mut visits: Vec<(VisitDays<&str>, &str)> = Vec::new();
    for (at, output) in file.outputs.iter().enumerate() {
        let mut steps = output.history.iter().rev();
        let last = steps.find(|step| step.verb != Verb::Rescheduled);
        let is_cancelled = last.is_some_and(|step| step.verb == Verb::Cancelled);
        if output.kind.kind() != OutputKind::Visit || is_cancelled {
            continue;
        }
        let Some(days) = VisitDays::new(output.community.as_deref(), output.starts, output.ends)
        else {
            continue;
        };
        for (_, key) in visits.iter().filter(|(other, _)| other.overlaps(&days)) {
            let path = format!("outputs.{at}.starts");
            warnings.push(Problem::new(path, Code::OverlappingVisits).with(key));
        }
        visits.push((days, output.key.as_str()));
    }
    warnings
}

/// A file whose problems are known by the record and not by its place in a list.
struct Addressed(Value);

impl Addressed {
    fn of(file: &ProjectFile) -> Self {
        Self(serde_json::to_value(file).expect("a project file is plain JSON"))
    }

    /// The list, the record's name there, the path in it, and the code.
    fn address(&self, problem: &Problem) -> (String, String, String, Code) {
        let mut parts = problem.path.splitn(3, '.');
        let list = parts.next().unwrap_or_default().to_owned();
        let at = parts.next().unwrap_or_default().to_owned();
        let path = parts.next().unwrap_or_default().to_owned();
        let record = self.0.pointer(&format!("/{list}/{at}"));
        let name = record.map_or_else(|| at.clone(), |record| name_of(&list, record));
        (list, name, path, problem.code)
    }

    fn value(&self, problem: &Problem) -> Option<&Value> {
        self.0.pointer(&problem.pointer())
    }
}

/// What a record is called in its list.
fn name_of(list: &str, record: &Value) -> String {
    let key = record.get("key").or_else(|| record.get("organisation"));
    let key = key.and_then(Value::as_str).unwrap_or_default();
    let kind = record.get("kind").and_then(Value::as_object);
    match kind.and_then(|kind| kind.keys().next()) {
        Some(kind) if list == "outputs" => format!("{kind}/{key}"),
        _ => key.to_owned(),
    }
}

/// As [`check`], where records that could not be read may still be referred to: the list and key of
/// each.
pub(super) fn check_beside(file: &ProjectFile, unread: &[(String, String)]) -> Vec<Problem> {
    let mut problems = Problems::default();
    let mut names = names(file, &mut problems);
    for (list, key) in unread {
        for kind in Kind::ALL.iter().filter(|kind| kind.list() == list) {
            names.add(*kind, key, Uuid::nil());
        }
    }
    check_records(file, names, &mut problems);
    problems.into_vec()
}

fn check_records(file: &ProjectFile, names: Names, problems: &mut Problems) {
    let around = Surroundings {
        names,
        starts_on: file.project.starts_on,
        ends_on: file.project.ends_on,
    };
    if file.format != FORMAT {
        problems.push(Problem::new("format", Code::OutOfRange).with(FORMAT));
    }
    let mut check = Check::new(&around, problems);
    file.project.check(&mut check.at("project"));
    each(&file.partners, &mut check.at(Kind::Partner.list()));
    each(&file.outputs, &mut check.at("outputs"));
    macro_rules! each_list {
        ($($kind:ident: $list:ident, $table:ident;)+) => {$(
            each(&file.$list, &mut check.at(Kind::$kind.list()));
        )+};
    }
    keyed_lists!(each_list);
    once_each(file, &mut check);
}

fn each<R: Record>(records: &[R], check: &mut Check<'_>) {
    for (at, record) in records.iter().enumerate() {
        record.check(&mut check.at_index(at));
    }
}

/// What only one record of a file may have: a community's number, an address of mail, a leg.
fn once_each(file: &ProjectFile, check: &mut Check<'_>) {
    let mut numbers = HashSet::new();
    for (at, community) in file.communities.iter().enumerate() {
        if !numbers.insert(community.number) {
            let mut check = check.at("communities");
            check.at_index(at).at("number").add(Code::Taken);
        }
    }
    let mut addresses = HashSet::new();
    for (at, person) in file.people.iter().enumerate() {
        let address = person.address.as_deref().and_then(mail_address);
        if address.is_some_and(|address| !addresses.insert(address)) {
            let mut check = check.at("people");
            check.at_index(at).at("address").add(Code::Taken);
        }
    }
    let mut legs = HashSet::new();
    for (at, output) in file.outputs.iter().enumerate() {
        let Detail::StaffExchange(exchange) = &output.kind else {
            continue;
        };
        if let Some(leg) = exchange.leg
            && !legs.insert((&exchange.pairing, leg))
        {
            let mut check = check.at("outputs");
            let mut check = check.at_index(at);
            let mut check = check.at("kind");
            let mut check = check.at("staffExchange");
            check.at("leg").with(Code::LegTaken, leg);
        }
    }
}

/// The names of all records of a file; a name that another one has is a problem.
fn names(file: &ProjectFile, problems: &mut Problems) -> Names {
    let mut names = Names::default();
    let mut id = 0_u128;
    let mut add = |kind: Kind, field: &str, at: usize, key: &str, problems: &mut Problems| {
        id += 1;
        if !names.add(kind, key, Uuid::from_u128(id)) {
            problems.add(format!("{}.{at}.{field}", kind.list()), Code::Taken);
        }
    };
    add(Kind::Project, "key", 0, &file.project.key, problems);
    macro_rules! add_lists {
        ($($kind:ident: $list:ident, $table:ident;)+) => {$(
            for (at, record) in file.$list.iter().enumerate() {
                add(Kind::$kind, "key", at, &record.key, problems);
            }
        )+};
    }
    keyed_lists!(add_lists);
    for (at, partner) in file.partners.iter().enumerate() {
        add(
            Kind::Partner,
            "organisation",
            at,
            &partner.organisation,
            problems,
        );
    }
    for (at, output) in file.outputs.iter().enumerate() {
        let kind = Kind::Output(output.kind.kind());
        add(kind, "key", at, &output.key, problems);
    }
    names
}

/// The keys of the records that refer to a record of a list: what would be wrong with the file if it
/// were not there.
pub(crate) fn uses(file: &ProjectFile, list: &str, key: &str) -> Vec<String> {
    let mut before = Problems::default();
    let known = names(file, &mut before);
    let mut without = known.clone();
    for kind in Kind::ALL.iter().filter(|kind| kind.list() == list) {
        without.remove(*kind, key);
    }
    let mut after = Problems::default();
    check_records(file, known, &mut before);
    check_records(file, without, &mut after);
    let records = Addressed::of(file);
    let mut uses: Vec<String> = Vec::new();
    for problem in after.iter().filter(|one| one.code == Code::NotFound) {
        if before.iter().any(|other| other == problem) {
            continue;
        }
        let (list, key, ..) = records.address(problem);
        let name = match list.as_str() {
            "project" => "/project".to_owned(),
            "outputs" => key
                .split_once('/')
                .map_or(key.clone(), |(_, key)| key.to_owned()),
            _ => key,
        };
        if !uses.contains(&name) {
            uses.push(name);
        }
    }
    uses
}
