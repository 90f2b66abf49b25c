//! Uploads of evidence files.

use std::sync::Arc;

use domain::{
    account::user,
    files::{Files, Incoming, ReceiveError, Stored, TYPES, is_full, quota},
    ids::Ids,
    project::Project,
    record::NodeId,
    viewer::{Denied, Viewer},
    visible,
};
use entities::{OutputId, upload};
use http_body_util::{BodyExt, combinators::BoxBody};
use poem::{
    Body, Request, Response, handler,
    http::{StatusCode, header},
    web::Data,
};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{App, BYTES_EACH, failed};
use crate::{gateway::limits, http::response};

/// The cost of an upload besides its bytes: the disk is waited for.
const COST: u64 = 10_000;

/// The output or the project that an upload is for, by its id, a project also by its key.
#[derive(Default, Deserialize)]
struct Params {
    output: Option<String>,
    project: Option<String>,
}

/// A refused upload is the response that says why.
type Result<T> = std::result::Result<T, Box<Response>>;

/// Stores the body as a file, and responds with its id, for `addEvidence`. `?output=` or `?project=`
/// say what it is for; they may be left out.
#[handler]
pub async fn receive(
    Data(app): Data<&Arc<App>>,
    Data(viewer): Data<&Viewer>,
    request: &Request,
    body: Body,
) -> Response {
    // Boxed: it is larger than all other endpoints.
    match Box::pin(upload(app, *viewer, request, body)).await {
        Ok(row) => created(&row),
        Err(refusal) => *refusal,
    }
}

/// Everything that can be said before the body is read is said before: rights, size, price, quotas.
async fn upload(app: &App, viewer: Viewer, request: &Request, body: Body) -> Result<upload::Model> {
    let Some(files) = &app.config.files else {
        return refuse(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "No files are kept here.",
        );
    };
    if viewer == Viewer::Anonymous {
        return denied(Denied::SignIn);
    }
    if !viewer.may_write() {
        return denied(Denied::ReadOnly);
    }
    let said = request.content_type().unwrap_or_default();
    if is_form(said) {
        return refuse(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            "Send the bytes of the file as the body, and no form: curl --data-binary @report.pdf \
             -H 'content-type: application/pdf'",
        );
    }
    let length = request.header(header::CONTENT_LENGTH);
    let length: Option<usize> = length.and_then(|length| length.parse().ok());
    if length.is_some_and(|length| length > files.largest) {
        return Err(too_large(files));
    }
    let client = app.rate_limit_key(viewer, request);
    let cost = COST + length.unwrap_or(files.largest) as u64 / BYTES_EACH;
    let paid = app.gateway.rate_limiter().spend(&client, cost).await;
    paid.map_err(|wait| Box::new(response::rate_limited(wait)))?;
    let _transfer = app.uploads.begin(client)?;
    let project = project_for(app, viewer, request).await?;
    let project = project.as_deref();
    has_room(app, viewer, project, length.unwrap_or_default()).await?;
    let mut incoming = files.receive().await.map_err(|error| failure(&error))?;
    let size = write(&mut incoming, body).await;
    let size = size.map_err(|error| not_received(files, error))?;
    // Others may have sent something meanwhile.
    has_room(app, viewer, project, size).await?;
    let stored = incoming.finish(said).await;
    let stored = stored.map_err(|error| not_received(files, NotReceived::Refused(error)))?;
    let row = insert(app, viewer, project, stored).await;
    let row = row.map_err(|error| failure(&error))?;
    // It may have been about to be removed: nothing referred to it before.
    match files.has(&row.sha256).await {
        Ok(true) => Ok(row),
        Ok(false) => refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            "TRY_AGAIN",
            "An older copy of this file was just removed: send it again.",
        ),
        Err(error) => Err(failure(&error)),
    }
}

fn created(row: &upload::Model) -> Response {
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

/// Why a body did not become a file.
enum NotReceived {
    /// The body ended before it was complete.
    Incomplete,
    Refused(ReceiveError),
}

/// Writes the body to the disk; gives its size.
async fn write(incoming: &mut Incoming, body: Body) -> std::result::Result<usize, NotReceived> {
    let mut body = BoxBody::from(body);
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| NotReceived::Incomplete)?;
        if let Ok(piece) = frame.into_data() {
            size += piece.len();
            let written = incoming.write(&piece).await;
            written.map_err(NotReceived::Refused)?;
        }
    }
    Ok(size)
}

