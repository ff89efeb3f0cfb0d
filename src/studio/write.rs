//! Writes the files of a run, and reads and accepts golden curves: the only studio file here that touches the disk.

use std::path::{Path, PathBuf};

use super::golden::{Difference, Tolerances, first_difference};
use super::report::{Take, curves_csv, index_html, junit_xml, report_json};
use crate::problem::Problem;
use crate::words::Language;

/// Name of the curves, in a run's folder and in a golden one.
const CURVES: &str = "curves.csv";

/// Writes `report.json`, `junit.xml`, `curves.csv`, `index.html` and the contact sheets that were drawn into a folder,
/// which is made where missing.
///
/// # Errors
/// A [`Problem`] for a folder or file that cannot be written.
pub fn write_run(takes: &[Take], language: Language, out: &Path) -> Result<Vec<PathBuf>, Problem> {
    let json = serde_json::to_string_pretty(&report_json(takes)).map_err(|error| failed(out, error))?;
    let reports = [
        ("index.html", index_html(takes, language)),
        ("report.json", json),
        ("junit.xml", junit_xml(takes)),
        (CURVES, curves_csv(takes)),
    ];
    let reports = reports.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes()));
    let sheets = takes.iter().filter_map(|take| Some((format!("{}.png", take.key()), take.sheet.clone()?)));
    std::fs::create_dir_all(out).map_err(|error| failed(out, error))?;
    reports
        .chain(sheets)
        .map(|(name, bytes)| {
            let path = out.join(name);
            std::fs::write(&path, bytes).map_err(|error| failed(&path, error))?;
            Ok(path)
        })
        .collect()
}

/// Compares a run with the golden curves of a folder.
///
/// # Errors
/// A [`Problem`] where there are none.
pub fn compare(takes: &[Take], golden: &Path) -> Result<Option<Difference>, Problem> {
    let path = golden.join(CURVES);
    let stored = std::fs::read_to_string(&path).map_err(|error| {
        Problem::new("cannot open golden curves", path.display(), error, "store them with --update")
    })?;
    Ok(first_difference(&stored, &curves_csv(takes), &Tolerances::built_in()?))
}

/// Stores a run's curves as golden.
///
/// # Errors
/// A [`Problem`] for a folder or file that cannot be written.
pub fn accept(takes: &[Take], golden: &Path) -> Result<PathBuf, Problem> {
    let path = golden.join(CURVES);
    std::fs::create_dir_all(golden).map_err(|error| failed(golden, error))?;
    std::fs::write(&path, curves_csv(takes)).map_err(|error| failed(&path, error))?;
    Ok(path)
}

fn failed(path: &Path, error: impl std::fmt::Display) -> Problem {
    Problem::new("cannot write report", path.display(), error, "choose another --out folder")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::super::report::fixture;
    use super::*;

    #[test]
    fn a_run_is_written_accepted_and_then_equal_to_itself() {
        let folder = tempfile::tempdir().unwrap();
        let takes = [fixture::take()];
        assert_eq!(write_run(&takes, Language::En, &folder.path().join("out")).unwrap().len(), 4);
        assert!(compare(&takes, folder.path()).is_err());
        accept(&takes, folder.path()).unwrap();
        assert_eq!(compare(&takes, folder.path()).unwrap(), None);
    }
}
