//! `connection report KEY`

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use clap::{Args, ValueEnum, builder::PossibleValuesParser};
use entities::ReportFormat;
use i18n::Language;
use worker::issue;

use crate::{
    home::{self, Home},
    output::Output,
};

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
    /// The language of the page, or of the names in the data.
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
        let store = self.home.open_existing().await?;
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
        let (format, extension) = match self.format {
            Format::Html => (ReportFormat::Html, "html"),
            Format::Csv => (ReportFormat::Csv, "csv"),
            Format::Json => (ReportFormat::Json, "json"),
        };
        let output = Output::open(self.output.as_deref())?;
        let id = issue::on_demand(&store, &project, (from, to), |files| {
            let file = files
                .iter()
                .filter(|file| file.format == format)
                .find(|file| file.locale == self.locale)
                .with_context(|| format!("the report is not there in {:?}", self.locale))?;
            output.write(&file.body)
        });
        let id = id.await?;
        eprintln!("stored as /reports/{id}.{extension}");
        Ok(())
    }
}
