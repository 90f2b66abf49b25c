//! The meter of a response: it counts values and bytes as they are made, stops at a bound, and lets
//! other tasks run in between.
//!
//! Resolvers are synchronous code over a project in memory, so a response would be made in one poll.
//! Once a slice of it is made, every further object waits ([`turn`]); [`Meter::run`] then yields to
//! the runtime, which is where a time limit fires and a dropped request ends. Beyond a bound objects
//! wait for good, and [`Meter::run`] drops the rest.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};

use async_graphql::Value;
use tokio::{sync::Semaphore, task::yield_now, time::timeout};

/// The number of values that are made without yielding: about a millisecond.
const SLICE: u64 = 1_000;

/// The number of records that are gone through in the time in which a value is made.
const RECORDS: u64 = 16;

/// The number of values beyond which a response is a long one: its memory counts.
const LONG: u64 = 2_000;

/// The time after which a long response that waits for its lane looks whether something else that it
/// waits for is there, such as a row of the database.
const LOOK: Duration = Duration::from_millis(10);

/// The number of objects that may wait for their turn: the entries of lists that were begun at once,
/// each of which takes memory.
pub const WAITING: u64 = 5_000;

/// The number of waiting objects beyond which a response is a long one, too.
const MANY: u64 = 500;

/// The maximum size of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The values made.
    pub values: u64,
    /// The values made, and records gone through as the values that take as long.
    pub work: u64,
    pub bytes: u64,
}

/// A response exceeds a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceeded {
    /// By the number of values made until then.
    Values(u64),
    /// By the work done until then.
    Work(u64),
    /// By the number of bytes made until then.
    Bytes(u64),
    /// By the number of objects that waited for their turn.
    Waiting(u64),
}

/// The counts of one response.
#[derive(Debug)]
pub struct Meter {
    bounds: Bounds,
    /// As many permits as long responses are made at once.
    lanes: Arc<Semaphore>,
    values: AtomicU64,
    bytes: AtomicU64,
    records: AtomicU64,
    /// The objects that wait for their turn.
    waiting: AtomicU64,
    /// The values at which the running slice ends.
    pause: AtomicU64,
}

tokio::task_local! {
    static METER: Arc<Meter>;
}

impl Meter {
    #[must_use]
    pub fn new(bounds: Bounds, lanes: Arc<Semaphore>) -> Self {
        Self {
            bounds,
            lanes,
            values: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            records: AtomicU64::new(0),
            waiting: AtomicU64::new(0),
            pause: AtomicU64::new(SLICE),
        }
    }

    /// The number of values made; records gone through count as the values that take as long.
    #[must_use]
    pub fn values(&self) -> u64 {
        self.values.load(Relaxed) + self.records.load(Relaxed) / RECORDS
    }

    /// The approximate number of bytes of the values.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// The bound that is exceeded.
    #[must_use]
    pub fn exceeded(&self) -> Option<Exceeded> {
        let (made, work, bytes) = (self.values.load(Relaxed), self.values(), self.bytes());
        let waiting = self.waiting.load(Relaxed);
        if made > self.bounds.values {
            Some(Exceeded::Values(made))
        } else if work > self.bounds.work {
            Some(Exceeded::Work(work))
        } else if bytes > self.bounds.bytes {
            Some(Exceeded::Bytes(bytes))
        } else if waiting > WAITING {
            Some(Exceeded::Waiting(waiting))
        } else {
            None
        }
    }

    /// Begins to count anew, for the next response of a stream.
    pub fn reset(&self) {
        for count in [&self.values, &self.bytes, &self.records] {
            count.store(0, Relaxed);
        }
        self.pause.store(SLICE, Relaxed);
    }

    /// Makes a response, yielding between its slices; once it is long, it waits for a lane.
    ///
    /// # Errors
    /// The bound that it exceeds; it is not made further.
    pub async fn run<T>(
        self: &Arc<Self>,
        response: impl Future<Output = T>,
    ) -> Result<T, Exceeded> {
        let mut response = pin!(response);
        let mut queue = pin!(Arc::clone(&self.lanes).acquire_owned());
        let mut lane = None;
        let mut length = SLICE;
        loop {
            match poll_fn(|context| self.slice(length, response.as_mut(), context)).await {
                Slice::Made(made) => return Ok(made),
                Slice::Exceeded(exceeded) => return Err(exceeded),
                Slice::Over if lane.is_none() && self.is_long() => {
                    let waited = timeout(LOOK, queue.as_mut()).await;
                    length = if waited.is_ok() { SLICE } else { 0 };
                    lane = waited.ok();
                }
                Slice::Over => yield_now().await,
            }
        }
    }

