//! Calls for participants.

use async_graphql::{ID, MergedObject, Object};
use domain::record::Kind;
use entities::open_call;

use super::{
    citation::{self, Citation},
    tracked::TrackedCall,
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

    /// The key, unique in the project.
    async fn key(&self) -> &str {
        &self.row.key
    }

    /// The title, in the language of the call.
    async fn title(&self) -> &str {
        &self.row.title
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
    async fn for_whom(&self) -> Option<&str> {
        self.row.for_whom.as_deref()
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
    async fn required(&self) -> &[String] {
        &self.row.required.0
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
