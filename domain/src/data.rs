//! The data set that comes with the product.

/// The CONNECTION project (2020-2022) as a project file.
pub const CONNECTION: &str = include_str!("../data/connection.json");
