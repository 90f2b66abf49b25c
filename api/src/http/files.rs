//! Uploads and downloads of evidence files. Browsers save them; they are never displayed in a page
//! of ours.

use std::sync::Arc;

use domain::{
    files::{Files, TYPES, ending, type_of},
    ids::Ids,
    viewer::Viewer,
};
use entities::{EvidenceId, evidence, upload};
use poem::{
    Body, Request, Response,
    error::NotFoundError,
    handler,
    http::{HeaderValue, StatusCode, header},
    web::{Data, Path},
};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::{
    App,
    body::{self, BodyError},
    response,
};
use crate::schema::internal;

/// The number of file bytes that cost as much as one value of a response.
const BYTES_EACH: usize = 1024;

/// Stores the body as a file, and responds with its id, for `addEvidence`.
#[handler]
pub async fn receive(
    Data(app): Data<&Arc<App>>,
    Data(viewer): Data<&Viewer>,
    request: &Request,
    body: Body,
) -> Response {
    let viewer = *viewer;
    let Some(files) = &app.config.files else {
        return response::error(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "No files are kept here.",
        );
    };
    if viewer == Viewer::Anonymous {
        return response::error(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED",
            "Sign in first, or send a token.",
        );
    }
    if !viewer.may_write() {
        return response::error(
            StatusCode::FORBIDDEN,
            "READ_ONLY_TOKEN",
            "This token only reads. Make one that may write.",
        );
    }
    let rate_limit_key = app.rate_limit_key(viewer, request);
    let content_type = request.content_type().unwrap_or_default().to_owned();
    let body = match body::read(body, files.largest).await {
        Ok(body) => body,
        Err(BodyError::TooLarge) => {
            return response::error(
                StatusCode::PAYLOAD_TOO_LARGE,
                "TOO_LARGE",
                &format!("A file may have {} bytes at most.", files.largest),
            );
        }
        Err(BodyError::Incomplete) => {
            return response::error(
                StatusCode::BAD_REQUEST,
                "BAD_REQUEST",
                "The body ended before it was complete.",
            );
        }
    };
    let cost = 1 + (body.len() / BYTES_EACH) as u64;
    if let Err(wait) = app
        .gateway
        .rate_limiter()
        .spend(&rate_limit_key, cost)
        .await
    {
        return response::rate_limited(wait);
    }
    let Some(media_type) = type_of(&body, &content_type) else {
        let accepted: Vec<_> = TYPES.iter().map(|(_, ending)| *ending).collect();
        return response::error(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "FILE_TYPE",
            &format!("By its content this is none of {}.", accepted.join(", ")),
        );
    };
    match stored(app, files, viewer, body, media_type).await {
        Ok(row) => {
            let body = json!({
                "upload": row.id.to_string(),
                "sha256": row.sha256,
                "mediaType": row.media_type,
                "size": row.size,
            });
            let mut response = response::typed("application/json; charset=utf-8", body.to_string());
            response.set_status(StatusCode::CREATED);
            response
        }
        Err(error) => {
            internal(&error);
            response::plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something failed on the server.",
            )
        }
    }
}

async fn stored(
    app: &App,
    files: &Files,
    viewer: Viewer,
    body: bytes::Bytes,
    media_type: &'static str,
) -> domain::error::Result<upload::Model> {
    let file = files.put(body, media_type).await?;
    let store = &app.config.store;
    let row = upload::Model {
        id: Ids::Fresh.make("upload", Uuid::nil(), "").into(),
        person_id: viewer.person(),
        sha256: file.sha256,
        media_type: file.media_type.to_owned(),
        size: file.size,
        created_at: store.clock().now(),
    };
    upload::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(store.db())
        .await?;
    Ok(row)
}

/// The file of a piece of evidence; `None` if there is none that the viewer may see. Files may name
/// people, so they require a role in the project.
#[handler]
pub async fn serve_evidence(
    Data(app): Data<&Arc<App>>,
    Data(viewer): Data<&Viewer>,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let files = app.config.files.as_ref().ok_or(NotFoundError)?;
    let id: Uuid = id.parse().map_err(|_| NotFoundError)?;
    match find(app, files, *viewer, EvidenceId(id)).await {
        Ok(file) => Ok(file.ok_or(NotFoundError)?),
        Err(error) => {
            internal(&error);
            Ok(response::plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something failed on the server.",
            ))
        }
    }
}

async fn find(
    app: &App,
    files: &Files,
    viewer: Viewer,
    id: EvidenceId,
) -> domain::error::Result<Option<Response>> {
    let store = &app.config.store;
    let Some(row) = evidence::Entity::find_by_id(id).one(store.db()).await? else {
        return Ok(None);
    };
    let project = store.project_by_id(row.project_id).await?;
    if !viewer.has_role(&project) {
        return Ok(None);
    }
    let (Some(sha256), Some(media_type)) = (row.sha256, row.media_type) else {
        return Ok(None);
    };
    let Some(body) = files.get(&sha256).await? else {
        return Ok(None);
    };
    let mut response = response::bytes(&media_type, body.into());
    let name = format!("evidence-{}.{}", &id.to_string()[..8], ending(&media_type));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"),
    );
    for (name, value) in [
        (header::ETAG, format!("\"{sha256}\"")),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    Ok(Some(response))
}
