//! A video.

use crate::record::declare::record;

record! {
    /// A video.
    Video of video {
        /// Its language, as a BCP 47 tag.
        language: Option<String> = Language;
        /// Where it can be seen.
        url: Option<String> = Url;
    }
}
