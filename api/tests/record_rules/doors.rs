//! The mutations that take the fields of a record, and how their inputs spell them.

use std::collections::BTreeMap;

use api::Operation;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    project::Project,
    record::{self, Field},
    viewer::Viewer,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Case, pointer};
use crate::support::Api;

/// What inputs say beside the fields of a record.
const OWN: [&str; 11] = [
    "id",
    "project",
    "output",
    "forum",
    "proof",
    "reason",
    // The last day on which a proposal may be decided.
    "until",
    "newOrganisation",
    "unsubscribed",
    "upload",
    // The facts of a record, with their days.
    "datedFacts",
];

/// Whether a field of `editOutput` is that of a kind of output.
fn is_detail(kind: &str, field: &str) -> bool {
    kind.eq_ignore_ascii_case(field)
}

/// A mutation that takes fields of a record.
#[derive(Clone, Debug)]
pub struct Door {
    pub record: &'static str,
    pub mutation: &'static str,
    /// Where in the input the fields stand: the names on the way, `0` for an entry of a list.
    at: &'static str,
    /// What the input needs beside them.
    base: Value,
    /// Whether the other fields are given as in the sample: a record is made.
    makes: bool,
}

/// All such mutations, over one project.
pub struct Doors {
    doors: Vec<Door>,
    /// The fields of each input type, with the names of their types.
    inputs: BTreeMap<String, BTreeMap<String, String>>,
}

/// Fields that inputs call otherwise than the project file.
const RENAMED: [(&str, &str); 1] = [("offsets", "daysBefore")];

fn id(kind: &str, project: &Project, row: impl Into<Uuid>) -> Value {
    let text = format!("{kind}:{}:{}", project.id(), row.into());
    json!(BASE64_URL_SAFE_NO_PAD.encode(text))
}

impl Doors {
    pub async fn of(api: &Api, sample: &Value) -> Self {
        let project = api.store.fresh("river").await.unwrap();
        Self {
            doors: doors(&project, sample),
            inputs: inputs(api).await,
        }
    }

    pub fn of_record(&self, record: &str) -> impl Iterator<Item = &Door> {
        self.doors.iter().filter(move |door| door.record == record)
    }

    /// Input fields that are no fields of the record that the mutation takes: they would be read and
    /// forgotten.
    pub fn unknown(&self, records: &BTreeMap<&'static str, &'static [Field]>) -> Vec<String> {
        let mut unknown = Vec::new();
        for door in &self.doors {
            let known: Vec<_> = records[door.record].iter().map(Field::camel).collect();
            for field in self.takes(door).keys() {
                let renamed = RENAMED.iter().find(|(_, input)| input == field);
                let name = renamed.map_or(field.as_str(), |(record, _)| record);
                let is_own = OWN.contains(&name)
                    || name.ends_with("Version")
                    || records.keys().any(|kind| is_detail(kind, name))
                    || door.base.get(name).is_some();
                if !is_own && !known.iter().any(|one| one == name) {
                    unknown.push(format!("{}.{name}", door.mutation));
                }
            }
        }
        unknown.sort_unstable();
        unknown.dedup();
        unknown
    }

    /// The fields that an input takes where those of the record stand.
    fn takes(&self, door: &Door) -> &BTreeMap<String, String> {
        let head = format!(
            "{}{}",
            door.mutation[..1].to_uppercase(),
            &door.mutation[1..]
        );
        let mut of = format!("{head}Input");
        for step in door
            .at
            .split('.')
            .filter(|step| !step.is_empty() && *step != "0")
        {
            of.clone_from(&self.inputs[&of][step]);
        }
        &self.inputs[&of]
    }

    /// The input of a case, and the path of the field that is wrong in it; `None` where the mutation
    /// does not take all the fields that the case changes.
    pub fn input(&self, door: &Door, case: &Case, sample: &Value) -> Option<(Value, String)> {
        let takes = self.takes(door);
        let renamed = |field: &str| {
            let found = RENAMED.iter().find(|(record, _)| *record == field);
            found.map_or(field, |(_, input)| input).to_owned()
        };
        let changed = case.changed.as_object().unwrap();
        let takes_it = |(field, value): (&String, &Value)| {
            let of = takes.get(&renamed(field));
            // A proof is never given empty, and its source is an input of its own.
            let is_proof = door.at.starts_with("proof") && value.is_null();
            of.is_some_and(|of| !(is_proof || value.is_string() && of.ends_with("Input")))
        };
        if !changed.iter().all(takes_it) {
            return None;
        }
        let mut fields = Map::new();
        if door.makes {
            let record = sample.pointer(&pointer(case.record, sample)).unwrap();
            for (field, value) in record.as_object().unwrap() {
                if takes.contains_key(&renamed(field)) {
                    fields.insert(renamed(field), spelled(field, value));
                }
            }
        }
        for (field, value) in changed {
            fields.insert(renamed(field), spelled(field, value));
        }
        let mut input = door.base.clone();
        put(&mut input, door.at, fields);
        let field = renamed(case.field.split('.').next().unwrap());
        let path = [door.at, field.as_str()];
        let path: Vec<_> = path.into_iter().filter(|part| !part.is_empty()).collect();
        Some((input, path.join(".")))
    }
}

