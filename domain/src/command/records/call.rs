//! Calls for participants.

use chrono::NaiveDate;
use entities::*;

use super::{Cited, Listed, lists, put_sources};
use crate::{
    command::{Draft, Problems, project::put},
    record,
};

/// What is told of a call.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub title: Option<String>,
    pub issued: Option<Option<PartialDate>>,
    pub deadline: Option<Option<NaiveDate>>,
    pub for_whom: Option<Option<String>>,
    pub places: Option<Option<i32>>,
    pub form_url: Option<Option<String>>,
    pub required: Option<Vec<String>>,
    pub sources: Option<Vec<Cited>>,
}

impl Listed for open_call::Model {
    type Record = record::Call;
    type Facts = Facts;
    const LIST: &'static str = "calls";
    const NAME: &'static str = "call";

    lists! {
        open_calls: title, issued, deadline, for_whom, places, form_url, required, sources;
    }

    fn take(&mut self, draft: &mut Draft, problems: &mut Problems, facts: Facts) {
        put(&mut self.title, facts.title);
        put(&mut self.issued, facts.issued);
        put(&mut self.deadline, facts.deadline);
        put(&mut self.for_whom, facts.for_whom);
        put(&mut self.places, facts.places);
        put(&mut self.form_url, facts.form_url);
        put(&mut self.required, facts.required.map(Strings));
        put_sources(&mut self.sources, draft, problems, facts.sources);
    }
}
