//! `visavis doctor`: what works here, what is missing, how to mend it.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use super::print;
use crate::problem::Problem;
use crate::settings::Settings;
use crate::words::Words;

/// How long the service desk may take to open a connection.
const CONNECT_PATIENCE: Duration = Duration::from_secs(3);

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ok,
    /// Works, with less.
    Limited,
    Missing,
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    topic: &'static str,
    state: State,
    text: String,
    mend: Option<&'static str>,
}

impl Finding {
    fn ok(topic: &'static str, text: String) -> Self {
        Self { topic, state: State::Ok, text, mend: None }
    }
}

/// Prints the report; exit code 1 where something that a window needs is missing.
pub(super) fn run(settings: &Settings) -> Result<ExitCode, Problem> {
    let words = Words::new(settings.language());
    let findings = [
        graphics(&words),
        display(&words),
        Finding::ok("doctor-fonts", words.text("doctor-fonts-ok")),
        avatar(settings, &words),
        audio(&words),
        openxr(&words),
        backend(settings, &words),
        data(settings, &words),
    ];
    print::line(format_args!("{}\n", words.text("doctor-title")))?;
    for finding in &findings {
        let state = match finding.state {
            State::Ok => words.text("doctor-state-ok"),
            State::Limited => words.text("doctor-state-limited"),
            State::Missing => words.text("doctor-state-missing"),
        };
        print::line(format_args!("[{state}] {}: {}", words.text(finding.topic), finding.text))?;
        if let Some(mend) = finding.mend {
            let how = words.text_with("doctor-mend", &[("how", words.text(mend).into())]);
            print::line(format_args!("       {how}"))?;
        }
    }
    let missing = findings.iter().filter(|finding| finding.state == State::Missing).count();
    if missing == 0 {
        print::line(format_args!("\n{}", words.text("doctor-all-well")))?;
        Ok(ExitCode::SUCCESS)
    } else {
        let told = words.text_with("doctor-something-missing", &[("count", missing.into())]);
        print::line(format_args!("\n{told}"))?;
        Ok(ExitCode::from(1))
    }
}

#[cfg(feature = "desktop")]
fn graphics(words: &Words) -> Finding {
    match crate::stage::adapter() {
        Some(adapter) if adapter.software => Finding {
            topic: "doctor-gpu",
            state: State::Limited,
            text: words.text_with("doctor-gpu-software", &[("name", adapter.name.into())]),
            mend: Some("doctor-gpu-mend"),
        },
        Some(adapter) => Finding::ok(
            "doctor-gpu",
            words.text_with("doctor-gpu-ok", &[("name", adapter.name.into()), ("backend", adapter.backend.into())]),
        ),
        None => Finding {
            topic: "doctor-gpu",
            state: State::Missing,
            text: words.text("doctor-gpu-missing"),
            mend: Some("doctor-gpu-mend"),
        },
    }
}

#[cfg(not(feature = "desktop"))]
fn graphics(words: &Words) -> Finding {
    Finding { topic: "doctor-gpu", state: State::Limited, text: words.text("doctor-gpu-missing"), mend: None }
}

fn display(words: &Words) -> Finding {
    let kinds = [("WAYLAND_DISPLAY", "Wayland"), ("DISPLAY", "X11")];
    match kinds.iter().find(|(name, _)| std::env::var_os(name).is_some_and(|value| !value.is_empty())) {
        Some((_, kind)) => {
            Finding::ok("doctor-display", words.text_with("doctor-display-ok", &[("kind", (*kind).into())]))
        }
        None => Finding {
            topic: "doctor-display",
            state: State::Limited,
            text: words.text("doctor-display-missing"),
            mend: Some("doctor-display-mend"),
        },
    }
}

