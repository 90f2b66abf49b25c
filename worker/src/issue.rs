//! Issues progress reports: freezes the figures, renders the files, and stores both together.

use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    brief::{self, ReportBrief},
    database,
    project::Project,
    store::Store,
};
use entities::{
    FrozenFigures, ProjectId, ReportFormat, ReportId, ReportKind, ReportState, report, report_file,
};
use i18n::Language;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, sea_query::OnConflict,
};
use sha2::{Digest, Sha256};

use crate::report as render;

/// The monthly report of a period, which is issued if it does not exist.
pub async fn monthly(
    store: &Store,
    project: &Project,
    period: (NaiveDate, NaiveDate),
) -> Result<ReportId> {
    if let Some(row) = find_monthly(store, project.id(), period.0).await? {
        if row.state != ReportState::Ready {
            issue(store, row.id).await?;
        }
        return Ok(row.id);
    }
    let now = store.clock().now();
    let name = format!("monthly/{}", period.0);
    let id: ReportId = store
        .ids()
        .make("report", project.id().into(), &name)
        .into();
    let row = request_row(id, project.id(), ReportKind::Monthly, period, now);
    report::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(store.db())
        .await?;
    let row = find_monthly(store, project.id(), period.0)
        .await?
        .context("a report that was just written is there")?;
    issue(store, row.id).await?;
    Ok(row.id)
}

async fn find_monthly(
    store: &Store,
    project: ProjectId,
    first_day: NaiveDate,
) -> Result<Option<report::Model>> {
    Ok(report::Entity::find()
        .filter(report::Column::ProjectId.eq(project))
        .filter(report::Column::Kind.eq(ReportKind::Monthly))
        .filter(report::Column::PeriodFrom.eq(first_day))
        .one(store.db())
        .await?)
}

/// Issues a report of any period at once. `take` is given its files; if it fails, nothing is stored.
pub async fn on_demand(
    store: &Store,
    project: &Project,
    period: (NaiveDate, NaiveDate),
    take: impl FnOnce(&[report_file::Model]) -> Result<()>,
) -> Result<ReportId> {
    let now = store.clock().now();
    let name = format!("on-demand/{}/{}/{}", period.0, period.1, now);
    let id: ReportId = store
        .ids()
        .make("report", project.id().into(), &name)
        .into();
    let brief = brief::report(project, period);
    let files = files(store, id, &brief, now);
    let row = report::Model {
        state: ReportState::Ready,
        revision: Some(project.revision()),
        figures: FrozenFigures(brief.freeze()),
        made_at: Some(now),
        ..request_row(id, project.id(), ReportKind::OnDemand, period, now)
    };
    let write = database::begin_write(store.db()).await?;
    report::Entity::insert(row.into_active_model())
        .exec_without_returning(&write)
        .await?;
    insert(&write, &files).await?;
    take(&files)?;
    write.commit().await?;
    Ok(id)
}

fn request_row(
    id: ReportId,
    project_id: ProjectId,
    kind: ReportKind,
    (period_from, period_to): (NaiveDate, NaiveDate),
    requested_at: DateTime<Utc>,
) -> report::Model {
    report::Model {
        id,
        project_id,
        kind,
        state: ReportState::Requested,
        period_from,
        period_to,
        revision: None,
        figures: FrozenFigures::default(),
        requested_by_id: None,
        requested_at,
        made_at: None,
    }
}

/// The reports that are requested but not issued yet.
pub async fn pending(store: &Arc<Store>) -> Result<Vec<ReportId>> {
    let rows = report::Entity::find()
        .filter(report::Column::State.eq(ReportState::Requested))
        .order_by_asc(report::Column::RequestedAt)
        .all(store.db())
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Issues a requested report; one that is already issued stays as it is.
pub async fn issue(store: &Store, id: ReportId) -> Result<()> {
    let Some(row) = report::Entity::find_by_id(id).one(store.db()).await? else {
        return Ok(());
    };
    let key = store.project_by_id(row.project_id).await?.key().to_owned();
    let project = store.fresh(&key).await?;
    let brief = brief::report(&project, (row.period_from, row.period_to));
    let now = store.clock().now();
    let files = files(store, id, &brief, now);
    let write = database::begin_write(store.db()).await?;
    let is_ours = mark_ready(&write, id, &project, &brief, now).await?;
    if !is_ours {
        write.rollback().await?;
        return Ok(());
    }
    insert(&write, &files).await?;
    write.commit().await?;
    tracing::info!(report.id = %id, project = key, "Issued a progress report");
    Ok(())
}

/// The files of a report in every language, each with its place in the database.
fn files(
    store: &Store,
    id: ReportId,
    brief: &ReportBrief<'_>,
    now: DateTime<Utc>,
) -> Vec<report_file::Model> {
    let in_language = |language: &'static Language| {
        let tag = language.tag;
        [
            (ReportFormat::Html, tag, render::html(brief, tag, now)),
            (ReportFormat::Csv, tag, render::csv(brief, tag)),
            (ReportFormat::Json, tag, render::json(brief, tag)),
        ]
    };
    let file = |(format, locale, body): (ReportFormat, &str, String)| {
        let name = format!("{format:?}/{locale}");
        report_file::Model {
            id: store.ids().make("report_file", id.into(), &name).into(),
            project_id: brief.project.id(),
            report_id: id,
            format,
            locale: locale.to_owned(),
            sha256: domain::secret::hex(&Sha256::digest(body.as_bytes())),
            body: body.into_bytes(),
        }
    };
    Language::all()
        .iter()
        .flat_map(in_language)
        .map(file)
        .collect()
}

async fn insert(db: &impl ConnectionTrait, files: &[report_file::Model]) -> Result<()> {
    for file in files {
        report_file::Entity::insert(file.clone().into_active_model())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Marks a report as ready; false if another worker has issued it meanwhile.
async fn mark_ready(
    db: &impl ConnectionTrait,
    id: ReportId,
    project: &Project,
    brief: &ReportBrief<'_>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let change = report::ActiveModel {
        state: Set(ReportState::Ready),
        revision: Set(Some(project.revision())),
        figures: Set(FrozenFigures(brief.freeze())),
        made_at: Set(Some(now)),
        ..Default::default()
    };
    let changed = report::Entity::update_many()
        .set(change)
        .filter(report::Column::Id.eq(id))
        .filter(report::Column::State.eq(ReportState::Requested))
        .exec(db)
        .await?;
    Ok(changed.rows_affected == 1)
}
