//! The endpoint `/account/data.json`: the personal data of the signed-in person as one file.

use std::sync::Arc;

use domain::{
    account::privacy,
    viewer::{Denied, Viewer},
};
use poem::{
    Response, handler,
    http::{HeaderValue, StatusCode, header},
    web::Data,
};

use super::{App, response};

/// Serves all data about the signed-in person.
#[handler]
pub async fn data(Data(app): Data<&Arc<App>>, Data(viewer): Data<&Viewer>) -> Response {
    let keeper = viewer
        .oneself()
        .and_then(|oneself| viewer.keeper_of(oneself.person()));
    let keeper = match keeper {
        Ok(keeper) => keeper,
        Err(Denied::SignIn) => {
            return response::error(
                StatusCode::UNAUTHORIZED,
                "UNAUTHENTICATED",
                "Sign in first.",
            );
        }
        Err(_) => {
            return response::error(
                StatusCode::FORBIDDEN,
                "FORBIDDEN",
                "A token does not reach its owner's account: sign in.",
            );
        }
    };
    match privacy::export(&app.config.store, &keeper).await {
        Ok(file) => {
            let text = serde_json::to_string_pretty(&file).expect("a value is plain JSON");
            let mut response = response::typed("application/json; charset=utf-8", text);
            response.headers_mut().insert(
                header::CONTENT_DISPOSITION,
                HeaderValue::from_static("attachment; filename=\"my-data.json\""),
            );
            response
        }
        Err(error) => response::failed(internal_id(&error)),
    }
}

/// Logs an error, and responds with its incident id.
fn internal_id(error: &domain::error::Error) -> uuid::Uuid {
    let id = crate::schema::incident();
    tracing::error!(incident = %id, %error, "A request failed");
    id
}
