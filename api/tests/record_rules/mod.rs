//! One rule book: for every field of every record, what it must refuse is refused by the project file
//! and by every mutation that takes the field, with the same code at the same field. The values stand in
//! `values.rs`; the fields come from the records, so that none is left out.

mod doors;
mod sample;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use api::Operation;
use domain::{
    command::Import,
    file,
    record::{self, Detail, Entry, Field, Kind, Programme, Record, Role, Step},
    viewer::Viewer,
};
use entities::OutputKind;
use sea_orm::Iterable;
use serde_json::{Value, json};

use crate::support::Api;
use doors::{Door, Doors};
use values::{FIELDS, between};

/// Every record with its fields, by name.
fn records() -> BTreeMap<&'static str, &'static [Field]> {
    let kinds = Kind::ALL.iter().map(|kind| match kind {
        Kind::Output(kind) => (Kind::Output(*kind).name(), Detail::fields(*kind)),
        kind => (kind.name(), record::fields(*kind)),
    });
    let entries = Entry::ALL.iter().map(|entry| match entry {
        // The only one whose type in the API has another name.
        Entry::Participant => ("Participant", entry.fields()),
        entry => (entry.name(), entry.fields()),
    });
    let others = [
        ("Output", record::fields(Kind::Output(OutputKind::Visit))),
        ("Programme", Programme::FIELDS),
        ("Role", Role::FIELDS),
        ("Step", Step::FIELDS),
    ];
    kinds.chain(entries).chain(others).collect()
}

/// Where a record stands in the sample file, as a JSON pointer.
fn pointer(name: &str, file: &Value) -> String {
    let of_kind = |kind: OutputKind| {
        let (_, field) = Kind::detail(kind);
        let mut outputs = file["outputs"].as_array().unwrap().iter();
        let at = outputs
            .position(|one| one["kind"][field].is_object())
            .unwrap();
        format!("/outputs/{at}/kind/{field}")
    };
    let of_plan = |list: &str| format!("{}/{list}/0", of_kind(OutputKind::ActionPlan));
    match name {
        "Project" => "/project".to_owned(),
        "Programme" => "/project/programme".to_owned(),
        "Role" => "/people/0/roles/0".to_owned(),
        "Member" => "/communities/0/members/0".to_owned(),
        "ForumMember" => "/forums/0/members/0".to_owned(),
        "ForumTopic" => "/forums/0/topics/0".to_owned(),
        "ForumMeeting" => "/forums/0/meetings/0".to_owned(),
        "Output" => "/outputs/0".to_owned(),
        "Step" => "/outputs/0/history/0".to_owned(),
        "Evidence" => "/outputs/0/evidence/0".to_owned(),
        "Participant" => "/outputs/0/participants/0".to_owned(),
        "AgendaItem" => "/outputs/0/agenda/0".to_owned(),
        "Learning" => "/outputs/0/learning/0".to_owned(),
        "Measure" => of_plan("measures"),
        "Stakeholder" => of_plan("stakeholders"),
        "Endorsement" => of_plan("endorsements"),
        "Training" => format!("{}/trainings/0", of_kind(OutputKind::Champion)),
        name => match name.parse::<Kind>().unwrap() {
            Kind::Output(kind) => of_kind(kind),
            kind => format!("/{}/0", kind.list()),
        },
    }
}

/// A case: fields of a record that are not as in the sample, and what is wrong with that.
#[derive(Clone, Debug)]
struct Case {
    record: &'static str,
    changed: Value,
    /// The field that is wrong, perhaps with a place in it; empty: the record as a whole.
    field: String,
    /// Empty: the value has another form.
    code: &'static str,
}

impl Case {
    /// What the file must say is wrong, or what it says instead.
    fn in_file(&self, sample: &Value) -> Result<(), String> {
        let mut file = sample.clone();
        let at = pointer(self.record, sample);
        let record = file.pointer_mut(&at).unwrap();
        for (field, value) in self.changed.as_object().unwrap() {
            record[field] = value.clone();
        }
        let problems = match file::read(&file.to_string()) {
            Err(problems) => problems,
            Ok(file) => file::check(&file),
        };
        let first = self.field.split('.').next().unwrap_or_default();
        let prefix = if first.is_empty() {
            at
        } else {
            format!("{at}/{first}")
        };
        let is_it = |problem: &record::Problem| {
            let place = problem.pointer();
            let code = problem.code.name();
            place.starts_with(&prefix)
                && match self.code {
                    "" => ["WRONG_TYPE", "NOT_A_DATE", "OUT_OF_RANGE"].contains(&code),
                    expected => code == expected,
                }
        };
        match problems.iter().any(is_it) {
            true => Ok(()),
            false => Err(format!(
                "the file says {:?}",
                problems.iter().map(ToString::to_string).collect::<Vec<_>>()
            )),
        }
    }
}

