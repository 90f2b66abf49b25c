//! A workshop held by the champions.

use crate::record::declare::record;

record! {
    /// A workshop held by the champions.
    ChampionWorkshop of champion_workshop {
        /// About how many people come.
        about_participants: Option<i32> = Number(1, i64::MAX);
    }
}