async fn insert(
    app: &App,
    viewer: Viewer,
    project: Option<&Project>,
    file: Stored,
) -> domain::error::Result<upload::Model> {
    let store = &app.config.store;
    let row = upload::Model {
        id: Ids::Fresh.make("upload", Uuid::nil(), "").into(),
        person_id: viewer.person(),
        project_id: project.map(Project::id),
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

/// The project that an upload is for; `None` where the viewer names none and may send files to several.
async fn project_for(app: &App, viewer: Viewer, request: &Request) -> Result<Option<Arc<Project>>> {
    let store = &app.config.store;
    let params = request.params::<Params>().unwrap_or_default();
    if let Some(id) = &params.output {
        let node = NodeId::decode(id);
        let Some((project, output)) = node.and_then(|node| Some((node.project, node.uuid()?)))
        else {
            return denied(Denied::Unknown);
        };
        let project = read(visible::by_id(store, viewer, project).await)?;
        let output = OutputId(output);
        if project.outputs.iter().all(|row| row.id != output) {
            return denied(Denied::Unknown);
        }
        let right = viewer.party_to(&project, output);
        return right.map_or_else(denied, |_| Ok(Some(project)));
    }
    if let Some(name) = &params.project {
        let project = match NodeId::decode(name) {
            Some(node) => visible::by_id(store, viewer, node.project).await,
            None => visible::by_key(store, viewer, name).await,
        };
        let project = read(project)?;
        let right = viewer.sender_to(&project);
        return right.map_or_else(denied, |_| Ok(Some(project)));
    }
    let Some(person) = viewer.person() else {
        return Ok(None);
    };
    let projects = user::projects_of(store.db(), person).await;
    let mut sends_to = Vec::new();
    for id in projects.map_err(|error| failure(&error))? {
        let project = read(store.project_by_id(id).await)?;
        if viewer.sender_to(&project).is_ok() {
            sends_to.push(project);
        }
    }
    match sends_to.len() {
        0 => denied(Denied::Forbidden),
        1 => Ok(sends_to.pop()),
        _ => Ok(None),
    }
}

/// A project, or that there is none.
fn read(project: domain::error::Result<Arc<Project>>) -> Result<Arc<Project>> {
    match project {
        Err(domain::error::Error::NotFound(_)) => denied(Denied::Unknown),
        project => project.map_err(|error| failure(&error)),
    }
}

/// Refuses what would take the person or the project over their quota.
async fn has_room(app: &App, viewer: Viewer, project: Option<&Project>, size: usize) -> Result<()> {
    let store = &app.config.store;
    let (db, most) = (store.db(), app.gateway.limits().quota());
    let size = size as u64 + quota::OWN_BYTES;
    if let Some(person) = viewer.person() {
        let sent = quota::sent_by(db, person, store.clock().now()).await;
        let sent = sent.map_err(|error| failure(&error))?;
        if sent + size > most.person_day {
            return refuse(
                StatusCode::TOO_MANY_REQUESTS,
                limits::QUOTA,
                &format!(
                    "You may send {} MB of files in 24 hours, and this would be more.",
                    most.person_day / quota::MEGABYTE
                ),
            );
        }
    }
    if let Some(project) = project {
        let taken = quota::taken_in(db, project).await;
        let taken = taken.map_err(|error| failure(&error))?;
        if taken + size > most.project {
            return refuse(
                StatusCode::INSUFFICIENT_STORAGE,
                limits::QUOTA,
                &format!(
                    "The files of this project may take {} MB, and would take more.",
                    most.project / quota::MEGABYTE
                ),
            );
        }
    }
    Ok(())
}

/// Whether a body is a form, of which the file is only a part.
fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence.starts_with("multipart/") || essence == "application/x-www-form-urlencoded"
}

fn refuse<T>(status: StatusCode, code: &str, message: &str) -> Result<T> {
    Err(Box::new(response::error(status, code, message)))
}

fn denied<T>(denied: Denied) -> Result<T> {
    match denied {
        Denied::Unknown => refuse(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "There is no such output or project: leave `output` and `project` out, or name one that \
             you see.",
        ),
        Denied::SignIn => refuse(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED",
            "Sign in first, or send a token.",
        ),
        Denied::ReadOnly => refuse(
            StatusCode::FORBIDDEN,
            "READ_ONLY_TOKEN",
            "This token only reads. Make one that may write.",
        ),
        Denied::Forbidden | Denied::OwnReport => refuse(
            StatusCode::FORBIDDEN,
            "FORBIDDEN",
            "Files are sent by those who may add evidence: your role does not allow this.",
        ),
    }
}

fn too_large(files: &Files) -> Box<Response> {
    Box::new(response::error(
        StatusCode::PAYLOAD_TOO_LARGE,
        "TOO_LARGE",
        &format!("A file may have {} bytes at most.", files.largest),
    ))
}

fn not_received(files: &Files, error: NotReceived) -> Box<Response> {
    let (status, code, message) = match error {
        NotReceived::Refused(ReceiveError::TooLarge) => return too_large(files),
        NotReceived::Refused(ReceiveError::Failed(error)) => return failure(&error),
        NotReceived::Refused(ReceiveError::Empty) => (
            StatusCode::BAD_REQUEST,
            "EMPTY_FILE",
            "The body has no bytes: send the file as the body.".to_owned(),
        ),
        NotReceived::Refused(ReceiveError::UnknownType) => {
            let accepted: Vec<_> = TYPES.iter().map(|(_, ending)| *ending).collect();
            (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "FILE_TYPE",
                format!("By its content this is none of {}.", accepted.join(", ")),
            )
        }
        NotReceived::Incomplete => (
            StatusCode::BAD_REQUEST,
            "BAD_REQUEST",
            "The body ended before it was complete.".to_owned(),
        ),
    };
    Box::new(response::error(status, code, &message))
}

/// The response to a failure of the server, which a full disk is, too.
fn failure(error: &domain::error::Error) -> Box<Response> {
    if !is_full(error) {
        return Box::new(failed(error));
    }
    tracing::error!(%error, "The disk is full: a file was refused");
    Box::new(response::error(
        StatusCode::INSUFFICIENT_STORAGE,
        "DISK_FULL",
        "The server has no room for this file, and nothing of it was stored. Tell its operator.",
    ))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_full_disk_is_said_to_be_full() {
        let of = |kind: io::ErrorKind| failure(&io::Error::from(kind).into()).status();
        assert_eq!(
            of(io::ErrorKind::StorageFull),
            StatusCode::INSUFFICIENT_STORAGE
        );
        assert_eq!(
            of(io::ErrorKind::QuotaExceeded),
            StatusCode::INSUFFICIENT_STORAGE
        );
        assert_eq!(
            of(io::ErrorKind::NotFound),
            StatusCode::INTERNAL_SERVER_ERROR
        );
    }

    #[test]
    fn a_form_is_no_file() {
        assert!(is_form("Multipart/form-data; boundary=x"));
        assert!(is_form("application/x-www-form-urlencoded"));
        assert!(!is_form("application/pdf"));
        assert!(!is_form(""));
    }
}
