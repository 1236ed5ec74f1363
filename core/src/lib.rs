//! Production circuit breaker and structured logger behind one injected [`door`].
//!
//! Everything that is not a function of its inputs (clocks, randomness, locks, threads, the context slot, the disk)
//! comes through a [`door::Platform`]. In production that is [`door::System`], the default type parameter; in a
//! simulation it is the simulator's. This crate does not know that a simulator exists.
//!
//! # A first breaker
//! ```
//! use retrip_core::breaker::{BreakerConfig, CallError, CircuitBreaker};
//! use std::time::Duration;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     // Opens at the second failure in a row, and lets a trial pass ten seconds after that.
//!     let open_for = Duration::from_secs(10);
//!     let config = BreakerConfig::builder().failure_threshold(2).open_for(open_for).build()?;
//!     let prices = CircuitBreaker::new("prices", config)?;
//!
//!     for text in ["42", "?", "!", "43"] {
//!         match prices.call(|| text.parse::<u32>()) {
//!             Ok(price) => println!("{price}"),
//!             Err(CallError::Inner(error)) => println!("asked in vain: {error}"),
//!             Err(CallError::Rejected(rejected)) => println!("not asked: {rejected}"),
//!         }
//!     }
//!     assert_eq!(prices.stats().rejected, 1);
//!     Ok(())
//! }
//! ```
//!
//! # Async
//! With any runtime; here it is tokio. A call whose future is dropped gives back what it holds.
//! ```
//! use retrip_core::breaker::{BreakerConfig, CircuitBreaker};
//! use std::sync::Arc;
//!
//! async fn ask(question: &str) -> Result<String, std::io::Error> {
//!     Ok(question.to_uppercase())
//! }
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let llm = Arc::new(CircuitBreaker::new("llm", BreakerConfig::default())?);
//!
//!     let shared = llm.clone();
//!     let task = tokio::spawn(async move { shared.call_async(|| ask("hello")).await });
//!     assert_eq!(task.await??, "HELLO");
//!     assert_eq!(llm.stats().success, 1);
//!     Ok(())
//! }
//! ```
//!
//! # Tower
//! With the feature `tower`, a breaker is a layer.
#![cfg_attr(feature = "tower", doc = "```")]
#![cfg_attr(not(feature = "tower"), doc = "```text")]
//! use retrip_core::breaker::{BreakerConfig, BreakerLayer, CallError, CircuitBreaker};
//! use std::time::Duration;
//! use tower::{BoxError, ServiceBuilder, ServiceExt, service_fn};
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), BoxError> {
//!     let breaker = CircuitBreaker::new("llm", BreakerConfig::default())?;
//!     let service = ServiceBuilder::new()
//!         .layer(BreakerLayer::new(breaker))
//!         .timeout(Duration::from_secs(30))
//!         .service(service_fn(async |question: String| Ok::<_, BoxError>(question.to_uppercase())));
//!
//!     match service.oneshot("hello".to_owned()).await {
//!         Ok(answer) => assert_eq!(answer, "HELLO"),
//!         Err(CallError::Inner(error)) => println!("asked in vain: {error}"),
//!         Err(CallError::Rejected(rejected)) => println!("not asked: {rejected}"),
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # A breaker for each host
//! ```
//! use retrip_core::breaker::{Bounds, BreakerConfig, KeyedBreakers, State};
//!
//! fn fetch(host: &str) -> Result<String, String> {
//!     if host == "down.example" { Err("no route".to_owned()) } else { Ok(format!("<{host}>")) }
//! }
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let config = BreakerConfig::builder().failure_threshold(1).build()?;
//!     // A thousand at most: where a new host comes, one goes that nobody asks for any more, and none that is open.
//!     let hosts: KeyedBreakers<String> = KeyedBreakers::new(config, Bounds::of(1000))?;
//!
//!     for host in ["a.example", "down.example"] {
//!         let answer = hosts.get(host)?.call(|| fetch(host));
//!         println!("{answer:?}");
//!     }
//!     assert_eq!(hosts.get("a.example")?.state(), State::Closed);
//!     assert_eq!(hosts.get("down.example")?.state(), State::Open);
//!     Ok(())
//! }
//! ```
//!
//! What else there is: [rates over a window](breaker::Window), [growing intervals](breaker::Backoff), [what an answer counts
//! as](breaker::Verdict), [fallbacks](breaker::CircuitBreaker::call_or), [also in futures](breaker::CircuitBreaker::call_async_or), [permits](breaker::CircuitBreaker::acquire),
//! [listeners](breaker::Listener), [control by hand](breaker::CircuitBreaker::force_open), [a registry](breaker::Registry).
//!
//! # Features
//! All are off unless asked for.
//! - `log`: `LogBackend` gives a logger what is logged through the crate `log`.
//! - `serde`: a [`BreakerConfig`](breaker::BreakerConfig) is read from a file and written to one.
//! - `tower`: `BreakerLayer` puts a breaker before tower's services.
//! - `tracing`: `TracingLayer` gives a logger the events of `tracing`, with the fields of their spans.

pub mod breaker;
pub mod door;
pub mod logger;
