//! Notes: where sources disagree, what none of them tells, and remarks.

use entities::*;
use sea_orm::prelude::Uuid;

use super::{Cited, Listed, citation, lists, needed};
use crate::{
    command::{Draft, Named, Problems, draft::missing, project::put},
    record,
};

/// What a source says where sources disagree.
#[derive(Clone, Debug)]
pub struct NewReading {
    pub value: String,
    pub citation: Option<Cited>,
}

/// What is told of a note.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub kind: Option<NoteKind>,
    pub topic: Option<String>,
    pub body: Option<Option<String>>,
    pub readings: Option<Vec<NewReading>>,
    /// Records by id, or as notes spell them, such as `partner:torino`.
    pub about: Option<Vec<Named>>,
}

impl Listed for note::Model {
    type Record = record::Note;
    type Facts = Facts;
    const LIST: &'static str = "notes";
    const NAME: &'static str = "note";

    lists! {
        notes: topic, body, readings, about;
        facts => {
            kind: needed("kind", facts.kind)?,
        }
    }

    fn take(&mut self, draft: &mut Draft, problems: &mut Problems, facts: Facts) {
        put(&mut self.kind, facts.kind);
        put(&mut self.topic, facts.topic);
        put(&mut self.body, facts.body);
        if let Some(readings) = facts.readings {
            let read = |(at, new): (usize, NewReading)| {
                let field = format!("readings.{at}.citation");
                let cited = new.citation.as_ref();
                Reading {
                    source: cited.and_then(|cited| citation(draft, problems, &field, cited)),
                    value: new.value,
                }
            };
            self.readings = Readings(readings.into_iter().enumerate().map(read).collect());
        }
        if let Some(about) = facts.about {
            let found = about.iter().enumerate().filter_map(|(at, named)| {
                let name = name_of(draft, named);
                problems.take(name.ok_or_else(|| missing(&format!("about.{at}"))))
            });
            self.about = Strings(found.collect());
        }
    }
}

/// A record as notes spell it.
fn name_of(draft: &Draft, named: &Named) -> Option<String> {
    let mut all = records(&draft.rows);
    all.find(|(id, name)| match named {
        Named::Id(wanted) => id == wanted,
        Named::Key(wanted) => name == wanted,
    })
    .map(|(_, name)| name)
}

/// The records that a note can be about.
fn records(rows: &crate::rows::Rows) -> impl Iterator<Item = (Uuid, String)> {
    let project = (rows.project.id.0, format!("project:{}", rows.project.key));
    let partners = rows.partners.iter().filter_map(|row| {
        let mut organisations = rows.organisations.iter();
        let organisation = organisations.find(|one| one.id == row.organisation_id)?;
        Some((row.id.0, format!("partner:{}", organisation.key)))
    });
    macro_rules! of {
        ($table:ident, $kind:literal) => {
            rows.$table
                .iter()
                .map(|row| (row.id.0, format!(concat!($kind, ":{}"), row.key)))
        };
    }
    std::iter::once(project)
        .chain(partners)
        .chain(of!(communities, "community"))
        .chain(of!(pairings, "pairing"))
        .chain(of!(practices, "practice"))
        .chain(of!(targets, "target"))
        .chain(of!(outputs, "output"))
}
