//! One page in the browser: opened in a context of its own, its requests judged, read when it is ready, closed.

use super::RenderError;
use super::gate::{self, Gate};
use super::process::Process;
use super::protocol::{Connection, Event, Failed};
use super::requests::{MAX_REQUESTS, is_wanted};
use crate::fetch::FetchOptions;
use crate::fetch::guard;
use crate::fetch::resolver::Guard;
use crate::model::Page;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

/// Bytes that the requests of one page may bring in, as they come over the wire. Script bundles of large publishers take a
/// third of it.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// How long the network has to be quiet for a page to count as ready.
const QUIET: Duration = Duration::from_millis(500);

/// How long a page is waited for to be ready. What stands there then is read.
const SETTLE: Duration = Duration::from_secs(15);

/// How long reading may take before whatever script runs is stopped.
const READING: Duration = Duration::from_secs(2);

/// How often a script is stopped so that the page can be read: each step of the reading can meet the next one.
const READINGS: u32 = 4;

/// How long the browser itself may take for what needs no page.
const OPENING: Duration = Duration::from_secs(20);

/// How often a page may be asked for by its own scripts (`location.reload()`).
const MAX_LOADS: usize = 3;

/// Windows and workers that a page may try to open before it is given up.
const MAX_CHILDREN: usize = 50;

/// Runs before the page's scripts, so that they need not wait for what nobody will answer. No guard depends on it.
const QUIETEN: &str = "window.alert=window.print=()=>{};window.confirm=()=>false;window.prompt=window.open=()=>null;\
    try{delete Navigator.prototype.serviceWorker}catch{}";

/// Reads the page in a world of its own, where the page's scripts have changed nothing. What stands in open shadow roots
/// is put where a reader sees it, and what only a browser without scripts shows goes.
const READ: &str = "(limit=>{const flatten=root=>{for(const host of root.querySelectorAll('*')){const shadow=host.\
    shadowRoot;if(!shadow)continue;flatten(shadow);for(const slot of shadow.querySelectorAll('slot')){const given=slot.\
    assignedNodes();slot.replaceWith(...(given.length?given:slot.childNodes))}for(const style of shadow.\
    querySelectorAll('style'))style.remove();host.replaceChildren(...shadow.childNodes)}};flatten(document);\
    for(const hint of document.querySelectorAll('noscript'))hint.remove();\
    const html='<!doctype html>'+document.documentElement.outerHTML;\
    return html.length>limit?{tooLarge:true}:{html}})";

/// Why there is no rendered page.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The browser ended.
    Closed,
    /// The browser does not answer.
    Hung,
    /// It is the page.
    Page(RenderError),
}

/// A page in a browser. Its context is closed when this is dropped.
struct Tab<'a> {
    connection: &'a Connection,
    page: &'a Page,
    options: &'a FetchOptions,
    gate: Gate,
    context: String,
    session: String,
    frame: String,
    events: mpsc::Receiver<Event>,
    /// Requests under way.
    open: HashSet<String>,
    requests: usize,
    loads: usize,
    children: usize,
    /// Whether the document was parsed.
    parsed: bool,
}

/// Renders a page: its bytes as the browser has them in the end.
pub(super) async fn render(
    process: &Process,
    page: &Page,
    options: &Arc<FetchOptions>,
    guard: &Guard,
) -> Result<String, Trouble> {
    let opening = Tab::open(&process.connection, page, options, guard);
    let mut tab = timeout(OPENING, opening).await.map_err(|_| Trouble::Hung)??;
    let limit = SETTLE.min(options.timeout);
    tab.settle(Instant::now() + limit).await?;
    tab.read(limit + READING * READINGS).await
}

