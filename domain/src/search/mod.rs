//! Full-text search over one project in memory, on behalf of a viewer and as of a day.
//!
//! There is no index: each search folds and scans the texts of all records, which takes a few
//! milliseconds for a thousand of them ([PERFORMANCE.md](../../../docs/PERFORMANCE.md)), and so finds
//! what the project says at its revision. What is searched follows from the rooms of records
//! ([`crate::record::read_texts`]).

mod excerpt;
mod fold;
mod query;

use std::any::Any;

use entities::{ForumMemberKind, forum_member, output_event};
use i18n::Language;
use uuid::Uuid;

use crate::{
    project::{AsOf, Dated, Project, Titles},
    record::rows::Row,
    record::{FieldPath, Kind, Text, TextReader, each_record, read_texts},
    viewer::Viewer,
};

pub use excerpt::Piece;
pub use query::{NotAQuery, QUERY_LETTERS, Query};

use fold::fold;
use query::{Fit, Word};

/// The fields of an output that are read before its report: what is planned, and why it changed.
const PLANNED: [&str; 7] = [
    "title",
    "place",
    "platform",
    "agenda",
    "participants",
    "learning",
    "history",
];
/// The most texts of one record that are shown.
const MATCHES: usize = 10;
/// The score of a whole word in a title.
const BEST: i64 = 5;

/// A record that has all the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub kind: Kind,
    pub id: Uuid,
    /// Its place in the table of its kind.
    place: usize,
    /// The sum of the scores of the words.
    score: i64,
}

impl Hit {
    /// What hits are ordered by: the best score first; of equal ones those that stand for
    /// themselves before those that speak of others, then in the order of the project.
    #[must_use]
    pub fn rank(&self) -> (i64, bool, usize) {
        let is_about_others = matches!(self.kind, Kind::Source | Kind::Note | Kind::BudgetLine);
        (-self.score, is_about_others, self.place)
    }
}

/// A text of a hit in which words stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The field as clients spell it, with the lists above it: `agenda.title`.
    pub field: String,
    /// The language of the text, where the record has it in several.
    pub locale: Option<String>,
    pub excerpt: Vec<Piece>,
}

/// The records that have all the words, the best first.
#[must_use]
pub fn search(project: &Project, viewer: Viewer, as_of: AsOf, query: &Query) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut texts = Folded::default();
    each_record(project.rows(), |kind, place, id| {
        texts.clear();
        read(project, as_of, kind, place, &mut |text| texts.add(text));
        if let Some(score) = texts.score(query)
            && may_see(project, viewer, as_of, kind, id)
        {
            hits.push(Hit {
                kind,
                id,
                place,
                score,
            });
        }
    });
    hits.sort_by_key(Hit::rank);
    hits
}

/// The texts of a hit in which words stand: those with the most words first, of equal ones those
/// where a word fits best.
#[must_use]
pub fn matches(project: &Project, as_of: AsOf, hit: &Hit, query: &Query) -> Vec<Match> {
    let mut matches = Vec::new();
    read(project, as_of, hit.kind, hit.place, &mut |text| {
        if let Some((excerpt, fit)) = excerpt::excerpt(text.words, query) {
            let text = Match {
                field: text.field.to_string(),
                locale: text.locale.map(str::to_owned),
                excerpt,
            };
            matches.push((fit, text));
        }
    });
    matches.sort_by(|(one, _), (other, _)| other.cmp(one));
    matches.truncate(MATCHES);
    matches.into_iter().map(|(_, text)| text).collect()
}

/// What a hit is called in a language.
#[must_use]
pub fn title(project: &Project, hit: &Hit, locale: &str) -> String {
    let titles = Titles::new(project, locale);
    match hit.kind {
        Kind::Output(_) => titles.output(project.output(hit.id.into())).into_owned(),
        Kind::Partner => titles.partner(hit.id.into()).to_owned(),
        Kind::Organisation => titles.organisation(hit.id.into()).to_owned(),
        Kind::Community => titles.community(hit.id.into()).into_owned(),
        Kind::Pairing => titles.pairing(hit.id.into()),
        kind => own_title(project, kind, hit.place, locale).unwrap_or_else(|| {
            let key = kind.key_in(hit.id, project.rows());
            key.unwrap_or_default().to_owned()
        }),
    }
}

/// The title that a record has itself: in the language, else in the project's, else in any.
fn own_title(project: &Project, kind: Kind, place: usize, locale: &str) -> Option<String> {
    let mut title = (0, None);
    let mut keep = |text: &Text<'_>| {
        if is_title(text.field) {
            let fits = match text.locale {
                Some(tag) if tag.eq_ignore_ascii_case(locale) => 4,
                Some(tag) if locale.split('-').next() == Some(tag) => 3,
                Some(tag) if tag == project.default_locale() => 2,
                _ => 1,
            };
            if fits > title.0 {
                title = (fits, Some(text.words.to_owned()));
            }
        }
    };
    read_texts(
        kind,
        place,
        project.rows(),
        &mut TextReader::new(&|_| false, &mut keep),
    );
    title.1
}