fn avatar(settings: &Settings, words: &Words) -> Finding {
    let (place, read) = match &settings.avatar {
        Some(path) => (path.display().to_string(), std::fs::read(path).map_err(|error| error.to_string())),
        None => ("assets/avatars/agent.vrm".to_owned(), Ok(crate::vrm::BUILT_IN_AVATAR.to_vec())),
    };
    let usable = read
        .and_then(|bytes| crate::vrm::Document::read(&bytes, &place).map(drop).map_err(|problem| problem.to_string()));
    match usable {
        Ok(()) => Finding::ok("doctor-avatar", words.text_with("doctor-avatar-ok", &[("file", place.into())])),
        Err(_) => Finding {
            topic: "doctor-avatar",
            state: State::Missing,
            text: words.text_with("doctor-avatar-missing", &[("file", place.into())]),
            mend: Some("doctor-avatar-mend"),
        },
    }
}

fn audio(words: &Words) -> Finding {
    let cards = std::fs::read_to_string("/proc/asound/cards").unwrap_or_default();
    match cards.lines().find_map(|line| line.split_once(']').map(|(_, name)| name.trim_start_matches(": ").trim())) {
        Some(name) => {
            Finding::ok("doctor-audio", words.text_with("doctor-audio-ok", &[("name", name.to_owned().into())]))
        }
        None => Finding {
            topic: "doctor-audio",
            state: State::Limited,
            text: words.text("doctor-audio-missing"),
            mend: Some("doctor-audio-mend"),
        },
    }
}

/// An OpenXR runtime announces itself by a manifest, named by a variable or in a well-known place.
fn openxr(words: &Words) -> Finding {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let manifest = std::env::var_os("XR_RUNTIME_JSON")
        .map(PathBuf::from)
        .into_iter()
        .chain(home.map(|home| home.join(".config/openxr/1/active_runtime.json")))
        .chain(["/etc/xdg/openxr/1/active_runtime.json", "/usr/share/openxr/1/active_runtime.json"].map(PathBuf::from))
        .find(|path| path.exists());
    match manifest {
        Some(path) => Finding::ok(
            "doctor-openxr",
            words.text_with("doctor-openxr-ok", &[("name", path.display().to_string().into())]),
        ),
        None => Finding {
            topic: "doctor-openxr",
            state: State::Limited,
            text: words.text("doctor-openxr-missing"),
            mend: Some("doctor-openxr-mend"),
        },
    }
}

fn backend(settings: &Settings, words: &Words) -> Finding {
    let Some(server) = &settings.server else {
        return Finding::ok("doctor-backend", words.text("doctor-backend-embedded"));
    };
    let reached = server
        .socket_addrs(|| None)
        .map_err(|error| error.to_string())
        .and_then(|addresses| addresses.into_iter().next().ok_or_else(|| "no address".to_owned()))
        .and_then(|address| TcpStream::connect_timeout(&address, CONNECT_PATIENCE).map_err(|error| error.to_string()));
    match reached {
        Ok(_) => Finding::ok(
            "doctor-backend",
            words.text_with("doctor-backend-ok", &[("server", server.to_string().into())]),
        ),
        Err(why) => Finding {
            topic: "doctor-backend",
            state: State::Missing,
            text: words
                .text_with("doctor-backend-missing", &[("server", server.to_string().into()), ("why", why.into())]),
            mend: Some("doctor-backend-mend"),
        },
    }
}

fn data(settings: &Settings, words: &Words) -> Finding {
    let Some(folder) = settings.data_folder() else {
        return Finding {
            topic: "doctor-data",
            state: State::Limited,
            text: words.text_with("doctor-data-missing", &[("path", "-".into()), ("why", "no home folder".into())]),
            mend: Some("doctor-data-mend"),
        };
    };
    let path = folder.display().to_string();
    match write_probe(&folder) {
        Ok(()) => Finding::ok("doctor-data", words.text_with("doctor-data-ok", &[("path", path.into())])),
        Err(error) => Finding {
            topic: "doctor-data",
            state: State::Missing,
            text: words.text_with("doctor-data-missing", &[("path", path.into()), ("why", error.to_string().into())]),
            mend: Some("doctor-data-mend"),
        },
    }
}

fn write_probe(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let probe = folder.join(".doctor");
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(probe)
}
