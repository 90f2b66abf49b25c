//! Progress reports: figures frozen with the records that made them, and their files.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::{project::RecordRef, store::Store};
use entities::{FrozenFigure as Frozen, report, report_file};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    node::REPORT,
    record::CountedRecord,
    target::Target,
    vocabulary::{ReportFormat, ReportKind, ReportState, TargetStatus},
};
use crate::schema::base::{
    connection::{Connection, Page},
    error,
    id::id,
    keyset::Newest,
    scalar::{Date, DateTime, Quantity},
    view::{View, store},
};

/// A progress report.
#[derive(Clone, Debug)]
pub struct Report {
    view: View,
    row: report::Model,
}

impl Report {
    pub fn new(view: &View, row: report::Model) -> Self {
        let view = view.clone();
        Self { view, row }
    }

    /// The report of an id in this project.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(view: &View, store: &Store, id: Uuid) -> Result<Option<Self>> {
        let row = report::Entity::find_by_id(entities::ReportId(id))
            .filter(report::Column::ProjectId.eq(view.id()))
            .one(store.db())
            .await
            .map_err(|error| error::internal(&error))?;
        Ok(row.map(|row| Self::new(view, row)))
    }
}

/// A progress report to coordinators and funder, with figures frozen when it was made.
#[Object]
impl Report {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(REPORT, self.view.id(), self.row.id)
    }

    /// The reason for which it is made.
    async fn kind(&self) -> ReportKind {
        self.row.kind
    }

    /// Its state.
    async fn state(&self) -> ReportState {
        self.row.state
    }

    /// The first day of its period.
    async fn period_from(&self) -> Date {
        Date(self.row.period_from)
    }

    /// The last day of its period; its figures are as of this day.
    async fn period_to(&self) -> Date {
        Date(self.row.period_to)
    }

    /// The project's revision that it was made from.
    async fn revision(&self) -> Option<Quantity> {
        self.row.revision.map(Quantity)
    }

    /// When it was requested.
    async fn requested_at(&self) -> DateTime {
        DateTime(self.row.requested_at)
    }

    /// When it was made.
    async fn made_at(&self) -> Option<DateTime> {
        self.row.made_at.map(DateTime)
    }

    /// Its figures; empty until it is made.
    async fn figures(&self) -> Vec<FrozenFigure> {
        let figures = self.row.figures.0.iter();
        figures
            .map(|figure| FrozenFigure {
                view: self.view.clone(),
                figure: figure.clone(),
            })
            .collect()
    }

    /// Its files, as the worker made them.
    async fn files(&self, ctx: &Context<'_>) -> Result<Option<Vec<ReportFile>>> {
        let files: Vec<(ReportFormat, String)> = report_file::Entity::find()
            .select_only()
            .columns([report_file::Column::Format, report_file::Column::Locale])
            .filter(report_file::Column::ReportId.eq(self.row.id))
            .order_by_asc(report_file::Column::Format)
            .order_by_asc(report_file::Column::Locale)
            .into_tuple()
            .all(store(ctx)?.db())
            .await
            .map_err(|error| error::internal(&error))?;
        let file = |(format, locale): (ReportFormat, String)| {
            let extension = match format {
                ReportFormat::Html => "html",
                ReportFormat::Csv => "csv",
                ReportFormat::Json => "json",
            };
            ReportFile {
                format,
                url: format!("/reports/{}.{extension}?locale={locale}", self.row.id),
                locale,
            }
        };
        Ok(Some(files.into_iter().map(file).collect()))
    }
}

/// A stored file of a report.
#[derive(Clone, Debug, SimpleObject)]
pub struct ReportFile {
    /// Its format.
    format: ReportFormat,
    /// Its language, as a BCP 47 tag.
    locale: String,
    /// Its path on this server.
    url: String,
}

/// The figure of a target, frozen by a report.
#[derive(Clone, Debug)]
pub struct FrozenFigure {
    view: View,
    figure: Frozen,
}

/// The figure of a target, frozen by a report. Values are in the target's unit; null if nothing is
/// measured.
#[Object]
impl FrozenFigure {
    /// The key of the target.
    async fn key(&self) -> &str {
        &self.figure.target
    }

    /// The current target; null if it was removed.
    async fn target(&self) -> Option<Target> {
        let row = self.view.target_by_key(&self.figure.target)?;
        Some(Target::new(&self.view, row.id))
    }

    /// What was promised.
    async fn value(&self) -> Quantity {
        Quantity(self.figure.value)
    }

    /// What was planned.
    async fn planned(&self) -> Option<Quantity> {
        self.figure.planned.map(Quantity)
    }

    /// What was reported.
    async fn reported(&self) -> Option<Quantity> {
        self.figure.reported.map(Quantity)
    }

    /// What was verified.
    async fn verified(&self) -> Option<Quantity> {
        self.figure.verified.map(Quantity)
    }

    /// What had been reported when the period began.
    async fn reported_before(&self) -> Option<Quantity> {
        self.figure.reported_before.map(Quantity)
    }

    /// The status.
    async fn status(&self) -> Option<TargetStatus> {
        Some(match self.figure.status.as_deref()? {
            "MET" => TargetStatus::Met,
            "ON_TRACK" => TargetStatus::OnTrack,
            "AT_RISK" => TargetStatus::AtRisk,
            "LATE" => TargetStatus::Late,
            _ => return None,
        })
    }

    /// How many records were counted as reported.
    async fn counted_count(&self) -> usize {
        self.figure.counted.len()
    }

    /// The records that were counted as reported, in their current state; removed ones are left
    /// out.
    async fn counted(&self) -> Vec<CountedRecord> {
        self.figure
            .counted
            .iter()
            .filter_map(|record| record.parse().ok())
            .filter(|record| is_there(&self.view, record))
            .filter_map(|record| CountedRecord::of(&self.view, &record))
            .collect()
    }
}

fn is_there(view: &View, record: &RecordRef) -> bool {
    match record {
        RecordRef::Output(id) => view.outputs.iter().any(|row| row.id == *id),
        RecordRef::Partner(id) => view.partners.iter().any(|row| row.id == *id),
        RecordRef::Community(id) => view.communities.iter().any(|row| row.id == *id),
        RecordRef::BudgetLine(id) => view.budget_lines.iter().any(|row| row.id == *id),
        RecordRef::City(id) => view.organisations.iter().any(|row| row.id == *id),
        RecordRef::ProjectMonth(number) => view.months().any(|month| month.number == *number),
        RecordRef::Country(_) => true,
    }
}

const REPORTS: Newest<report::Entity> = Newest {
    name: "requested",
    at: report::Column::RequestedAt,
    id: report::Column::Id,
    place: |row| (row.requested_at, row.id.0),
};

/// One page of the project's reports, the newest first.
///
/// # Errors
/// `BAD_USER_INPUT`, or when the database fails.
pub async fn list(view: &View, store: &Store, page: &Page) -> Result<Connection<Report>> {
    let select = report::Entity::find().filter(report::Column::ProjectId.eq(view.id()));
    let make = |row| Report::new(view, row);
    REPORTS.page(store.db(), select, page, make).await
}
