//! Progress reports: frozen figures with the records that were counted, and the report files.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::{project::RecordRef, store::Store};
use entities::{FrozenFigure as Frozen, FrozenFigures, report, report_file};
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
    /// The report as it was known: one that was issued later was requested.
    pub fn new(view: &View, row: report::Model) -> Self {
        let view = view.clone();
        let is_known = row.made_at.is_none_or(|at| view.as_of.knows(at));
        let row = match is_known {
            true => row,
            false => report::Model {
                state: ReportState::Requested,
                revision: None,
                figures: FrozenFigures::default(),
                made_at: None,
                ..row
            },
        };
        Self { view, row }
    }

    /// The report of an id; `None` if the project does not have it.
    pub async fn find(view: &View, store: &Store, id: Uuid) -> Result<Option<Self>> {
        let row = report::Entity::find_by_id(entities::ReportId(id))
            .filter(report::Column::ProjectId.eq(view.id()))
            .one(store.db())
            .await
            .map_err(|error| error::internal(&error))?;
        Ok(row.map(|row| Self::new(view, row)))
    }
}

/// A progress report to coordinators and funder, whose figures are frozen when it is issued.
#[Object]
impl Report {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(REPORT, self.view.id(), self.row.id)
    }

    /// The kind of report: the reason for which it is issued.
    async fn kind(&self) -> ReportKind {
        self.row.kind
    }

    /// The state.
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

    /// The revision of the project from which it was issued; null until it is issued.
    async fn revision(&self) -> Option<Quantity> {
        self.row.revision.map(Quantity)
    }

    /// The instant of the request.
    async fn requested_at(&self) -> DateTime {
        DateTime(self.row.requested_at)
    }

    /// The instant at which it was issued; null until then.
    async fn made_at(&self) -> Option<DateTime> {
        self.row.made_at.map(DateTime)
    }

    /// The frozen figures; empty until it is issued.
    async fn figures(&self) -> Vec<FrozenFigure> {
        let figures = self.row.figures.0.iter();
        figures
            .map(|figure| FrozenFigure {
                view: self.view.clone(),
                figure: figure.clone(),
            })
            .collect()
    }

    /// The files that the worker generated, each format in every language; empty until it is issued.
    async fn files(&self, ctx: &Context<'_>) -> Result<Option<Vec<ReportFile>>> {
        if self.row.state == ReportState::Requested {
            return Ok(Some(Vec::new()));
        }
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
    /// The format.
    format: ReportFormat,
    /// The language, as a BCP 47 tag.
    locale: String,
    /// The path on this server.
    url: String,
}

/// The figure of a target, frozen by a report.
#[derive(Clone, Debug)]
pub struct FrozenFigure {
    view: View,
    figure: Frozen,
}

/// The figure of a target, frozen by a report. Values are in the target's unit, money in minor
/// units; null if nothing is measured.
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

    /// The promised value.
    async fn value(&self) -> Quantity {
        Quantity(self.figure.value)
    }

    /// The planned value.
    async fn planned(&self) -> Option<Quantity> {
        self.figure.planned.map(Quantity)
    }

    /// The reported value.
    async fn reported(&self) -> Option<Quantity> {
        self.figure.reported.map(Quantity)
    }

    /// The verified value.
    async fn verified(&self) -> Option<Quantity> {
        self.figure.verified.map(Quantity)
    }

    /// The reported value at the beginning of the period.
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

    /// The number of records that were counted as reported.
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
        RecordRef::Output(id) => view.holds(*id),
        RecordRef::Partner(id) => view.holds(*id),
        RecordRef::Community(id) => view.holds(*id),
        RecordRef::BudgetLine(id) => view.holds(*id),
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
/// `BAD_USER_INPUT` if an argument is invalid.
pub async fn list(view: &View, store: &Store, page: &Page) -> Result<Connection<Report>> {
    let mut select = report::Entity::find().filter(report::Column::ProjectId.eq(view.id()));
    if let Some(instant) = view.as_of.known_at {
        select = select.filter(report::Column::RequestedAt.lte(instant));
    }
    let make = |row| Report::new(view, row);
    REPORTS.page(store.db(), select, page, make).await
}
