//! Uploads and downloads of evidence files. Each is streamed between the client and the disk, so that
//! it takes no more memory than some buffers; so many may run at once.

mod download;
mod upload;

use domain::error::Error;
use poem::{Response, http::StatusCode};

use super::{App, response};
use crate::schema::internal;

pub use download::serve_evidence;
pub use upload::receive;

/// The number of file bytes that cost as much as one value of a response.
const BYTES_EACH: u64 = 1024;

/// The response to a failure of the server.
fn failed(error: &Error) -> Response {
    internal(error);
    response::error(
        StatusCode::INTERNAL_SERVER_ERROR,
        "INTERNAL",
        "Something failed on the server.",
    )
}
