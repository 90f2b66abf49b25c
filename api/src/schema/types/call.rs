//! Calls for participants.

use async_graphql::{ID, MergedObject, Object};
use domain::record::Kind;
use entities::open_call;

use super::{
    citation::{self, Citation},
    tracked::TrackedCall,
    translation::{self, Translation},
};
use crate::schema::base::{
    connection::{BY_POSITION, List},
    id::id,
    scalar::{Date, PartialDate},
    view::View,
};

/// A call for participants.
#[derive(Clone, Debug, MergedObject)]
pub struct Call(CallFields, TrackedCall);

impl Call {
    pub fn new(view: &View, row: &open_call::Model) -> Self {
        let tracked = TrackedCall::new(view, row.id);
        let (view, row) = (view.clone(), row.clone());
        Self(CallFields { view, row }, tracked)
    }
}

#[derive(Clone, Debug)]
struct CallFields {
    view: View,
    row: open_call::Model,
}

#[Object]
impl CallFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Call, self.view.id(), self.row.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }

    /// The key, unique in the project.
    async fn key(&self) -> &str {
        &self.row.key
    }

    /// The title, in the language of the call.
    async fn title(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let row = &self.row;
        self.view
            .said(&row.translations, "title", &row.title, locale.as_deref())
    }

    /// The date of issue, as precisely as it is known.
    async fn issued(&self) -> Option<PartialDate> {
        self.row.issued.map(PartialDate)
    }

    /// The last day to apply.
    async fn deadline(&self) -> Option<Date> {
        self.row.deadline.map(Date)
    }

    /// Who may apply, in words.
    async fn for_whom(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = &self.row;
        let own = row.for_whom.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "forWhom", own, locale.as_deref()),
        )
    }

    /// The number of places.
    async fn places(&self) -> Option<i32> {
        self.row.places
    }

    /// The web address of the application form.
    async fn form_url(&self) -> Option<&str> {
        self.row.form_url.as_deref()
    }

    /// What an application must contain, one item each.
    async fn required(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Vec<&str> {
        self.view.said_list(
            &self.row.translations,
            "required",
            &self.row.required,
            locale.as_deref(),
        )
    }

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row.sources)
    }
}

/// The project's calls.
pub fn list(view: &View) -> List<Call> {
    let items = view.there(&view.open_calls).map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, Call::new(view, row))
    });
    List::new(BY_POSITION, items)
}
