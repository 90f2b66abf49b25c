//! How much memory a project takes, about: what bounds the project cache goes by it.

use super::{Project, history::Latest};

impl Project {
    /// About how many bytes it takes in memory: for the data set that comes with the product less
    /// than a tenth off what a counting allocator measures.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn counted(&self) -> usize {
        // A hash map has a power of two of places, one in eight of them empty, each with a mark.
        let places = (self.places.capacity() * 8 / 7).next_power_of_two();
        size_of::<Self>()
            + self.rows.heap()
            + places * (size_of::<(uuid::Uuid, usize)>() + 1)
            + self.latest.capacity() * size_of::<Latest>()
    }
}
