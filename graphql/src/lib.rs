//! async-graphql, whose objects are counted while a response is made.
//!
//! `api` names this crate `async_graphql`, so that what its derives write resolves objects through
//! [`resolver_utils`] here. An extension of async-graphql would see every field, too, but it
//! allocates for each field and formats the type of each entry of a list.

pub use async_graphql::*;

pub mod meter;

/// As async-graphql's, but each object waits for its turn and is counted.
pub mod resolver_utils {
    pub use async_graphql::resolver_utils::*;

    use async_graphql::{ContextSelectionSet, ServerResult, Value};

    use crate::meter;

    /// Resolves an object, its fields concurrently.
    ///
    /// # Errors
    /// Those of its fields.
    pub async fn resolve_container<'a, T: ContainerType + ?Sized>(
        ctx: &ContextSelectionSet<'a>,
        root: &'a T,
    ) -> ServerResult<Value> {
        meter::turn().await;
        let object = async_graphql::resolver_utils::resolve_container(ctx, root).await?;
        meter::made(&object);
        Ok(object)
    }

    /// Resolves an object, one field after another.
    ///
    /// # Errors
    /// Those of its fields.
    pub async fn resolve_container_serial<'a, T: ContainerType + ?Sized>(
        ctx: &ContextSelectionSet<'a>,
        root: &'a T,
    ) -> ServerResult<Value> {
        meter::turn().await;
        let object = async_graphql::resolver_utils::resolve_container_serial(ctx, root).await?;
        meter::made(&object);
        Ok(object)
    }
}
