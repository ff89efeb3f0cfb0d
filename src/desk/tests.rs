//! The desk as its callers see it.