impl<'a> Tab<'a> {
    async fn open(
        connection: &'a Connection,
        page: &'a Page,
        options: &'a Arc<FetchOptions>,
        guard: &Guard,
    ) -> Result<Self, Trouble> {
        let refused =
            |problem: String| Trouble::Page(RenderError::Refused { url: Box::new(page.url.clone()), problem });
        let gate = Gate::open(Arc::clone(options), guard.clone(), MAX_BYTES);
        let gate = gate.await.map_err(|error| refused(format!("no proxy for it: {error}")))?;
        let failed = |failed| match failed {
            Failed::Closed => Trouble::Closed,
            Failed::Said(problem) => refused(problem),
        };
        let proxy = format!("http://{}", gate.address);
        let params = json!({ "proxyServer": proxy, "proxyBypassList": "<-loopback>", "disposeOnDetach": true });
        let made = connection.call(None, "Target.createBrowserContext", params).await.map_err(failed)?;
        let mut tab = Self {
            connection,
            page,
            options,
            gate,
            context: text(&made["browserContextId"]),
            session: String::new(),
            frame: String::new(),
            // Nobody sends to this one; the session's takes its place.
            events: mpsc::channel(1).1,
            open: HashSet::new(),
            requests: 0,
            loads: 0,
            children: 0,
            parsed: false,
        };
        let params = json!({ "behavior": "deny", "browserContextId": tab.context });
        connection.call(None, "Browser.setDownloadBehavior", params).await.map_err(failed)?;
        let params = json!({ "url": "about:blank", "browserContextId": tab.context });
        let target = connection.call(None, "Target.createTarget", params).await.map_err(failed)?;
        tab.frame = text(&target["targetId"]);
        let params = json!({ "targetId": tab.frame, "flatten": true });
        let attached = connection.call(None, "Target.attachToTarget", params).await.map_err(failed)?;
        tab.session = text(&attached["sessionId"]);
        tab.events = connection.listen(&tab.session);
        let auto_attach = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
        for (method, params) in [
            // Windows and workers come to a stop before their first line, and are closed.
            ("Target.setAutoAttach", auto_attach),
            ("Fetch.enable", json!({ "patterns": [{ "urlPattern": "*" }], "handleAuthRequests": true })),
            ("Network.enable", json!({ "maxTotalBufferSize": 0, "maxResourceBufferSize": 0 })),
            ("Network.setBypassServiceWorker", json!({ "bypass": true })),
            ("Network.setUserAgentOverride", json!({ "userAgent": options.user_agent })),
            ("Inspector.enable", json!({})),
            ("Page.enable", json!({})),
            ("Page.addScriptToEvaluateOnNewDocument", json!({ "source": QUIETEN })),
        ] {
            connection.call(Some(&tab.session), method, params).await.map_err(failed)?;
        }
        Ok(tab)
    }

    /// Goes to the page and waits until it is ready, or for as long as it may take.
    async fn settle(&mut self, end: Instant) -> Result<(), Trouble> {
        let mut address = self.page.url.clone();
        address.set_fragment(None);
        let params = json!({ "url": address.as_str() });
        let mut going = Some(self.connection.send(Some(&self.session), "Page.navigate", params));
        let mut quiet_since = Instant::now();
        while Instant::now() < end {
            let is_quiet = self.parsed && self.open.is_empty();
            let until = if is_quiet { end.min(quiet_since + QUIET) } else { end };
            tokio::select! {
                event = timeout_at(until, self.events.recv()) => match event {
                    Ok(Some(event)) => {
                        self.take(&event)?;
                        quiet_since = Instant::now();
                    }
                    Ok(None) => return Err(self.lost()),
                    Err(_) => break,
                },
                Some(gone) = async { Some(going.as_mut()?.await) }, if going.is_some() => {
                    going = None;
                    let gone = gone.unwrap_or(Err(Failed::Closed)).map_err(|failed| self.failed(failed))?;
                    if let Some(problem) = gone["errorText"].as_str() {
                        return Err(self.failed(Failed::Said(problem.to_owned())));
                    }
                }
            }
        }
        Ok(())
    }

    /// What stands in the page. A script that does not end is stopped for it.
    async fn read(&mut self, limit: Duration) -> Result<String, Trouble> {
        let (connection, session) = (self.connection, self.session.clone());
        let (frame, most) = (self.frame.clone(), self.options.max_body);
        let reading = async move {
            let params = json!({ "frameId": frame, "worldName": "reader" });
            let world = connection.call(Some(&session), "Page.createIsolatedWorld", params).await?;
            let params = json!({
                "expression": format!("{READ}({most})"),
                "contextId": world["executionContextId"],
                "returnByValue": true,
            });
            connection.call(Some(&session), "Runtime.evaluate", params).await
        };
        let mut reading = Box::pin(reading);
        for _ in 0..READINGS {
            let end = Instant::now() + READING;
            loop {
                tokio::select! {
                    read = &mut reading => {
                        let mut read = read.map_err(|failed| self.failed(failed))?;
                        return self.found(read["result"]["value"].take(), limit);
                    }
                    event = timeout_at(end, self.events.recv()) => match event {
                        Ok(Some(event)) => self.take(&event)?,
                        Ok(None) => return Err(self.lost()),
                        Err(_) => break,
                    }
                }
            }
            self.tell("Runtime.terminateExecution", json!({}));
        }
        Err(Trouble::Page(RenderError::Timeout { url: self.url(), limit }))
    }

    fn found(&self, mut value: Value, limit: Duration) -> Result<String, Trouble> {
        let too_large = || Trouble::Page(RenderError::TooLarge { url: self.url(), limit: self.options.max_body });
        if value["tooLarge"].as_bool() == Some(true) {
            return Err(too_large());
        }
        match value["html"].take() {
            Value::String(html) if html.len() as u64 > self.options.max_body => Err(too_large()),
            Value::String(html) => Ok(html),
            // The reading itself was stopped.
            _ => Err(Trouble::Page(RenderError::Timeout { url: self.url(), limit })),
        }
    }

