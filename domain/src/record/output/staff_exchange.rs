//! A leg of a staff exchange: leg 1 is hosted by the mentor, leg 2 by who implements.

use entities::Translations;

use crate::record::{Kind, declare::record};

record! {
    /// One leg of a pairing.
    StaffExchange of staff_exchange {
        /// The pairing, by key.
        pairing: String = Reference(Kind::Pairing), column pairing_id;
        /// 1 in the mentor's city, 2 in the implementing city; left out where it is unknown.
        leg: Option<i32> = Number(1, 2);
        /// What was learned.
        learned: Option<String> = Text;
        /// What was adapted to the implementing city.
        adapted: Option<String> = Text;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| StaffExchange::FIELDS, &["learned", "adapted"]);
    }
}
