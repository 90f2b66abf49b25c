//! What is wrong with a project file: all of it at once, by path.

use std::{collections::HashSet, fmt, sync::LazyLock};

use chrono::NaiveTime;
use entities::*;
use jsonschema::Validator;
use serde::Serialize;
use serde_json::Value;

use super::{FORMAT, FileKind, FileOutput, ProjectFile};
use crate::zone;

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where, as a JSON pointer such as `/outputs/3/host`.
    pub path: String,
    pub wrong: String,
    /// What would be right.
    pub right: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() {
            "(the whole file)"
        } else {
            &self.path
        };
        write!(f, "{path}: {}; {}", self.wrong, self.right)
    }
}

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    jsonschema::options()
        .should_validate_formats(true)
        .build(&ProjectFile::schema())
        .expect("the schema is made from our own types")
});

/// Reads a project file and checks its shape; [`check`] looks at what it says.
///
/// # Errors
/// Every problem of its shape.
pub fn read(text: &str) -> Result<ProjectFile, Vec<Problem>> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        vec![Problem {
            path: String::new(),
            wrong: format!("it is not JSON ({error})"),
            right: "write one JSON object as docs/PROJECT_FILE.md describes it".into(),
        }]
    })?;
    let problems: Vec<Problem> = SCHEMA
        .iter_errors(&value)
        .map(|error| Problem {
            path: error.instance_path().to_string(),
            wrong: error.to_string(),
            right: format!("see docs/project.schema.json at {}", error.schema_path()),
        })
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    serde_json::from_value(value).map_err(|error| {
        vec![Problem {
            path: String::new(),
            wrong: error.to_string(),
            right: "write what docs/project.schema.json asks for".into(),
        }]
    })
}

/// Every problem of what a file says: keys, references, dates, rules.
#[must_use]
pub fn check(file: &ProjectFile) -> Vec<Problem> {
    let mut check = Check {
        problems: Vec::new(),
        keys: Keys::of(file),
    };
    check.format(file);
    check.project(file);
    check.people(file);
    check.communities(file);
    check.targets(file);
    check.lists(file);
    for (at, output) in file.outputs.iter().enumerate() {
        check.output(&format!("/outputs/{at}"), output);
    }
    check.rules(file);
    check.problems
}

/// The keys that records may refer to.
struct Keys<'a> {
    sources: HashSet<&'a str>,
    organisations: HashSet<&'a str>,
    partners: HashSet<&'a str>,
    people: HashSet<&'a str>,
    communities: HashSet<&'a str>,
    practices: HashSet<&'a str>,
    pairings: HashSet<&'a str>,
    targets: HashSet<&'a str>,
    outputs: HashSet<(OutputKind, &'a str)>,
}

impl<'a> Keys<'a> {
    fn of(file: &'a ProjectFile) -> Self {
        Self {
            sources: file.sources.iter().map(|row| row.key.as_str()).collect(),
            organisations: file
                .organisations
                .iter()
                .map(|row| row.key.as_str())
                .collect(),
            partners: file
                .partners
                .iter()
                .map(|row| row.organisation.as_str())
                .collect(),
            people: file.people.iter().map(|row| row.key.as_str()).collect(),
            communities: file
                .communities
                .iter()
                .map(|row| row.key.as_str())
                .collect(),
            practices: file.practices.iter().map(|row| row.key.as_str()).collect(),
            pairings: file.pairings.iter().map(|row| row.key.as_str()).collect(),
            targets: file.targets.iter().map(|row| row.key.as_str()).collect(),
            outputs: file
                .outputs
                .iter()
                .map(|row| (row.kind.output_kind(), row.key.as_str()))
                .collect(),
        }
    }
}

struct Check<'a> {
    problems: Vec<Problem>,
    keys: Keys<'a>,
}

