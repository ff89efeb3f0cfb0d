//! The device key and the operator key: given, from the environment, or made once and kept beside the store.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use super::{auth, store::StoreLocation};
use crate::problem::Problem;

const WHAT: &str = "cannot keep the desk's keys";

/// Finds or makes a key.
pub(crate) fn key(given: Option<&str>, variable: &str, file: &str, store: &StoreLocation) -> Result<String, Problem> {
    if let Some(key) = given {
        return sound(key, variable);
    }
    if let Ok(key) = std::env::var(variable) {
        return sound(&key, variable);
    }
    match store {
        StoreLocation::Memory => fresh(),
        StoreLocation::File(database) => {
            let path = folder_of(database).join(file);
            match std::fs::read_to_string(&path) {
                Ok(key) => sound(key.trim(), &path.display().to_string()),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    let key = fresh()?;
                    keep(&path, &key).map_err(|error| {
                        Problem::new(WHAT, path.display(), error, format!("make the folder writable or set {variable}"))
                    })?;
                    Ok(key)
                }
                Err(error) => {
                    let mend = format!("make the file readable or set {variable}");
                    Err(Problem::new(WHAT, path.display(), error, mend))
                }
            }
        }
    }
}

/// The folder of a store file.
pub(crate) fn folder_of(database: &Path) -> PathBuf {
    match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn fresh() -> Result<String, Problem> {
    auth::new_secret().map_err(|refusal| Problem::new(WHAT, "randomness", refusal.detail, "check the system"))
}

fn sound(key: &str, place: &str) -> Result<String, Problem> {
    if key.len() < 16 || !key.chars().all(|c| c.is_ascii_graphic()) {
        let mend = "use 16 or more printable characters without spaces";
        return Err(Problem::new("cannot use the key", place, "it is too short or has odd characters", mend));
    }
    Ok(key.to_owned())
}

/// Readable by its owner only, from the first byte on.
fn keep(path: &Path, key: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(key.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const UNSET: &str = "VISAVIS_TEST_KEY_THAT_IS_NOT_SET";

    #[test]
    fn a_key_is_made_once_and_kept_private() {
        let folder = tempfile::tempdir().unwrap();
        let store = StoreLocation::File(folder.path().join("desk.sqlite"));
        let made = key(None, UNSET, "device.key", &store).unwrap();
        assert_eq!(key(None, UNSET, "device.key", &store).unwrap(), made);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.path().join("device.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(key(Some("a-key-that-is-given"), UNSET, "device.key", &store).unwrap(), "a-key-that-is-given");
    }

    #[test]
    fn a_weak_key_is_refused_with_its_place() {
        let error = key(Some("short"), "VISAVIS_DEVICE_KEY", "device.key", &StoreLocation::Memory).unwrap_err();
        assert!(error.to_string().contains("VISAVIS_DEVICE_KEY"));
    }
}
