//! The connections of a project over records other than outputs.

use async_graphql::Result;
use domain::project::Titles;
use entities::{Localized, Translations};
use uuid::Uuid;

use super::{
    budget_line::{self, BudgetLine, BudgetLineFilter},
    call::{self, Call},
    community::Community,
    forum::{self, Forum},
    note::{self, Note, NoteFilter},
    pairing::{self, Pairing},
    partner::{self, Partner, PartnerFilter},
    practice::{self, Practice, PracticeFilter},
    proposal::{self, Proposal},
    publication::{self, Publication, PublicationFilter},
    source::{self, Source, SourceFilter},
    timeline::{self, TimelineEntry},
    vocabulary::ProposalState,
};
use crate::schema::base::{
    connection::{BY_POSITION, Connection, List, connections},
    order::{Named, RecordOrder, ordered},
    scalar::Date,
    view::View,
};

/// The connections of a project over records other than outputs.
#[derive(Clone, Debug)]
pub struct ProjectRecords(pub View);

impl ProjectRecords {
    fn list_partners(
        &self,
        filter: Option<PartnerFilter>,
        order: Ordered,
    ) -> Result<List<Partner>> {
        let named = |id: Uuid, locale: &str| {
            let row = self.0.partner(id.into());
            let name = Titles::new(&self.0, locale).partner(row.id).to_owned();
            Some((name, row.joined_on.map(|day| day.to_string())))
        };
        Ok(self.ordered(partner::list(&self.0, filter)?, order, named))
    }

    fn list_communities(&self, order: Ordered) -> Result<List<Community>> {
        let items = self.0.communities.iter().map(|row| {
            let key = vec![row.position.into(), row.id.to_string().into()];
            (key, Community::new(&self.0, row.id))
        });
        let named = |id: Uuid, locale: &str| {
            Some((self.text(&self.0.community(id.into()).title, locale), None))
        };
        Ok(self.ordered(List::new(BY_POSITION, items), order, named))
    }

    fn list_pairings(&self, order: Ordered) -> Result<List<Pairing>> {
        let named = |id: Uuid, _: &str| Some((self.0.pairing(id.into()).key.clone(), None));
        Ok(self.ordered(pairing::list(&self.0), order, named))
    }

    fn list_practices(
        &self,
        filter: Option<PracticeFilter>,
        order: Ordered,
    ) -> Result<List<Practice>> {
        let named = |id: Uuid, locale: &str| {
            let row = self.0.practice(id.into());
            let name = self.said(&row.translations, "name", &row.name, locale);
            Some((name, row.since.map(|since| since.to_string())))
        };
        Ok(self.ordered(practice::list(&self.0, filter)?, order, named))
    }

    fn list_forums(&self, order: Ordered) -> Result<List<Forum>> {
        let named = |id: Uuid, locale: &str| {
            let row = self.0.forums.iter().find(|row| row.id.0 == id)?;
            Some((
                self.text(&row.name, locale),
                row.founded.map(|founded| founded.to_string()),
            ))
        };
        Ok(self.ordered(forum::list(&self.0), order, named))
    }

    fn list_budget_lines(
        &self,
        filter: Option<BudgetLineFilter>,
        order: Ordered,
    ) -> Result<List<BudgetLine>> {
        let named = |id: Uuid, locale: &str| {
            let row = self.0.budget_line(id.into());
            let label = self.said(&row.translations, "label", &row.label, locale);
            Some((label, None))
        };
        Ok(self.ordered(budget_line::list(&self.0, filter)?, order, named))
    }

    fn list_calls(&self, order: Ordered) -> Result<List<Call>> {
        let named = |id: Uuid, locale: &str| {
            let row = self.0.open_calls.iter().find(|row| row.id.0 == id)?;
            let title = self.said(&row.translations, "title", &row.title, locale);
            Some((title, row.deadline.map(|day| day.to_string())))
        };
        Ok(self.ordered(call::list(&self.0), order, named))
    }

    fn list_publications(
        &self,
        filter: Option<PublicationFilter>,
        order: Ordered,
    ) -> Result<List<Publication>> {
        let named = |id: Uuid, locale: &str| {
            let row = self.0.publications.iter().find(|row| row.id.0 == id)?;
            let title = self.said(&row.translations, "title", &row.title, locale);
            Some((title, row.published.map(|date| date.to_string())))
        };
        Ok(self.ordered(publication::list(&self.0, filter)?, order, named))
    }

