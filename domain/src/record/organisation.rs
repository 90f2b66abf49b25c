//! Organisations: cities, networks, agencies, funders. All projects share them.

use entities::{OrganisationKind, Translations};

use super::{Check, declare::record};

record! {
    /// An organisation, shared by all projects.
    Organisation of organisation {
        /// Names it in every project.
        key: String = Key;
        /// What it is by itself.
        kind: OrganisationKind = Any;
        /// Its name in English.
        name: String = Name;
        /// Its name in its own language.
        native_name: Option<String> = Name;
        /// ISO 3166-1 alpha-2 (GR for Greece).
        country: Option<String> = Country;
        /// IANA name.
        time_zone: String = TimeZone;
        /// BCP 47 tag of the language in which it works.
        locale: String = Language;
        /// Degrees north.
        latitude: Option<f64> = Degrees(90);
        /// Degrees east.
        longitude: Option<f64> = Degrees(180);
        /// Its number in GeoNames.
        geonames_id: Option<i64> = Number(1, i64::MAX);
        /// Its item in Wikidata, such as `Q495`.
        wikidata_id: Option<String> = Name;
        /// Its name in other languages than English: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Organisation::FIELDS, &["name"]);
    }
    between;
}

impl Organisation {
    fn between(&self, check: &mut Check<'_>) {
        if self.latitude.is_some() {
            check.required("longitude", &self.longitude);
        }
        if self.longitude.is_some() {
            check.required("latitude", &self.latitude);
        }
    }
}
