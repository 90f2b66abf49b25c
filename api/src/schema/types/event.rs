//! Events: conferences and meetings.

use async_graphql::Object;

use super::{output::output_kind, vocabulary::EventKind};

output_kind! {
    /// A conference or a meeting.
    Event { EventFields: event -> event }
}

#[Object]
impl EventFields {
    /// The kind of event.
    async fn event_kind(&self) -> EventKind {
        self.row().kind
    }

    /// The approximate number of participants.
    async fn about_participants(&self) -> Option<i32> {
        self.row().about_participants
    }

    /// The address of its web page.
    async fn website(&self) -> Option<&str> {
        self.row().website.as_deref()
    }
}
