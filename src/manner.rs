//! Manner: what an agent's behavior is made of, and the one place where its engine is put together.

use std::path::{Path, PathBuf};

use crate::affect::ServiceRole;
use crate::behavior::{Engine, Lexicon, PoseLibrary};
use crate::problem::Problem;
use crate::settings::Settings;

/// Longest lexicon that is read: the program's own has 12 kB.
const MAX_BYTES: u64 = 1 << 20;

/// What an agent's behavior is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Manner {
    /// Seed of everything that varies.
    pub seed: u64,
    /// How lively it is.
    pub role: ServiceRole,
    /// In which language it speaks of itself, a BCP 47 tag.
    pub language: String,
    /// The file that says how acts look; the program's own where absent.
    pub lexicon: Option<PathBuf>,
}

impl Manner {
    /// The manner that comes with the program.
    #[must_use]
    pub fn built_in(seed: u64) -> Self {
        Self { seed, role: ServiceRole::default(), language: "zh-CN".to_owned(), lexicon: None }
    }

    /// The manner of the settings.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self {
            seed: settings.seed,
            role: settings.role,
            language: settings.language().tag().to_owned(),
            lexicon: settings.lexicon.clone(),
        }
    }

    /// How acts and faces look.
    ///
    /// # Errors
    /// As of [`read_lexicon`] where there is a file.
    pub fn lexicon(&self) -> Result<Lexicon, Problem> {
        self.lexicon.as_deref().map_or_else(built_in_lexicon, read_lexicon)
    }

    /// Puts an engine together.
    ///
    /// # Errors
    /// A lexicon that cannot be read; names the file and line. None without a file.
    pub fn engine(&self) -> Result<Engine, Problem> {
        let poses = include_str!("../assets/behavior/poses.json");
        let poses = PoseLibrary::parse(poses, "assets/behavior/poses.json")?;
        let lexicon = self.lexicon()?;
        lexicon.check(&poses)?;
        let mut engine = Engine::new(lexicon, poses, self.seed);
        engine.take_role(self.role);
        engine.take_language(&self.language);
        Ok(engine)
    }
}

/// The lexicon that comes with the program.
///
/// # Errors
/// None in a released build: the file is part of it and tested.
pub fn built_in_lexicon() -> Result<Lexicon, Problem> {
    Lexicon::parse(include_str!("../assets/behavior/lexicon.toml"), "assets/behavior/lexicon.toml")
}

/// Reads a lexicon.
///
/// # Errors
/// Names the file, and the line where its text is wrong.
pub fn read_lexicon(path: &Path) -> Result<Lexicon, Problem> {
    let wrong = |why: String| {
        Problem::new("cannot read the behavior lexicon", path.display(), why, "give a lexicon file (TOML)")
    };
    let length = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?.len();
    if length > MAX_BYTES {
        return Err(wrong(format!("{length} bytes are more than {MAX_BYTES}")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    Lexicon::parse(&text, &path.display().to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_lexicon_of_ones_own_is_used_and_its_mistakes_are_told_with_their_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml");
        let shipped = include_str!("../assets/behavior/lexicon.toml");
        std::fs::write(&path, shipped).unwrap();
        let manner = Manner { lexicon: Some(path.clone()), ..Manner::built_in(1) };
        assert!(manner.engine().is_ok());
        std::fs::write(&path, shipped.replacen("pose = \"wave\"", "pose = \"salute\"", 1)).unwrap();
        let problem = manner.engine().unwrap_err().to_string();
        assert!(problem.contains("mine.toml:") && problem.contains("salute"), "{problem}");
        std::fs::write(&path, "entries = 3").unwrap();
        assert!(manner.engine().unwrap_err().to_string().contains("mine.toml:1"));
        std::fs::remove_file(&path).unwrap();
        assert!(manner.engine().unwrap_err().to_string().contains("mine.toml"));
    }
}