/// All cases, and what the table lacks.
fn cases() -> (Vec<Case>, Vec<String>) {
    let records = records();
    let sample = sample::file();
    let mut missing = Vec::new();
    let mut cases = Vec::new();
    let table: BTreeMap<_, BTreeMap<_, _>> = FIELDS
        .iter()
        .map(|(record, fields)| (*record, fields.iter().copied().collect()))
        .collect();
    let between = between();
    for (record, fields) in &records {
        for field in *fields {
            let name = field.camel();
            let Some(refuses) = table.get(record).and_then(|of| of.get(name.as_str())) else {
                missing.push(format!("{record}.{name}"));
                continue;
            };
            for wrong in refuses.values() {
                let value = match wrong.value {
                    Value::Null => {
                        let at = format!("{}/{name}/0", pointer(record, &sample));
                        Value::Array(vec![sample.pointer(&at).unwrap().clone(); 501])
                    }
                    value => value,
                };
                cases.push(Case {
                    record,
                    changed: json!({ (name.clone()): value }),
                    field: name.clone(),
                    code: wrong.code,
                });
            }
        }
    }
    for (record, changed, field, code) in between {
        cases.push(Case {
            record,
            changed,
            field: field.to_owned(),
            code,
        });
    }
    let known: BTreeSet<_> = records
        .iter()
        .flat_map(|(record, fields)| {
            fields
                .iter()
                .map(move |one| format!("{record}.{}", one.camel()))
        })
        .collect();
    for (record, fields) in FIELDS {
        for (field, _) in *fields {
            let name = format!("{record}.{field}");
            if !known.contains(&name) {
                missing.push(format!("{name} is no field"));
            }
        }
    }
    (cases, missing)
}

#[test]
fn every_field_of_every_record_has_values_that_it_refuses() {
    let (_, missing) = cases();
    assert_eq!(missing, [""; 0], "say in values.rs what each field refuses");
}

#[test]
fn the_sample_is_right_and_says_something_of_every_field() {
    let sample = sample::file();
    let read = file::read(&sample.to_string());
    assert_eq!(file::check(&read.unwrap()), []);
    for kind in OutputKind::iter() {
        assert!(
            sample
                .pointer(&pointer(Kind::Output(kind).name(), &sample))
                .is_some()
        );
    }
}

#[tokio::test]
async fn file_and_mutations_refuse_the_same_with_the_same_code() {
    let sample = sample::file();
    let api = Api::empty();
    let api = api.await;
    let read = file::read(&sample.to_string()).unwrap();
    api.store.import(&read, Import::default()).await.unwrap();
    let doors = Doors::of(&api, &sample).await;
    assert_eq!(
        doors.unknown(&records()),
        [""; 0],
        "each input field is one of its record"
    );
    let before = api.store.fresh("river").await.unwrap().revision();
    let mut wrong = Vec::new();
    let (mut by_file, mut by_mutation) = (0, 0);
    let mut fields = BTreeMap::<_, BTreeSet<String>>::new();
    let (cases, _) = cases();
    for case in &cases {
        by_file += 1;
        let field = format!("{}.{}", case.record, case.field.split('.').next().unwrap());
        let ways = fields.entry(field).or_default();
        if let Err(why) = case.in_file(&sample) {
            wrong.push(format!("{case:?}: {why}"));
        }
        for door in doors.of_record(case.record) {
            let Some((input, path)) = doors.input(door, case, &sample) else {
                continue;
            };
            by_mutation += 1;
            ways.insert(door.mutation.to_owned());
            if let Err(why) = ask(&api, door, input, &path, case.code).await {
                wrong.push(format!("{case:?} by {}: {why}", door.mutation));
            }
        }
    }
    let wrong: Vec<_> = wrong
        .iter()
        .map(|one| one.chars().take(400).collect::<String>())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(
        api.store.fresh("river").await.unwrap().revision(),
        before,
        "nothing was done"
    );
    let by_file_alone: Vec<_> = fields
        .iter()
        .filter(|(_, ways)| ways.is_empty())
        .map(|(field, _)| field.as_str())
        .collect();
    println!(
        "{} fields of {} records: {by_file} values by the file, {by_mutation} by mutations; by the file \
         alone: {}",
        fields.len(),
        records().len(),
        by_file_alone.join(", "),
    );
    assert!(by_mutation > 900, "{by_mutation}");
}

/// Asks for a mutation; it must be refused for this field with this code.
async fn ask(api: &Api, door: &Door, input: Value, path: &str, code: &str) -> Result<(), String> {
    let Door { mutation, .. } = door;
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ field code }} }} }}"
    );
    let operation = Operation::new(&document).with_variables(json!({ "input": input }));
    let answer = serde_json::to_value(api.ask(Viewer::Operator, operation).await).unwrap();
    if code.is_empty() {
        return match answer["errors"].is_array() {
            true => Ok(()),
            false => Err(answer.to_string()),
        };
    }
    let Some(errors) = answer["data"][mutation]["userErrors"].as_array() else {
        return Err(answer.to_string());
    };
    let is_it = |error: &&Value| {
        let field = error["field"].as_str().unwrap_or_default();
        let is_place = field == path || field.starts_with(&format!("{path}.")) || path.is_empty();
        is_place && error["code"] == code
    };
    match errors.iter().any(|error| is_it(&error)) {
        true => Ok(()),
        false => Err(format!("{errors:?} at {path}")),
    }
}
