//! Sends one mail: leases its row in the ledger, renders it, hands it over, and commits the
//! outcome.

use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{link, token},
    brief::{self, Since},
    ledger::{self, Lease, Outcome},
    plan,
    project::{AsOf, Project},
    store::Store,
    zone,
};
use entities::{Category, NotificationId, ProjectId, SkipReason, notification, person};
use sea_orm::{ActiveEnum, EntityTrait};

use crate::{
    issue,
    mail::{Mail, Mailer},
    smtp::Delivery,
    transport::Transport,
};

/// The period that a first digest covers.
const FIRST_DIGEST: TimeDelta = TimeDelta::days(7);

/// The dependencies of sending.
#[derive(Debug)]
pub struct Sender {
    pub store: Arc<Store>,
    pub mailer: Mailer,
    pub transport: Transport,
}

/// A mail with its recipient, or the reason for which it is skipped.
enum MailOrSkip {
    Mail(Box<(Mail, person::Model)>),
    Skip(SkipReason),
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
        let Some(mut lease) = ledger::lease(self.store.db(), id, now).await? else {
            return Ok(());
        };
        let outcome = match self.attempt(&mut lease, now).await {
            Ok(Some(outcome)) => outcome,
            Ok(None) => return Ok(()),
            Err(error) => {
                tracing::error!(notification.id = %id, ?error, "Could not render a mail");
                Outcome::Retry(format!("{error:#}"))
            }
        };
        let category = lease.row.category.to_value();
        match &outcome {
            Outcome::Sent => tracing::info!(notification.id = %id, category, "Sent mail"),
            Outcome::Skipped(reason) => {
                tracing::debug!(notification.id = %id, category, ?reason, "Skipped mail");
            }
            Outcome::Retry(_) | Outcome::Blocked(_) => {
                tracing::warn!(notification.id = %id, category, "Will try mail again");
            }
            Outcome::Failed { suppress, .. } => {
                tracing::error!(notification.id = %id, category, suppress, "Mail was refused");
            }
            Outcome::Unknown(_) => {
                tracing::warn!(notification.id = %id, category, "Mail may or may not have arrived");
            }
        }
        lease
            .finish(self.store.db(), outcome, self.store.clock().now())
            .await?;
        Ok(())
    }

    /// Renders the mail and hands it over; `None` if another worker has taken over the lease.
    async fn attempt(&self, lease: &mut Lease, now: DateTime<Utc>) -> Result<Option<Outcome>> {
        let mail = match lease.row.project_id {
            Some(project) => self.project_mail(project, lease, now).await?,
            None if lease.row.category == Category::NewToken => {
                self.new_token_mail(&lease.row, now).await?
            }
            None => self.sign_in_mail(&lease.row, now).await?,
        };
        let (mail, person) = match mail {
            MailOrSkip::Mail(mail) => *mail,
            MailOrSkip::Skip(reason) => return Ok(Some(Outcome::Skipped(reason))),
        };
        let row = &lease.row;
        let (envelope, message) = self.mailer.compose(&mail, &person, row, now)?;
        let name = file_name(row, &person);
        let mut lane = match self.transport.lane().await {
            Ok(lane) => lane,
            Err(delivery) => return Ok(Some(outcome(&delivery))),
        };
        let message_id = self.mailer.message_id(row);
        if !lease.begin_sending(self.store.db(), &message_id).await? {
            return Ok(None);
        }
        let still = || !lease.is_over();
        let delivery = lane.send(&name, &envelope, &message, &still).await;
        Ok(Some(outcome(&delivery)))
    }

    /// A planned mail of a project.
    async fn project_mail(
        &self,
        project: ProjectId,
        lease: &mut Lease,
        now: DateTime<Utc>,
    ) -> Result<MailOrSkip> {
        let row = &lease.row;
        let project = self.store.project_by_id(project).await?;
        let project = self.store.fresh(project.key()).await?;
        if now > row.useful_until {
            return Ok(MailOrSkip::Skip(SkipReason::TooLate));
        }
        if let Err(reason) = plan::still_asks_for(&project, row, now) {
            return Ok(MailOrSkip::Skip(reason));
        }
        let person = project.person(row.person_id);
        if let Some(reason) = ledger::refused(self.store.db(), person, row.category, now).await? {
            return Ok(MailOrSkip::Skip(reason));
        }
        self.render(&project, person, lease, now).await
    }

    /// The mail with a sign-in link. It is also sent to people who pause or decline mail: they
    /// requested it.
    async fn sign_in_mail(
        &self,
        row: &notification::Model,
        now: DateTime<Utc>,
    ) -> Result<MailOrSkip> {
        let db = self.store.db();
        let link = link::by_id(db, row.subject_id.into()).await?;
        let person = person::Entity::find_by_id(row.person_id).one(db).await?;
        let (Some(link), Some(person)) = (link, person) else {
            return Ok(MailOrSkip::Skip(SkipReason::TooLate));
        };
        let reason = if person.erased_at.is_some() {
            Some(SkipReason::Erased)
        } else if link.used_at.is_some() {
            Some(SkipReason::Used)
        } else if now >= link.expires_at {
            Some(SkipReason::TooLate)
        } else if person.address.is_none() {
            Some(SkipReason::NoAddress)
        } else if person.suppressed_at.is_some() {
            Some(SkipReason::Suppressed)
        } else {
            None
        };
        if let Some(reason) = reason {
            return Ok(MailOrSkip::Skip(reason));
        }
        let mail = self.mailer.sign_in(&person, &link, row)?;
        Ok(MailOrSkip::Mail(Box::new((mail, person))))
    }

    /// The mail about a new token. It is also sent to people who pause or decline mail, and of a
    /// token that was revoked meanwhile: it may have been used.
    async fn new_token_mail(
        &self,
        row: &notification::Model,
        now: DateTime<Utc>,
    ) -> Result<MailOrSkip> {
        let db = self.store.db();
        let token = token::by_id(db, row.subject_id.into()).await?;
        let person = person::Entity::find_by_id(row.person_id).one(db).await?;
        let (Some(token), Some(person)) = (token, person) else {
            return Ok(MailOrSkip::Skip(SkipReason::TooLate));
        };
        let reason = if person.erased_at.is_some() {
            Some(SkipReason::Erased)
        } else if now > row.useful_until {
            Some(SkipReason::TooLate)
        } else if person.address.is_none() {
            Some(SkipReason::NoAddress)
        } else if person.suppressed_at.is_some() {
            Some(SkipReason::Suppressed)
        } else {
            None
        };
        if let Some(reason) = reason {
            return Ok(MailOrSkip::Skip(reason));
        }
        let project = self.store.project_by_id(token.project_id).await?;
        let mail = self.mailer.new_token(&person, &token, &project, row)?;
        Ok(MailOrSkip::Mail(Box::new((mail, person))))
    }

    async fn render(
        &self,
        project: &Project,
        person: &person::Model,
        lease: &mut Lease,
        now: DateTime<Utc>,
    ) -> Result<MailOrSkip> {
        let row = &lease.row;
        let mail = match row.category {
            Category::ExchangeReminder | Category::VisitReminder | Category::MeetingReminder => {
                self.mailer.reminder(project, row, now)?
            }
            Category::DueReminder => self.mailer.due_reminder(project, row, now)?,
            Category::Question => self.mailer.outcome_question(project, row, now)?,
            Category::Digest => {
                let zone = zone::known_zone(&person.time_zone);
                let sent =
                    ledger::last_sent(self.store.db(), project.id(), person.id, row.category)
                        .await?;
                let since = Since {
                    day: zone::day_in(sent.unwrap_or(now - FIRST_DIGEST), &zone),
                    recorded_at: sent,
                };
                let as_of = AsOf::today(zone::day_in(now, &zone));
                let Some(brief) = brief::digest(project, person, as_of, since) else {
                    return Ok(MailOrSkip::Skip(SkipReason::NothingToSay));
                };
                self.mailer.digest(&brief, row, now)?
            }
            Category::SignIn | Category::NewToken => {
                return Ok(MailOrSkip::Skip(SkipReason::TooLate));
            }
            Category::ProgressReport => {
                let period = plan::reported_month(project, &row.occurrence)
                    .with_context(|| format!("{:?} names no month", row.occurrence))?;
                let report = issue::monthly(&self.store, project, period).await?;
                lease.row.report_id = Some(report);
                self.mailer.progress_report(
                    &brief::report(project, period),
                    &lease.row,
                    report,
                    now,
                )?
            }
        };
        Ok(MailOrSkip::Mail(Box::new((mail, person.clone()))))
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
    let short = crate::outbox::short(row.id);
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
    let again = if row.attempts == 0 {
        String::new()
    } else {
        format!("-{}", row.attempts + 1)
    };
    format!("{month}/{time}-{category}-{key}-{short}{again}.eml")
}
