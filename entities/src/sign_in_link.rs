//! A link by which somebody signs in, once.

use sea_orm::entity::prelude::*;

use crate::{PersonId, SignInLinkId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SignInLinkId,
    /// None: nobody has the address, and no mail is sent.
    pub person_id: Option<PersonId>,
    /// HMAC of the address under the server's key, to count attempts by.
    #[sea_orm(column_type = "Text")]
    pub address_hash: String,
    /// SHA-256 of what the link says.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// SHA-256 of the cookie of the browser that asked; none: any browser may use it.
    #[sea_orm(column_type = "Text")]
    pub browser_hash: Option<String>,
    /// HMAC of the network that asked, or of a browser that the person was signed in in; none: made
    /// by a command, and not counted.
    #[sea_orm(column_type = "Text")]
    pub requester_hash: Option<String>,
    pub requested_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
