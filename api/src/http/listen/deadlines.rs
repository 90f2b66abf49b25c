//! The deadlines of a connection: a stream that fails when its client stands still.
//!
//! A client has so long for a head, from its first byte (of a new connection, from the beginning);
//! so long until its next request; and so long to take its answer. A request under way has the
//! limits of requests, and an upgraded connection those of live connections: here only its answers
//! must be taken.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

use super::{ListenLimits, seats::Seat};

/// What a client must take of its answer within the time limit.
const LEAST_TAKEN: usize = 16 * 1024;

/// The requests of a connection: how many have begun, and how many are over.
#[derive(Debug, Default)]
pub struct Activity {
    begun: AtomicUsize,
    over: AtomicUsize,
}

impl Activity {
    /// Begins a request, which is over when the result is dropped.
    pub fn begin(self: &Arc<Self>) -> Busy {
        self.begun.fetch_add(1, Ordering::Relaxed);
        Busy(Some(Arc::clone(self)))
    }

    fn is_busy(&self) -> bool {
        self.over.load(Ordering::Relaxed) < self.begun.load(Ordering::Relaxed)
    }
}

/// A request under way.
#[derive(Debug)]
pub struct Busy(Option<Arc<Activity>>);

impl Busy {
    /// The connection is busy as long as it lives.
    pub fn stay(mut self) {
        self.0 = None;
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(activity) = &self.0 {
            activity.over.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A timer that exists only once it was needed.
#[derive(Debug, Default)]
struct Timer {
    sleep: Option<Pin<Box<Sleep>>>,
    is_set: bool,
}

impl Timer {
    fn set(&mut self, after: Duration) {
        let deadline = Instant::now() + after;
        match &mut self.sleep {
            Some(sleep) => sleep.as_mut().reset(deadline),
            None => self.sleep = Some(Box::pin(sleep_until(deadline))),
        }
        self.is_set = true;
    }

    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        match &mut self.sleep {
            Some(sleep) if self.is_set => sleep.as_mut().poll(cx).is_ready(),
            _ => false,
        }
    }
}

/// What a connection reads at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// A head has begun; that of a new connection with its first moment.
    Head,
    /// Nothing: the next request is waited for.
    Idle,
    /// The body of a request under way, or what an upgraded connection says.
    Request,
}

/// The stream of a connection, with its deadlines and its seat.
#[derive(Debug)]
pub struct Watched {
    stream: TcpStream,
    limits: ListenLimits,
    activity: Arc<Activity>,
    /// How many requests had begun when the stage was last looked at.
    begun: usize,
    stage: Stage,
    reading: Timer,
    writing: Timer,
    /// The bytes that the client has taken since `writing` was set.
    taken: usize,
    /// It is taken until an upgraded connection ends, too.
    seat: Seat,
}

impl Watched {
    pub fn new(
        stream: TcpStream,
        limits: &ListenLimits,
        activity: Arc<Activity>,
        seat: Seat,
    ) -> Self {
        let mut reading = Timer::default();
        reading.set(limits.head);
        Self {
            stream,
            limits: *limits,
            activity,
            begun: 0,
            stage: Stage::Head,
            reading,
            writing: Timer::default(),
            taken: 0,
            seat,
        }
    }

    /// Sees whether a request began or ended since.
    fn look(&mut self) {
        let begun = self.activity.begun.load(Ordering::Relaxed);
        if self.activity.is_busy() {
            self.stage = Stage::Request;
            self.reading.is_set = false;
        } else if self.stage == Stage::Request || begun != self.begun {
            self.stage = Stage::Idle;
            self.reading.set(self.limits.idle);
        }
        self.begun = begun;
    }

    /// The error of a deadline that is over.
    fn cut(&self, why: &'static str) -> io::Error {
        self.seat.cut(why);
        io::Error::new(io::ErrorKind::TimedOut, why)
    }

    /// What became of a write; fails if the client has stood still for too long.
    fn written(
        &mut self,
        cx: &mut Context<'_>,
        result: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match result {
            Poll::Ready(Ok(bytes)) => {
                self.taken = self.taken.saturating_add(bytes);
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let was_set = self.writing.is_set;
                if !was_set || (self.taken >= LEAST_TAKEN && self.writing.is_over(cx)) {
                    self.taken = 0;
                    self.writing.set(self.limits.stall);
                }
                match self.writing.is_over(cx) {
                    true => Poll::Ready(Err(self.cut("stall"))),
                    false => Poll::Pending,
                }
            }
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.look();
        let before = buffer.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buffer) {
            Poll::Pending if this.reading.is_over(cx) => {
                Poll::Ready(Err(this.cut(match this.stage {
                    Stage::Idle => "idle",
                    Stage::Head | Stage::Request => "head",
                })))
            }
            Poll::Pending => Poll::Pending,
            Poll::Ready(result) => {
                if this.stage == Stage::Idle && buffer.filled().len() > before {
                    this.stage = Stage::Head;
                    this.reading.set(this.limits.head);
                }
                // One that sends a byte now and then is late all the same.
                if this.stage == Stage::Head && this.reading.is_over(cx) {
                    return Poll::Ready(Err(this.cut("head")));
                }
                Poll::Ready(result)
            }
        }
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.written(cx, result)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.written(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Whoever flushes has written all that there is.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(Pin::new(&mut this.stream).poll_flush(cx))?;
        this.writing.is_set = false;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
