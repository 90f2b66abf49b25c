//! The audit log: who changed a record, when, by which mutation, from which values to which.

use async_graphql::{Context, ID, InputObject, Object, Result, Scalar, ScalarType, Value};
use domain::{record::Kind, store::Store};
use entities::audit_entry;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{node::Node, person::Person, vocabulary::Channel};
use crate::schema::base::{
    connection::{Connection, Page},
    error,
    id::{NodeId, id},
    keyset::Newest,
    scalar::{DateTime, Quantity},
    view::View,
};

/// Values of a record by field name.
#[derive(Clone, Debug)]
pub struct Values(serde_json::Value);

/// Values by field name, as a JSON object. Personal values are replaced by `(personal)`.
#[Scalar]
impl ScalarType for Values {
    fn parse(value: Value) -> async_graphql::InputValueResult<Self> {
        Ok(Self(value.into_json()?))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

/// An entry of the audit log: the change of one record.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    view: View,
    row: audit_entry::Model,
}

/// An entry of the audit log: the change of one record. Entries are never changed or removed; they
/// hold ids, and no names or addresses.
#[Object]
impl AuditEntry {
    /// The opaque id of the entry.
    async fn id(&self) -> ID {
        id("AuditEntry", self.view.id(), self.row.id)
    }

    /// The id of the mutation's execution. All changes of one mutation have the same id.
    async fn act(&self) -> String {
        self.row.act_id.to_string()
    }

    /// The mutation, such as `rescheduleOutput`, or the program's command that changed the record.
    async fn verb(&self) -> &str {
        &self.row.verb
    }

    /// The person who changed the record. Null for the operator, a command of the program or the
    /// worker, and for a person who has left the project.
    async fn person(&self) -> Option<Person> {
        let person = self.row.person_id?;
        let is_there = self.view.holds(person);
        is_there.then(|| Person::new(&self.view, person))
    }

    /// The channel through which the record was changed.
    async fn channel(&self) -> Channel {
        self.row.channel
    }

    /// The id of the request in the server's log; null if there was no request.
    async fn request_id(&self) -> Option<&str> {
        self.row.request_id.as_deref()
    }

    /// The name of the record's GraphQL type, such as `StaffExchange`.
    async fn kind(&self) -> &str {
        &self.row.kind
    }

    /// The id of the record, for `node`.
    async fn record(&self) -> ID {
        id(&self.row.kind, self.view.id(), self.row.record_id)
    }

    /// The current record; null if it was removed.
    async fn node(&self, ctx: &Context<'_>) -> Result<Option<Node>> {
        let id = NodeId {
            kind: self.row.kind.clone(),
            project: self.view.id(),
            row: self.row.record_id.to_string(),
        };
        Node::in_view(ctx, &self.view, &id).await
    }

    /// The changed fields before the change; null if the record is new.
    async fn before(&self) -> Option<Values> {
        self.row.before.clone().map(Values)
    }

    /// The changed fields after the change; null if the record was removed.
    async fn after(&self) -> Option<Values> {
        self.row.after.clone().map(Values)
    }

    /// The revision of the project after the change.
    async fn revision(&self) -> Option<Quantity> {
        self.row.revision.map(Quantity)
    }

    /// The instant of the change.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.row.recorded_at)
    }
}

/// A filter of audit entries. All conditions must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AuditFilter {
    /// Only changes of this record, by its id.
    record: Option<ID>,
    /// Only changes by this person, by their id.
    person: Option<ID>,
    /// Only changes by this mutation, such as `rescheduleOutput`.
    verb: Option<String>,
}

const LOG: Newest<audit_entry::Entity> = Newest {
    name: "audit",
    at: audit_entry::Column::RecordedAt,
    id: audit_entry::Column::Id,
    place: |row| (row.recorded_at, row.id.0),
};

/// One page of a project's audit, the newest first.
///
/// # Errors
/// `BAD_USER_INPUT` if an argument is invalid.
pub async fn log(
    view: &View,
    store: &Store,
    filter: Option<AuditFilter>,
    page: &Page,
) -> Result<Connection<AuditEntry>> {
    use audit_entry::Column;
    let filter = filter.unwrap_or_default();
    let mut select = audit_entry::Entity::find();
    // A shared record may have been changed through another project that shows it.
    let is_shared = filter
        .record
        .as_ref()
        .is_some_and(|record| is_shared(view, record));
    if !is_shared {
        select = select.filter(Column::ProjectId.eq(view.id()));
    }
    if let Some(record) = filter.record {
        select = select.filter(Column::RecordId.eq(row_of("filter.record", &record)?));
    }
    if let Some(person) = filter.person {
        select = select.filter(Column::PersonId.eq(row_of("filter.person", &person)?));
    }
    if let Some(verb) = filter.verb {
        select = select.filter(Column::Verb.eq(verb));
    }
    if let Some(instant) = view.as_of.known_at {
        select = select.filter(Column::RecordedAt.lte(instant));
    }
    let make = |row| AuditEntry {
        view: view.clone(),
        row,
    };
    LOG.page(store.db(), select, page, make).await
}

/// One page of the history of one record, the newest first.
///
/// # Errors
/// As [`log`].
pub async fn history(
    view: &View,
    store: &Store,
    kind: Kind,
    record: impl Into<Uuid>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<AuditEntry>> {
    let filter = AuditFilter {
        record: Some(id(kind, view.id(), record.into())),
        ..AuditFilter::default()
    };
    let page = Page {
        first,
        after,
        last: None,
        before: None,
    };
    log(view, store, Some(filter), &page).await
}

/// Whether the id is that of an organisation of the project.
fn is_shared(view: &View, record: &ID) -> bool {
    let node = NodeId::decode(record).filter(|node| node.kind == Kind::Organisation.name());
    node.is_some_and(|node| node.project == view.id() && Node::is_there(view, &node))
}

fn row_of(argument: &'static str, name: &ID) -> Result<Uuid> {
    NodeId::decode(name)
        .and_then(|id| id.uuid())
        .ok_or_else(|| {
            let right = "give an id as another answer gave it";
            error::bad_input(argument, "this is no id", right)
        })
}