/// Reads the texts of a record that are shown as of a day.
fn read(project: &Project, as_of: AsOf, kind: Kind, place: usize, read: &mut dyn FnMut(&Text<'_>)) {
    let is_shown = |row: &dyn Any| is_shown(project, as_of, row);
    // Before its report, an output says what is planned of it.
    let is_planned_only =
        matches!(kind, Kind::Output(_)) && !project.is_reported(project.outputs[place].id, as_of);
    let read: &mut dyn FnMut(&Text<'_>) = &mut |text: &Text<'_>| {
        if !is_planned_only || PLANNED.contains(&text.field.first()) {
            read(text);
        }
    };
    read_texts(
        kind,
        place,
        project.rows(),
        &mut TextReader::new(&is_shown, read),
    );
    if let Kind::Output(_) = kind
        && project.outputs[place].title.0.is_empty()
    {
        // It is found by the words that stand for a title.
        for language in Language::all() {
            let titles = Titles::new(project, language.tag);
            read(&Text {
                field: &FieldPath::TITLE,
                locale: Some(language.tag),
                words: &titles.output(&project.outputs[place]),
            });
        }
    }
}

/// Whether an entry's texts are shown: steps that are to come are not, nor names of single persons.
fn is_shown(project: &Project, as_of: AsOf, row: &dyn Any) -> bool {
    if let Some(event) = row.downcast_ref::<output_event::Model>() {
        let is_effective = || {
            let output = project.output(event.output_id);
            project.effective_on(output, event) <= as_of.day
        };
        // Most steps have no reason, and so no text.
        return event.reason.is_some() && is_effective() && as_of.knows(event.recorded_at);
    }
    row.downcast_ref::<forum_member::Model>()
        .is_none_or(|member| member.kind == ForumMemberKind::Association)
        && project.anything_is_there(row, as_of)
}

fn may_see(project: &Project, viewer: Viewer, as_of: AsOf, kind: Kind, id: Uuid) -> bool {
    match kind {
        Kind::Person => viewer.may_see_person(project, id.into()),
        Kind::Output(_) => project.standing(project.output(id.into()), as_of).is_some(),
        Kind::Note => {
            let mut notes = project.notes.iter();
            let note = notes.find(|row| row.id.0 == id);
            note.is_some_and(|note| project.note_is_there(note, as_of))
        }
        Kind::Partner => is_there(project, &project.partners, id, as_of),
        Kind::Practice => is_there(project, &project.practices, id, as_of),
        Kind::Publication => is_there(project, &project.publications, id, as_of),
        Kind::Call => is_there(project, &project.open_calls, id, as_of),
        Kind::Proposal => {
            viewer.may_see_record(project, id) && is_there(project, &project.proposals, id, as_of)
        }
        Kind::Forum => is_there(project, &project.forums, id, as_of),
        _ => true,
    }
}

fn is_there<R: Row + Dated>(project: &Project, rows: &[R], id: Uuid, as_of: AsOf) -> bool {
    let mut rows = rows.iter();
    let row = rows.find(|row| row.uuid() == id);
    row.is_some_and(|row| project.is_there(row, as_of))
}

/// Whether a field is what a record is called.
fn is_title(field: &FieldPath<'_>) -> bool {
    const TITLES: [&str; 6] = ["title", "name", "nativeName", "acronym", "label", "topic"];
    field.is_own() && TITLES.contains(&field.name())
}

/// The texts of one record, folded, one after the other.
#[derive(Debug, Default)]
struct Folded {
    text: String,
    /// Where each text ends, and whether it is a title.
    ends: Vec<(usize, bool)>,
}

impl Folded {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn add(&mut self, text: &Text<'_>) {
        fold(text.words, &mut self.text);
        // No word holds a line break, so none stands in two texts.
        self.text.push('\n');
        self.ends.push((self.text.len(), is_title(text.field)));
    }

    /// How well the words fit; `None`: not all of them are there.
    fn score(&self, query: &Query) -> Option<i64> {
        let has_all = query.words.iter().all(|word| word.is_in(&self.text));
        has_all.then(|| query.words.iter().map(|word| self.score_of(word)).sum())
    }

    /// The best score of a word: a whole word before a prefix, and that before a part of a word; where
    /// two fit alike, that in a title.
    fn score_of(&self, word: &Word) -> i64 {
        let score = |at: usize, fit: Fit| {
            let text = self.ends.partition_point(|(end, _)| *end <= at);
            2 * fit as i64 + i64::from(self.ends[text].1)
        };
        let mut best = 0;
        for (place, fit) in word.places(&self.text) {
            best = best.max(score(place.start, fit));
            if best == BEST {
                break;
            }
        }
        best
    }
}