/// Puts fields in their place in an input.
fn put(input: &mut Value, at: &str, fields: Map<String, Value>) {
    match at.split_once('.').unwrap_or((at, "")) {
        ("", _) => {
            for (name, value) in fields {
                input[name] = value;
            }
        }
        ("0", rest) => {
            if !input.is_array() {
                *input = json!([{}]);
            }
            put(&mut input[0], rest, fields);
        }
        (step, rest) => put(&mut input[step], rest, fields),
    }
}

/// A value of a project file as inputs spell it.
fn spelled(field: &str, value: &Value) -> Value {
    let citation = |text: &str| match text.split_once(':') {
        Some((source, locator)) => json!({ "source": source, "locator": locator }),
        None => json!({ "source": text }),
    };
    let entries = |value: &Value, each: &dyn Fn(&Value) -> Value| match value.as_array() {
        Some(all) => all.iter().map(each).collect(),
        None => value.clone(),
    };
    match field {
        "sources" | "statedSources" => entries(value, &|one| citation(one.as_str().unwrap())),
        "title" | "name" | "label" | "summary" | "text" if value.is_object() => {
            let texts = value.as_object().unwrap().iter();
            texts
                .map(|(locale, text)| json!({ "locale": locale, "text": text }))
                .collect()
        }
        "translations" => {
            let fields = value.as_object().unwrap().iter();
            let texts = fields.flat_map(|(field, texts)| {
                let texts = texts.as_object().unwrap().iter();
                texts.map(move |(locale, text)| {
                    let form = if text.is_array() { "texts" } else { "text" };
                    json!({ "field": field, "locale": locale, (form): text })
                })
            });
            texts.collect()
        }
        "programme" => {
            let fields = value.as_object().unwrap().iter();
            fields
                .map(|(name, value)| (name.clone(), spelled(name, value)))
                .collect::<Map<_, _>>()
                .into()
        }
        "websites" => entries(value, &|one| one["url"].clone()),
        "stated" | "readings" => entries(value, &|one| {
            let mut one = one.clone();
            let source = one.as_object_mut().unwrap().remove("source");
            if let Some(source) = source {
                one["citation"] = citation(source.as_str().unwrap());
            }
            one
        }),
        // Entries of lists, whose fields have names of their own.
        "participants" | "agenda" | "learning" | "members" | "topics" | "meetings" | "measures"
        | "stakeholders" | "trainings" | "related" => entries(value, &|one| {
            let fields = one.as_object().unwrap().iter();
            let fields = fields.filter(|(name, _)| *name != "sources");
            fields
                .map(|(name, value)| (name.clone(), spelled(name, value)))
                .collect::<Map<_, _>>()
                .into()
        }),
        _ => value.clone(),
    }
}

