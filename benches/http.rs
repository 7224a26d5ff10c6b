//! What the layer adds to a route of axum, beside one plain Ed25519 verify; and requests a second over
//! a socket, with and without it.
//!
//! `cargo bench --bench http --features axum`; with `redis` too, also with a ledger in Redis.

#[cfg(feature = "redis")]
#[path = "../tests/support/redis.rs"]
mod server;

use std::hint::black_box;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use bailiwick::action::{Action, Effect, Service as Audience, Task};
use bailiwick::clock::{Clock as _, SystemClock};
use bailiwick::gate::{Gate, Unmapped};
use bailiwick::http::{GateLayer, HttpSigner, Permitted, Received};
use bailiwick::keys::{HolderKey, IssuerKey, KeyRing, Root, RootKeyId};
use bailiwick::ledger::{AsyncLedger, ForgetfulLedger, Immediate};
use bailiwick::mint::Issuer;
use bailiwick::present::Holder;
use bailiwick::scope::{Capability, Scope};
use bailiwick::verify::Verifier;
use bytes::Bytes;
use criterion::{Criterion, Throughput};
use ed25519_dalek::{Signer as _, SigningKey, Verifier as _};
use http::Request;
use tokio::runtime::Runtime;
use tower::{Service as _, ServiceExt as _};

const HOUR: Duration = Duration::from_secs(3_600);
const TARGET: &str = "http://forum.example/threads/42";
const TURNS: usize = 3_000;
/// Over the socket: so many connections, each so many requests one after the other.
const CONNECTIONS: usize = 8;
const REQUESTS: usize = 1_000;

/// An issuer, and an agent that reads thread 42.
struct World {
    root: Root,
    signer: HttpSigner,
}

fn audience() -> Audience {
    "forum.example".parse().unwrap()
}

impl World {
    fn new() -> Self {
        let start = SystemClock.now();
        let (issuer, agent) = (
            IssuerKey::generate().unwrap(),
            HolderKey::generate().unwrap(),
        );
        let id = RootKeyId::new(1);
        let root = Root::new(id, issuer.public_key(), start - HOUR..start + HOUR);
        let scope = Scope::builder()
            .allow(Capability::operation("forum.read", "forum/thread/42").unwrap())
            .audience(audience())
            .not_after(start + HOUR)
            .build();
        let task = Task::new("t-1", "read thread 42", "ada@example.com", "helper").unwrap();
        let minted =
            Issuer::new(issuer, id).mint(&task, scope.unwrap(), &agent.public_key(), start);
        let holder = Holder::new(minted.unwrap().token, agent).unwrap();
        let origin = "http://forum.example".parse().unwrap();
        let signer = HttpSigner::new(holder).with_service(origin, audience());
        Self { root, signer }
    }

    fn gate<L>(&self, ledger: L) -> Gate<L> {
        let ring = KeyRing::new([self.root.clone()]).unwrap();
        // One clock, and a ledger that has just begun: with a skew it would refuse the first seconds.
        Gate::new(
            Verifier::new(audience(), ring).with_skew(Duration::ZERO),
            ledger,
        )
    }

    fn request(&self) -> Request<Bytes> {
        let mut request = Request::get(TARGET).body(Bytes::new()).unwrap();
        self.signer.sign(&mut request).unwrap();
        request
    }
}

fn memory() -> impl AsyncLedger {
    Immediate(ForgetfulLedger::started_at(SystemClock.now() - HOUR))
}

fn map(request: Received<'_>) -> Result<Action, Unmapped> {
    let ("GET", "/threads/42") = (request.method(), request.path()) else {
        return Err(Unmapped::because("no such route"));
    };
    let operation = "forum.read".parse().map_err(Unmapped::because)?;
    let resource = "forum/thread/42".parse().map_err(Unmapped::because)?;
    Ok(Action::new(
        request.service().clone(),
        operation,
        Effect::Read,
        resource,
    ))
}

fn plain() -> Router {
    Router::new().route("/threads/{thread}", get(async || "read"))
}

