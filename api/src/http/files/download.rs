//! Downloads of evidence files. Browsers save them; they are never displayed in a page of ours.

use std::{io, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use domain::{error::Error, files::ending, viewer::Viewer};
use entities::{EvidenceId, evidence};
use futures::stream;
use poem::{
    Body, Request, Response,
    error::NotFoundError,
    handler,
    http::{HeaderValue, header},
    web::{Data, Path},
};
use sea_orm::EntityTrait;
use tokio::{fs::File, io::AsyncReadExt, sync::mpsc, time::timeout};
use uuid::Uuid;

use super::{App, BYTES_EACH, failed};
use crate::http::{response, transfers::Transfer};

/// The number of bytes that are read at once.
const CHUNK: usize = 64 * 1024;

/// The file of a piece of evidence; 404 if there is none that the viewer may see. Files may name
/// people, so they require a role in the project.
#[handler]
pub async fn serve_evidence(
    Data(app): Data<&Arc<App>>,
    Data(viewer): Data<&Viewer>,
    Path(id): Path<String>,
    request: &Request,
) -> poem::Result<Response> {
    let id: Uuid = id.parse().map_err(|_| NotFoundError)?;
    match download(app, *viewer, request, EvidenceId(id)).await {
        Ok(response) => Ok(response.ok_or(NotFoundError)?),
        Err(refusal) => Ok(*refusal),
    }
}

async fn download(
    app: &App,
    viewer: Viewer,
    request: &Request,
    id: EvidenceId,
) -> Result<Option<Response>, Box<Response>> {
    let failed = |error: &Error| Box::new(failed(error));
    let found = find(app, viewer, id).await;
    let Some(row) = found.map_err(|error| failed(&error))? else {
        return Ok(None);
    };
    let (Some(files), Some(sha256), Some(media_type)) =
        (&app.config.files, &row.sha256, &row.media_type)
    else {
        return Ok(None);
    };
    let client = app.rate_limit_key(viewer, request);
    let transfer = app.downloads.begin(client)?;
    let cost = 1 + u64::try_from(row.size.unwrap_or_default()).unwrap_or_default() / BYTES_EACH;
    let paid = app.gateway.rate_limiter().spend(&client, cost).await;
    paid.map_err(|wait| Box::new(response::rate_limited(wait)))?;
    let opened = files.open(sha256).await;
    let Some((file, size)) = opened.map_err(|error| failed(&error))? else {
        return Ok(None);
    };
    let mut response = Response::builder().content_type(media_type).body(stream(
        file,
        transfer,
        app.config.request_timeout,
    ));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"),
    );
    headers.insert(header::CONTENT_LENGTH, size.into());
    let name = format!("evidence-{}.{}", &id.to_string()[..8], ending(media_type));
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

/// The evidence, if the viewer may read its file.
async fn find(
    app: &App,
    viewer: Viewer,
    id: EvidenceId,
) -> domain::error::Result<Option<evidence::Model>> {
    let store = &app.config.store;
    let Some(row) = evidence::Entity::find_by_id(id).one(store.db()).await? else {
        return Ok(None);
    };
    let project = store.project_by_id(row.project_id).await?;
    Ok(viewer.may_read_files(&project).then_some(row))
}

/// The bytes of a file, piece by piece as the client takes them. A client that takes no piece for as
/// long as `patience` is given up: its connection ends before the file does.
fn stream(file: File, transfer: Transfer, patience: Duration) -> Body {
    let (pieces, received) = mpsc::channel(1);
    tokio::spawn(read(file, transfer, patience, pieces));
    Body::from_bytes_stream(stream::unfold(received, |mut received| async {
        let piece = received.recv().await?;
        Some((piece, received))
    }))
}

async fn read(
    mut file: File,
    _transfer: Transfer,
    patience: Duration,
    pieces: mpsc::Sender<io::Result<Bytes>>,
) {
    loop {
        let mut piece = BytesMut::with_capacity(CHUNK);
        let read = file.read_buf(&mut piece).await.map(|_| piece.freeze());
        if read.as_ref().is_ok_and(Bytes::is_empty) {
            return;
        }
        let has_failed = read.is_err();
        // An error means that the client is gone, or takes too long.
        let sent = timeout(patience, pieces.send(read)).await;
        if has_failed || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}
