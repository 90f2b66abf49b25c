//! What is wrong with a project file: all of it at once, by path.

mod outputs;
mod read;
mod records;
mod rule;

use std::{collections::HashSet, fmt};

use entities::*;
use sea_orm::Iterable;
use serde::Serialize;

use super::ProjectFile;
use crate::zone;

pub use read::read;
pub(crate) use rule::{anchor_of, faults};

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

/// Every problem of what a file says: keys, references, dates, rules.
#[must_use]
pub fn check(file: &ProjectFile) -> Vec<Problem> {
    check_beside(file, &[])
}

/// As [`check`], where records that could not be read may still be referred to: the list and key of
/// each.
fn check_beside(file: &ProjectFile, unread: &[(String, String)]) -> Vec<Problem> {
    let mut keys = Keys::of(file);
    for (list, key) in unread {
        keys.know(list, key);
    }
    told_once(check_with(file, keys))
}

/// The same, where these keys may be referred to.
fn check_with(file: &ProjectFile, keys: Keys<'_>) -> Vec<Problem> {
    let mut check = Check {
        problems: Vec::new(),
        keys,
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

/// The keys of the records that refer to a record of a list: what would be wrong with the file if it
/// were not there.
pub(crate) fn uses(file: &ProjectFile, list: &str, key: &str) -> Vec<String> {
    let mut keys = Keys::of(file);
    keys.forget(list, key);
    let wrong_anyway = check_with(file, Keys::of(file));
    let records = serde_json::json!(file);
    let mut uses = Vec::new();
    for problem in check_with(file, keys) {
        let mut parts = problem.path.split('/').skip(1);
        let place = match (parts.next(), parts.next()) {
            (Some("project"), _) => "/project".to_owned(),
            (Some(list), Some(at)) => format!("/{list}/{at}"),
            _ => continue,
        };
        let record = records.pointer(&place);
        let key =
            record.and_then(|record| record.get("key").or_else(|| record.get("organisation")));
        let key = key.and_then(serde_json::Value::as_str).unwrap_or(&place);
        if !wrong_anyway.contains(&problem) && !uses.iter().any(|known| known == key) {
            uses.push(key.to_owned());
        }
    }
    uses
}

/// A missing record is told where it is first missed, with how often.
fn told_once(problems: Vec<Problem>) -> Vec<Problem> {
    let mut told: Vec<(Problem, usize)> = Vec::new();
    for problem in problems {
        let same = told.iter_mut().find(|(first, _)| {
            first.wrong == problem.wrong && first.wrong.starts_with("there is no ")
        });
        match same {
            Some((_, more)) => *more += 1,
            None => told.push((problem, 0)),
        }
    }
    told.into_iter()
        .map(|(mut problem, more)| {
            if more > 0 {
                problem.wrong = format!("{} (nor for {more} more places)", problem.wrong);
            }
            problem
        })
        .collect()
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

impl<'a> Keys<'a> {
    /// The keys of the records of a list; outputs have theirs by kind.
    fn list(&mut self, list: &str) -> Option<&mut HashSet<&'a str>> {
        Some(match list {
            "sources" => &mut self.sources,
            "organisations" => &mut self.organisations,
            "partners" => &mut self.partners,
            "people" => &mut self.people,
            "communities" => &mut self.communities,
            "practices" => &mut self.practices,
            "pairings" => &mut self.pairings,
            "targets" => &mut self.targets,
            _ => return None,
        })
    }

    /// Takes a record of a list as one that may be referred to.
    fn know(&mut self, list: &str, key: &'a str) {
        if list == "outputs" {
            let of_any_kind = OutputKind::iter().map(|kind| (kind, key));
            self.outputs.extend(of_any_kind);
        } else if let Some(keys) = self.list(list) {
            keys.insert(key);
        }
    }

    /// Takes a record of a list as one that is not there.
    fn forget(&mut self, list: &str, key: &str) {
        if let Some(keys) = self.list(list) {
            keys.remove(key);
        }
    }
}

/// ISO 3166-1 alpha-2, and XK, which its users have taken for Kosovo.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ \
    BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE \
    DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR \
    GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP \
    KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT \
    MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW \
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG \
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM \
    ZW";

/// The most that an amount may be, in minor units, and a target's value in its unit: far beyond any
/// fund, and sums of thousands of them still fit a number.
pub(crate) const MOST_AMOUNT: i64 = 1_000_000_000_000_000;

/// Whether a text can name a record everywhere: in addresses, files and the command line.
pub(crate) fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= 100
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// Whether a text can be a language tag.
pub(crate) fn is_tag(tag: &str) -> bool {
    tag.split('-').enumerate().all(|(at, part)| {
        let length = if at == 0 { 2..=3 } else { 2..=8 };
        length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Whether a text is a country's code by ISO 3166-1.
pub(crate) fn is_country(code: &str) -> bool {
    COUNTRIES.split_whitespace().any(|known| known == code)
}

/// Whether a text is one address of mail.
pub(crate) fn is_address(address: &str) -> bool {
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == ',';
    address.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.contains('@')
            && !address.chars().any(is_odd)
    })
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
            let right = format!("name one that stands in this file as {what}");
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
        if !is_tag(tag) {
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
            if !is_key(key) {
                self.key(&path, key);
            } else if !seen.insert(key.to_owned()) {
                self.problem(
                    &path,
                    format!("{key:?} stands twice"),
                    "name each record once",
                );
            }
        }
    }

    fn key(&mut self, path: &str, key: &str) {
        let right = "write letters, digits, _ and - only, such as x_torino_leg1";
        self.problem(path, format!("{key:?} is no key"), right);
    }

    fn country(&mut self, path: &str, code: &str) {
        if is_country(code) {
            return;
        }
        let right = match code {
            "EL" => "write GR, as ISO 3166-1 has it",
            "UK" => "write GB, as ISO 3166-1 has it",
            _ => "write ISO 3166-1 alpha-2, such as IT",
        };
        self.problem(path, format!("{code:?} is no country"), right);
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

    fn amount(&mut self, path: &str, amount: Option<i64>) {
        let Some(amount) = amount else {
            return;
        };
        if amount < 0 {
            self.problem(path, format!("{amount} is negative"), "write 0 or more");
        } else if amount > MOST_AMOUNT {
            self.too_much(path, amount);
        }
    }

    fn too_much(&mut self, path: &str, number: i64) {
        let right = format!("write {MOST_AMOUNT} at most");
        self.problem(path, format!("{number} is too much"), right);
    }
}
