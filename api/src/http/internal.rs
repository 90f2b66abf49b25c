//! The operator's pages, at a separate address.

use std::{future::pending, io, sync::Arc};

use poem::{Endpoint, EndpointExt, Request, Response, Route, Server, listener::TcpAcceptor};
use tokio::net::TcpListener;

use super::{App, health, metrics, response};

/// Serves these pages until dropped, if there is such an address.
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
        .run(routes(app))
        .await
}

/// The table of these pages, which are the same by any method.
fn routes(app: &Arc<App>) -> impl Endpoint<Output = Response> + use<> {
    Route::new()
        .at("/metrics", metrics::show)
        .at("/healthz", health::alive)
        .at("/readyz", health::ready)
        .around(|routes, request: Request| async move {
            let response = match routes.call(request).await {
                Ok(response) => response,
                Err(error) => response::of_error(&error),
            };
            Ok(response::secured(response))
        })
        .data(Arc::clone(app))
}
