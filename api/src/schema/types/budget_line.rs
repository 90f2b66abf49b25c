//! Budget lines, and amounts of money.

use async_graphql::{InputObject, MergedObject, Object, Result, SimpleObject};
use domain::project::RecordRef;
use entities::{BudgetLineId, budget_line};

use super::{
    citation::{self, Citation},
    partner::Partner,
    record::Counted,
    tracked::TrackedBudgetLine,
    translation::{self, Translation},
    vocabulary::BudgetKind,
};
use crate::schema::base::{
    connection::{BY_POSITION, List},
    scalar::Quantity,
    view::View,
};

/// An amount of money.
#[derive(Clone, Debug, SimpleObject)]
pub struct Money {
    /// The amount in minor units, such as euro cents.
    minor: Quantity,
    /// The currency as an ISO 4217 code, such as `EUR`.
    currency: String,
}

impl Money {
    pub fn new(minor: i64, currency: &str) -> Self {
        Self {
            minor: Quantity(minor),
            currency: currency.to_owned(),
        }
    }
}

/// A budget line.
#[derive(Clone, Debug, MergedObject)]
pub struct BudgetLine(Counted, BudgetLineFields, TrackedBudgetLine);

impl BudgetLine {
    pub fn new(view: &View, id: BudgetLineId) -> Self {
        let counted = Counted::new(view, RecordRef::BudgetLine(id));
        let tracked = TrackedBudgetLine::new(view, id);
        let view = view.clone();
        Self(counted, BudgetLineFields { view, id }, tracked)
    }
}

#[derive(Clone, Debug)]
struct BudgetLineFields {
    view: View,
    id: BudgetLineId,
}

impl BudgetLineFields {
    fn row(&self) -> &budget_line::Model {
        self.view.budget_line(self.id)
    }
}

#[Object]
impl BudgetLineFields {
    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row().translations)
    }

    /// The key, unique in the project.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// The kind of budget line.
    async fn kind(&self) -> BudgetKind {
        self.row().kind
    }

    /// The label, in the language of its source.
    async fn label(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let row = self.row();
        self.view
            .said(&row.translations, "label", &row.label, locale.as_deref())
    }

    /// The partner that receives the money; null if no partner is named.
    async fn partner(&self) -> Option<Partner> {
        Some(Partner::new(&self.view, self.row().partner_id?))
    }

    /// The amount; null if no source states it. 0 is a stated amount.
    async fn amount(&self) -> Option<Money> {
        let row = self.row();
        Some(Money::new(row.amount_minor?, &row.currency))
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

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row().sources)
    }
}

/// A filter of budget lines. All conditions must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct BudgetLineFilter {
    /// Only lines of one of these kinds.
    kinds: Option<Vec<BudgetKind>>,
    /// True: only lines whose amount is known; false: only lines whose amount is not.
    known: Option<bool>,
}

/// The budget lines that match a filter, in the project's order.
pub fn list(view: &View, filter: Option<BudgetLineFilter>) -> Result<List<BudgetLine>> {
    let filter = filter.unwrap_or_default();
    let fits = |row: &&budget_line::Model| {
        let kind = row.kind;
        filter
            .kinds
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&kind))
            && filter
                .known
                .is_none_or(|known| known == row.amount_minor.is_some())
    };
    let items = view.budget_lines.iter().filter(fits).map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, BudgetLine::new(view, row.id))
    });
    Ok(List::new(BY_POSITION, items))
}
