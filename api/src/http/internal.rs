//! The pages for whoever runs the process, at an address of their own.

use std::{future::pending, io, sync::Arc};

use poem::{Endpoint, Request, Response, Server, http::StatusCode, listener::TcpAcceptor};
use tokio::net::TcpListener;

use super::{App, health, metrics, response};

/// Serves them for ever, where there is such an address.
pub async fn serve(app: &Arc<App>) -> io::Result<()> {
    let Some(address) = app.config.metrics_at else {
        return pending().await;
    };
    let listener = TcpListener::bind(address).await.map_err(|error| {
        let line = format!("METRICS_LISTEN is wrong: {address} cannot be listened on ({error})");
        io::Error::new(error.kind(), line)
    })?;
    Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?)
        .name("metrics")
        .run(Internal(Arc::clone(app)))
        .await
}

struct Internal(Arc<App>);

impl Endpoint for Internal {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let response = match request.uri().path() {
            "/metrics" => metrics::page(&self.0),
            "/healthz" => health::alive(),
            "/readyz" => health::ready(&self.0).await,
            _ => response::plain(StatusCode::NOT_FOUND, "There is no such page."),
        };
        Ok(response::secured(response))
    }
}
