//! Good practices of cities.

use entities::*;

use super::{Cited, Listed, lists, put_named, put_sources};
use crate::{
    command::{Draft, Named, Problems, project::put},
    record,
};

/// What is told of a practice.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub name: Option<String>,
    pub kind: Option<String>,
    pub partner: Option<Option<Named>>,
    pub since: Option<Option<PartialDate>>,
    pub description: Option<Option<String>>,
    pub facts: Option<Vec<String>>,
    pub note: Option<Option<String>>,
    pub sources: Option<Vec<Cited>>,
}

impl Listed for practice::Model {
    type Record = record::Practice;
    type Facts = Facts;
    const LIST: &'static str = "practices";
    const NAME: &'static str = "practice";

    lists! {
        practices: name, kind, partner_id, since, description, facts, note, sources;
    }

    fn take(&mut self, draft: &mut Draft, problems: &mut Problems, facts: Facts) {
        put(&mut self.name, facts.name);
        put(&mut self.kind, facts.kind);
        put_named(&mut self.partner_id, problems, facts.partner, |named| {
            draft.partner("partner", named)
        });
        put(&mut self.since, facts.since);
        put(&mut self.description, facts.description);
        put(&mut self.facts, facts.facts.map(Strings));
        put(&mut self.note, facts.note);
        put_sources(&mut self.sources, draft, problems, facts.sources);
    }
}
