//! A store in a file of JSON lines.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{Record, Saved, Store};
use crate::problem::Problem;

/// Appended lines after which the file is written anew without what is over and done with.
const COMPACT_AFTER: usize = 2000;

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    desk: String,
    #[serde(flatten)]
    record: Record,
}

/// Appends JSON lines to a file that only its owner may read and only one process may have open.
#[derive(Debug)]
pub struct FileStore {
    path: PathBuf,
    file: File,
    /// Held for as long as the store lives: a second process would send everything a second time.
    _lock: File,
    desks: BTreeMap<String, Saved>,
    lines: usize,
    /// Where the last whole line ends; what a failed append left behind it is cut off.
    end: u64,
    troubles: Vec<Problem>,
}

impl FileStore {
    /// Opens or makes the file, with its folder.
    ///
    /// # Errors
    /// A [`Problem`] where the file cannot be used, or another process uses it.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let cannot = |error: io::Error| cannot_open(path, &error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(cannot)?;
        }
        let lock = private(OpenOptions::new().create(true).truncate(false).write(true))
            .open(beside(path, "lock"))
            .map_err(cannot)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Problem::new(
                    "cannot open the outbox",
                    path.display(),
                    "another window uses it",
                    "close the other window, or choose another data folder",
                ));
            }
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        let mut bytes = Vec::new();
        match File::open(path) {
            Ok(mut file) => drop(file.read_to_end(&mut bytes).map_err(cannot)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(cannot(error)),
        }
        let (desks, damaged) = read(&bytes);
        let mut troubles = Vec::new();
        if damaged > 0 {
            let aside = free_name(path);
            fs::rename(path, &aside).map_err(cannot)?;
            troubles.push(Problem::new(
                "cannot read all of the outbox",
                path.display(),
                format!("{damaged} lines are damaged; the rest is kept"),
                format!("the damaged file is set aside as {}", aside.display()),
            ));
        }
        let file = rewrite(path, &desks).map_err(cannot)?;
        let mut store = Self { path: path.to_owned(), file, _lock: lock, desks, lines: 0, end: 0, troubles };
        store.end = store.file.seek(SeekFrom::End(0)).map_err(cannot)?;
        Ok(store)
    }

    fn write_line(&mut self, desk: &str, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Line { desk: desk.to_owned(), record: record.clone() })?;
        line.push(b'\n');
        // Part of a line may stand here from an append that failed half-way.
        self.file.set_len(self.end)?;
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(&line)?;
        // The cursor only saves work after a restart; all else is a promise to the customer.
        if !matches!(record, Record::Cursor(_)) {
            self.file.sync_data()?;
        }
        self.end += line.len() as u64;
        Ok(())
    }

    fn compact(&mut self) -> io::Result<()> {
        let mut file = rewrite(&self.path, &self.desks)?;
        self.end = file.seek(SeekFrom::End(0))?;
        self.file = file;
        Ok(())
    }
}

impl Store for FileStore {
    fn load(&mut self, desk: &str) -> (Saved, Vec<Problem>) {
        let mut saved = self.desks.get(desk).cloned().unwrap_or_default();
        saved.outbox.give_back();
        (saved, std::mem::take(&mut self.troubles))
    }

    fn append(&mut self, desk: &str, record: &Record) -> Result<(), Problem> {
        // In memory first: a full disk must not make this process forget.
        self.desks.entry(desk.to_owned()).or_default().apply(record);
        self.write_line(desk, record).map_err(|error| {
            Problem::new(
                "cannot keep the outbox on disk",
                self.path.display(),
                error,
                "make room or mend the permissions; until then unsent messages are lost when the program ends",
            )
        })?;
        self.lines += 1;
        if self.lines >= COMPACT_AFTER {
            // Every so often, even where it fails: the long file is as good as the short one.
            self.lines = 0;
            if let Err(error) = self.compact() {
                tracing::warn!(%error, path = %self.path.display(), "the outbox file could not be shortened");
            }
        }
        Ok(())
    }
}

/// Reads lines; gives the state and how many lines were damaged. A torn last line is no damage.
fn read(bytes: &[u8]) -> (BTreeMap<String, Saved>, usize) {
    let mut desks = BTreeMap::<String, Saved>::new();
    let mut damaged = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let Some(whole) = line.strip_suffix(b"\n") else { continue };
        match serde_json::from_slice::<Line>(whole) {
            Ok(line) => desks.entry(line.desk).or_default().apply(&line.record),
            Err(_) => damaged += 1,
        }
    }
    (desks, damaged)
}

/// Writes the state to a new file and puts it in place of the old one at once.
fn rewrite(path: &Path, desks: &BTreeMap<String, Saved>) -> io::Result<File> {
    let mut text = Vec::new();
    for (desk, saved) in desks {
        for record in saved.records() {
            serde_json::to_writer(&mut text, &Line { desk: desk.clone(), record })?;
            text.push(b'\n');
        }
    }
    let fresh = beside(path, "new");
    // Left over from a crash, perhaps with other permissions.
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = private(OpenOptions::new().create_new(true).read(true).write(true)).open(&fresh)?;
    file.write_all(&text)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        sync_folder(folder);
    }
    Ok(file)
}

/// Makes the rename last through a power failure where the system can do that.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// For the owner's eyes only: the file holds a token and what the customer wrote.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn free_name(path: &Path) -> PathBuf {
    let mut name = beside(path, "damaged");
    let mut number = 1;
    while name.exists() {
        number += 1;
        name = beside(path, &format!("damaged{number}"));
    }
    name
}

fn cannot_open(path: &Path, error: &io::Error) -> Problem {
    Problem::new("cannot open the outbox", path.display(), error, "choose a data folder that this user may write to")
}
