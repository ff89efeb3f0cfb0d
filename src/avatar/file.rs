//! An avatar file: read and checked once, its bytes made ready for the engine's loader.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use crate::problem::Problem;
use crate::vrm::{Document, prepare};

/// An avatar that was read and checked.
#[derive(Clone)]
pub struct AvatarFile {
    /// Where it came from, for messages.
    pub place: String,
    /// The bytes of the file, prepared for the engine's loader.
    pub bytes: Arc<[u8]>,
    /// What is in it.
    pub document: Arc<Document>,
}

impl AvatarFile {
    /// The avatar that comes with the program.
    ///
    /// # Errors
    /// None in a released build: the file is part of it and tested.
    pub fn built_in() -> Result<Self, Problem> {
        Self::read(crate::vrm::BUILT_IN_AVATAR, "built-in avatar")
    }

    /// Reads an avatar from disk.
    ///
    /// # Errors
    /// A [`Problem`] for a file that cannot be read or is no usable VRM.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let bytes = std::fs::read(path).map_err(|error| {
            Problem::new(
                "cannot open avatar",
                path.display(),
                error,
                "give the path of a .vrm file, or leave the setting out for the built-in avatar",
            )
        })?;
        Self::read(&bytes, &path.display().to_string())
    }

    /// Reads an avatar that is in memory. `place` is the name that a person knows it by.
    ///
    /// # Errors
    /// A [`Problem`] for what is no usable VRM.
    pub fn read(bytes: &[u8], place: &str) -> Result<Self, Problem> {
        let document = Document::read(bytes, place)?;
        let bytes = match prepare(bytes, place)? {
            Cow::Owned(prepared) => Arc::from(prepared),
            Cow::Borrowed(same) => Arc::from(same),
        };
        Ok(Self { place: place.to_owned(), bytes, document: Arc::new(document) })
    }
}