impl Check<'_> {
    fn problem(&mut self, path: &str, wrong: impl Into<String>, right: impl Into<String>) {
        let problem = Problem {
            path: path.to_owned(),
            wrong: wrong.into(),
            right: right.into(),
        };
        self.problems.push(problem);
    }

    fn refers(&mut self, path: &str, what: &str, key: &str, known: fn(&Keys<'_>, &str) -> bool) {
        if !known(&self.keys, key) {
            let right = format!("name {what} that stands in this file");
            self.problem(path, format!("there is no {what} {key:?}"), right);
        }
    }

    fn partner(&mut self, path: &str, key: Option<&String>) {
        if let Some(key) = key {
            self.refers(path, "partner", key, |keys, key| {
                keys.partners.contains(key)
            });
        }
    }

    fn community(&mut self, path: &str, key: Option<&String>) {
        if let Some(key) = key {
            self.refers(path, "community", key, |keys, key| {
                keys.communities.contains(key)
            });
        }
    }

    fn person(&mut self, path: &str, key: Option<&String>) {
        if let Some(key) = key {
            self.refers(path, "person", key, |keys, key| keys.people.contains(key));
        }
    }

    fn citation(&mut self, path: &str, citation: &str) {
        let key = citation.split(':').next().unwrap_or_default();
        self.refers(path, "source", key, |keys, key| keys.sources.contains(key));
    }

    fn sources(&mut self, at: &str, sources: &Strings) {
        for (index, citation) in sources.0.iter().enumerate() {
            self.citation(&format!("{at}/sources/{index}"), citation);
        }
    }

    fn zone(&mut self, path: &str, name: &str) {
        if zone::zone(name).is_err() {
            let wrong = format!("{name:?} is no time zone");
            self.problem(path, wrong, "write an IANA name such as Europe/Rome");
        }
    }

    fn locale(&mut self, path: &str, tag: &str) {
        let is_tag = tag.split('-').enumerate().all(|(at, part)| {
            let length = if at == 0 { 2..=3 } else { 2..=8 };
            length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if !is_tag {
            self.problem(
                path,
                format!("{tag:?} is no language"),
                "write a tag such as en or it-IT",
            );
        }
    }

    fn unique<'k>(&mut self, list: &str, keys: impl Iterator<Item = &'k str>, field: &str) {
        let mut seen = HashSet::new();
        for (at, key) in keys.enumerate() {
            let path = format!("/{list}/{at}/{field}");
            if key.is_empty() {
                self.problem(&path, "it is empty", "give every record a key of its own");
            } else if !seen.insert(key.to_owned()) {
                self.problem(
                    &path,
                    format!("{key:?} stands twice"),
                    "name each record once",
                );
            }
        }
    }

    fn period(&mut self, at: &str, fields: [&str; 2], dates: [Option<PartialDate>; 2]) {
        if let [Some(first), Some(last)] = dates
            && last.last_day() < first.first_day()
        {
            let wrong = format!("{last} is before {first}");
            let right = format!("write a day on or after {}", fields[0]);
            self.problem(&format!("{at}/{}", fields[1]), wrong, right);
        }
    }

    fn currency(&mut self, path: &str, code: &str) {
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.problem(
                path,
                format!("{code:?} is no currency"),
                "write ISO 4217, such as EUR",
            );
        }
    }

    fn not_negative(&mut self, path: &str, number: Option<i64>) {
        if let Some(number) = number.filter(|number| *number < 0) {
            self.problem(path, format!("{number} is negative"), "write 0 or more");
        }
    }

    fn format(&mut self, file: &ProjectFile) {
        if file.format != FORMAT {
            let wrong = format!("the format is {:?}", file.format);
            self.problem("/format", wrong, format!("this version reads {FORMAT:?}"));
        }
    }

    fn project(&mut self, file: &ProjectFile) {
        let project = &file.project;
        if project.key.is_empty() {
            self.problem(
                "/project/key",
                "it is empty",
                "give the project a key of its own",
            );
        }
        if project.programme.key.is_empty() {
            self.problem(
                "/project/programme/key",
                "it is empty",
                "give the programme a key",
            );
        }
        if project.ends_on < project.starts_on {
            let wrong = format!("{} is before the start", project.ends_on);
            self.problem("/project/endsOn", wrong, "write a day after startsOn");
        }
        self.zone("/project/timeZone", &project.time_zone);
        self.locale("/project/defaultLocale", &project.default_locale);
        self.sources("/project", &project.sources);
        for (at, link) in project.websites.0.iter().enumerate() {
            if let Some(source) = &link.source {
                self.citation(&format!("/project/websites/{at}/source"), source);
            }
        }
        for (at, related) in project.related.0.iter().enumerate() {
            if let Some(source) = &related.source {
                self.citation(&format!("/project/related/{at}/source"), source);
            }
        }
        self.unique(
            "organisations",
            file.organisations.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.organisations.iter().enumerate() {
            let at = format!("/organisations/{at}");
            self.zone(&format!("{at}/timeZone"), &row.time_zone);
            self.locale(&format!("{at}/locale"), &row.locale);
            if let Some(code) = &row.country
                && (code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()))
            {
                let right = "write ISO 3166-1 alpha-2, such as IT (GR for Greece)";
                self.problem(
                    &format!("{at}/country"),
                    format!("{code:?} is no country"),
                    right,
                );
            }
        }
        let partners = file.partners.iter().map(|row| row.organisation.as_str());
        self.unique("partners", partners, "organisation");
        for (at, row) in file.partners.iter().enumerate() {
            let at = format!("/partners/{at}");
            let path = format!("{at}/organisation");
            self.refers(&path, "organisation", &row.organisation, |keys, key| {
                keys.organisations.contains(key)
            });
            self.partner(&format!("{at}/via"), row.via.as_ref());
            let dates = [row.joined_on, row.left_on].map(|day| day.map(PartialDate::from));
            self.period(&at, ["joinedOn", "leftOn"], dates);
            self.sources(&at, &row.sources);
        }
    }

    fn people(&mut self, file: &ProjectFile) {
        self.unique(
            "people",
            file.people.iter().map(|row| row.key.as_str()),
            "key",
        );
        let mut addresses = HashSet::new();
        for (at, row) in file.people.iter().enumerate() {
            let at = format!("/people/{at}");
            self.zone(&format!("{at}/timeZone"), &row.time_zone);
            self.locale(&format!("{at}/locale"), &row.locale);
            if !(0..24).contains(&row.digest_hour) {
                let wrong = format!("{} is no hour", row.digest_hour);
                self.problem(&format!("{at}/digestHour"), wrong, "write 0 to 23");
            }
            if let Some(address) = &row.address {
                let path = format!("{at}/address");
                let is_address = address.split_once('@').is_some_and(|(local, domain)| {
                    !local.is_empty()
                        && domain.contains('.')
                        && !domain.contains('@')
                        && !address
                            .chars()
                            .any(|c| c.is_whitespace() || c.is_control() || c == ',')
                });
                if !is_address {
                    let right =
                        "write one address such as exchanges@torino.example, or leave it out";
                    self.problem(&path, "it is no mail address", right);
                } else if !addresses.insert(address.to_lowercase()) {
                    let right = "give one person several roles, so that each mail comes once";
                    self.problem(&path, "another person has this address", right);
                }
            }
            if row.roles.is_empty() {
                let right = "give every person a role in the project";
                self.problem(&format!("{at}/roles"), "it is missing", right);
            }
            for (index, role) in row.roles.iter().enumerate() {
                let path = format!("{at}/roles/{index}/partner");
                self.partner(&path, role.partner.as_ref());
                if role.kind == RoleKind::Partner && role.partner.is_none() {
                    self.problem(&path, "it is missing", "name the partner that is acted for");
                }
            }
        }
    }

    fn communities(&mut self, file: &ProjectFile) {
        self.unique(
            "communities",
            file.communities.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.communities.iter().enumerate() {
            let at = format!("/communities/{at}");
            self.partner(&format!("{at}/expert"), row.expert.as_ref());
            self.sources(&at, &row.sources);
            let mut seen = HashSet::new();
            for (index, member) in row.members.iter().enumerate() {
                let path = format!("{at}/members/{index}/partner");
                self.partner(&path, Some(&member.partner));
                if !seen.insert(&member.partner) {
                    let wrong = format!("{:?} stands twice", member.partner);
                    self.problem(&path, wrong, "name each member once");
                }
            }
        }
        self.unique(
            "pairings",
            file.pairings.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.pairings.iter().enumerate() {
            let at = format!("/pairings/{at}");
            self.community(&format!("{at}/community"), row.community.as_ref());
            self.sources(&at, &row.sources);
            let mut seen = HashSet::new();
            for (side, partners) in [("mentor", &row.mentor), ("implementing", &row.implementing)] {
                for (index, partner) in partners.iter().enumerate() {
                    let path = format!("{at}/{side}/{index}");
                    self.partner(&path, Some(partner));
                    if !seen.insert(partner) {
                        let wrong = format!("{partner:?} stands twice in the pairing");
                        self.problem(&path, wrong, "name each partner on one side only");
                    }
                }
            }
        }
    }

    fn targets(&mut self, file: &ProjectFile) {
        self.unique(
            "targets",
            file.targets.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.targets.iter().enumerate() {
            let at = format!("/targets/{at}");
            self.not_negative(&format!("{at}/value"), Some(row.value));
            self.sources(&at, &row.sources);
            let path = format!("{at}/currency");
            match (&row.currency, row.unit) {
                (Some(code), Unit::Money) => self.currency(&path, code),
                (None, Unit::Money) => {
                    self.problem(&path, "it is missing", "money needs ISO 4217, such as EUR");
                }
                (Some(_), _) => self.problem(&path, "the unit is not money", "leave it out"),
                (None, _) => {}
            }
            let path = format!("{at}/rule/of");
            match (row.rule.measure, &row.rule.of) {
                (Measure::NotMeasured, Some(_)) => {
                    self.problem(&path, "nothing is measured", "leave it out");
                }
                (Measure::NotMeasured, None) => {}
                (_, None) => self.problem(&path, "it is missing", "say what is counted"),
                (_, Some(Counted::BudgetLine { partner, .. })) => {
                    self.partner(&format!("{path}/budgetLine/partner"), partner.as_ref());
                }
                _ => {}
            }
        }
    }

    fn lists(&mut self, file: &ProjectFile) {
        self.unique(
            "sources",
            file.sources.iter().map(|row| row.key.as_str()),
            "key",
        );
        self.unique(
            "practices",
            file.practices.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.practices.iter().enumerate() {
            self.partner(&format!("/practices/{at}/partner"), row.partner.as_ref());
            self.sources(&format!("/practices/{at}"), &row.sources);
        }
        self.unique(
            "forums",
            file.forums.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.forums.iter().enumerate() {
            let at = format!("/forums/{at}");
            self.partner(&format!("{at}/partner"), row.partner.as_ref());
            if let Some(practice) = &row.practice {
                self.refers(
                    &format!("{at}/practice"),
                    "practice",
                    practice,
                    |keys, key| keys.practices.contains(key),
                );
            }
            self.sources(&at, &row.sources);
        }
        self.unique(
            "budgetLines",
            file.budget_lines.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.budget_lines.iter().enumerate() {
            let at = format!("/budgetLines/{at}");
            self.partner(&format!("{at}/partner"), row.partner.as_ref());
            self.currency(&format!("{at}/currency"), &row.currency);
            self.not_negative(&format!("{at}/amountMinor"), row.amount_minor);
            self.sources(&at, &row.sources);
        }
        self.unique(
            "calls",
            file.calls.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.calls.iter().enumerate() {
            self.sources(&format!("/calls/{at}"), &row.sources);
        }
        self.unique(
            "publications",
            file.publications.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.publications.iter().enumerate() {
            self.community(
                &format!("/publications/{at}/community"),
                row.community.as_ref(),
            );
            self.sources(&format!("/publications/{at}"), &row.sources);
        }
        self.unique(
            "notes",
            file.notes.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.notes.iter().enumerate() {
            for (index, reading) in row.readings.0.iter().enumerate() {
                if let Some(source) = &reading.source {
                    self.citation(&format!("/notes/{at}/readings/{index}/source"), source);
                }
            }
            for (index, about) in row.about.0.iter().enumerate() {
                self.about(
                    &format!("/notes/{at}/about/{index}"),
                    &file.project.key,
                    about,
                );
            }
        }
    }

    fn about(&mut self, path: &str, project: &str, about: &str) {
        let (kind, key) = about.split_once(':').unwrap_or((about, ""));
        let keys = &self.keys;
        let is_known = match kind {
            "project" => key == project,
            "partner" => keys.partners.contains(key),
            "community" => keys.communities.contains(key),
            "pairing" => keys.pairings.contains(key),
            "practice" => keys.practices.contains(key),
            "target" => keys.targets.contains(key),
            "output" => keys.outputs.iter().any(|(_, output)| *output == key),
            _ => false,
        };
        if !is_known {
            let right = "write project, partner, community, pairing, practice, target or output, \
                         a colon and the key of one in this file";
            self.problem(path, format!("there is no {about:?}"), right);
        }
    }

    fn output(&mut self, at: &str, output: &FileOutput) {
        self.community(&format!("{at}/community"), output.community.as_ref());
        self.partner(&format!("{at}/lead"), output.lead.as_ref());
        self.partner(&format!("{at}/host"), output.host.as_ref());
        self.sources(at, &output.sources);
        let planned = [output.planned_from, output.planned_to];
        self.period(at, ["plannedFrom", "plannedTo"], planned);
        self.period(at, ["starts", "ends"], [output.starts, output.ends]);
        if output.days.is_some_and(|days| days < 1) {
            self.problem(
                &format!("{at}/days"),
                "it is less than 1",
                "write how many days it lasts",
            );
        }
        self.history(at, output);
        for (index, row) in output.evidence.iter().enumerate() {
            let at = format!("{at}/evidence/{index}");
            let (field, is_there) = match row.kind {
                EvidenceKind::Source => ("source", row.source.is_some()),
                EvidenceKind::Url => ("url", row.url.is_some()),
                EvidenceKind::File => ("sha256", row.sha256.is_some()),
            };
            if !is_there {
                let right = "evidence needs what its kind names";
                self.problem(&format!("{at}/{field}"), "it is missing", right);
            }
            if let Some(source) = &row.source {
                self.citation(&format!("{at}/source"), source);
            }
        }
        for (index, row) in output.participants.iter().enumerate() {
            let at = format!("{at}/participants/{index}");
            self.partner(&format!("{at}/partner"), row.partner.as_ref());
            self.person(&format!("{at}/person"), row.person.as_ref());
            self.sources(&at, &row.sources);
            if row.partner.is_none() && row.person.is_none() && row.who.is_none() {
                self.problem(&at, "nobody is named", "write partner, person or who");
            }
        }
        for (index, row) in output.agenda.iter().enumerate() {
            let at = format!("{at}/agenda/{index}");
            self.partner(&format!("{at}/presenter"), row.presenter.as_ref());
            self.sources(&at, &row.sources);
        }
        for (index, row) in output.learning.iter().enumerate() {
            let at = format!("{at}/learning/{index}");
            self.partner(&format!("{at}/partner"), row.partner.as_ref());
            self.sources(&at, &row.sources);
        }
        self.kind(at, &output.kind);
    }

    /// The order of steps that an output can take; every output starts as planned.
    fn history(&mut self, at: &str, output: &FileOutput) {
        let mut state = Verb::Planned;
        for (index, step) in output.history.iter().enumerate() {
            let path = format!("{at}/history/{index}/verb");
            let allowed = match step.verb {
                Verb::Planned => index == 0,
                Verb::Confirmed | Verb::Rescheduled => {
                    !matches!(state, Verb::Reported | Verb::Verified | Verb::Cancelled)
                }
                Verb::Reported => {
                    !matches!(state, Verb::Reported | Verb::Verified | Verb::Cancelled)
                }
                Verb::Verified | Verb::Returned => state == Verb::Reported,
                Verb::Cancelled => !matches!(state, Verb::Verified | Verb::Cancelled),
                Verb::Reopened => {
                    matches!(state, Verb::Reported | Verb::Verified | Verb::Cancelled)
                }
            };
            if !allowed {
                let wrong = format!("{:?} cannot follow {state:?}", step.verb);
                let right = "planned, confirmed, reported, verified is the way; returned and \
                             reopened lead back, cancelled leads out";
                self.problem(&path, wrong, right);
            }
            if step.verb != Verb::Rescheduled {
                state = step.verb;
            }
        }
    }

    fn kind(&mut self, at: &str, kind: &FileKind) {
        match kind {
            FileKind::StaffExchange { pairing, leg, .. } => {
                let path = format!("{at}/kind/staffExchange");
                self.refers(
                    &format!("{path}/pairing"),
                    "pairing",
                    pairing,
                    |keys, key| keys.pairings.contains(key),
                );
                if leg.is_some_and(|leg| leg != 1 && leg != 2) {
                    let right = "write 1 (in the mentor's city) or 2, or leave it out";
                    self.problem(&format!("{path}/leg"), "there are two legs", right);
                }
            }
            FileKind::Visit {
                organiser,
                practices,
                ..
            } => {
                let path = format!("{at}/kind/visit");
                self.partner(&format!("{path}/organiser"), organiser.as_ref());
                for (index, practice) in practices.iter().enumerate() {
                    let path = format!("{path}/practices/{index}");
                    self.refers(&path, "practice", practice, |keys, key| {
                        keys.practices.contains(key)
                    });
                }
            }
            FileKind::ActionPlan { endorsements, .. } => {
                for (index, row) in endorsements.iter().enumerate() {
                    self.sources(
                        &format!("{at}/kind/actionPlan/endorsements/{index}"),
                        &row.sources,
                    );
                }
            }
            FileKind::Policy {
                plan,
                grant_minor,
                currency,
                ..
            } => {
                let path = format!("{at}/kind/policy");
                self.currency(&format!("{path}/currency"), currency);
                self.not_negative(&format!("{path}/grantMinor"), *grant_minor);
                if let Some(plan) = plan {
                    self.refers(&format!("{path}/plan"), "action plan", plan, |keys, key| {
                        keys.outputs.contains(&(OutputKind::ActionPlan, key))
                    });
                }
            }
            FileKind::Champion {
                person, trainings, ..
            } => {
                let path = format!("{at}/kind/champion");
                self.person(&format!("{path}/person"), person.as_ref());
                for (index, row) in trainings.iter().enumerate() {
                    if let Some(workshop) = &row.workshop {
                        let path = format!("{path}/trainings/{index}/workshop");
                        self.refers(&path, "champion workshop", workshop, |keys, key| {
                            keys.outputs.contains(&(OutputKind::ChampionWorkshop, key))
                        });
                    }
                }
            }
            _ => {}
        }
    }

    fn rules(&mut self, file: &ProjectFile) {
        let outputs = &file.outputs;
        let mut seen = HashSet::new();
        for (at, row) in outputs.iter().enumerate() {
            let path = format!("/outputs/{at}/key");
            if row.key.is_empty() {
                self.problem(&path, "it is empty", "give every output a key of its own");
            } else if !seen.insert((row.kind.output_kind(), &row.key)) {
                let wrong = format!("{:?} stands twice in its kind", row.key);
                self.problem(&path, wrong, "name each output once");
            }
        }
        self.legs(outputs);
        self.unique(
            "reminderRules",
            file.reminder_rules.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.reminder_rules.iter().enumerate() {
            let at = format!("/reminderRules/{at}");
            if NaiveTime::parse_from_str(&row.at_time, "%H:%M").is_err() {
                let wrong = format!("{:?} is no time", row.at_time);
                self.problem(&format!("{at}/atTime"), wrong, "write HH:MM, such as 09:00");
            }
            if row.useful_hours < 1 {
                let right = "write for how many hours it may be late";
                self.problem(&format!("{at}/usefulHours"), "it is less than 1", right);
            }
            match row.anchor {
                Anchor::Week if !row.weekday.is_some_and(|day| (1..=7).contains(&day)) => {
                    let right = "weekly mail needs 1 (Monday) to 7";
                    self.problem(&format!("{at}/weekday"), "it is missing", right);
                }
                Anchor::Month if !row.month_day.is_some_and(|day| (1..=28).contains(&day)) => {
                    let right = "monthly mail needs 1 to 28";
                    self.problem(&format!("{at}/monthDay"), "it is missing", right);
                }
                Anchor::Week | Anchor::Month => {}
                _ if row.offsets.0.is_empty() => {
                    let right = "write the days before at which it goes out, such as [30, 7, 1]";
                    self.problem(&format!("{at}/offsets"), "it is missing", right);
                }
                _ => {}
            }
        }
    }

    fn legs(&mut self, outputs: &[FileOutput]) {
        let mut seen = HashSet::new();
        for (at, row) in outputs.iter().enumerate() {
            if let FileKind::StaffExchange {
                pairing,
                leg: Some(leg),
                ..
            } = &row.kind
                && !seen.insert((pairing, leg))
            {
                let wrong = format!("leg {leg} of {pairing:?} stands twice");
                let path = format!("/outputs/{at}/kind/staffExchange/leg");
                self.problem(&path, wrong, "a pairing has one leg 1 and one leg 2");
            }
        }
    }
}
