//! Thematic cluster visits of a community.

use async_graphql::Object;

use super::{output::output_kind, partner::Partner, practice::Practice};

output_kind! {
    /// A thematic cluster visit: a community works for some days on the practices of one of its
    /// cities.
    Visit { VisitFields: visit -> visit }
}

#[Object]
impl VisitFields {
    /// The number in the community, from 1.
    async fn number(&self) -> i32 {
        self.row().number
    }

    /// The partner that organises the visit.
    async fn organiser(&self) -> Option<Partner> {
        Some(Partner::new(&self.view, self.row().organiser_id?))
    }

    /// The practices that the visit showed, from its report on.
    async fn practices(&self) -> Vec<Practice> {
        self.view
            .there(self.view.practices_seen_at(self.id))
            .map(|seen| Practice::new(&self.view, seen.practice_id))
            .collect()
    }
}
