//! When a process is asked to stop.

use std::future::Future;

/// Ends on Ctrl-C or SIGTERM, also one that came between this call and the first wait.
pub fn asked_for() -> impl Future<Output = ()> + Send {
    #[cfg(unix)]
    let term = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).ok()
    };
    async move {
        #[cfg(unix)]
        if let Some(mut term) = term {
            tokio::select! {
                _ = term.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
        let _ = tokio::signal::ctrl_c().await;
    }
}
