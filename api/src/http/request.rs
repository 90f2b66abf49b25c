//! A GraphQL request over HTTP: one struct from its arrival to its response, and the parsing of its
//! body or query string.

use bytes::Bytes;
use domain::viewer::Viewer;
use poem::{
    Body, Request, Response,
    http::{HeaderMap, StatusCode},
};
use tokio::time::timeout;

use super::{
    App,
    body::{self, BodyError},
    client_address::Client,
    cross_site, json,
    negotiation::{Events, JSON, events},
    operation::{self, BAD_REQUEST, BadRequest},
    request_id, response,
    response_cache::CacheKey,
};
use crate::gateway::{Access, Limits, Operation, RateLimitKey, limits};

/// The maximum length of an idempotency key.
const MAX_IDEMPOTENCY_KEY: usize = 200;

/// A GraphQL request over HTTP.
pub struct GraphqlRequest<'a> {
    http: &'a Request,
    /// The client: the viewer and their address.
    pub client: Client,
    /// The rate limit key: the token bucket that is charged.
    pub rate_limit_key: RateLimitKey,
    /// The access: a GET only reads.
    pub access: Access,
    /// The body of a POST, the query string of a GET.
    pub text: Bytes,
    /// The idempotency key: a repeated request with the same key has no further effect.
    pub idempotency_key: Option<String>,
    /// Whether the client accepts an event stream.
    pub events: Events,
}

impl<'a> GraphqlRequest<'a> {
    /// The request of a POST; else the response that refuses it.
    pub async fn from_post(
        app: &App,
        viewer: Viewer,
        http: &'a Request,
        body: Body,
    ) -> Result<Self, Box<Response>> {
        if !is_json(http.content_type()) {
            return Err(Box::new(response::error(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "A request's body must be JSON in UTF-8: send it with content-type: application/json.",
            )));
        }
        let idempotency_key = idempotency_key(http.headers())?;
        let text = read_body(app, body).await?;
        Ok(Self {
            idempotency_key,
            ..Self::new(app, viewer, http, Access::Write, text)
        })
    }

    /// The request of a GET; else the response that refuses it.
    pub fn from_get(app: &App, viewer: Viewer, http: &'a Request) -> Result<Self, Box<Response>> {
        if cross_site::is_forced(http.headers()) {
            return Err(Box::new(response::error(
                StatusCode::FORBIDDEN,
                "CROSS_SITE_REFUSED",
                "A page of another site asks here: send graphql-require-preflight: 1, or POST.",
            )));
        }
        let query = http.uri().query().unwrap_or_default();
        let text = Bytes::copy_from_slice(query.as_bytes());
        Ok(Self::new(app, viewer, http, Access::Read, text))
    }

    fn new(app: &App, viewer: Viewer, http: &'a Request, access: Access, text: Bytes) -> Self {
        Self {
            client: client(app, viewer, http),
            rate_limit_key: app.rate_limit_key(viewer, http),
            access,
            text,
            idempotency_key: None,
            events: events(http.headers()),
            http,
        }
    }

    pub fn viewer(&self) -> Viewer {
        self.client.viewer()
    }

    pub fn headers(&self) -> &HeaderMap {
        self.http.headers()
    }

    /// The id of the request in the log.
    pub fn id(&self) -> Option<String> {
        request_id::text(self.headers())
    }

    /// The key of its response in the response cache.
    pub fn cache_key(&self, media_type: &'static str) -> CacheKey {
        CacheKey {
            viewer: self.viewer(),
            access: self.access,
            media_type,
            text: self.text.clone(),
        }
    }

    /// The operation, parsed from the body or query string.
    pub fn operation(&self, limits: &Limits) -> Result<Operation, BadRequest> {
        match self.access {
            Access::Write => operation::from_value(json::read(&self.text, limits)?),
            Access::Read => operation::from_query_string(self.http, limits),
        }
    }
}

/// The client of a request: the viewer and their address.
pub fn client(app: &App, viewer: Viewer, http: &Request) -> Client {
    Client::new(viewer, app.client_network(http))
}

async fn read_body(app: &App, body: Body) -> Result<Bytes, Box<Response>> {
    let most = app.gateway.limits().body;
    let body = timeout(app.config.request_timeout / 2, body::read(body, most));
    let refusal = match body.await {
        Ok(Ok(text)) => return Ok(text),
        Ok(Err(BodyError::TooLarge)) => response::error(
            StatusCode::PAYLOAD_TOO_LARGE,
            limits::BODY,
            &format!("This asks for too much: bytes in the body: more than {most} are not read."),
        ),
        Ok(Err(BodyError::Incomplete)) => bad_request("The body ended before it was complete."),
        Err(_) => response::error(
            StatusCode::REQUEST_TIMEOUT,
            "REQUEST_TIMEOUT",
            "The body took too long to arrive.",
        ),
    };
    Err(Box::new(refusal))
}

/// Whether a content type is JSON in UTF-8.
fn is_json(content_type: Option<&str>) -> bool {
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case(JSON)
        && parts
            .filter_map(|part| part.split_once('='))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .all(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Box<Response>> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > MAX_IDEMPOTENCY_KEY {
        return Err(Box::new(bad_request(
            "Idempotency-Key: write 1 to 200 letters, digits and signs, such as a UUID.",
        )));
    }
    Ok(Some(text.to_owned()))
}

fn bad_request(message: &str) -> Response {
    response::error(StatusCode::BAD_REQUEST, BAD_REQUEST, message)
}
