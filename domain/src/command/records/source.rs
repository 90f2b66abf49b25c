//! Sources: the documents that records refer to.

use entities::*;

use super::{Listed, lists};
use crate::{
    command::{Draft, Problems, project::put},
    record,
};

/// What is told of a source.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub title: Option<String>,
    pub publisher: Option<Option<String>>,
    pub address: Option<Option<String>>,
}

impl Listed for source::Model {
    type Record = record::Source;
    type Facts = Facts;
    const LIST: &'static str = "sources";
    const NAME: &'static str = "source";

    lists! {
        sources: title, publisher, address;
    }

    fn take(&mut self, _: &mut Draft, _: &mut Problems, facts: Facts) {
        put(&mut self.title, facts.title);
        put(&mut self.publisher, facts.publisher);
        put(&mut self.address, facts.address);
    }
}
