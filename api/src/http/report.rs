//! The endpoint of report files, which the worker generated.

use std::sync::Arc;

use domain::{store::Store, viewer::Viewer};
use entities::{ReportFormat, ReportId, report, report_file};
use poem::{
    Request, Response,
    error::NotFoundError,
    handler,
    http::{HeaderValue, StatusCode, header},
    web::{Data, Path},
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde::Deserialize;
use uuid::Uuid;

use super::{App, response};
use crate::schema::internal;

#[derive(Default, Deserialize)]
struct Params {
    locale: Option<String>,
}

/// Serves the file of a report. The name is its id and format: `….html`. Of several languages the
/// one of `?locale=`, else the project's default, else any. 404 if there is no such file that the
/// viewer may see.
#[handler]
pub async fn serve(
    Data(app): Data<&Arc<App>>,
    Data(viewer): Data<&Viewer>,
    Path(name): Path<String>,
    request: &Request,
) -> poem::Result<Response> {
    let (id, format) = parse_name(&name).ok_or(NotFoundError)?;
    let locale = request.params::<Params>().unwrap_or_default().locale;
    match find(&app.config.store, *viewer, id, format, locale.as_deref()).await {
        Ok(file) => Ok(file.map(to_response).ok_or(NotFoundError)?),
        Err(error) => {
            internal(&error);
            Ok(response::plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something failed on the server.",
            ))
        }
    }
}

fn parse_name(name: &str) -> Option<(ReportId, ReportFormat)> {
    let (id, format) = name.split_once('.')?;
    let id: Uuid = id.parse().ok()?;
    let format = match format {
        "html" => ReportFormat::Html,
        "csv" => ReportFormat::Csv,
        "json" => ReportFormat::Json,
        _ => return None,
    };
    Some((id.into(), format))
}

async fn find(
    store: &Store,
    viewer: Viewer,
    id: ReportId,
    format: ReportFormat,
    wanted: Option<&str>,
) -> Result<Option<report_file::Model>, DbErr> {
    let files = report_file::Entity::find()
        .filter(report_file::Column::ReportId.eq(id))
        .filter(report_file::Column::Format.eq(format))
        .order_by_asc(report_file::Column::Locale)
        .all(store.db())
        .await?;
    let Some(report) = report::Entity::find_by_id(id).one(store.db()).await? else {
        return Ok(None);
    };
    let project = store.project_by_id(report.project_id).await.ok();
    let Some(project) = project.filter(|project| viewer.may_see(project)) else {
        return Ok(None);
    };
    let default = Some(project.default_locale());
    // In the language itself, such as `it-CH`, else in that without its region.
    let in_language = |language: Option<&str>| {
        let tags = [language?, language?.split('-').next()?];
        let mut tags = tags.into_iter();
        let file = tags.find_map(|tag| files.iter().find(|file| file.locale == tag));
        file.cloned()
    };
    Ok(in_language(wanted)
        .or_else(|| in_language(default))
        .or_else(|| files.first().cloned()))
}

fn to_response(file: report_file::Model) -> Response {
    let (media_type, extension) = match file.format {
        ReportFormat::Html => ("text/html; charset=utf-8", "html"),
        ReportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ReportFormat::Json => ("application/json; charset=utf-8", "json"),
    };
    let etag = format!("\"{}\"", file.sha256);
    let disposition = match file.format {
        ReportFormat::Html => "inline".to_owned(),
        _ => format!(
            "attachment; filename=\"report-{}.{extension}\"",
            file.report_id
        ),
    };
    let mut response = response::bytes(media_type, file.body);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    );
    for (name, value) in [
        (header::ETAG, etag),
        (header::CONTENT_DISPOSITION, disposition),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}
