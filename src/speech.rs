//! Speech: when each character is said and how the mouth moves meanwhile.
//!
//! Today a [`Timeline`] is estimated from the text; real synthesis will replace the estimate by the voice's own
//! times and keep the interface.

mod timeline;
mod viseme;

pub use timeline::Timeline;
