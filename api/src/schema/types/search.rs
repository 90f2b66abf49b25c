//! Full-text search over a project, and its outputs by their keys.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject, meter::work};
use domain::search::{self, Hit, NotAQuery, QUERY_LETTERS, Query};

use super::{node::Node, output::Output, partner::Partner, vocabulary::OutputKind};
use crate::schema::base::{
    connection::{Connection, List, Order, Page},
    error::bad_input,
    view::{View, viewer},
};

/// The fields of a project that find its records.
#[derive(Clone, Debug)]
pub struct ProjectSearch(pub View);

const BY_RANK: Order = Order {
    name: "rank",
    descending: false,
};

#[Object]
impl ProjectSearch {
    /// The output of a kind and a key; null if there is none, or if it was planned after the project's
    /// `asOf`.
    async fn output(
        &self,
        #[graphql(desc = "The kind of output.")] kind: OutputKind,
        #[graphql(desc = "The key, unique among the project's outputs of its kind.")] key: String,
    ) -> Option<Output> {
        Output::new(&self.0, self.0.output_by_key(kind, &key)?)
    }

    /// The partner of a key; null if there is none, or if it joined after the project's `asOf`.
    async fn partner(
        &self,
        #[graphql(desc = "The key: that of its organisation, such as `torino`.")] key: String,
    ) -> Option<Partner> {
        let row = self.0.partner_by_key(&key)?;
        let is_there = self.0.is_there(row, self.0.as_of);
        is_there.then(|| Partner::new(&self.0, row.id))
    }

    /// The records that hold all words of a text, whatever their kind, the best first: whole words
    /// before beginnings of words, and these before parts of words; where words fit alike, those in
    /// titles and names first. All texts that you may see as of the project's `asOf` are searched, in
    /// all languages, without regard to case and accents: `citta` finds "Città". People are found by
    /// those who may see them.
    ///
    /// The error BAD_USER_INPUT for a text without a letter or digit, or of more than 200 letters.
    #[allow(
        clippy::too_many_arguments,
        reason = "the arguments of the API's field"
    )]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The words to find, 200 letters at most.")] text: String,
        #[graphql(desc = "Returns at most the first n records: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only records after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns at most the last n records: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Returns only records before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<SearchResult>>> {
        let query = Query::new(&text).map_err(|reason| match reason {
            NotAQuery::Blank => bad_input(
                "text",
                "there is no word in it",
                "give a letter or a digit at least",
            ),
            NotAQuery::TooLong => bad_input(
                "text",
                format!("it has {} letters", text.chars().count()),
                &format!("give {QUERY_LETTERS} at most"),
            ),
        })?;
        let view = &self.0;
        // Each text of a record is read.
        work(16 * view.outputs.len()).await;
        let hits = search::search(view, viewer(ctx), view.as_of, &query);
        let query = Arc::new(query);
        let items = hits.into_iter().map(|hit| {
            let (score, is_about_others, place) = hit.rank();
            let place = i64::try_from(place).unwrap_or(i64::MAX);
            let key = vec![
                score.into(),
                i64::from(is_about_others).into(),
                place.into(),
                hit.id.to_string().into(),
            ];
            let result = SearchResult {
                view: view.clone(),
                query: Arc::clone(&query),
                hit,
            };
            (key, result)
        });
        let page = Page {
            first,
            after,
            last,
            before,
        };
        List::new(BY_RANK, items).page(&page).map(Some)
    }
}

/// A record that a search has found.
#[derive(Clone, Debug)]
pub struct SearchResult {
    view: View,
    query: Arc<Query>,
    hit: Hit,
}

/// A record that a search has found.
#[Object]
impl SearchResult {
    /// The record.
    async fn record(&self) -> Option<Node> {
        Node::record(&self.view, self.hit.kind, self.hit.id)
    }

    /// The kind of record: the name of its GraphQL type, such as `Visit`.
    async fn kind(&self) -> &'static str {
        self.hit.kind.name()
    }

    /// The title of the record, or its name. Falls back to the project's default language, then to any.
    async fn title(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> String {
        let locale = locale.as_deref().unwrap_or(self.view.default_locale());
        search::title(&self.view, &self.hit, locale)
    }

    /// The texts of the record in which words stand, ten at most: those with the most words first.
    async fn matches(&self) -> Vec<SearchMatch> {
        search::matches(&self.view, self.view.as_of, &self.hit, &self.query)
            .into_iter()
            .map(SearchMatch::from)
            .collect()
    }
}

/// A text in which words of a search stand.
#[derive(Clone, Debug, SimpleObject)]
pub struct SearchMatch {
    /// The field that holds the text, as `recordKinds` and the mutations spell it; of an entry with the
    /// list before it, such as `agenda.title`.
    field: String,
    /// The language of the text, as a BCP 47 tag; null if the record has it in one language only.
    locale: Option<String>,
    /// The text around the first match; an ellipsis stands for what is left out.
    excerpt: String,
    /// The same excerpt in pieces, so that what was found can be highlighted.
    pieces: Vec<SearchPiece>,
}

/// A piece of an excerpt.
#[derive(Clone, Debug, SimpleObject)]
pub struct SearchPiece {
    /// The text of the piece.
    text: String,
    /// Whether it is what was searched for.
    matches: bool,
}

impl From<search::Match> for SearchMatch {
    fn from(text: search::Match) -> Self {
        let pieces = text.excerpt.iter();
        Self {
            excerpt: pieces.map(|piece| piece.text.as_str()).collect(),
            field: text.field,
            locale: text.locale,
            pieces: text
                .excerpt
                .into_iter()
                .map(|piece| SearchPiece {
                    text: piece.text,
                    matches: piece.is_match,
                })
                .collect(),
        }
    }
}
