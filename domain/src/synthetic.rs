//! Made-up projects in the shape of CONNECTION, to measure how the product grows.
//!
//! Nothing in them is a fact: keys, names, titles and texts say that they are synthetic, addresses
//! are at reserved domains, and no mail is ever planned for them.

use std::collections::{BTreeMap, HashMap, HashSet};

use entities::*;

use crate::{
    data,
    file::{self, ProjectFile},
    record::{Detail, Output, Pairing, Source, output as kinds},
};

/// What the keys of all synthetic projects, organisations and people begin with.
pub const PREFIX: &str = "synthetic-";
/// How many projects share their organisations.
const TOGETHER: usize = 10;
const SOURCE: &str = "s1";

/// The project file without the translations of its records, which are facts.
fn in_one_language(text: &str) -> String {
    fn strip(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(fields) => {
                fields.remove("translations");
                fields.values_mut().for_each(strip);
            }
            serde_json::Value::Array(entries) => entries.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::from_str(text).expect("the embedded data set is JSON");
    strip(&mut value);
    value.to_string()
}

/// Makes projects: the same for the same seed and scale.
#[derive(Debug)]
pub struct Maker {
    template: ProjectFile,
    /// The place of each organisation in the template.
    places: HashMap<String, usize>,
    seed: u64,
    scale: f64,
}

impl Maker {
    /// `scale` is how many times CONNECTION's 62 outputs a project has; below 1 it has fewer of
    /// them, and fewer people.
    ///
    /// # Panics
    /// Never: the embedded data set is right, as its own tests prove.
    #[must_use]
    pub fn new(seed: u64, scale: f64) -> Self {
        let template = in_one_language(data::CONNECTION);
        let template = file::read(&template).expect("the embedded data set is right");
        let keys = template.organisations.iter().map(|row| row.key.clone());
        let places = keys.enumerate().map(|(at, key)| (key, at)).collect();
        Self {
            template,
            places,
            seed,
            scale,
        }
    }

    /// The project of this number, from 1 on.
    #[must_use]
    pub fn project(&self, number: usize) -> ProjectFile {
        let mut file = self.template.clone();
        let generator = Generator {
            maker: self,
            number,
        };
        generator.project(&mut file);
        generator.organisations(&mut file);
        generator.people(&mut file);
        generator.frame(&mut file);
        let outputs = generator.outputs(&file.outputs);
        file.pairings = generator.pairings(&file.pairings, &outputs);
        file.outputs = outputs;
        file.sources = vec![Source {
            key: SOURCE.to_owned(),
            title: "Synthetic source".to_owned(),
            publisher: None,
            address: None,
            translations: Translations::default(),
        }];
        file.practices.clear();
        file.forums.clear();
        file.calls.clear();
        file.publications.clear();
        file.notes.clear();
        file
    }

    fn count(&self, of: usize) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a count of records is far from the bounds"
        )]
        let count = (of as f64 * self.scale).round() as usize;
        count.max(1)
    }
}

/// The key of the project of this number.
#[must_use]
pub fn key(number: usize) -> String {
    format!("{PREFIX}{number:04}")
}

/// One project that is being generator.
struct Generator<'a> {
    maker: &'a Maker,
    number: usize,
}

