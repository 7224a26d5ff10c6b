//! Availability.
//!
//! | class | test |
//! |---|---|
//! | the same verdict under load | `no_call_is_denied_because_many_are_made_at_once` |
//! | bounded work | beside the code: limits of tokens, trees, scopes, text forms |

use crate::world::{gate, holder, outcome, post, present, read, scope};

/// Stock biscuit-auth, which stops at a millisecond of wall time, denies about one in a thousand so.
#[test]
fn no_call_is_denied_because_many_are_made_at_once() {
    const THREADS: usize = 32;
    const CALLS: usize = 100;
    let (gate, holder) = (gate(), holder(scope()));
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let run = || {
            let granted =
                (0..CALLS).map(|_| gate.admit(&present(&holder), &crate::world::call(), post()));
            let granted: Vec<_> = granted.map(|result| outcome(&result)).collect();
            let beyond = vec![read("forum/thread/43/post")];
            let denied = gate.admit(&present(&holder), &crate::world::call(), beyond);
            (granted, outcome(&denied))
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(run)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    for (granted, denied) in outcomes {
        assert_eq!(granted, ["allowed"; CALLS]);
        assert_eq!(denied, "resource_outside");
    }
}
