//! The desk as a server of its own, over standard input and output: `desk guarded <root> <time> <folder>`, or `desk bare …`.

use bailiwick_conformance::{Desk, Tools};
use bailiwick_mcp::Guarded;
use rmcp::ServiceExt as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (way, desk) = arguments.split_first().ok_or("guarded or bare?")?;
    let (desk, stdio) = (Desk::from_args(desk), rmcp::transport::stdio());
    if way == "guarded" {
        let server = Guarded::new(Tools::behind_a_guard(desk.clone()), desk.guard());
        server.serve(stdio).await?.waiting().await?;
    } else {
        let running = Tools::unguarded(desk).serve(stdio).await?;
        running.waiting().await?;
    }
    Ok(())
}
