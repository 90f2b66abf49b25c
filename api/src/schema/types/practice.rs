//! Good practices of cities.

use async_graphql::{ID, InputObject, MergedObject, Object, Result};
use domain::record::Kind;
use entities::{PracticeId, practice};

use super::{
    citation::{self, Citation},
    fact::{self, Fact},
    note::{self, Note},
    partner::{self, Partner},
    tracked::TrackedPractice,
    translation::{self, Translation},
    visit::Visit,
};
use crate::schema::base::{
    connection::{BY_POSITION, List},
    id::id,
    scalar::PartialDate,
    view::View,
};

/// A good practice of a city.
#[derive(Clone, Debug, MergedObject)]
pub struct Practice(PracticeFields, TrackedPractice);

impl Practice {
    pub fn new(view: &View, id: PracticeId) -> Self {
        let tracked = TrackedPractice::new(view, id);
        let view = view.clone();
        Self(PracticeFields { view, id }, tracked)
    }
}

#[derive(Clone, Debug)]
struct PracticeFields {
    view: View,
    id: PracticeId,
}

impl PracticeFields {
    fn row(&self) -> &practice::Model {
        self.view.practice(self.id)
    }
}

#[Object]
impl PracticeFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Practice, self.view.id(), self.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row().translations)
    }

    /// The key, unique in the project.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// The name.
    async fn name(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let row = self.row();
        self.view
            .said(&row.translations, "name", &row.name, locale.as_deref())
    }

    /// The kind of practice, in a few words.
    async fn kind(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let row = self.row();
        self.view
            .said(&row.translations, "kind", &row.kind, locale.as_deref())
    }

    /// The city, as a partner.
    async fn partner(&self) -> Option<Partner> {
        Some(Partner::new(&self.view, self.row().partner_id?))
    }

    /// The date since which it exists, as precisely as it is known. Before it, the practice is in no
    /// list.
    async fn since(&self) -> Option<PartialDate> {
        self.row().since.map(PartialDate)
    }

    /// The description.
    async fn description(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row();
        let own = row.description.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "description", own, locale.as_deref()),
        )
    }

    /// Facts about it, a sentence each, in the language of their source.
    async fn facts(&self) -> Vec<&str> {
        fact::texts(&self.view, &self.row().facts)
    }

    /// The same facts, with the day from which on each holds.
    async fn dated_facts(&self) -> Vec<Fact> {
        fact::all(&self.view, &self.row().facts)
    }

    /// The visits that showed it.
    async fn visits(&self) -> Vec<Visit> {
        self.view
            .there(&self.view.visit_practices)
            .filter(|seen| seen.practice_id == self.id)
            .filter_map(|seen| Visit::new(&self.view, seen.output_id))
            .collect()
    }

    /// A remark about the record.
    async fn note(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row();
        let own = row.note.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "note", own, locale.as_deref()),
        )
    }

    /// The notes about it: contradictions between sources, gaps in them, and remarks.
    async fn notes(&self) -> Vec<Note> {
        note::about(&self.view, &format!("practice:{}", self.row().key))
    }

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row().sources)
    }
}

/// A filter of practices. All conditions must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PracticeFilter {
    /// Only practices of this partner: its organisation's key or its id.
    partner: Option<ID>,
    /// True: only practices that a visit showed; false: only the others.
    seen: Option<bool>,
}

/// The practices that match a filter, in the project's order.
pub fn list(view: &View, filter: Option<PracticeFilter>) -> Result<List<Practice>> {
    let filter = filter.unwrap_or_default();
    let partner = match &filter.partner {
        Some(name) => Some(partner::named(view, "filter.partner", name)?),
        None => None,
    };
    let is_seen = |id| {
        view.there(&view.visit_practices)
            .any(|seen| seen.practice_id == id)
    };
    let fits = |row: &&practice::Model| {
        (partner.is_none() || partner == row.partner_id)
            && filter.seen.is_none_or(|seen| seen == is_seen(row.id))
    };
    let items = view.there(&view.practices).filter(fits).map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, Practice::new(view, row.id))
    });
    Ok(List::new(BY_POSITION, items))
}
