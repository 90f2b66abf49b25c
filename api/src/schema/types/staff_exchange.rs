//! Staff exchanges: one leg of a pairing, one host, five days.

use async_graphql::Object;

use super::{organisation::Organisation, output::output_kind, pairing::Pairing, partner::Partner};

output_kind! {
    /// One leg of a staff exchange: people of one side of a pairing work with one host for some days.
    StaffExchange { StaffExchangeFields: staff_exchange -> staff_exchange }
}

#[Object]
impl StaffExchangeFields {
    /// The pairing of which it is a leg.
    async fn pairing(&self) -> Pairing {
        Pairing::new(&self.view, self.row().pairing_id)
    }

    /// The leg: 1 in the mentor's city, 2 in the implementing city; null if it is not known.
    async fn leg(&self) -> Option<i32> {
        self.row().leg
    }

    /// The partners that travel to the host.
    async fn guests(&self) -> Vec<Partner> {
        self.view
            .guests(self.view.output(self.id))
            .into_iter()
            .map(|partner| Partner::new(&self.view, partner))
            .collect()
    }

    /// The cities where it takes place: the host, or the cities that a regional host acts for.
    async fn cities(&self) -> Vec<Organisation> {
        self.view
            .host_cities(self.view.output(self.id))
            .into_iter()
            .map(|city| Organisation::new(&self.view, city))
            .collect()
    }

    /// The number of days that each leg of its pairing should last.
    async fn days_asked(&self) -> i32 {
        self.view.pairing(self.row().pairing_id).days_per_leg
    }

    /// The lessons of the guests.
    async fn learned(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row();
        let own = row.learned.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "learned", own, locale.as_deref()),
        )
    }

    /// How the guests adapt the lessons at home.
    async fn adapted(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row();
        let own = row.adapted.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "adapted", own, locale.as_deref()),
        )
    }
}
