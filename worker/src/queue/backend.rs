//! The interface of apalis that both stores implement, and the encoding of hints.

use std::time::Duration;

use apalis_core::backend::codec::Codec;
use apalis_core::backend::finalize::Durable;
use apalis_core::backend::persistence::TaskPersistLayer;
use apalis_core::backend::{Backend, BackendConfig, TaskSink, WireFormatBackend};
use apalis_core::task::Task;
use apalis_sqlite::JsonCodec;
use domain::job::Job;
use serde_json::Value;

/// A worker without a heartbeat for six intervals loses its jobs to the others.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(5);
pub(super) const MISSED_HEARTBEATS: usize = 6;

/// The apalis backend: what Redis and SQLite have in common.
pub(super) trait Hints:
    Backend<Task = Task<Vec<u8>>>
    + BackendConfig<Args = Job, Kind = Durable, Layer = TaskPersistLayer<JsonCodec<Value>, Value>>
    + WireFormatBackend<Codec = HintCodec, Compact = Vec<u8>>
    + TaskSink<Job, Durable>
    + Clone
    + Send
    + Sync
    + Unpin
    + 'static
{
}

impl<B> Hints for B where
    B: Backend<Task = Task<Vec<u8>>>
        + BackendConfig<Args = Job, Kind = Durable, Layer = TaskPersistLayer<JsonCodec<Value>, Value>>
        + WireFormatBackend<Codec = HintCodec, Compact = Vec<u8>>
        + TaskSink<Job, Durable>
        + Clone
        + Send
        + Sync
        + Unpin
        + 'static
{
}

/// Jobs as JSON; any bytes decode, since one payload that did not would end the worker.
#[derive(Clone, Copy, Debug)]
pub(super) struct HintCodec;

impl Codec<Job> for HintCodec {
    type Error = serde_json::Error;
    type Compact = Vec<u8>;

    fn encode(&self, job: &Job) -> Result<Vec<u8>, Self::Error> {
        serde_json::to_vec(job)
    }

    fn decode(&self, bytes: &Vec<u8>) -> Result<Job, Self::Error> {
        Ok(serde_json::from_slice(bytes).unwrap_or(Job::Unknown))
    }
}