fn guarded<L: AsyncLedger + 'static>(gate: Gate<L>) -> Router {
    let read = async |Permitted(permit): Permitted| {
        drop(permit);
        "read"
    };
    let layer = GateLayer::new(gate, map as fn(Received<'_>) -> Result<Action, Unmapped>);
    Router::new()
        .route("/threads/{thread}", get(read))
        .layer(layer)
}

async fn once(router: &mut Router, request: Request<Bytes>) {
    let request = request.map(axum::body::Body::from);
    let response = router
        .as_service()
        .ready()
        .await
        .unwrap()
        .call(request)
        .await;
    assert_eq!(response.unwrap().status(), 200);
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// One after the other by turns, so that what else the machine does hits all.
fn by_turns(runtime: &Runtime, world: &World) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let (message, public) = ([7; 200], key.verifying_key());
    let signature = key.sign(&message);
    let (mut plain, mut guarded) = (plain(), guarded(world.gate(memory())));
    let [mut raws, mut plains, mut guardeds] = [(); 3].map(|()| Vec::with_capacity(TURNS));
    runtime.block_on(async {
        for _ in 0..TURNS {
            let (one, two) = (world.request(), world.request());
            let begin = Instant::now();
            black_box(public.verify(black_box(&message), &signature)).unwrap();
            raws.push(begin.elapsed());
            let begin = Instant::now();
            once(&mut plain, one).await;
            plains.push(begin.elapsed());
            let begin = Instant::now();
            once(&mut guarded, two).await;
            guardeds.push(begin.elapsed());
        }
    });
    let [raw, plain, guarded] = [raws, plains, guardeds].map(median);
    let adds = guarded.saturating_sub(plain);
    let over = adds.saturating_sub(raw);
    let ratio = adds.as_secs_f64() / raw.as_secs_f64();
    println!(
        "median by turns: raw verify {raw:?}, route {plain:?}, route behind the layer {guarded:?}"
    );
    println!("the layer adds {adds:?}: {over:?} over a raw verify, ratio {ratio:.2}");
}

async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Requests a second, all of which were signed before.
async fn a_second(router: Router, world: &World) -> f64 {
    let address = serve(router).await;
    let url = format!("http://{address}/threads/42");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let headers: Vec<_> = (0..CONNECTIONS * REQUESTS)
        .map(|_| world.request().headers().clone())
        .collect();
    let begin = Instant::now();
    let running: Vec<_> = headers
        .chunks(REQUESTS)
        .map(|headers| {
            let (client, url, headers) = (client.clone(), url.clone(), headers.to_vec());
            tokio::spawn(async move {
                for headers in headers {
                    let response = client.get(&url).headers(headers).send().await.unwrap();
                    assert_eq!(response.status(), 200);
                    response.bytes().await.unwrap();
                }
            })
        })
        .collect();
    for task in running {
        task.await.unwrap();
    }
    headers.len() as f64 / begin.elapsed().as_secs_f64()
}

fn over_a_socket(runtime: &Runtime, world: &World) {
    let mut rows = vec![("without the layer", plain())];
    rows.push(("with the layer", guarded(world.gate(memory()))));
    #[cfg(feature = "redis")]
    let redis = server::Redis::start(&[]);
    #[cfg(feature = "redis")]
    rows.push((
        "with the layer, and Redis",
        guarded(world.gate(in_redis(runtime, &redis))),
    ));
    let mut speeds = vec![Vec::new(); rows.len()];
    for _ in 0..3 {
        for ((_, router), speeds) in rows.iter().zip(&mut speeds) {
            speeds.push(runtime.block_on(a_second(router.clone(), world)));
        }
    }
    for ((name, _), mut speeds) in rows.iter().zip(speeds) {
        speeds.sort_unstable_by(f64::total_cmp);
        println!(
            "requests a second, client and server here, {name}: {:.0}",
            speeds[1]
        );
    }
}

#[cfg(feature = "redis")]
fn in_redis(runtime: &Runtime, redis: &server::Redis) -> bailiwick::ledger::RedisLedger {
    use bailiwick::ledger::{RedisConfig, RedisLedger};
    let config = RedisConfig::new([redis.address().as_str()]).unwrap();
    let ledger = runtime.block_on(RedisLedger::connect(config)).unwrap();
    runtime.block_on(ledger.acknowledge_reset()).unwrap();
    std::thread::sleep(Duration::from_millis(20));
    ledger
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let world = Arc::new(World::new());
    by_turns(&runtime, &world);
    over_a_socket(&runtime, &world);

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("http");
    group.throughput(Throughput::Elements(1));
    for (name, mut router) in [
        ("route", plain()),
        ("route behind the layer", guarded(world.gate(memory()))),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|count| {
                let requests: Vec<_> = (0..count).map(|_| world.request()).collect();
                runtime.block_on(async {
                    let begin = Instant::now();
                    for request in requests {
                        once(&mut router, request).await;
                    }
                    begin.elapsed()
                })
            });
        });
    }
    group.finish();
    criterion.final_summary();
}