    fn slice<T>(
        self: &Arc<Self>,
        length: u64,
        response: Pin<&mut impl Future<Output = T>>,
        context: &mut Context<'_>,
    ) -> Poll<Slice<T>> {
        self.pause.store(self.values() + length, Relaxed);
        let polled = METER.sync_scope(Arc::clone(self), || response.poll(context));
        match (self.exceeded(), polled) {
            (Some(exceeded), _) => Poll::Ready(Slice::Exceeded(exceeded)),
            (None, Poll::Ready(made)) => Poll::Ready(Slice::Made(made)),
            (None, Poll::Pending) if self.is_over() => Poll::Ready(Slice::Over),
            (None, Poll::Pending) => Poll::Pending,
        }
    }

    fn is_long(&self) -> bool {
        self.values() > LONG || self.waiting.load(Relaxed) > MANY
    }

    /// Whether the running slice is over.
    fn is_over(&self) -> bool {
        self.values() >= self.pause.load(Relaxed)
    }

    fn count(&self, values: u64, bytes: u64) {
        // One task counts at a time: no addition is lost.
        self.values
            .store(self.values.load(Relaxed) + values, Relaxed);
        self.bytes.store(self.bytes.load(Relaxed) + bytes, Relaxed);
    }
}

enum Slice<T> {
    Made(T),
    Exceeded(Exceeded),
    /// It is made further after others had their turn.
    Over,
}

/// Waits until the response may be made further.
pub async fn turn() {
    wait_while(|meter| meter.is_over() || meter.exceeded().is_some()).await;
}

/// Waits for its turn and counts records that are about to be gone through; they never are if that
/// exceeds a bound.
pub async fn work(number: usize) {
    turn().await;
    records(number);
    wait_while(|meter| meter.exceeded().is_some()).await;
}

