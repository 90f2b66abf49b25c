//! Each test runs on both queues; Redis's need `TEST_REDIS_URL` and say so when it is absent.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use sea_orm::sqlx;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use uuid::Uuid;

use super::*;

/// Redis's tests share one database.
static REDIS: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn job(n: u128) -> Job {
    Job::SendMail(Uuid::from_u128(n).into())
}

async fn sqlite() -> (TempDir, Queue) {
    let folder = tempfile::tempdir().unwrap();
    let queue = Queue::sqlite(&folder.path().join("queue.sqlite"))
        .await
        .unwrap();
    (folder, queue)
}

/// An emptied database of the test server, exclusive to the test.
async fn redis_url() -> Option<String> {
    let Ok(url) = std::env::var("TEST_REDIS_URL") else {
        let demanded = std::env::var("CONNECTION_TEST_SERVICES").is_ok();
        assert!(!demanded, "TEST_REDIS_URL is not set");
        eprintln!("skipped: TEST_REDIS_URL is not set");
        return None;
    };
    let mut url = url::Url::parse(&url).unwrap();
    url.set_path("/9");
    flush(url.as_str()).await;
    Some(url.into())
}

async fn connection(url: &str) -> ::redis::aio::MultiplexedConnection {
    let client = ::redis::Client::open(url).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

async fn flush(url: &str) {
    let mut connection = connection(url).await;
    let () = ::redis::cmd("FLUSHDB")
        .query_async(&mut connection)
        .await
        .unwrap();
}

/// A worker under test: the jobs that it received, and the way to end it.
struct Worker {
    seen: Arc<Mutex<Vec<Job>>>,
    stop: oneshot::Sender<()>,
    run: JoinHandle<anyhow::Result<()>>,
}

impl Worker {
    fn start(queue: &Queue) -> Self {
        Self::doing(queue, |_| async {})
    }

    fn doing<Fut>(queue: &Queue, act: impl Fn(Job) -> Fut + Clone + Send + Sync + 'static) -> Self
    where
        Fut: Future<Output = ()> + Send + 'static,
    {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (stop, stopped) = oneshot::channel();
        let (queue, log) = (queue.clone(), seen.clone());
        let run = tokio::spawn(async move {
            let handler = move |job| {
                log.lock().unwrap().push(job);
                act(job)
            };
            queue
                .run(handler, async {
                    let _ = stopped.await;
                })
                .await
        });
        Self { seen, stop, run }
    }

    fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    async fn has_seen(&self, count: usize, within: Duration) {
        let until = Instant::now() + within;
        while self.count() < count {
            assert!(
                Instant::now() < until,
                "saw {} of {count} jobs within {within:?}",
                self.count()
            );
            sleep(Duration::from_millis(10)).await;
        }
    }

    async fn end(self) -> Vec<Job> {
        self.stop.send(()).unwrap();
        self.run.await.unwrap().unwrap();
        let mut seen = self.seen.lock().unwrap().clone();
        seen.sort_by_key(|job| format!("{job:?}"));
        seen
    }
}

const SOON: Duration = Duration::from_secs(1);
/// A pause, a new worker, and a busy machine.
const AFTER_A_RESTART: Duration = Duration::from_secs(10);

async fn each_job_arrives_once_and_soon(queue: &Queue) {
    let worker = Worker::start(queue);
    sleep(Duration::from_millis(500)).await; // it has registered and idles
    for n in 0..50 {
        queue.push(job(n)).await.unwrap();
    }
    worker.has_seen(50, SOON).await;
    for n in 50..55 {
        // A stalled poll would show here, where each job has to wake an idle worker.
        sleep(Duration::from_millis(300)).await;
        queue.push(job(n)).await.unwrap();
        worker.has_seen(n as usize + 1, SOON).await;
    }
    let expected: Vec<Job> = (0..55).map(job).collect();
    assert_eq!(worker.end().await, expected);
    assert_eq!(queue.outstanding().await.unwrap(), 0);
}

async fn neither_panics_nor_overlong_jobs_stop_the_worker(queue: &Queue) {
    let queue = queue.clone().with_limits(Limits {
        concurrency: 2,
        job: Duration::from_millis(200),
        grace: Duration::from_secs(5),
    });
    let worker = Worker::doing(&queue, |done| async move {
        assert_ne!(done, job(0), "the panic of this test");
        if done == job(1) {
            std::future::pending::<()>().await;
        }
    });
    for n in 0..6 {
        queue.push(job(n)).await.unwrap();
    }
    worker.has_seen(6, Duration::from_secs(3)).await;
    assert_eq!(worker.end().await.len(), 6);
}

async fn two_workers_share_the_jobs(queue: &Queue) {
    let slowly = |_| sleep(Duration::from_millis(20));
    let one = Worker::doing(queue, slowly);
    let two = Worker::doing(queue, slowly);
    for n in 0..200 {
        queue.push(job(n)).await.unwrap();
    }
    let until = Instant::now() + AFTER_A_RESTART;
    while one.count() + two.count() < 200 && Instant::now() < until {
        sleep(Duration::from_millis(10)).await;
    }
    let (one, two) = (one.end().await, two.end().await);
    assert!(!one.is_empty() && !two.is_empty());
    let mut all = [one, two].concat();
    all.sort_by_key(|job| format!("{job:?}"));
    let expected: Vec<Job> = (0..200).map(job).collect();
    assert_eq!(all, expected);
}

async fn stopping_waits_for_the_running_job(queue: &Queue) {
    let finished = Arc::new(Mutex::new(false));
    let mark = finished.clone();
    let worker = Worker::doing(queue, move |_| {
        let mark = mark.clone();
        async move {
            sleep(Duration::from_millis(700)).await;
            *mark.lock().unwrap() = true;
        }
    });
    queue.push(job(1)).await.unwrap();
    worker.has_seen(1, Duration::from_secs(3)).await;
    worker.end().await;
    assert!(*finished.lock().unwrap());
}

async fn a_full_queue_takes_no_more_hints(queue: &Queue) {
    for n in 0..MAX_OUTSTANDING + 5 {
        queue.push(job(n.into())).await.unwrap();
    }
    assert_eq!(queue.outstanding().await.unwrap(), MAX_OUTSTANDING);
    let worker = Worker::start(queue);
    worker.has_seen(1_000, AFTER_A_RESTART).await;
    worker.end().await;
}

macro_rules! both {
    ($($story:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                let (_folder, queue) = super::sqlite().await;
                super::$story(&queue).await;
            })+
        }

        mod on_redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                let _turn = super::REDIS.lock().await;
                let Some(url) = super::redis_url().await else { return };
                super::$story(&super::Queue::redis(&url).await.unwrap()).await;
            })+
        }
    };
}

