//! Notes: contradictions between sources, gaps in them, and remarks.

use async_graphql::{ID, InputObject, MergedObject, Object, Result, SimpleObject, meter::records};
use domain::record::Kind;
use entities::note;

use super::{
    citation::Citation,
    node::Node,
    tracked::TrackedNote,
    translation::{self, Translation},
    vocabulary::NoteKind,
};
use crate::schema::base::{
    connection::{BY_POSITION, List},
    error,
    id::id,
    view::View,
};

/// A note: a contradiction between sources, a gap in them, or a remark.
#[derive(Clone, Debug, MergedObject)]
pub struct Note(NoteFields, TrackedNote);

impl Note {
    pub fn new(view: &View, row: &note::Model) -> Self {
        let tracked = TrackedNote::new(view, row.id);
        let (view, row) = (view.clone(), row.clone());
        Self(NoteFields { view, row }, tracked)
    }
}

#[derive(Clone, Debug)]
struct NoteFields {
    view: View,
    row: note::Model,
}

#[Object]
impl NoteFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Note, self.view.id(), self.row.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }

    /// The key, unique in the project, such as `D29`.
    async fn key(&self) -> &str {
        &self.row.key
    }

    /// The kind of note.
    async fn kind(&self) -> NoteKind {
        self.row.kind
    }

    /// The topic, in a few words.
    async fn topic(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let row = &self.row;
        self.view
            .said(&row.translations, "topic", &row.topic, locale.as_deref())
    }

    /// The text.
    async fn body(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = &self.row;
        let own = row.body.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "body", own, locale.as_deref()),
        )
    }

    /// The statements of the sources, if they contradict each other.
    async fn readings(&self) -> Vec<Reading> {
        let reading = |reading: &entities::Reading| Reading {
            value: reading.value.clone(),
            citation: Citation::maybe(&self.view, reading.source.as_ref()),
        };
        self.row.readings.0.iter().map(reading).collect()
    }

    /// The records that it is about, without outputs that were planned after the project's `asOf`.
    async fn about(&self) -> Vec<Node> {
        self.row
            .about
            .0
            .iter()
            .filter_map(|about| Node::named(&self.view, about))
            .collect()
    }
}

/// The statement of one source.
#[derive(Clone, Debug, SimpleObject)]
pub struct Reading {
    /// The statement.
    value: String,
    /// The source, and the place in it.
    citation: Option<Citation>,
}

/// The notes about a record, which is named as in the project file, such as `partner:torino`.
pub fn about(view: &View, record: &str) -> Vec<Note> {
    view.notes
        .iter()
        .filter(|row| view.note_is_there(row, view.as_of))
        .filter(|row| row.about.0.iter().any(|about| about == record))
        .map(|row| Note::new(view, row))
        .collect()
}

/// A filter of notes. All conditions must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct NoteFilter {
    /// Only notes of one of these kinds.
    kinds: Option<Vec<NoteKind>>,
    /// Only notes about this record: its id, or its kind and key, such as `output:cop2_w3` or
    /// `partner:torino`.
    about: Option<ID>,
}

/// The notes that match a filter, in the project's order.
pub fn list(view: &View, filter: Option<NoteFilter>) -> Result<List<Note>> {
    let filter = filter.unwrap_or_default();
    let about = match &filter.about {
        None => None,
        Some(name) => Some(record_name(view, name)?),
    };
    let fits = |row: &&note::Model| {
        let kind = row.kind;
        filter
            .kinds
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&kind))
            && about
                .as_ref()
                .is_none_or(|record| row.about.0.contains(record))
    };
    records(view.notes.len());
    let notes = view.notes.iter();
    let there = notes.filter(|row| view.note_is_there(row, view.as_of));
    let items = there.filter(fits).map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, Note::new(view, row))
    });
    Ok(List::new(BY_POSITION, items))
}

/// The name by which notes refer to a record, from that name or from an opaque id.
fn record_name(view: &View, given: &str) -> Result<String> {
    if Node::named(view, given).is_some() {
        return Ok(given.to_owned());
    }
    Node::name_of(view, given).ok_or_else(|| {
        error::bad_input(
            "filter.about",
            format!("there is no record {given:?} that a note could be about"),
            "give an id of this project, or a kind and a key such as partner:torino",
        )
    })
}
