//! `POST /mcp`: the tools over streamable HTTP, each request by itself.

use super::Agents;
use crate::serve::Desk;
use crate::serve::body::Held;
use crate::serve::problem::Problem;
use axum::body::Body;
use axum::http::{Request, Response};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

impl Desk {
    /// Answers a message of the protocol. Nothing is kept from one to the next but the pages that were cleaned last.
    pub(in crate::serve) async fn agents(
        self: Arc<Self>,
        request: Request<Body>,
        stop: CancellationToken,
    ) -> Result<Response<Body>, Problem> {
        let (head, body) = request.into_parts();
        // Under the bounds of size, time and memory that every body has.
        let Held { bytes, memory } = self.read_body(body).await?;
        let config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .with_cancellation_token(stop)
            // The door has looked at the Host header already, and by its own rule.
            .disable_allowed_hosts();
        let agents = Agents::new(Arc::clone(&self));
        let service =
            StreamableHttpService::new(move || Ok(agents.clone()), Arc::new(NeverSessionManager::default()), config);
        let response = service.handle(Request::from_parts(head, Body::from(bytes))).await;
        drop(memory);
        Ok(response.map(Body::new))
    }
}
