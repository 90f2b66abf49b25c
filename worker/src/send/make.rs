//! Makes the mail of a row: what it says, or why there is none.

use std::collections::{BTreeMap, HashMap, btree_map::Entry};
use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    account::{link, token},
    brief::{self, DigestDay, Since},
    ledger::{self, Declined, Lease},
    plan::{self, Recheck},
    project::{AsOf, Project},
    store::Store,
    zone,
};
use entities::{Category, PersonId, ProjectId, SkipReason, notification, person};
use sea_orm::EntityTrait;

use super::Sender;
use crate::{issue, mail::Mail};

/// The period that a first digest covers.
const FIRST_DIGEST: TimeDelta = TimeDelta::days(7);

/// Since when what was recorded is news in a first digest: a day more, so that what happens on the day
/// of a digest that had nothing to say is in the next one, whenever the worker came to it.
const FIRST_RECORDED: TimeDelta = TimeDelta::days(8);

/// A mail with its recipient, or the reason for which it is skipped.
pub(super) enum MailOrSkip {
    Mail(Box<(Mail, person::Model)>),
    Skip(SkipReason),
}

/// What the mails that are made together have to know: read once.
pub(super) struct Facts {
    projects: BTreeMap<ProjectId, Arc<Project>>,
    declined: Declined,
    /// When digests were last sent.
    digests: HashMap<(ProjectId, PersonId), DateTime<Utc>>,
    now: DateTime<Utc>,
}

impl Facts {
    pub(super) async fn read(store: &Store, leases: &[Lease], now: DateTime<Utc>) -> Result<Self> {
        let rows = || leases.iter().map(|lease| &lease.row);
        let mut projects = BTreeMap::new();
        for id in rows().filter_map(|row| row.project_id) {
            if let Entry::Vacant(vacant) = projects.entry(id) {
                let project = store.project_by_id(id).await?;
                vacant.insert(store.fresh(project.key()).await?);
            }
        }
        let people: Vec<PersonId> = rows().map(|row| row.person_id).collect();
        let mut digests = HashMap::new();
        for id in projects.keys() {
            let of_digests = rows()
                .filter(|row| row.category == Category::Digest && row.project_id == Some(*id));
            let readers: Vec<PersonId> = of_digests.map(|row| row.person_id).collect();
            if !readers.is_empty() {
                let sent = ledger::last_sent(store.db(), *id, &readers, Category::Digest).await?;
                digests.extend(sent.into_iter().map(|(person, at)| ((*id, person), at)));
            }
        }
        Ok(Self {
            declined: Declined::of(store.db(), &people).await?,
            projects,
            digests,
            now,
        })
    }
}

/// What is worked out once for the mails that are made together.
pub(super) struct Shared<'a> {
    rechecks: BTreeMap<ProjectId, Recheck<'a>>,
    days: BTreeMap<(ProjectId, NaiveDate), DigestDay<'a>>,
}

impl<'a> Shared<'a> {
    pub(super) fn new(facts: &'a Facts) -> Self {
        let rechecks = (facts.projects.iter())
            .map(|(id, project)| (*id, Recheck::new(project, facts.now)))
            .collect();
        Self {
            rechecks,
            days: BTreeMap::new(),
        }
    }

    fn day(&mut self, project: &'a Project, as_of: AsOf) -> &mut DigestDay<'a> {
        (self.days.entry((project.id(), as_of.day)))
            .or_insert_with(|| DigestDay::new(project, as_of))
    }
}

impl Sender {
    pub(super) async fn make<'a>(
        &self,
        lease: &mut Lease,
        facts: &'a Facts,
        shared: &mut Shared<'a>,
        now: DateTime<Utc>,
    ) -> Result<MailOrSkip> {
        match lease.row.project_id {
            Some(project) => {
                let project = &facts.projects[&project];
                self.project_mail(project, lease, facts, shared, now).await
            }
            None if lease.row.category == Category::NewToken => {
                self.new_token_mail(&lease.row, now).await
            }
            None => self.sign_in_mail(&lease.row, now).await,
        }
    }

    /// A planned mail of a project.
    async fn project_mail<'a>(
        &self,
        project: &'a Project,
        lease: &mut Lease,
        facts: &'a Facts,
        shared: &mut Shared<'a>,
        now: DateTime<Utc>,
    ) -> Result<MailOrSkip> {
        let row = &lease.row;
        if now > row.useful_until {
            return Ok(MailOrSkip::Skip(SkipReason::TooLate));
        }
        let recheck = shared.rechecks.get_mut(&project.id());
        let recheck = recheck.context("the project of a mail was read")?;
        if let Err(reason) = recheck.check(row) {
            return Ok(MailOrSkip::Skip(reason));
        }
        let person = project.person(row.person_id);
        if let Some(reason) = facts.declined.refusal(person, row.category, now) {
            return Ok(MailOrSkip::Skip(reason));
        }
        self.render(project, person, lease, (facts, shared), now)
            .await
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

    async fn render<'a>(
        &self,
        project: &'a Project,
        person: &person::Model,
        lease: &mut Lease,
        (facts, shared): (&'a Facts, &mut Shared<'a>),
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
                let sent = facts.digests.get(&(project.id(), person.id)).copied();
                let since = Since {
                    day: zone::day_in(sent.unwrap_or(now - FIRST_DIGEST), &zone),
                    recorded_at: Some(sent.unwrap_or(now - FIRST_RECORDED)),
                };
                let as_of = AsOf::today(zone::day_in(now, &zone));
                let Some(brief) = shared.day(project, as_of).digest(person, since) else {
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