async fn wait_while(must: impl Fn(&Meter) -> bool) {
    let mut waiting = Waiting(None);
    poll_fn(|context| {
        let meter = METER.try_with(|meter| must(meter).then(|| Arc::clone(meter)));
        let Ok(Some(meter)) = meter else {
            return Poll::Ready(());
        };
        if waiting.0.is_none() {
            meter.waiting.fetch_add(1, Relaxed);
            waiting.0 = Some(meter);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The meter on which something waits, until it is dropped.
struct Waiting(Option<Arc<Meter>>);

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(meter) = &self.0 {
            meter.waiting.fetch_sub(1, Relaxed);
        }
    }
}

/// Counts the fields of an object. Objects in it have counted their own.
pub(crate) fn made(object: &Value) {
    let Value::Object(fields) = object else {
        return;
    };
    let (mut values, mut bytes) = (fields.len() as u64, 2);
    for (name, value) in fields {
        bytes += name.len() as u64 + 4;
        leaf(value, &mut values, &mut bytes);
    }
    METER.try_with(|meter| meter.count(values, bytes)).ok();
}

fn leaf(value: &Value, values: &mut u64, bytes: &mut u64) {
    *bytes += match value {
        Value::String(text) => text.len() as u64 + 2,
        Value::Enum(name) => name.len() as u64 + 2,
        Value::Number(_) => 8,
        Value::Boolean(_) | Value::Null => 4,
        Value::Binary(data) => data.len() as u64,
        Value::Object(_) => 0,
        Value::List(items) => {
            *values += items.len() as u64;
            for item in items {
                leaf(item, values, bytes);
            }
            items.len() as u64 + 2
        }
    };
}

/// Counts records that a list or a figure goes through, also those that it does not show.
pub fn records(number: usize) {
    METER
        .try_with(|meter| {
            let before = meter.records.load(Relaxed);
            meter.records.store(before + number as u64, Relaxed);
        })
        .ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(values: u64) -> Arc<Meter> {
        in_lanes(values, &Arc::new(Semaphore::new(1)))
    }

    fn in_lanes(values: u64, lanes: &Arc<Semaphore>) -> Arc<Meter> {
        let bounds = Bounds {
            values,
            work: values.saturating_mul(2),
            bytes: u64::MAX,
        };
        Arc::new(Meter::new(bounds, Arc::clone(lanes)))
    }

    fn object() -> Value {
        let list = Value::List(vec!["a".into(), "bc".into()]);
        let fields = [("id", "x".into()), ("list", list)];
        Value::Object(
            fields
                .map(|(name, value)| (async_graphql::Name::new(name), value))
                .into_iter()
                .collect(),
        )
    }

    #[tokio::test]
    async fn fields_and_leaves_in_lists_are_counted() {
        let meter = meter(100);
        assert_eq!(meter.run(async { made(&object()) }).await, Ok(()));
        assert_eq!(
            (meter.values(), meter.bytes()),
            (4, 2 + 6 + 3 + 8 + 4 + 3 + 4)
        );
        assert_eq!(meter.run(async { records(160) }).await, Ok(()));
        assert_eq!(meter.values(), 14);
    }

    #[tokio::test]
    async fn a_response_stops_at_its_bound() {
        let meter = meter(10);
        let endless = async {
            loop {
                turn().await;
                made(&object());
            }
        };
        assert_eq!(meter.run::<()>(endless).await, Err(Exceeded::Values(12)));
    }

    #[tokio::test]
    async fn work_that_is_too_much_is_not_begun() {
        let meter = meter(10);
        let mut is_done = false;
        let done = meter.run(async {
            work(16 * 20).await;
            work(16).await;
            is_done = true;
        });
        assert_eq!(done.await, Err(Exceeded::Work(21)));
        assert!(!is_done);
    }

    #[tokio::test]
    async fn so_many_objects_are_begun_at_once() {
        for (number, is_too_much) in [(WAITING - 1, false), (WAITING + 1, true)] {
            let meter = meter(u64::MAX);
            let done = meter.run(async {
                records(16 * 1_000);
                let mut waiting: Vec<_> = (0..number).map(|_| Box::pin(turn())).collect();
                poll_fn(|context| {
                    waiting.retain_mut(|turn| turn.as_mut().poll(context).is_pending());
                    if waiting.is_empty() {
                        Poll::Ready(())
                    } else {
                        Poll::Pending
                    }
                })
                .await;
            });
            let expected = is_too_much.then_some(Exceeded::Waiting(number));
            assert_eq!(done.await.err(), expected);
            assert_eq!(meter.waiting.load(Relaxed), 0);
        }
    }

    #[tokio::test]
    async fn a_long_response_waits_for_its_lane_and_a_short_one_does_not() {
        let lanes = Arc::new(Semaphore::new(1));
        let of = async |number: u64| {
            let meter = in_lanes(u64::MAX, &lanes);
            let made = meter.run(async {
                for _ in 0..number {
                    turn().await;
                    made(&object());
                }
            });
            let time = Duration::from_millis(100);
            timeout(time, made).await.is_ok()
        };
        let taken = Arc::clone(&lanes).acquire_owned().await.unwrap();
        assert!(of(LONG / 4).await);
        assert!(!of(LONG).await);
        drop(taken);
        assert!(of(LONG).await);
        assert_eq!(lanes.available_permits(), 1);
    }

    #[tokio::test]
    async fn what_waits_for_its_lane_lets_go_of_what_others_need() {
        let lanes = Arc::new(Semaphore::new(0));
        let (connection, other) = (Arc::new(Semaphore::new(1)), Arc::new(Semaphore::new(0)));
        let meter = in_lanes(u64::MAX, &lanes);
        let run = meter.run(async {
            let held = connection.acquire().await;
            records(64_000);
            tokio::join!(turn(), async {
                other.acquire().await.unwrap().forget();
                drop(held);
            });
        });
        let others = async {
            tokio::time::sleep(Duration::from_millis(30)).await;
            other.add_permits(1);
            connection.acquire().await.unwrap().forget();
        };
        let time = Duration::from_secs(5);
        let (made, others) = tokio::join!(timeout(LOOK * 20, run), timeout(time, others));
        assert!(made.is_err() && others.is_ok());
    }

    #[tokio::test]
    async fn others_have_their_turn_between_two_slices() {
        let meter = meter(u64::MAX);
        let endless = async {
            loop {
                turn().await;
                made(&object());
            }
        };
        let time = Duration::from_millis(20);
        let late = timeout(time, meter.run::<()>(endless)).await;
        assert!(late.is_err());
        let values = meter.values();
        assert!(values >= SLICE, "{values}");
    }
}