    /// Takes note of what happens in the page, and answers where it waits for us.
    fn take(&mut self, event: &Event) -> Result<(), Trouble> {
        let params = &event.params;
        match event.method.as_str() {
            "Fetch.requestPaused" => self.judge(params),
            "Fetch.authRequired" => self.let_in(params),
            "Network.requestWillBeSent" if self.open.len() < MAX_REQUESTS => {
                self.open.insert(text(&params["requestId"]));
            }
            "Network.loadingFinished" | "Network.loadingFailed" => {
                self.open.remove(params["requestId"].as_str().unwrap_or_default());
            }
            "Page.domContentEventFired" => self.parsed = true,
            "Page.javascriptDialogOpening" => self.tell("Page.handleJavaScriptDialog", json!({ "accept": false })),
            "Target.attachedToTarget" => {
                self.children += 1;
                if self.children > MAX_CHILDREN {
                    let problem = format!("it opened more than {MAX_CHILDREN} windows and workers");
                    return Err(self.failed(Failed::Said(problem)));
                }
                let params = json!({ "targetId": params["targetInfo"]["targetId"] });
                drop(self.connection.send(None, "Target.closeTarget", params));
            }
            "Inspector.targetCrashed" => return Err(Trouble::Page(RenderError::Crashed { url: self.url() })),
            _ => {}
        }
        Ok(())
    }

    fn judge(&mut self, params: &Value) {
        let (id, request) = (&params["requestId"], &params["request"]);
        let kind = params["resourceType"].as_str().unwrap_or_default();
        let stop = |reason: &str| ("Fetch.failRequest", json!({ "requestId": id, "errorReason": reason }));
        let Some(url) = request["url"].as_str().and_then(|url| Url::parse(url).ok()) else {
            let (method, params) = stop("BlockedByClient");
            return self.tell(method, params);
        };
        let is_page = kind == "Document" && params["frameId"].as_str() == Some(&self.frame) && self.is_own(&url);
        let (method, params) = if is_page && self.loads < MAX_LOADS {
            self.loads += 1;
            self.parsed = false;
            ("Fetch.fulfillRequest", self.own_answer(id))
        } else if kind == "Document" {
            // The page stays what it is; an error would take its place.
            stop("Aborted")
        } else if self.requests >= MAX_REQUESTS
            || !is_wanted(kind, request["method"].as_str().unwrap_or_default(), &url)
            // A stream of events never ends; the browser counts it among the ordinary requests.
            || request["headers"]["Accept"].as_str() == Some("text/event-stream")
            || guard::passage(&url, &self.options.allow_hosts).is_err()
        {
            stop("BlockedByClient")
        } else {
            self.requests += 1;
            ("Fetch.continueRequest", json!({ "requestId": id }))
        };
        self.tell(method, params);
    }

    fn is_own(&self, url: &Url) -> bool {
        let (mut url, mut own) = (url.clone(), self.page.url.clone());
        url.set_fragment(None);
        own.set_fragment(None);
        url == own
    }

    /// The page as it was received.
    fn own_answer(&self, id: &Value) -> Value {
        let content_type = self.page.content_type.as_deref().unwrap_or("text/html");
        json!({
            "requestId": id,
            "responseCode": 200,
            "responseHeaders": [
                { "name": "Content-Type", "value": content_type },
                { "name": "Cache-Control", "value": "no-store" },
            ],
            "body": BASE64_STANDARD.encode(&self.page.body),
        })
    }

    /// The secret for our own proxy; servers that want a name get none.
    fn let_in(&self, params: &Value) {
        let answer = if params["authChallenge"]["source"].as_str() == Some("Proxy") {
            json!({ "response": "ProvideCredentials", "username": gate::USER, "password": self.gate.secret })
        } else {
            json!({ "response": "CancelAuth" })
        };
        let params = json!({ "requestId": params["requestId"], "authChallengeResponse": answer });
        self.tell("Fetch.continueWithAuth", params);
    }

    /// Sends what needs no answer.
    fn tell(&self, method: &str, params: Value) {
        drop(self.connection.send(Some(&self.session), method, params));
    }

    #[expect(clippy::unnecessary_box_returns, reason = "errors hold it so")]
    fn url(&self) -> Box<Url> {
        Box::new(self.page.url.clone())
    }

    fn failed(&self, failed: Failed) -> Trouble {
        match failed {
            Failed::Closed => Trouble::Closed,
            Failed::Said(problem) => Trouble::Page(RenderError::Refused { url: self.url(), problem }),
        }
    }

    /// No more events: the browser ended, or the page made more of them than can be read.
    fn lost(&self) -> Trouble {
        if self.connection.is_closed() {
            return Trouble::Closed;
        }
        self.failed(Failed::Said("it made too many events".to_owned()))
    }
}

impl Drop for Tab<'_> {
    fn drop(&mut self) {
        self.connection.forget(&self.session);
        let params = json!({ "browserContextId": self.context });
        drop(self.connection.send(None, "Target.disposeBrowserContext", params));
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