/// The fields of all input types.
async fn inputs(api: &Api) -> BTreeMap<String, BTreeMap<String, String>> {
    let query = "{ __schema { types { name inputFields { name type { ...T } } } } }
        fragment T on __Type { name ofType { name ofType { name ofType { name } } } }";
    let answer = api.ask(Viewer::Operator, Operation::new(query)).await;
    let answer = serde_json::to_value(answer).unwrap();
    fn named(of: &Value) -> String {
        match of["name"].as_str() {
            Some(name) => name.to_owned(),
            None => named(&of["ofType"]),
        }
    }
    let types = answer["data"]["__schema"]["types"].as_array().unwrap();
    types
        .iter()
        .filter_map(|one| {
            let fields = one["inputFields"].as_array()?.iter();
            let name = |field: &Value| field["name"].as_str().unwrap().to_owned();
            let fields = fields.map(|field| (name(field), named(&field["type"])));
            Some((one["name"].as_str()?.to_owned(), fields.collect()))
        })
        .collect()
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn doors(project: &Project, sample: &Value) -> Vec<Door> {
    let mut doors = Vec::new();
    let mut add = |record, mutation, at, base, makes| {
        doors.push(Door {
            record,
            mutation,
            at,
            base,
            makes,
        });
    };
    let river = || json!({ "project": "river" });
    let by_id = |kind: &str, row: Uuid| json!({ "id": id(kind, project, row) });
    macro_rules! listed {
        ($($record:literal: $table:ident, $create:literal, $edit:literal;)+) => {$(
            add($record, $create, "", river(), true);
            add($record, $edit, "", by_id($record, project.$table[0].id.into()), false);
        )+};
    }
    listed! {
        "Source": sources, "createSource", "editSource";
        "Practice": practices, "createPractice", "editPractice";
        "Forum": forums, "createForum", "editForum";
        "Note": notes, "createNote", "editNote";
        "Publication": publications, "createPublication", "editPublication";
        "Call": open_calls, "createCall", "editCall";
        "BudgetLine": budget_lines, "createBudgetLine", "editBudgetLine";
        "ReminderRule": reminder_rules, "createReminderRule", "editReminderRule";
        "Community": communities, "createCommunity", "editCommunity";
        "Pairing": pairings, "createPairing", "editPairing";
    }
    let words = json!([{ "locale": "en", "text": "By hand" }]);
    let base = json!({ "project": "river", "key": "new", "label": words, "unit": "VISIT", "value": 1,
        "rule": { "measure": "NOT_MEASURED", "text": words } });
    add("Target", "createTarget", "", base, false);
    add(
        "Target",
        "editTarget",
        "",
        by_id("Target", project.targets[0].id.into()),
        false,
    );
    let first = project
        .partners
        .iter()
        .find(|row| row.joined_on.is_some())
        .unwrap();
    add(
        "Partner",
        "editPartner",
        "",
        by_id("Partner", first.id.into()),
        false,
    );
    add(
        "Partner",
        "addPartner",
        "",
        json!({ "project": "river", "kind": "CORE_CITY" }),
        false,
    );
    let torino = by_id("Organisation", first.organisation_id.into());
    add("Organisation", "editOrganisation", "", torino, false);
    let join = json!({ "project": "river", "kind": "CORE_CITY" });
    add("Organisation", "addPartner", "newOrganisation", join, true);
    add(
        "Project",
        "editProject",
        "",
        by_id("Project", project.id().into()),
        false,
    );
    add("Project", "createProject", "", json!({}), true);
    let create = sample["project"].as_object().unwrap().iter();
    let create = create
        .filter(|(name, _)| !["websites", "related"].contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), spelled(name, value)))
        .collect::<Map<_, _>>();
    add(
        "Programme",
        "createProject",
        "programme",
        create.into(),
        false,
    );
    add(
        "Person",
        "addPerson",
        "",
        json!({ "project": "river", "roles": [] }),
        false,
    );
    let person = id("Person", project, project.people[0].id);
    add(
        "Role",
        "grantRole",
        "role",
        json!({ "person": person }),
        true,
    );
    add(
        "Role",
        "addPerson",
        "roles.0",
        json!({ "project": "river", "name": "New" }),
        true,
    );
    add(
        "Role",
        "editRole",
        "",
        json!({ "person": person, "kind": "PARTNER", "partner": "torino" }),
        false,
    );
    let community = id("Community", project, project.communities[0].id);
    add(
        "Member",
        "addMember",
        "",
        json!({ "community": community }),
        true,
    );
    add(
        "Member",
        "editMember",
        "",
        json!({ "community": community, "partner": "torino" }),
        false,
    );

    // Outputs, and what each kind alone says.
    let output = |key: &str| {
        let row = project.outputs.iter().find(|row| row.key == key).unwrap();
        let kind = record::Kind::Output(row.kind).name();
        (id(kind, project, row.id), row.id)
    };
    let (visit, visit_id) = output("visit");
    add("Output", "editOutput", "", json!({ "id": visit }), false);
    add("Output", "scheduleVisit", "output", river(), false);
    for (record, key, plan) in [
        ("StaffExchange", "staffExchange", "scheduleStaffExchange"),
        ("Visit", "visit", "scheduleVisit"),
        ("Event", "event", "scheduleEvent"),
        ("ActionPlan", "actionPlan", "planActionPlan"),
        ("Policy", "policy", "planPolicy"),
        ("Champion", "champion", "selectChampion"),
        (
            "ChampionWorkshop",
            "championWorkshop",
            "scheduleChampionWorkshop",
        ),
        ("Guide", "guide", "planGuide"),
        ("Video", "video", "planVideo"),
    ] {
        add(
            record,
            "editOutput",
            key,
            json!({ "id": output(key).0 }),
            false,
        );
        add(record, plan, "", river(), true);
    }

    // Entries of lists, by themselves and with their whole list.
    macro_rules! entries {
        ($($record:ident as $name:literal: $table:ident, $add:literal, $edit:literal, $parent:literal;)+) => {$(
            let row = &project.$table[0];
            let parent = project.$table[0].clone();
            let parent = domain::record::rows::Row::parent(&parent);
            let owner = match $parent {
                "forum" => id("Forum", project, parent),
                _ => {
                    let row = project.outputs.iter().find(|row| row.id.0 == parent).unwrap();
                    output(&row.key).0
                }
            };
            add(stringify!($record), $add, "", json!({ $parent: owner }), true);
            add(stringify!($record), $edit, "", by_id($name, row.id.into()), false);
        )+};
    }
    entries! {
        Participant as "Participation": participations, "addParticipant", "editParticipant", "output";
        AgendaItem as "AgendaItem": agenda_items, "addAgendaItem", "editAgendaItem", "output";
        Learning as "Learning": learnings, "addLearning", "editLearning", "output";
        Measure as "Measure": measures, "addMeasure", "editMeasure", "output";
        Stakeholder as "Stakeholder": stakeholders, "addStakeholder", "editStakeholder", "output";
        Training as "Training": trainings, "addTraining", "editTraining", "output";
        ForumMember as "ForumMember": forum_members, "addForumMember", "editForumMember", "forum";
        ForumTopic as "ForumTopic": forum_topics, "addForumTopic", "editForumTopic", "forum";
        ForumMeeting as "ForumMeeting": forum_meetings, "addForumMeeting", "editForumMeeting", "forum";
    }
    let version = |list: &str, version: String| json!({ "id": visit, list: version });
    macro_rules! whole {
        ($($record:ident: $list:literal, $version:literal, $at:literal;)+) => {$(
            let base = version($version, project.list_version::<record::$record>(visit_id));
            add(stringify!($record), "editOutput", $at, base, true);
            add(stringify!($record), "scheduleVisit", concat!("output.", $at), river(), true);
        )+};
    }
    whole! {
        Participant: "participants", "participantsVersion", "participants.0";
        AgendaItem: "agenda", "agendaVersion", "agenda.0";
        Learning: "learning", "learningVersion", "learning.0";
    }
    let (plan, plan_id) = output("actionPlan");
    let measures = project.list_version::<record::Measure>(plan_id);
    let base = json!({ "id": plan, "measuresVersion": measures });
    add("Measure", "editOutput", "actionPlan.measures.0", base, true);
    let stakeholders = project.list_version::<record::Stakeholder>(plan_id);
    let base = json!({ "id": plan, "stakeholdersVersion": stakeholders });
    add(
        "Stakeholder",
        "editOutput",
        "actionPlan.stakeholders.0",
        base,
        true,
    );
    let plan_new = json!({ "project": "river", "kind": "ACTION_PLAN" });
    add(
        "Measure",
        "planActionPlan",
        "measures.0",
        plan_new.clone(),
        true,
    );
    add(
        "Stakeholder",
        "planActionPlan",
        "stakeholders.0",
        plan_new,
        true,
    );
    add(
        "Endorsement",
        "endorseActionPlan",
        "",
        json!({ "id": plan }),
        true,
    );
    let endorsement = by_id("Endorsement", project.endorsements[0].id.into());
    add("Endorsement", "editEndorsement", "", endorsement, false);
    let (champion, champion_id) = output("champion");
    let trainings = project.list_version::<record::Training>(champion_id);
    let base = json!({ "id": champion, "trainingsVersion": trainings });
    add("Training", "editOutput", "champion.trainings.0", base, true);
    add("Training", "selectChampion", "trainings.0", river(), true);
    let forum = &project.forums[0];
    let forum_id = id("Forum", project, forum.id);
    let members = project.list_version::<record::ForumMember>(forum.id);
    let base = json!({ "id": forum_id, "membersVersion": members });
    add("ForumMember", "editForum", "members.0", base, true);
    let topics = project.list_version::<record::ForumTopic>(forum.id);
    let base = json!({ "id": forum_id, "topicsVersion": topics });
    add("ForumTopic", "editForum", "topics.0", base, true);
    let meetings = project.list_version::<record::ForumMeeting>(forum.id);
    let base = json!({ "id": forum_id, "meetingsVersion": meetings });
    add("ForumMeeting", "editForum", "meetings.0", base, true);
    // Evidence is given as one of several proofs.
    let url = json!({ "output": visit, "proof": { "url": "https://river.example" } });
    add("Evidence", "addEvidence", "", url, false);
    add(
        "Evidence",
        "addEvidence",
        "proof",
        json!({ "output": visit }),
        false,
    );
    let source = json!({ "output": visit, "proof": { "source": { "source": "s1" } } });
    add("Evidence", "addEvidence", "proof.source", source, false);
    doors
}
