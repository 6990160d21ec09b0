//! The questions that are asked of a network: each a function over the domain and a runner.