both!(
    each_job_arrives_once_and_soon,
    neither_panics_nor_overlong_jobs_stop_the_worker,
    two_workers_share_the_jobs,
    stopping_waits_for_the_running_job,
    a_full_queue_takes_no_more_hints,
);

#[tokio::test]
async fn garbage_in_the_file_is_an_unknown_job() {
    let (folder, queue) = sqlite().await;
    queue.push(job(1)).await.unwrap();
    let file = folder.path().join("queue.sqlite");
    let pool = sqlx::SqlitePool::connect(file.to_str().unwrap())
        .await
        .unwrap();
    sqlx::query("UPDATE Jobs SET job = x'7b00ff'")
        .execute(&pool)
        .await
        .unwrap();
    queue.push(job(2)).await.unwrap();
    let worker = Worker::start(&queue);
    worker.has_seen(2, SOON).await;
    assert_eq!(worker.end().await, [job(2), Job::Unknown]);
}

#[tokio::test]
async fn garbage_in_redis_is_an_unknown_job() {
    let _turn = REDIS.lock().await;
    let Some(url) = redis_url().await else { return };
    let queue = Queue::redis(&url).await.unwrap();
    queue.push(job(1)).await.unwrap();
    let mut connection = connection(&url).await;
    let data = format!("{NAME}:data");
    let ids: Vec<String> = ::redis::cmd("HKEYS")
        .arg(&data)
        .query_async(&mut connection)
        .await
        .unwrap();
    let () = ::redis::cmd("HSET")
        .arg(&data)
        .arg(&ids[0])
        .arg(&b"{\x00\xff"[..])
        .query_async(&mut connection)
        .await
        .unwrap();
    queue.push(job(2)).await.unwrap();
    let worker = Worker::start(&queue);
    worker.has_seen(2, SOON).await;
    assert_eq!(worker.end().await, [job(2), Job::Unknown]);
}

