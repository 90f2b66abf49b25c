//! A how-to guide.

use crate::record::declare::record;

record! {
    /// A how-to guide.
    Guide of guide {
        /// Its language, as a BCP 47 tag.
        language: Option<String> = Language;
        /// The page that presents it.
        landing_url: Option<String> = Url;
        /// The file itself.
        file_url: Option<String> = Url;
    }
}