impl Generator<'_> {
    /// The organisation that stands for one of the template.
    fn organisation(&self, key: &str) -> String {
        let group = (self.number - 1) / TOGETHER + 1;
        let at = self.maker.places.get(key).map_or(0, |at| at + 1);
        format!("{PREFIX}{group:04}-{at:02}")
    }

    fn some_organisation(&self, key: &mut Option<String>) {
        if let Some(key) = key {
            *key = self.organisation(key);
        }
    }

    /// A number that only the seed, the project and the place decide (splitmix64).
    fn random(&self, place: usize) -> u64 {
        let mut state = self.maker.seed
            ^ (self.number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ (place as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^ (state >> 31)
    }

    fn project(&self, file: &mut ProjectFile) {
        let project = &mut file.project;
        project.key = key(self.number);
        project.acronym = format!("SYNTHETIC {}", self.number);
        project.name = said("Synthetic project", "Progetto sintetico", self.number);
        project.summary = both(
            "Synthetic: made up to measure with, nothing in it is a fact.",
            "Sintetico: inventato per misurare, nulla vi è un fatto.",
        );
        project.programme.key = format!("{PREFIX}fund");
        project.programme.name = both("Synthetic fund", "Fondo sintetico");
        project.grant_agreement = None;
        project.call_reference = None;
        project.websites = Links::default();
        project.related = RelatedProjects::default();
        project.sources = cited();
    }

    fn organisations(&self, file: &mut ProjectFile) {
        for (at, row) in file.organisations.iter_mut().enumerate() {
            row.key = self.organisation(&row.key);
            row.name = format!("Synthetic organisation {}", at + 1);
            row.native_name = None;
            row.latitude = None;
            row.longitude = None;
            row.geonames_id = None;
            row.wikidata_id = None;
        }
        for row in &mut file.partners {
            row.organisation = self.organisation(&row.organisation);
            self.some_organisation(&mut row.via);
            row.acting_body = None;
            row.note = None;
            row.basis = Basis::default();
            row.sources = cited();
        }
    }

    fn people(&self, file: &mut ProjectFile) {
        let count = self.maker.count(file.people.len()).min(file.people.len());
        file.people.truncate(count.max(3));
        for (at, row) in file.people.iter_mut().enumerate() {
            row.key = format!("{}-p{}", key(self.number), at + 1);
            row.name = Some(format!("Synthetic mailbox {}", at + 1));
            row.address = row
                .address
                .as_ref()
                .map(|_| format!("p{}@{}.example", at + 1, key(self.number)));
            for role in &mut row.roles {
                self.some_organisation(&mut role.partner);
            }
        }
    }

    /// What is the same however large the project is.
    fn frame(&self, file: &mut ProjectFile) {
        for row in &mut file.communities {
            let number = usize::try_from(row.number).unwrap_or_default();
            row.title = said("Synthetic community", "Comunità sintetica", number);
            self.some_organisation(&mut row.expert);
            row.note = None;
            row.sources = cited();
            for member in &mut row.members {
                member.partner = self.organisation(&member.partner);
                member.role_hint = None;
                member.basis = Basis::default();
            }
        }
        for (at, row) in file.targets.iter_mut().enumerate() {
            row.label = said("Synthetic target", "Obiettivo sintetico", at + 1);
            if let Some(Counted::BudgetLine { partner, .. }) = &mut row.rule.of {
                self.some_organisation(partner);
            }
            row.rule.text = said("Synthetic counting rule", "Regola sintetica", at + 1);
            row.stated = None;
            row.stated_sources = Strings::default();
            row.note = None;
            row.basis = Basis::default();
            row.sources = cited();
        }
        for (at, row) in file.budget_lines.iter_mut().enumerate() {
            row.label = format!("Synthetic line {}", at + 1);
            self.some_organisation(&mut row.partner);
            row.amount_minor = i64::try_from(self.random(at) % 100_000_000).ok();
            row.note = None;
            row.sources = cited();
        }
        for row in &mut file.reminder_rules {
            row.enabled = false;
        }
    }

    fn outputs(&self, template: &[Output]) -> Vec<Output> {
        let count = self.maker.count(template.len());
        let names: HashMap<&str, usize> = template
            .iter()
            .enumerate()
            .map(|(at, row)| (row.key.as_str(), at))
            .collect();
        // Which of the template's outputs, and the how many-th of its kind.
        let chosen: Vec<(usize, usize)> = if count >= template.len() {
            let places = 0..count;
            places
                .map(|at| (at % template.len(), at / template.len()))
                .collect()
        } else {
            let places = 0..count;
            places.map(|at| (at * template.len() / count, 0)).collect()
        };
        let there: HashSet<(usize, usize)> = chosen.iter().copied().collect();
        let other = |key: &str, copy: usize| {
            let at = *names.get(key)?;
            there.contains(&(at, copy)).then(|| output_key(at, copy))
        };
        let make = |(at, copy): &(usize, usize)| {
            let mut output = template[*at].clone();
            self.output(&mut output, *at, *copy, &other);
            output
        };
        chosen.iter().map(make).collect()
    }

    fn output(
        &self,
        output: &mut Output,
        at: usize,
        copy: usize,
        other: &impl Fn(&str, usize) -> Option<String>,
    ) {
        output.key = output_key(at, copy);
        output.title = said(
            "Synthetic output",
            "Prodotto sintetico",
            copy * self.maker.template.outputs.len() + at + 1,
        );
        self.some_organisation(&mut output.lead);
        self.some_organisation(&mut output.host);
        for text in [&mut output.place, &mut output.platform, &mut output.note] {
            *text = text.as_deref().map(filler);
        }
        output.basis = Basis::default();
        output.sources = cited();
        for step in &mut output.history {
            step.reason = step.reason.as_deref().map(filler);
        }
        for row in &mut output.evidence {
            row.title = row.title.as_deref().map(filler);
            row.source = row.source.as_ref().map(|_| SOURCE.to_owned());
            row.locator = None;
            row.url = web(row.url.as_ref());
        }
        for row in &mut output.participants {
            self.some_organisation(&mut row.partner);
            row.person = None;
            row.who = row.who.as_deref().map(filler);
            row.reason = row.reason.as_deref().map(filler);
            row.sources = cited();
        }
        for row in &mut output.agenda {
            row.title = filler(&row.title);
            self.some_organisation(&mut row.presenter);
            row.speakers = Strings(row.speakers.0.iter().map(|text| filler(text)).collect());
            row.sources = cited();
        }
        for row in &mut output.learning {
            row.body = filler(&row.body);
            self.some_organisation(&mut row.partner);
            row.sources = cited();
        }
        self.kind(&mut output.kind, copy, other);
    }

    fn kind(&self, kind: &mut Detail, copy: usize, other: &impl Fn(&str, usize) -> Option<String>) {
        match kind {
            Detail::StaffExchange(kinds::StaffExchange {
                pairing,
                learned,
                adapted,
                ..
            }) => {
                *pairing = pairing_key(pairing, copy);
                *learned = learned.as_deref().map(filler);
                *adapted = adapted.as_deref().map(filler);
            }
            Detail::Visit(kinds::Visit {
                number,
                organiser,
                practices,
            }) => {
                *number += i32::try_from(copy * 20).unwrap_or_default();
                self.some_organisation(organiser);
                practices.clear();
            }
            Detail::Event(kinds::Event { website, .. }) => *website = web(website.as_ref()),
            Detail::ActionPlan(kinds::ActionPlan {
                original_title,
                document_url,
                measures,
                stakeholders,
                endorsements,
                ..
            }) => {
                *original_title = original_title.as_deref().map(filler);
                *document_url = web(document_url.as_ref());
                for row in measures {
                    row.title = filler(&row.title);
                }
                for row in stakeholders {
                    row.name = filler(&row.name);
                }
                for row in endorsements {
                    row.body = filler(&row.body);
                    row.document_url = web(row.document_url.as_ref());
                    row.sources = cited();
                }
            }
            Detail::Policy(kinds::Policy {
                plan,
                beneficiaries,
                facts,
                ..
            }) => {
                *plan = plan.as_deref().and_then(|key| other(key, copy));
                *beneficiaries = beneficiaries.as_deref().map(filler);
                for fact in &mut facts.0 {
                    fact.text = filler(&fact.text);
                }
            }
            Detail::Champion(kinds::Champion {
                person,
                role_title,
                trainings,
                ..
            }) => {
                *person = None;
                *role_title = role_title.as_deref().map(filler);
                for row in trainings {
                    row.description = filler(&row.description);
                    row.workshop = row.workshop.as_deref().and_then(|key| other(key, copy));
                    row.audience = row.audience.as_deref().map(filler);
                }
            }
            Detail::ChampionWorkshop(_) => {}
            Detail::Guide(kinds::Guide {
                landing_url,
                file_url,
                ..
            }) => {
                *landing_url = web(landing_url.as_ref());
                *file_url = web(file_url.as_ref());
            }
            Detail::Video(kinds::Video { url, .. }) => *url = web(url.as_ref()),
        }
    }

    /// The pairings of the exchanges, one for each copy.
    fn pairings(&self, template: &[Pairing], outputs: &[Output]) -> Vec<Pairing> {
        let used: HashSet<&str> = outputs
            .iter()
            .filter_map(|output| match &output.kind {
                Detail::StaffExchange(kinds::StaffExchange { pairing, .. }) => {
                    Some(pairing.as_str())
                }
                _ => None,
            })
            .collect();
        let copies = outputs.len().div_ceil(self.maker.template.outputs.len());
        let mut pairings = Vec::new();
        for copy in 0..copies {
            for row in template {
                let mut row = row.clone();
                row.key = pairing_key(&row.key, copy);
                if !used.contains(row.key.as_str()) {
                    continue;
                }
                for partner in row.mentor.iter_mut().chain(&mut row.implementing) {
                    *partner = self.organisation(partner);
                }
                row.result = row.result.as_deref().map(filler);
                row.note = None;
                row.basis = Basis::default();
                row.sources = cited();
                pairings.push(row);
            }
        }
        pairings
    }
}

fn output_key(at: usize, copy: usize) -> String {
    format!("output_{}_{}", at + 1, copy + 1)
}

/// The template's keys name cities; what is left of them here is a number.
fn pairing_key(key: &str, copy: usize) -> String {
    let number: u32 = key.bytes().map(u32::from).sum();
    format!("pairing_{number}_{}", copy + 1)
}

fn both(en: &str, it: &str) -> Localized {
    Localized(BTreeMap::from([
        ("en".to_owned(), en.to_owned()),
        ("it".to_owned(), it.to_owned()),
    ]))
}

fn said(en: &str, it: &str, number: usize) -> Localized {
    both(&format!("{en} {number}"), &format!("{it} {number}"))
}

fn cited() -> Strings {
    Strings(vec![SOURCE.to_owned()])
}

fn web(address: Option<&String>) -> Option<String> {
    address.map(|_| "https://synthetic.example/page".to_owned())
}

/// A text that says nothing, as long as another.
fn filler(text: &str) -> String {
    let length = text.chars().count().max(9);
    let words: String = "synthetic text ".chars().cycle().take(length).collect();
    words.trim_end().to_owned()
}
