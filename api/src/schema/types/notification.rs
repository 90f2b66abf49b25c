//! Mail: the ledger of deliveries, and the preview of planned ones.

use async_graphql::{ID, InputObject, Object, Result, meter::records};
use chrono::{TimeDelta, Utc};
use domain::{
    plan::{self, Due},
    store::Store,
};
use entities::{PersonId, ReminderRuleId, notification};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::ExprTrait};
use uuid::Uuid;

use super::{
    node::{NOTIFICATION, Node},
    output::Output,
    person::Person,
    project::Project,
    reminder_rule::ReminderRule,
    vocabulary::{MailCategory, NotificationState, SkipReason},
};
use crate::schema::base::{
    connection::{Connection, List, Order, Page},
    error,
    id::{NodeId, id},
    keyset::Newest,
    scalar::DateTime,
    view::View,
};

/// The delivery of a mail.
#[derive(Clone, Debug)]
pub struct Notification {
    view: View,
    row: notification::Model,
}

impl Notification {
    /// The delivery as it was known: mail that was sent later was due.
    pub fn new(view: &View, row: notification::Model) -> Self {
        let view = view.clone();
        let is_known = row.sent_at.is_none_or(|at| view.as_of.knows(at));
        let row = match is_known {
            true => row,
            false => notification::Model {
                state: NotificationState::Due,
                detail: None,
                attempts: 0,
                message_id: None,
                sent_at: None,
                ..row
            },
        };
        Self { view, row }
    }

    /// The delivery of an id; `None` if the project does not have it.
    pub async fn find(view: &View, store: &Store, id: Uuid) -> Result<Option<Self>> {
        let row = notification::Entity::find_by_id(entities::NotificationId(id))
            .filter(notification::Column::ProjectId.eq(view.id()))
            .one(store.db())
            .await
            .map_err(|error| error::internal(&error))?;
        Ok(row.map(|row| Self::new(view, row)))
    }
}

/// The delivery of a mail: a row of the ledger. There is one for each recipient, category, subject
/// and occurrence, so that no mail is sent twice.
#[Object]
impl Notification {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(NOTIFICATION, self.view.id(), self.row.id)
    }

    /// The recipient; null if they have no role in the project any more.
    async fn person(&self) -> Option<Person> {
        person(&self.view, self.row.person_id)
    }

    /// The category of the mail.
    async fn category(&self) -> MailCategory {
        self.row.category
    }

    /// The subject: an output or the project; null if it was removed.
    async fn subject(&self) -> Option<Node> {
        subject(&self.view, self.row.subject_id)
    }

    /// Identifies the mail among those of the same recipient, category and subject: step, anchor date
    /// and number of moves (`14/2021-09-20/0`), the week of a digest (`2021-W36`), or the month of a
    /// report (`2021-08`). Where two rules ask for the same mail, it is sent once.
    async fn occurrence(&self) -> &str {
        &self.row.occurrence
    }

    /// The rule that planned it; null for mail without a rule, and if the rule was removed.
    async fn rule(&self) -> Option<ReminderRule> {
        rule(&self.view, self.row.rule_id?)
    }

    /// The instant at which it was due.
    async fn due_at(&self) -> DateTime {
        DateTime(self.row.due_at)
    }

    /// The instant after which it is skipped because it is too late.
    async fn useful_until(&self) -> DateTime {
        DateTime(self.row.useful_until)
    }

    /// The state of the delivery.
    async fn state(&self) -> NotificationState {
        self.row.state
    }

    /// The reason for which it was skipped; null if it was not.
    async fn reason(&self) -> Option<SkipReason> {
        self.row.reason
    }

    /// The reply of the mail server, without addresses; null if there is none.
    async fn detail(&self) -> Option<&str> {
        self.row.detail.as_deref()
    }

    /// The number of attempts.
    async fn attempts(&self) -> i32 {
        self.row.attempts
    }

    /// The instant of the next attempt, for a delivery that is still due.
    async fn next_attempt_at(&self) -> DateTime {
        DateTime(self.row.next_attempt_at)
    }

    /// The Message-ID header of the mail.
    async fn message_id(&self) -> Option<&str> {
        self.row.message_id.as_deref()
    }

    /// The instant at which the mail server accepted it; null if it has not.
    async fn sent_at(&self) -> Option<DateTime> {
        self.row.sent_at.map(DateTime)
    }

    /// The instant at which it was claimed: entered in the ledger.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }
}

fn person(view: &View, id: PersonId) -> Option<Person> {
    view.holds(id).then(|| Person::new(view, id))
}

fn rule(view: &View, id: ReminderRuleId) -> Option<ReminderRule> {
    let mut rules = view.reminder_rules.iter();
    let row = rules.find(|row| row.id == id)?;
    Some(ReminderRule::new(view, row))
}

fn subject(view: &View, id: Uuid) -> Option<Node> {
    if view.id().0 == id {
        return Some(Project::new(view).into());
    }
    records(view.outputs.len());
    let row = view.outputs.iter().find(|row| row.id.0 == id)?;
    Output::new(view, row).map(Node::from)
}

/// A filter of mail deliveries. All conditions must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct NotificationFilter {
    /// Only deliveries in one of these states.
    states: Option<Vec<NotificationState>>,
    /// Only deliveries that were skipped for one of these reasons.
    reasons: Option<Vec<SkipReason>>,
    /// Only mail of one of these categories.
    categories: Option<Vec<MailCategory>>,
    /// Only mail to this person: their key or their id.
    person: Option<ID>,
    /// Only mail about this output or project, by its id.
    subject: Option<ID>,
    /// Only mail that was due at this instant or later.
    due_from: Option<DateTime>,
    /// Only mail that was due at this instant or earlier.
    due_until: Option<DateTime>,
}

