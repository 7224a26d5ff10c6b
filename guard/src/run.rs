//! From `main` to an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use crate::NoStart;

/// Runs a guard to its end. What did not start is said on standard error, and the exit code is 1.
pub fn run(guard: impl Future<Output = Result<(), NoStart>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let done = runtime.map_err(NoStart::System).and_then(|runtime| {
        let done = runtime.block_on(guard);
        // Standard input may be open still, with a thread that waits for it.
        runtime.shutdown_background();
        done
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr().lock(), "{}", error.report());
            ExitCode::FAILURE
        }
    }
}
