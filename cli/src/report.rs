//! `connection report KEY`

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use clap::{Args, ValueEnum, builder::PossibleValuesParser};
use entities::{ReportFormat, report_file};
use i18n::Language;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use worker::issue;

use crate::home::{self, Home};

#[derive(Args, Debug)]
pub struct Report {
    /// The project's key, such as connection.
    key: String,
    /// The first day of the period; left out: the project's first day.
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// The last day of the period, as of which the report stands; left out: today, or the project's
    /// last day where that is over.
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
    /// The language of the page.
    #[arg(long, default_value = "en", value_parser = languages())]
    locale: String,
    /// Where to write; left out: to standard output.
    #[arg(long, short)]
    output: Option<PathBuf>,
    #[command(flatten)]
    home: Home,
}

fn languages() -> PossibleValuesParser {
    PossibleValuesParser::new(Language::all().iter().map(|language| language.tag))
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Html,
    Csv,
    Json,
}

impl Report {
    pub async fn run(self) -> Result<()> {
        let store = self.home.open().await?;
        let project = home::project(&store, &self.key).await?;
        let from = self.from.unwrap_or(project.project.starts_on);
        let to = self.to.unwrap_or_else(|| {
            store
                .clock()
                .today(project.zone())
                .min(project.project.ends_on)
        });
        ensure!(
            from <= to,
            "--to {to} is before --from {from}: name a day on or after it"
        );
        let id = issue::request(&store, &project, (from, to)).await?;
        issue::issue(&store, id).await?;
        let (format, extension) = match self.format {
            Format::Html => (ReportFormat::Html, "html"),
            Format::Csv => (ReportFormat::Csv, "csv"),
            Format::Json => (ReportFormat::Json, "json"),
        };
        let files = report_file::Entity::find()
            .filter(report_file::Column::ReportId.eq(id))
            .filter(report_file::Column::Format.eq(format))
            .all(store.db())
            .await?;
        let file = files
            .iter()
            .find(|file| file.locale == self.locale)
            .or_else(|| files.iter().find(|_| format != ReportFormat::Html))
            .with_context(|| format!("the report has no page in {:?}", self.locale))?;
        match &self.output {
            None => print!("{}", String::from_utf8_lossy(&file.body)),
            Some(path) => std::fs::write(path, &file.body)
                .with_context(|| format!("{} cannot be written", path.display()))?,
        }
        eprintln!("stored as /reports/{id}.{extension}");
        Ok(())
    }
}
