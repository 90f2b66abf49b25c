//! The mail with a progress report.

use anyhow::Result;
use chrono::{DateTime, Utc};
use domain::brief::{Blocker, ReportBrief};
use entities::{ReportId, notification};
use serde::Serialize;

use super::{Mail, Mailer, reader};
use crate::report::view::View;
use crate::wording::words::{Key, say};

/// The maximum length of a list.
const LONGEST: usize = 12;

#[derive(Debug, Serialize)]
struct Content {
    report: View,
    title: String,
    lead: String,
    files: Vec<File>,
}

#[derive(Debug, Serialize)]
struct File {
    label: String,
    url: String,
}

impl Mailer {
    /// A progress report, with links to its files.
    ///
    /// # Errors
    /// If the recipient is not in this project, or a template fails.
    pub fn progress_report(
        &self,
        brief: &ReportBrief<'_>,
        row: &notification::Model,
        report: ReportId,
        _now: DateTime<Utc>,
    ) -> Result<Mail> {
        let (person, names) = reader(brief.project, row)?;
        let words = names.words;
        let view = View::new(brief, &person.locale, LONGEST);
        let acronym = brief.project.project.acronym.as_str();
        let subject = say!(
            words,
            Key("report-subject"),
            project = acronym,
            period = view.period.as_str(),
        );
        let headline = brief
            .lines
            .iter()
            .filter(|line| line.figure.target.headline);
        let (met, all) = headline.fold((0, 0), |(met, all), line| {
            let is_met = line.figure.status == Some(domain::progress::Status::Met);
            (met + u32::from(is_met), all + 1)
        });
        let overdue: usize = brief.blockers.iter().map(Blocker::count).sum();
        let lead = say!(
            words,
            Key("report-lead"),
            day = view.as_of.as_str(),
            met = met,
            all = all,
            overdue = overdue,
            organisations = brief
                .blockers
                .iter()
                .filter(|blocker| blocker.partner.is_some())
                .count(),
        );
        let file = |key: Key, suffix: &str| File {
            label: say!(words, key),
            url: format!("{}/reports/{report}.{suffix}", self.base_url),
        };
        let content = Content {
            title: say!(words, Key("report-title"), period = view.period.as_str()),
            files: vec![
                file(Key("report-page"), "html"),
                file(Key("report-table"), "csv"),
                file(Key("report-data"), "json"),
            ],
            report: view,
            lead,
        };
        self.finish(names, row, "progress", subject, &content.lead, &content)
    }
}
