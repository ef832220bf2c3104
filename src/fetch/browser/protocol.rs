//! The browser's protocol over two pipes: JSON messages with a zero byte behind each, answers by number, events by session.
//!
//! Nothing listens on a port, so nobody else can drive the browser; and when we are gone, the pipe is closed and the
//! browser ends.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::sync::{mpsc, oneshot};

/// Bytes of a message from the browser: the largest page, each of whose `<` takes six bytes, and what is around it.
const MAX_MESSAGE: u64 = 192 * 1024 * 1024;

/// Events of a page that wait to be read. A page that makes more loses its listener, and so ends.
const MAX_WAITING: usize = 4096;

/// An event.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) method: String,
    pub(super) params: Value,
}

/// Why a command has no result.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    #[error("it ended")]
    Closed,
    #[error("{0}")]
    Said(String),
}

type Answer = oneshot::Receiver<Result<Value, Failed>>;

/// The way to one browser. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    commands: mpsc::UnboundedSender<Vec<u8>>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    sent: u64,
    waiting: HashMap<u64, oneshot::Sender<Result<Value, Failed>>>,
    listeners: HashMap<String, mpsc::Sender<Event>>,
    closed: bool,
}

impl Connection {
    /// Speaks over these pipes, on tasks of the runtime.
    pub(super) fn over(
        input: impl AsyncWrite + Unpin + Send + 'static,
        output: impl AsyncRead + Unpin + Send + 'static,
    ) -> Self {
        let (commands, waiting) = mpsc::unbounded_channel();
        let state = Arc::new(Mutex::new(State::default()));
        tokio::spawn(write(input, waiting));
        tokio::spawn(read(output, Arc::clone(&state)));
        Self { commands, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Sends a command to the browser, or to one of its pages. Whoever does not want the answer drops it.
    #[expect(clippy::needless_pass_by_value, reason = "parameters are made for the one command")]
    pub(super) fn send(&self, session: Option<&str>, method: &str, params: Value) -> Answer {
        let (answer, answered) = oneshot::channel();
        let mut state = self.state();
        if state.closed {
            // The sender goes, and with it the answer.
            return answered;
        }
        state.sent += 1;
        let mut message = json!({ "id": state.sent, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        if self.commands.send(bytes).is_ok() {
            let id = state.sent;
            state.waiting.insert(id, answer);
        }
        answered
    }

    /// Sends a command and waits for its result.
    pub(super) async fn call(&self, session: Option<&str>, method: &str, params: Value) -> Result<Value, Failed> {
        self.send(session, method, params).await.unwrap_or(Err(Failed::Closed))
    }

    /// The events of a page from now on.
    pub(super) fn listen(&self, session: &str) -> mpsc::Receiver<Event> {
        let (events, listener) = mpsc::channel(MAX_WAITING);
        let mut state = self.state();
        if !state.closed {
            state.listeners.insert(session.to_owned(), events);
        }
        listener
    }

    /// Wants no more events of a page.
    pub(super) fn forget(&self, session: &str) {
        self.state().listeners.remove(session);
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn write(mut input: impl AsyncWrite + Unpin, mut waiting: mpsc::UnboundedReceiver<Vec<u8>>) {
    while let Some(message) = waiting.recv().await {
        if input.write_all(&message).await.is_err() || input.flush().await.is_err() {
            // The reader sees the end as well, and says so to those who wait.
            break;
        }
    }
}

async fn read(output: impl AsyncRead + Unpin, state: Arc<Mutex<State>>) {
    let mut output = BufReader::new(output);
    let mut message = Vec::new();
    loop {
        message.clear();
        let read = (&mut output).take(MAX_MESSAGE).read_until(0, &mut message).await;
        if read.is_err() || message.pop() != Some(0) {
            break;
        }
        if let Ok(value) = serde_json::from_slice(&message) {
            deliver(&mut lock(&state), value);
        }
    }
    let mut state = lock(&state);
    state.closed = true;
    state.waiting.clear();
    state.listeners.clear();
}

fn deliver(state: &mut State, mut message: Value) {
    if let Some(id) = message["id"].as_u64() {
        let Some(answer) = state.waiting.remove(&id) else { return };
        let result = match message["error"]["message"].as_str() {
            Some(error) => Err(Failed::Said(error.to_owned())),
            None => Ok(message["result"].take()),
        };
        // Whoever asked may be gone.
        let _ = answer.send(result);
    } else if let (Some(method), Some(session)) = (message["method"].as_str(), message["sessionId"].as_str()) {
        let (method, session) = (method.to_owned(), session.to_owned());
        if let Some(listener) = state.listeners.get(&session)
            && listener.try_send(Event { method, params: message["params"].take() }).is_err()
        {
            state.listeners.remove(&session);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn answers_by_number_events_by_session_and_an_end_for_all() {
        let (ours, theirs) = tokio::io::duplex(4096);
        let (output, input) = tokio::io::split(ours);
        let connection = Connection::over(input, output);
        let mut events = connection.listen("one");
        let (first, second) = (connection.send(None, "A.a", json!({})), connection.send(Some("one"), "B.b", json!({})));
        let (their_input, mut their_output) = tokio::io::split(theirs);
        let mut their_input = BufReader::new(their_input);
        let mut asked = Vec::new();
        for _ in 0..2 {
            their_input.read_until(0, &mut asked).await.unwrap();
        }
        let asked = String::from_utf8(asked).unwrap();
        assert!(asked.contains("\"A.a\"") && asked.contains("\"sessionId\":\"one\""), "{asked}");
        let answers = "{\"id\":2,\"error\":{\"message\":\"no\"}}\0not json\0{\"method\":\"E.e\",\"params\":{\"a\":1},\
            \"sessionId\":\"one\"}\0{\"method\":\"E.e\",\"sessionId\":\"other\"}\0{\"id\":1,\"result\":{\"b\":2}}\0";
        their_output.write_all(answers.as_bytes()).await.unwrap();
        assert_eq!(first.await.unwrap().unwrap()["b"], 2);
        assert_eq!(second.await.unwrap().unwrap_err().to_string(), "no");
        let event = events.recv().await.unwrap();
        assert_eq!((event.method.as_str(), &event.params["a"]), ("E.e", &json!(1)));
        let third = connection.send(None, "C.c", json!({}));
        drop((their_input, their_output));
        assert!(third.await.is_err() && events.recv().await.is_none());
        assert!(matches!(connection.call(None, "D.d", json!({})).await, Err(Failed::Closed)));
    }
}
