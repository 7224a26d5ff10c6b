//! The desk as a server of its own, over standard input and output: `desk <root> <time> <folder>`.

use bailiwick_conformance::{Desk, Tools};
use bailiwick_mcp::Guarded;
use rmcp::ServiceExt as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let desk = Desk::from_args(&arguments);
    let server = Guarded::new(Tools::behind_a_guard(desk.clone()), desk.guard());
    server
        .serve(rmcp::transport::stdio())
        .await?
        .waiting()
        .await?;
    Ok(())
}
