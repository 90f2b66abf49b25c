//! Changes between processes: over Redis at once, by polling where Redis is away.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use api::PubSub;
use domain::{
    clock::Clock,
    command::Import,
    data,
    file::{self, ProjectFile},
    ids::Ids,
    store::{Follower, RevisionChanged, Store},
};
use rstest::rstest;
use tests::{Backend, TestDatabase};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::timeout,
};

const SOON: Duration = Duration::from_secs(20);

/// The server of `TEST_REDIS_URL`; none where no server is named.
fn redis() -> Option<String> {
    tests::service("TEST_REDIS_URL")
}

/// A channel that no other test uses.
fn channel() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("test:{}:{number}", std::process::id())
}

/// One process's store: other connections, other memory.
async fn process(database: &TestDatabase) -> Arc<Store> {
    let db = domain::database::connect(&database.url).await.unwrap();
    Arc::new(Store::new(db, Clock::System, Ids::Fresh))
}

fn data_set() -> ProjectFile {
    file::read(data::CONNECTION).unwrap()
}

/// Changes one figure, and gives the new revision.
async fn change(store: &Store) -> i64 {
    let project = store.fresh("connection").await.unwrap();
    let mut file = file::export(&project);
    file.targets[0].value += 1;
    store.import(&file, Import::default()).await.unwrap();
    project.revision() + 1
}

/// What stops when it is dropped.
struct Running {
    _tasks: JoinSet<()>,
}

impl Running {
    fn new(what: impl Future<Output = ()> + Send + 'static) -> Self {
        let mut running = JoinSet::new();
        running.spawn(what);
        Self { _tasks: running }
    }

    fn bridge(bridge: PubSub, store: &Arc<Store>) -> Self {
        let store = Arc::clone(store);
        Self::new(async move { bridge.run(&store).await })
    }

    fn poll(store: &Arc<Store>) -> Self {
        let store = Arc::clone(store);
        Self::new(async move { store.watch().await })
    }
}

async fn next(following: &mut Follower) -> RevisionChanged {
    timeout(SOON, following.next()).await.unwrap()
}

/// Changes the project over and over until the follower hears of it; then both are connected.
async fn connected(writer: &Store, following: &mut Follower) {
    let both = async {
        loop {
            change(writer).await;
            let heard = timeout(Duration::from_millis(200), following.next()).await;
            if heard.is_ok() {
                break;
            }
        }
    };
    timeout(SOON, both).await.unwrap();
    // What else was on its way.
    while timeout(Duration::from_millis(300), following.next())
        .await
        .is_ok()
    {}
}

/// How long it takes from a commit here until it is heard of there.
async fn from_commit_to_news(writer: &Store, following: &mut Follower) -> Duration {
    let mut written = writer.local_changes();
    let committed = async {
        written.recv().await.unwrap();
        Instant::now()
    };
    let heard = async { (next(following).await, Instant::now()) };
    let (revision, committed, (news, heard)) = tokio::join!(change(writer), committed, heard);
    assert_eq!(news.revision, revision);
    heard.saturating_duration_since(committed)
}

/// The median and the longest of ten, for whoever reads the test's output.
async fn ten_times(way: &str, writer: &Store, following: &mut Follower) -> Duration {
    let mut took = Vec::new();
    for _ in 0..10 {
        took.push(from_commit_to_news(writer, following).await);
    }
    took.sort();
    println!("{way}: median {:?}, longest {:?}", took[5], took[9]);
    took[5]
}

/// A way to Redis that can be closed and opened.
struct Way {
    url: String,
    open: watch::Sender<bool>,
    _running: Running,
}

impl Way {
    async fn to(redis: &str) -> Self {
        let server = redis.trim_start_matches("redis://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        let (open, is_open) = watch::channel(true);
        let running = Running::new(async move {
            let mut connections = JoinSet::new();
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                let (server, mut is_open) = (server.clone(), is_open.clone());
                connections.spawn(async move {
                    let mut far = TcpStream::connect(&server).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = is_open.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        Self {
            url,
            open,
            _running: running,
        }
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_write_is_heard_over_redis_without_any_poll(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let Some(url) = redis() else { return };
    let channel = channel();
    let (ours, theirs) = (process(&database).await, process(&database).await);
    ours.import(&data_set(), Import::default()).await.unwrap();
    let mut following = theirs.follow("connection").await.unwrap();
    let mut ours_again = ours.follow("connection").await.unwrap();
    let bridge = PubSub::named(redis::Client::open(url).unwrap(), &channel);
    let _bridges = (
        Running::bridge(bridge.clone(), &ours),
        Running::bridge(bridge, &theirs),
    );
    connected(&ours, &mut following).await;

    let before = theirs.project("connection").await.unwrap();
    let took = ten_times("over Redis", &ours, &mut following).await;
    assert!(
        took < Duration::from_millis(500),
        "the poll would be as fast: {took:?}"
    );
    let after = theirs.project("connection").await.unwrap();
    assert_eq!(after.revision(), before.revision() + 10);
    assert_eq!(after.targets[0].value, before.targets[0].value + 10);

    // And the other way.
    let revision = change(&theirs).await;
    timeout(SOON, async {
        while next(&mut ours_again).await.revision < revision {}
    })
    .await
    .unwrap();
    assert_eq!(
        ours.project("connection").await.unwrap().revision(),
        revision
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_write_is_found_by_polling_where_there_is_no_redis(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (ours, theirs) = (process(&database).await, process(&database).await);
    ours.import(&data_set(), Import::default()).await.unwrap();
    let mut following = theirs.follow("connection").await.unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let bridge = PubSub::new(redis::Client::open(format!("redis://{nobody}")).unwrap());
    let _running = (Running::bridge(bridge, &theirs), Running::poll(&theirs));
    let took = ten_times("by polling", &ours, &mut following).await;
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_bridge_whose_redis_went_away_connects_again_by_itself(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let Some(url) = redis() else { return };
    let way = Way::to(&url).await;
    let channel = channel();
    let (ours, theirs) = (process(&database).await, process(&database).await);
    ours.import(&data_set(), Import::default()).await.unwrap();
    let mut following = theirs.follow("connection").await.unwrap();
    let direct = PubSub::named(redis::Client::open(url).unwrap(), &channel);
    let through = PubSub::named(redis::Client::open(way.url.as_str()).unwrap(), &channel);
    let _bridges = (
        Running::bridge(direct, &ours),
        Running::bridge(through, &theirs),
    );
    connected(&ours, &mut following).await;

    way.open.send_replace(false);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let unheard = change(&ours).await;
    let silence = timeout(Duration::from_millis(700), following.next()).await;
    assert!(silence.is_err(), "{silence:?} came through a closed way");
    way.open.send_replace(true);
    connected(&ours, &mut following).await;
    assert!(following.latest().revision > unheard);
    assert_eq!(
        theirs.project("connection").await.unwrap().revision(),
        following.latest().revision
    );
}

#[tokio::test]
async fn rediss_is_spoken_over_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let client = redis::Client::open(format!("rediss://127.0.0.1:{port}")).unwrap();
    let asks = tokio::spawn(async move { client.get_multiplexed_async_connection().await.is_ok() });
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut first = [0; 2];
    tokio::io::AsyncReadExt::read_exact(&mut stream, &mut first)
        .await
        .unwrap();
    // A handshake of TLS, and not a command of Redis.
    assert_eq!(first, [0x16, 0x03]);
    drop(stream);
    assert!(!asks.await.unwrap());
}
