//! The GraphQL schema, on three floors: what all types are built with in `base`; the objects, one
//! file per noun, in `types`; the inputs and mutations, one file per noun, in `mutation`. A floor uses
//! those before it, never those after it.

mod base;
mod mutation;
mod subscription;
mod types;

use std::sync::Arc;

use async_graphql::{
    Context, ID, MergedObject, Object, Request, Response, Result, SDLExportOptions,
    Schema as GraphQl, ValidationMode,
};
use futures::{future::BoxFuture, stream::BoxStream};

use base::error;
pub use base::{
    error::{incident, internal},
    reads::{Dependencies, Reads},
    scalar::refusal as scalar_refusal,
};
pub use mutation::Mutation;
use subscription::Comparisons;
pub use subscription::{Change, Events, Feed, Subscription};
use types::{node::Node, project::ProjectQuery, record_kind::RecordKindQuery, viewer::ViewerQuery};

/// The schema of the API. A request carries a [`domain::viewer::Viewer`] and its `Reads` as
/// data.
pub type Schema = GraphQl<Query, Mutation, Subscription>;

/// How deep selections may nest for async-graphql, which would stop at 32; ours are less deep.
const MAX_RECURSION: usize = 128;

/// Makes the schema. It runs only what [`crate::Gateway`] has accepted, so it checks nothing again.
#[must_use]
pub fn schema() -> Schema {
    GraphQl::build(Query::default(), Mutation::default(), Subscription)
        .data(Arc::<Comparisons>::default())
        .limit_recursive_depth(MAX_RECURSION)
        .validation_mode(ValidationMode::Fast)
        .finish()
}

/// Runs an operation.
///
/// Boxed here, as [`subscribe`] is: the body of an asynchronous function is compiled in each crate
/// that awaits it, so every binary and every program of tests would compile all resolvers anew.
#[inline(never)]
pub fn execute(schema: &Schema, request: Request) -> BoxFuture<'_, Response> {
    Box::pin(schema.execute(request))
}

/// Runs a subscription: one answer after another.
#[inline(never)]
pub fn subscribe(schema: &Schema, request: Request) -> BoxStream<'static, Response> {
    Box::pin(schema.execute_stream(request))
}

/// The schema as it is checked in.
#[must_use]
pub fn sdl(schema: &Schema) -> String {
    let mut text =
        schema.sdl_with_options(SDLExportOptions::new().prefer_single_line_descriptions());
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Where every read starts.
#[derive(Debug, Default, MergedObject)]
pub struct Query(ProjectQuery, NodeQuery, RecordKindQuery, ViewerQuery);

/// The roots that find any record.
#[derive(Debug, Default)]
struct NodeQuery;

/// How many records can be asked for by id at once.
const MAX_NODES: usize = 100;

#[Object]
impl NodeQuery {
    /// The record of an id, as of today; null if there is none that you may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opaque id of the record.")] id: ID,
    ) -> Result<Option<Node>> {
        Node::find(ctx, &id).await
    }

    /// The records of several ids, in the order of the ids; null for an id without a record that
    /// you may see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids, 100 at most.")] ids: Vec<ID>,
    ) -> Result<Option<Vec<Option<Node>>>> {
        if ids.len() > MAX_NODES {
            return Err(error::bad_input(
                "ids",
                format!("there are {}", ids.len()),
                "give 100 at most",
            ));
        }
        let mut nodes = Vec::with_capacity(ids.len());
        for id in &ids {
            nodes.push(Node::find(ctx, id).await?);
        }
        Ok(Some(nodes))
    }
}
