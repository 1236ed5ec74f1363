//! Does a search come to every order of a case, to each once, and say truly whether it did?

mod bounds;
mod counts;
mod done_once;
mod families;
mod found;
mod handed_over;
mod lab;
mod outcomes;
mod own_threads;
mod traces;
