//! What every type and mutation is built with: scalars, ids, lists, errors, the view of a project.
//! Nothing here names a noun.

pub mod collation;
pub mod connection;
pub mod error;
pub mod id;
pub mod interface;
pub mod keyset;
pub mod order;
pub mod payload;
pub mod reads;
pub mod scalar;
pub mod view;