const LEDGER: Newest<notification::Entity> = Newest {
    name: "due",
    at: notification::Column::DueAt,
    id: notification::Column::Id,
    place: |row| (row.due_at, row.id.0),
};

/// One page of the mail ledger, in descending order of the due time.
///
/// # Errors
/// `BAD_USER_INPUT` if an argument is invalid.
pub async fn ledger(
    view: &View,
    store: &Store,
    filter: Option<NotificationFilter>,
    page: &Page,
) -> Result<Connection<Notification>> {
    use notification::Column;
    let filter = filter.unwrap_or_default();
    let mut select = notification::Entity::find().filter(Column::ProjectId.eq(view.id()));
    if let Some(states) = filter.states {
        select = select.filter(in_states(states, view.as_of.known_at));
    }
    if let Some(reasons) = filter.reasons {
        select = select.filter(Column::Reason.is_in(reasons));
    }
    if let Some(categories) = filter.categories {
        select = select.filter(Column::Category.is_in(categories));
    }
    if let Some(name) = filter.person {
        select = select.filter(Column::PersonId.eq(person_named(view, &name)?));
    }
    if let Some(subject) = filter.subject {
        let row = NodeId::decode(&subject).and_then(|id| id.uuid());
        let row = row.ok_or_else(|| {
            let right = "give the id of an output or of the project";
            error::bad_input("filter.subject", "this is no such id", right)
        })?;
        select = select.filter(Column::SubjectId.eq(row));
    }
    if let Some(from) = filter.due_from {
        select = select.filter(Column::DueAt.gte(from.0));
    }
    if let Some(until) = filter.due_until {
        select = select.filter(Column::DueAt.lte(until.0));
    }
    if let Some(instant) = view.as_of.known_at {
        select = select.filter(Column::CreatedAt.lte(instant));
    }
    let make = |row| Notification::new(view, row);
    LEDGER.page(store.db(), select, page, make).await
}

/// The SQL condition that a delivery was in one of these states, as far as it was known at an instant:
/// mail that was sent later was due.
fn in_states(states: Vec<NotificationState>, known_at: Option<chrono::DateTime<Utc>>) -> Condition {
    use notification::Column;
    let is_due = states.contains(&NotificationState::Due);
    let in_states = Condition::all().add(Column::State.is_in(states));
    let Some(instant) = known_at else {
        return in_states;
    };
    let sent_later = Column::SentAt.gt(instant);
    let is_known = Column::SentAt.is_null().or(Column::SentAt.lte(instant));
    let in_states = Condition::any().add(in_states.add(is_known));
    match is_due {
        true => in_states.add(sent_later),
        false => in_states,
    }
}

fn person_named(view: &View, name: &str) -> Result<PersonId> {
    let by_id = NodeId::decode(name).and_then(|id| id.uuid());
    view.people
        .iter()
        .find(|row| row.key == name || Some(row.id.0) == by_id)
        .map(|row| row.id)
        .ok_or_else(|| {
            let wrong = format!("there is no person {name:?}");
            error::bad_input("filter.person", wrong, "give a person's key or id")
        })
}

/// A planned mail.
#[derive(Clone, Debug)]
pub struct NotificationPreview {
    view: View,
    due: Due,
}

/// A planned mail, if nothing changes before it is due.
#[Object]
impl NotificationPreview {
    /// The recipient.
    async fn person(&self) -> Option<Person> {
        person(&self.view, self.due.person)
    }

    /// The category of the mail.
    async fn category(&self) -> MailCategory {
        self.due.category
    }

    /// The subject: an output or the project.
    async fn subject(&self) -> Option<Node> {
        subject(&self.view, self.due.subject.into())
    }

    /// Identifies the mail among those of the same recipient, category and subject: step, anchor date
    /// and number of moves (`14/2021-09-20/0`), the week of a digest (`2021-W36`), or the month of a
    /// report (`2021-08`). Where two rules ask for the same mail, it is sent once.
    async fn occurrence(&self) -> &str {
        &self.due.occurrence
    }

    /// The rule that plans it.
    async fn rule(&self) -> Option<ReminderRule> {
        rule(&self.view, self.due.rule)
    }

    /// The instant at which it is due.
    async fn due_at(&self) -> DateTime {
        DateTime(self.due.due_at)
    }

    /// The instant after which it is skipped because it is too late.
    async fn useful_until(&self) -> DateTime {
        DateTime(self.due.useful_until)
    }
}

const SOONEST: Order = Order {
    name: "soonest",
    descending: false,
};

/// The longest period of a preview, in days.
const MAX_DAYS: i32 = 366;

/// The mails that the current plan has for the next days, in order of their due time.
///
/// # Errors
/// `BAD_USER_INPUT` if the number of days is out of range.
pub fn preview(view: &View, store: &Store, days: i32) -> Result<List<NotificationPreview>> {
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(error::bad_input("days", days, "ask for 1 to 366 days"));
    }
    let now = store.clock().now();
    let due = plan::plan(view, now, now + TimeDelta::days(days.into()));
    let items = due.into_iter().map(|due| {
        let key = vec![
            due.due_at.timestamp_micros().into(),
            due.occurrence.as_str().into(),
            due.person.to_string().into(),
            Uuid::from(due.subject).to_string().into(),
        ];
        let view = view.clone();
        (key, NotificationPreview { view, due })
    });
    Ok(List::new(SOONEST, items))
}
