//! Pairings: mentor and implementing partners who exchange staff.

use async_graphql::{ID, MergedObject, Object, meter::records};
use domain::record::Kind;
use entities::{PairingId, Side, pairing};

use super::{
    citation::{self, Basis, Citation},
    community::Community,
    note::{self, Note},
    partner::Partner,
    staff_exchange::StaffExchange,
    tracked::TrackedPairing,
    translation::{self, Translation},
};
use crate::schema::base::{
    connection::{BY_POSITION, List},
    id::id,
    view::View,
};

/// A pairing: one or more mentors and one or more implementing partners that exchange staff.
#[derive(Clone, Debug, MergedObject)]
pub struct Pairing(PairingFields, TrackedPairing);

impl Pairing {
    pub fn new(view: &View, id: PairingId) -> Self {
        let tracked = TrackedPairing::new(view, id);
        let view = view.clone();
        Self(PairingFields { view, id }, tracked)
    }
}

#[derive(Clone, Debug)]
struct PairingFields {
    view: View,
    id: PairingId,
}

impl PairingFields {
    fn row(&self) -> &pairing::Model {
        self.view.pairing(self.id)
    }

    /// The row, for what is known once all of its legs that were ever reported are.
    fn once_reported(&self) -> Option<&pairing::Model> {
        records(self.view.staff_exchanges.len());
        let mut legs = self.view.staff_exchanges.iter();
        let is_reported = legs
            .by_ref()
            .filter(|leg| leg.pairing_id == self.id)
            .all(|leg| self.view.is_reported(leg.output_id, self.view.as_of));
        is_reported.then(|| self.row())
    }

    fn side(&self, side: Side) -> Vec<Partner> {
        self.view
            .side(self.id, side)
            .map(|partner| Partner::new(&self.view, partner))
            .collect()
    }
}

#[Object]
impl PairingFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Pairing, self.view.id(), self.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        self.once_reported()
            .map(|row| translation::all(&row.translations))
            .unwrap_or_default()
    }

    /// The key, unique in the project.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// The community that it belongs to; null if it belongs to none.
    async fn community(&self) -> Option<Community> {
        Some(Community::new(&self.view, self.row().community_id?))
    }

    /// The mentors: the partners that share their experience.
    async fn mentors(&self) -> Vec<Partner> {
        self.side(Side::Mentor)
    }

    /// The implementing partners, which put a new policy into practice.
    async fn implementing(&self) -> Vec<Partner> {
        self.side(Side::Implementing)
    }

    /// The staff exchanges, which are its legs.
    async fn legs(&self) -> Vec<StaffExchange> {
        self.view
            .staff_exchanges
            .iter()
            .filter(|exchange| exchange.pairing_id == self.id)
            .filter_map(|exchange| StaffExchange::new(&self.view, exchange.output_id))
            .collect()
    }

    /// The number of days that each leg should last.
    async fn days_per_leg(&self) -> i32 {
        self.row().days_per_leg
    }

    /// The result, in the language of its source, from the report of its last leg on.
    async fn result(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.once_reported()?;
        let own = row.result.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "result", own, locale.as_deref()),
        )
    }

    /// A remark about the record.
    async fn note(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.once_reported()?;
        let own = row.note.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "note", own, locale.as_deref()),
        )
    }

    /// The notes about it: contradictions between sources, gaps in them, and remarks.
    async fn notes(&self) -> Vec<Note> {
        note::about(&self.view, &format!("pairing:{}", self.row().key))
    }

    /// The derivations of values that no source states.
    async fn basis(&self) -> Vec<Basis> {
        citation::basis(&self.row().basis)
    }

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row().sources)
    }
}

/// The project's pairings.
pub fn list(view: &View) -> List<Pairing> {
    let items = view.pairings.iter().map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, Pairing::new(view, row.id))
    });
    List::new(BY_POSITION, items)
}
