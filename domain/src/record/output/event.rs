//! A conference or meeting.

use entities::EventKind;

use crate::record::declare::record;

record! {
    /// A conference or meeting.
    Event of event {
        /// Which kind of event it is.
        kind: EventKind = Any;
        /// About how many people come.
        about_participants: Option<i32> = Number(1, i64::MAX);
        /// Its page on the web.
        website: Option<String> = Url;
    }
}
