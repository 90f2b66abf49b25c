//! The project's lists of records other than outputs.

use async_graphql::Result;

use super::{
    budget_line::{self, BudgetLine, BudgetLineFilter},
    call::{self, Call},
    community::Community,
    connection::{BY_POSITION, Connection, List, connections},
    forum::{self, Forum},
    note::{self, Note, NoteFilter},
    pairing::{self, Pairing},
    partner::{self, Partner, PartnerFilter},
    practice::{self, Practice, PracticeFilter},
    publication::{self, Publication},
    scalar::Date,
    source::{self, Source},
    timeline::{self, TimelineEntry},
    view::View,
};

/// The project's lists of records other than outputs.
#[derive(Clone, Debug)]
pub struct ProjectRecords(pub View);

impl ProjectRecords {
    fn list_partners(&self, filter: Option<PartnerFilter>) -> Result<List<Partner>> {
        partner::list(&self.0, filter)
    }

    fn list_communities(&self) -> Result<List<Community>> {
        let items = self.0.communities.iter().map(|row| {
            let key = vec![row.position.into(), row.id.to_string().into()];
            (key, Community::new(&self.0, row.id))
        });
        Ok(List::new(BY_POSITION, items))
    }

    fn list_pairings(&self) -> Result<List<Pairing>> {
        Ok(pairing::list(&self.0))
    }

    fn list_practices(&self, filter: Option<PracticeFilter>) -> Result<List<Practice>> {
        practice::list(&self.0, filter)
    }

    fn list_forums(&self) -> Result<List<Forum>> {
        Ok(forum::list(&self.0))
    }

    fn list_budget_lines(&self, filter: Option<BudgetLineFilter>) -> Result<List<BudgetLine>> {
        budget_line::list(&self.0, filter)
    }

    fn list_calls(&self) -> Result<List<Call>> {
        Ok(call::list(&self.0))
    }

    fn list_publications(&self) -> Result<List<Publication>> {
        Ok(publication::list(&self.0))
    }

    fn list_notes(&self, filter: Option<NoteFilter>) -> Result<List<Note>> {
        note::list(&self.0, filter)
    }

    fn list_sources(&self) -> Result<List<Source>> {
        Ok(source::list(&self.0))
    }

    fn list_timeline(&self, from: Date, until: Date) -> Result<List<TimelineEntry>> {
        timeline::list(&self.0, from, until)
    }
}

connections! {
    /// The project's lists of records other than outputs.
    ProjectRecords {
        /// The organisations that take part, each with its part.
        partners(
            filter: Option<PartnerFilter> = "Which of them; all if left out.",
        ) -> Connection<Partner> = list_partners;
        /// The communities of practice.
        communities() -> Connection<Community> = list_communities;
        /// The pairings of mentor and implementing partners.
        pairings() -> Connection<Pairing> = list_pairings;
        /// The good practices of its cities.
        practices(
            filter: Option<PracticeFilter> = "Which of them; all if left out.",
        ) -> Connection<Practice> = list_practices;
        /// The forums.
        forums() -> Connection<Forum> = list_forums;
        /// The lines of the budget, as far as they are known.
        budget_lines(
            filter: Option<BudgetLineFilter> = "Which of them; all if left out.",
        ) -> Connection<BudgetLine> = list_budget_lines;
        /// The calls for participants.
        calls() -> Connection<Call> = list_calls;
        /// What was published about it.
        publications() -> Connection<Publication> = list_publications;
        /// Notes: where sources disagree, what none of them tells, and remarks.
        notes(
            filter: Option<NoteFilter> = "Which of them; all if left out.",
        ) -> Connection<Note> = list_notes;
        /// The documents that the records refer to.
        sources() -> Connection<Source> = list_sources;
        /// What happens between two days, in order.
        timeline(
            from: Date = "The first day.",
            until: Date = "The last day.",
        ) -> Connection<TimelineEntry> = list_timeline;
    }
}
