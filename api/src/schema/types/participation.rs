//! Participations: who takes or took part in an output, and who did not.

use async_graphql::{Context, ID, Object};
use domain::record::Entry;
use entities::participation;

use super::{
    citation::{self, Citation},
    partner::Partner,
    person::{self, Person},
    translation::{self, Translation},
    vocabulary::ParticipationStatus,
};
use crate::schema::base::{id::id, interface::Link, scalar::PartialDate, view::View};

/// The participation of a partner, a person or a group in an output.
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

    /// Whether the status holds on the view's day.
    fn is_settled(&self) -> bool {
        self.view.is_settled(&self.row, self.view.as_of)
    }
}

/// The participation of a partner, a person or a group in an output.
#[Object]
impl Participation {
    /// The opaque id of the entry.
    async fn id(&self) -> ID {
        id(Entry::Participant.name(), self.view.id(), self.row.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }

    /// A hash of the entry, which changes with every edit. A mutation whose `expectedVersion`
    /// differs from the current one is refused with CONFLICT.
    async fn version(&self) -> String {
        self.view
            .entry_version::<domain::record::Participant>(&self.row)
    }

    /// The partner; null if only a role or a group is known.
    async fn partner(&self) -> Option<Link<Partner>> {
        Some(Link(Partner::new(&self.view, self.row.partner_id?)))
    }

    /// The person; null if no person is recorded or the viewer may not see people.
    async fn person(&self, ctx: &Context<'_>) -> Option<Person> {
        person::seen(ctx, &self.view, self.row.person_id)
    }

    /// The role or group, if no partner is named.
    async fn who(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = &self.row;
        let own = row.who.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "who", own, locale.as_deref()),
        )
    }

    /// The status: expected, present, or absent in one of several ways.
    async fn status(&self) -> ParticipationStatus {
        let as_of = self.view.as_of;
        self.view.participation_status(&self.row, as_of)
    }

    /// The reason for the absence; null if there is none.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref().filter(|_| self.is_settled())
    }

    /// The date from which on the status holds, as precisely as it is known; null if it holds from
    /// the output's report on.
    async fn since(&self) -> Option<PartialDate> {
        self.view.by_now(self.row.since)
    }

    /// The sources of the participation.
    async fn sources(&self) -> Vec<Citation> {
        match self.is_settled() {
            true => citation::all(&self.view, &self.row.sources),
            false => Vec::new(),
        }
    }
}
