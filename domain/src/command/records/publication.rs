//! Publications about the project.

use entities::*;

use super::{Cited, Listed, lists, put_named, put_sources};
use crate::{
    command::{Draft, Named, Problems, project::put},
    record,
};

/// What is told of a publication.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub title: Option<String>,
    pub published: Option<Option<PartialDate>>,
    pub url: Option<Option<String>>,
    pub community: Option<Option<Named>>,
    pub sources: Option<Vec<Cited>>,
}

impl Listed for publication::Model {
    type Record = record::Publication;
    type Facts = Facts;
    const LIST: &'static str = "publications";
    const NAME: &'static str = "publication";

    lists! {
        publications: title, published, url, community_id, sources;
    }

    fn take(&mut self, draft: &mut Draft, problems: &mut Problems, facts: Facts) {
        put(&mut self.title, facts.title);
        put(&mut self.published, facts.published);
        put(&mut self.url, facts.url);
        put_named(&mut self.community_id, problems, facts.community, |named| {
            draft.community("community", named)
        });
        put_sources(&mut self.sources, draft, problems, facts.sources);
    }

    fn community(&self) -> Option<CommunityId> {
        self.community_id
    }
}