    fn list_notes(&self, filter: Option<NoteFilter>, order: Ordered) -> Result<List<Note>> {
        let named = |id: Uuid, locale: &str| {
            let row = self.0.notes.iter().find(|row| row.id.0 == id)?;
            let topic = self.said(&row.translations, "topic", &row.topic, locale);
            Some((topic, None))
        };
        Ok(self.ordered(note::list(&self.0, filter)?, order, named))
    }

    fn list_sources(&self, filter: Option<SourceFilter>, order: Ordered) -> Result<List<Source>> {
        let named = |id: Uuid, locale: &str| {
            let row = self.0.source(id.into());
            let title = self.said(&row.translations, "title", &row.title, locale);
            Some((title, None))
        };
        Ok(self.ordered(source::list(&self.0, filter), order, named))
    }

    fn list_proposals(&self, state: Option<ProposalState>) -> Result<List<Proposal>> {
        Ok(proposal::list(&self.0, state, false))
    }

    fn list_timeline(&self, from: Date, until: Date) -> Result<List<TimelineEntry>> {
        timeline::list(&self.0, from, until)
    }

    fn ordered<T>(
        &self,
        list: List<T>,
        order: Ordered,
        named: impl Fn(Uuid, &str) -> Option<Named>,
    ) -> List<T> {
        ordered(list, order, self.0.default_locale(), named)
    }

    /// A text in a language, else in the project's default language.
    fn text(&self, text: &Localized, locale: &str) -> String {
        self.0.text(text, Some(locale)).unwrap_or_default()
    }

    /// A text of a row in a language, else as the row has it.
    fn said(&self, translations: &Translations, field: &str, own: &str, locale: &str) -> String {
        let said = self.0.said(translations, field, own, Some(locale));
        said.to_owned()
    }
}

type Ordered = Option<RecordOrder>;

connections! {
    /// The connections of a project over records other than outputs.
    ProjectRecords {
        /// The partners: organisations in their role in the project.
        partners(
            filter: Option<PartnerFilter> = "The filter; all records if left out.",
            order: Option<RecordOrder> = "The order; that of the project if left out.",
        ) -> Connection<Partner> = list_partners;
        /// The communities of practice.
        communities(
            order: Option<RecordOrder> = "The order; that of the project if left out.",
        ) -> Connection<Community> = list_communities;
        /// The pairings of mentor and implementing partners.
        pairings(
            order: Option<RecordOrder> = "The order; that of the project if left out.",
        ) -> Connection<Pairing> = list_pairings;
        /// The good practices of its cities.
        practices(
            filter: Option<PracticeFilter> = "The filter; all records if left out.",
            order: Option<RecordOrder> = "The order; that of the project if left out.",
        ) -> Connection<Practice> = list_practices;
        /// The forums.
        forums(
            order: Option<RecordOrder> = "The order; that of the project if left out.",
        ) -> Connection<Forum> = list_forums;
        /// The budget lines that sources state.
        budget_lines(
            filter: Option<BudgetLineFilter> = "The filter; all records if left out.",
            order: Option<RecordOrder> = "The order; that of the project if left out.",
        ) -> Connection<BudgetLine> = list_budget_lines;
        /// The calls for participants.
        calls(
            order: Option<RecordOrder> = "The order; that of the project if left out.",
        ) -> Connection<Call> = list_calls;
        /// The publications about the project.
        publications(
            filter: Option<PublicationFilter> = "The filter; all records if left out.",
            order: Option<RecordOrder> = "The order; that of the project if left out.",
        ) -> Connection<Publication> = list_publications;
        /// The notes: contradictions between sources, gaps in them, and remarks.
        notes(
            filter: Option<NoteFilter> = "The filter; all records if left out.",
            order: Option<RecordOrder> = "The order; that of the project if left out.",
        ) -> Connection<Note> = list_notes;
        /// The sources: documents that the records refer to.
        sources(
            filter: Option<SourceFilter> = "The filter; all records if left out.",
            order: Option<RecordOrder> = "The order; that of the project if left out.",
        ) -> Connection<Source> = list_sources;
        /// The proposals of other dates that partners make for outputs. Those about what other projects
        /// show, too, are in `sharedProposals`.
        proposals(
            state: Option<ProposalState> = "Only proposals in this state; all if left out.",
        ) -> Connection<Proposal> = list_proposals;
        /// The timeline: the events between two days, in order.
        timeline(
            from: Date = "The first day.",
            until: Date = "The last day.",
        ) -> Connection<TimelineEntry> = list_timeline;
    }
}
