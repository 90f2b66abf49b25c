//! A project as it is read by one request: at one revision, as of one day.

use std::{ops::Deref, sync::Arc};

use async_graphql::{Context, Result};
use domain::{
    project::{AsOf, Project},
    store::Store,
    viewer::Viewer,
};
use entities::{CommunityId, Localized, PartnerId};

use super::{error, id::NodeId, reads::Reads};

/// What every object of a project carries.
#[derive(Clone, Debug)]
pub struct View {
    pub project: Arc<Project>,
    pub as_of: AsOf,
}

impl Deref for View {
    type Target = Project;

    fn deref(&self) -> &Project {
        &self.project
    }
}

impl View {
    /// The project as it stands on the clock's today in the project's own zone.
    pub fn today(project: Arc<Project>, reads: &Reads) -> Self {
        let as_of = reads.today(&project).into();
        Self { project, as_of }
    }

    /// A text in the wanted language, else in the project's default, else in any.
    pub fn text(&self, text: &Localized, locale: Option<&str>) -> Option<String> {
        let fallback = self.default_locale();
        text.get(locale.unwrap_or(fallback), fallback)
            .map(str::to_owned)
    }

    /// The community that an argument names, by key or by id.
    pub fn community_named(&self, argument: &'static str, name: &str) -> Result<CommunityId> {
        let by_id = || match NodeId::decode(name) {
            Some(NodeId { kind, row, .. }) if kind == "Community" => self
                .communities
                .iter()
                .find(|community| community.id.0.to_string() == row),
            _ => None,
        };
        self.community_by_key(name)
            .or_else(by_id)
            .map(|community| community.id)
            .ok_or_else(|| {
                let keys: Vec<_> = self.communities.iter().map(|c| c.key.as_str()).collect();
                let right = format!("give an id or one of {}", keys.join(", "));
                error::bad_input(argument, format!("there is no community {name:?}"), &right)
            })
    }

    /// The partner that an argument names, by its organisation's key or by id.
    pub fn partner_named(&self, argument: &'static str, name: &str) -> Result<PartnerId> {
        let by_id = || match NodeId::decode(name) {
            Some(NodeId { kind, row, .. }) if kind == "Partner" => self
                .partners
                .iter()
                .find(|partner| partner.id.0.to_string() == row),
            _ => None,
        };
        self.partner_by_key(name)
            .or_else(by_id)
            .map(|partner| partner.id)
            .ok_or_else(|| {
                error::bad_input(
                    argument,
                    format!("there is no partner {name:?}"),
                    "give its id, or its organisation's key such as \"torino\"",
                )
            })
    }
}

/// On whose behalf the request reads.
pub fn viewer(ctx: &Context<'_>) -> Viewer {
    ctx.data_opt::<Viewer>()
        .copied()
        .unwrap_or(Viewer::Anonymous)
}

/// The projects.
pub fn reads<'a>(ctx: &Context<'a>) -> Result<&'a Reads> {
    ctx.data::<Arc<Reads>>().map(Arc::as_ref)
}

/// The store, for what is no project; the answer is then not kept.
pub fn store<'a>(ctx: &Context<'a>) -> Result<&'a Arc<Store>> {
    reads(ctx).map(Reads::store)
}

/// Fails unless the viewer may see what is asked for.
pub fn allowed(may_see: bool, what: &str) -> Result<()> {
    match may_see {
        true => Ok(()),
        false => Err(error::forbidden(what)),
    }
}
