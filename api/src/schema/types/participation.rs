//! Participations: who takes or took part in an output, and who did not.

use async_graphql::{Context, Object};
use entities::participation;

use super::{
    citation::{self, Citation},
    partner::Partner,
    person::{self, Person},
    vocabulary::ParticipationStatus,
};
use crate::schema::base::{interface::Link, view::View};

/// Who takes or took part in an output, or who did not.
#[derive(Clone, Debug)]
pub struct Participation {
    view: View,
    row: participation::Model,
}

impl Participation {
    pub fn new(view: &View, row: &participation::Model) -> Self {
        Self {
            view: view.clone(),
            row: row.clone(),
        }
    }
}

/// Who takes or took part in an output, or who did not.
#[Object]
impl Participation {
    /// The partner; null where only a role or a group is known.
    async fn partner(&self) -> Option<Link<Partner>> {
        Some(Link(Partner::new(&self.view, self.row.partner_id?)))
    }

    /// The person, for those who may see who they are; null for everyone else.
    async fn person(&self, ctx: &Context<'_>) -> Option<Person> {
        person::seen(ctx, &self.view, self.row.person_id)
    }

    /// A role or a group, where no partner is named.
    async fn who(&self) -> Option<&str> {
        self.row.who.as_deref()
    }

    /// Whether they took part.
    async fn status(&self) -> ParticipationStatus {
        self.row.status
    }

    /// Why they did not.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// Where this comes from.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row.sources)
    }
}