#[tokio::test]
async fn what_is_done_is_forgotten() {
    let (folder, queue) = sqlite().await;
    let worker = Worker::start(&queue);
    for n in 0..10 {
        queue.push(job(n)).await.unwrap();
    }
    worker.has_seen(10, SOON).await;
    worker.end().await;
    let Store::Sqlite(store) = &queue.store else {
        unreachable!()
    };
    store.tidy().await.unwrap();
    let file = folder.path().join("queue.sqlite");
    let pool = sqlx::SqlitePool::connect(file.to_str().unwrap())
        .await
        .unwrap();
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM Jobs")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(left, 0);

    let _turn = REDIS.lock().await;
    let Some(url) = redis_url().await else { return };
    let queue = Queue::redis(&url).await.unwrap();
    let worker = Worker::start(&queue);
    for n in 0..10 {
        queue.push(job(n)).await.unwrap();
    }
    worker.has_seen(10, SOON).await;
    worker.end().await;
    let Store::Redis(store) = &queue.store else {
        unreachable!()
    };
    store.tidy().await.unwrap();
    let left: Vec<String> = ::redis::cmd("KEYS")
        .arg(format!("{NAME}:*"))
        .query_async(&mut connection(&url).await)
        .await
        .unwrap();
    assert!(left.iter().all(|key| key.contains(":workers")), "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wiped_redis_costs_the_hints_and_nothing_else() {
    let _turn = REDIS.lock().await;
    let Some(url) = redis_url().await else { return };
    let queue = Queue::redis(&url).await.unwrap();
    let worker = Worker::doing(&queue, |_| sleep(Duration::from_millis(100)));
    for n in 0..20 {
        queue.push(job(n)).await.unwrap();
    }
    worker.has_seen(1, SOON).await;
    flush(&url).await;
    sleep(SOON).await;
    let before = worker.count();
    queue.push(job(100)).await.unwrap();
    worker.has_seen(before + 1, AFTER_A_RESTART).await;
    assert!(worker.end().await.contains(&job(100)));
}

/// A door before Redis that can be shut and opened again.
struct Door {
    address: SocketAddr,
    open: JoinHandle<()>,
}

impl Door {
    async fn open(at: SocketAddr, server: SocketAddr) -> Self {
        let listener = TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap();
        let open = tokio::spawn(async move {
            let mut guests = JoinSet::new(); // aborted with the door
            while let Ok((mut guest, _)) = listener.accept().await {
                guests.spawn(async move {
                    let mut host = TcpStream::connect(server).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut guest, &mut host).await;
                });
            }
        });
        Self { address, open }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_out_of_reach_for_a_while_does_not_end_the_worker() {
    let _turn = REDIS.lock().await;
    let Some(url) = redis_url().await else { return };
    let mut url = url::Url::parse(&url).unwrap();
    let server = tokio::net::lookup_host((url.host_str().unwrap(), url.port().unwrap_or(6379)))
        .await
        .unwrap()
        .next()
        .unwrap();
    let door = Door::open(([127, 0, 0, 1], 0).into(), server).await;
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(door.address.port())).unwrap();

    let queue = Queue::redis(url.as_str()).await.unwrap();
    let worker = Worker::start(&queue);
    queue.push(job(1)).await.unwrap();
    worker.has_seen(1, SOON).await;

    door.open.abort();
    let _ = door.open.await;
    sleep(Duration::from_secs(3)).await;
    assert!(!worker.run.is_finished());
    let _ = queue.push(job(2)).await.unwrap_err();

    let _door = Door::open(door.address, server).await;
    let until = Instant::now() + AFTER_A_RESTART;
    while queue.push(job(3)).await.is_err() {
        assert!(Instant::now() < until, "the queue did not reconnect");
    }
    worker.has_seen(2, AFTER_A_RESTART).await;
    assert_eq!(worker.end().await, [job(1), job(3)]);
}

#[tokio::test]
async fn what_is_wrong_with_a_redis_url_is_said_by_its_name() {
    for url in ["nonsense", "http://localhost", "redis://127.0.0.1:1"] {
        let error = Queue::redis(url).await.unwrap_err();
        assert!(format!("{error:#}").contains("REDIS_URL"), "{error:#}");
    }
}
