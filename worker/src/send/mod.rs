//! Sends mails: leases their rows in the ledger, makes them, hands them over, and commits the
//! outcomes.

mod make;

use std::{panic::AssertUnwindSafe, sync::Arc};

use anyhow::{Result, anyhow};
use chrono::{DateTime, Utc};
use domain::{
    ledger::{self, Lease, Outcome},
    store::Store,
};
use entities::{NotificationId, SkipReason, notification, person};
use futures::FutureExt;
use lettre::address::Envelope;
use sea_orm::ActiveEnum;

use crate::{mail::Mailer, smtp::Delivery, transport::Transport};

use make::{Facts, MailOrSkip, Shared};

/// The number of mails that are leased together, where they go into an outbox.
const TOGETHER: usize = 500;

/// The dependencies of sending.
#[derive(Debug)]
pub struct Sender {
    pub store: Arc<Store>,
    pub mailer: Mailer,
    pub transport: Transport,
}

/// A mail that is ready to be handed over.
struct Ready {
    /// That of its file in an outbox.
    name: String,
    envelope: Envelope,
    message: Vec<u8>,
}

impl Sender {
    /// Sends the mail of a waiting row. Ignores a row that does not wait any more, or that another
    /// worker leases.
    ///
    /// # Errors
    /// On a database error the sweep finds the row again.
    #[tracing::instrument(name = "mail", skip_all, fields(notification.id = %id))]
    pub async fn send(&self, id: NotificationId) -> Result<()> {
        let now = self.store.clock().now();
        match ledger::lease(self.store.db(), id, now).await? {
            Some(lease) => self.send_leased(vec![lease], now).await,
            None => Ok(()),
        }
    }

    /// Sends the mails of waiting rows, in their order, as [`Sender::send`] does each. Those for the
    /// outbox share leases, reads and commits, since no mail of it is ever in doubt for long: it is
    /// in its folder or not.
    ///
    /// # Errors
    /// As [`Sender::send`].
    pub async fn send_all(&self, ids: &[NotificationId]) -> Result<()> {
        if !matches!(self.transport, Transport::Outbox(_)) {
            for id in ids {
                self.send(*id).await?;
            }
            return Ok(());
        }
        let now = self.store.clock().now();
        for ids in ids.chunks(TOGETHER) {
            let leases = ledger::lease_all(self.store.db(), ids, now).await?;
            self.send_leased(leases, now).await?;
        }
        Ok(())
    }

    async fn send_leased(&self, leases: Vec<Lease>, now: DateTime<Utc>) -> Result<()> {
        let (mut outcomes, mut ready) = (Vec::new(), Vec::new());
        let facts = Facts::read(&self.store, &leases, now).await?;
        let mut shared = Shared::new(&facts);
        for mut lease in leases {
            let making = self.prepare(&mut lease, &facts, &mut shared, now);
            // A mail that cannot be made does not end the worker, nor those beside it.
            let made = AssertUnwindSafe(making).catch_unwind().await;
            match made.unwrap_or_else(|_| Err(anyhow!("a fault of the product: the log has it"))) {
                Ok(Ok(message)) => ready.push((lease, message)),
                Ok(Err(reason)) => outcomes.push((lease, Outcome::Skipped(reason))),
                Err(error) => {
                    tracing::error!(notification.id = %lease.row.id, ?error, "Could not make a mail");
                    outcomes.push((lease, Outcome::Unmade(format!("{error:#}"))));
                }
            }
        }
        if !ready.is_empty() {
            outcomes.extend(self.hand_over(ready).await?);
        }
        outcomes.iter().for_each(log);
        ledger::finish_all(self.store.db(), &outcomes, self.store.clock().now()).await?;
        Ok(())
    }

    /// Makes a mail, or says why there is none.
    async fn prepare<'a>(
        &self,
        lease: &mut Lease,
        facts: &'a Facts,
        shared: &mut Shared<'a>,
        now: DateTime<Utc>,
    ) -> Result<Result<Ready, SkipReason>> {
        let (mail, person) = match self.make(lease, facts, shared, now).await? {
            MailOrSkip::Mail(mail) => *mail,
            MailOrSkip::Skip(reason) => return Ok(Err(reason)),
        };
        let (envelope, message) = self.mailer.compose(&mail, &person, &lease.row, now)?;
        Ok(Ok(Ready {
            name: file_name(&lease.row, &person),
            envelope,
            message,
        }))
    }

    /// Hands mails over, each unless another worker has taken over its lease.
    async fn hand_over(&self, ready: Vec<(Lease, Ready)>) -> Result<Vec<(Lease, Outcome)>> {
        let mut lane = match self.transport.lane().await {
            Ok(lane) => lane,
            Err(delivery) => {
                let leases = ready.into_iter().map(|(lease, _)| lease);
                return Ok(leases.map(|lease| (lease, outcome(&delivery))).collect());
            }
        };
        let leases = ready.iter().map(|(lease, _)| lease);
        let message_id = |row: &notification::Model| self.mailer.message_id(row);
        let begun = ledger::begin_sending(self.store.db(), leases, message_id).await?;
        let mut outcomes = Vec::new();
        for ((lease, ready), begun) in ready.into_iter().zip(begun) {
            if !begun {
                continue;
            }
            let still = || !lease.is_over();
            let delivery = lane
                .send(&ready.name, &ready.envelope, &ready.message, &still)
                .await;
            outcomes.push((lease, outcome(&delivery)));
        }
        Ok(outcomes)
    }
}

fn log((lease, outcome): &(Lease, Outcome)) {
    let (id, category) = (lease.row.id, lease.row.category.to_value());
    match outcome {
        Outcome::Sent => tracing::info!(notification.id = %id, category, "Sent mail"),
        Outcome::Skipped(reason) => {
            tracing::debug!(notification.id = %id, category, ?reason, "Skipped mail");
        }
        Outcome::Retry(_) | Outcome::Blocked(_) | Outcome::Unmade(_) => {
            tracing::warn!(notification.id = %id, category, "Will try mail again");
        }
        Outcome::Failed { suppress, .. } => {
            tracing::error!(notification.id = %id, category, suppress, "Mail was refused");
        }
        Outcome::Unknown(_) => {
            tracing::warn!(notification.id = %id, category, "Mail may or may not have arrived");
        }
    }
}

fn outcome(delivery: &Delivery) -> Outcome {
    let suppress = delivery.suppresses_recipient();
    let detail = delivery.to_string();
    match delivery {
        Delivery::Accepted { .. } => Outcome::Sent,
        Delivery::Permanent { .. } => Outcome::Failed { detail, suppress },
        Delivery::Transient { .. } | Delivery::NotSent { .. } => Outcome::Retry(detail),
        Delivery::Alarm { at, .. } => {
            tracing::error!(%at, "The mail server refuses us: look at SMTP_URL");
            Outcome::Blocked(detail)
        }
        Delivery::Unknown { .. } => Outcome::Unknown(detail),
    }
}

/// The path of the mail's file in an outbox: by month, sorted by the time of the mails; each
/// attempt has a file of its own.
fn file_name(row: &notification::Model, person: &person::Model) -> String {
    let month = row.due_at.format("%Y-%m");
    let time = row.due_at.format("%Y-%m-%dT%H%M%SZ");
    let category = row.category.to_value().to_lowercase().replace('_', "-");
    let ending = crate::outbox::ending(row.id, row.attempts);
    let key: String = person
        .key
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || letter == '-' {
                letter
            } else {
                '_'
            }
        })
        .collect();
    format!("{month}/{time}-{category}-{key}-{ending}.eml")
}
