//! Layers over layers, and what is said about mistakes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::*;

/// Settings from the text of a file, variables and flags.
fn load(file: Option<&str>, variables: &[(&str, &str)], flags: Overrides) -> Result<Settings, Problem> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    if let Some(text) = file {
        std::fs::write(&path, text).unwrap();
    }
    let environment = variables.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect();
    Settings::layered(file.is_some().then_some(path.as_path()), None, &environment, flags)
}

fn problem(file: &str) -> String {
    load(Some(file), &[], Overrides::default()).unwrap_err().to_string()
}

#[test]
fn nothing_set_means_defaults() {
    assert_eq!(load(None, &[], Overrides::default()).unwrap(), Settings::default());
    assert_eq!(load(Some(""), &[], Overrides::default()).unwrap(), Settings::default());
}

#[test]
fn each_layer_lies_over_the_one_below() {
    let file = "language = 'en'\nseed = 7\nquality = 'low'\n[window]\nwidth = 800\nheight = 600\n";
    let variables = [("VISAVIS_SEED", "8"), ("VISAVIS_WINDOW_WIDTH", "900"), ("VISAVIS_QUALITY", "")];
    let flags = Overrides { seed: Some(9), ..Overrides::default() };
    let settings = load(Some(file), &variables, flags).unwrap();
    assert_eq!(settings.language, LanguageChoice::En);
    assert_eq!(settings.seed, 9);
    assert_eq!(settings.quality, QualityChoice::Low);
    assert_eq!(settings.window, Window { width: 900, height: 600 });
    assert_eq!(settings.log, Settings::default().log);
}

#[test]
fn every_setting_can_be_set_by_file_and_by_variable() {
    let file = "language='zh-CN'\nserver='https://desk.example/base'\navatar='/a.vrm'\nquality='high'\ndata_dir='/d'\n\
                role='concierge'\nlexicon='/l.toml'\n\
                seed=2\nlog='debug'\n[customer]\nid='42'\nname='王女士'\n[window]\nwidth=640\nheight=480\n";
    let variables = [
        ("VISAVIS_LANGUAGE", "zh-CN"),
        ("VISAVIS_SERVER", "https://desk.example/base"),
        ("VISAVIS_AVATAR", "/a.vrm"),
        ("VISAVIS_QUALITY", "high"),
        ("VISAVIS_ROLE", "concierge"),
        ("VISAVIS_LEXICON", "/l.toml"),
        ("VISAVIS_DATA_DIR", "/d"),
        ("VISAVIS_CUSTOMER_ID", "42"),
        ("VISAVIS_CUSTOMER_NAME", "王女士"),
        ("VISAVIS_SEED", "2"),
        ("VISAVIS_WINDOW_WIDTH", "640"),
        ("VISAVIS_WINDOW_HEIGHT", "480"),
        ("VISAVIS_LOG", "debug"),
    ];
    assert_eq!(variables.map(|(name, _)| name), VARIABLES.map(|(name, _)| name));
    let by_file = load(Some(file), &[], Overrides::default()).unwrap();
    assert_eq!(load(None, &variables, Overrides::default()).unwrap(), by_file);
    assert_eq!(load(None, &[], Overrides::from(&by_file)).unwrap(), by_file);
    assert_eq!(by_file.customer.name.as_deref(), Some("王女士"));
    assert_eq!(by_file.server.as_ref().map(Url::as_str), Some("https://desk.example/base"));
    let lacks = Settings::default();
    assert!(by_file != lacks && by_file.data_folder() == Some(PathBuf::from("/d")));
}

#[test]
fn a_given_file_must_exist_the_default_one_need_not() {
    let absent = Path::new("no-such-folder/settings.toml");
    let none = BTreeMap::new();
    let told = Settings::layered(Some(absent), None, &none, Overrides::default()).unwrap_err().to_string();
    assert!(told.contains("no-such-folder") && told.contains("check the path"), "{told}");
    assert!(Settings::layered(None, Some(absent), &none, Overrides::default()).is_ok());
}

#[test]
fn mistakes_in_a_file_are_told_with_line_and_key() {
    for (file, parts) in [
        ("seed = 1\nlanguage = \n", ["line 2", "language"]),
        ("seed = 1\n\nlangauge = 'en'\n", ["line 3", "unknown field `langauge`, expected one of `language`"]),
        ("[window]\nwidht = 3\n", ["line 2", "unknown field `widht`, expected `width` or `height`"]),
        ("[windows]\nwidth = 3\n", ["line 1", "unknown field `windows`"]),
        ("language = 'fr'\n", ["line 1, key `language`", "expected one of `auto`, `zh-CN`, `en`"]),
        ("# 中文\nseed = 'many'\n", ["line 2, key `seed`", "expected u64"]),
        ("seed = -1\n", ["line 1, key `seed`", "-1"]),
        ("[window]\nheight = 600\nwidth = 20\n", ["line 3, key `width`", "320 to 16384"]),
        ("\nserver = 'ftp://x'\n", ["line 2, key `server`", "http:// or https://"]),
        ("server = 'desk'\n", ["line 1, key `server`", "no address"]),
        ("avatar = ''\n", ["line 1, key `avatar`", "empty"]),
        ("role = 'butler'\n", ["line 1, key `role`", "receptionist"]),
        ("log = 'visavis=loudest'\n", ["line 1, key `log`", "log filter"]),
        ("seed = 1\nseed = 2\n", ["line 2", "duplicate key"]),
    ] {
        let told = problem(file);
        assert!(parts.iter().all(|part| told.contains(part)), "{file:?}: {told}");
        assert!(told.starts_with("cannot read the settings: ") && told.contains("settings.toml"), "{told}");
        assert!(!told.contains('\n'), "{told}");
    }
}

#[test]
fn mistakes_in_a_variable_are_told_with_its_name() {
    for (variable, value, why) in [
        ("VISAVIS_SEED", "many", "no whole number"),
        ("VISAVIS_LANGUAGE", "fr", "expected one of `auto`, `zh-CN`, `en`"),
        ("VISAVIS_WINDOW_HEIGHT", "7", "240 to 16384"),
        ("VISAVIS_SERVER", "localhost:8080", "http:// or https://"),
    ] {
        let told = load(None, &[(variable, value)], Overrides::default()).unwrap_err().to_string();
        assert!(told.contains(&format!("environment variable {variable}: ")) && told.contains(why), "{told}");
    }
}

#[test]
fn mistakes_in_flags_are_told() {
    let flags = Overrides { window: WindowOverrides { width: Some(1), height: None }, ..Overrides::default() };
    let told = load(None, &[], flags).unwrap_err().to_string();
    assert!(told.contains("command line") && told.contains("320 to 16384"), "{told}");
}

#[test]
fn a_file_that_is_no_text_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
    let told = Settings::layered(Some(&path), None, &BTreeMap::new(), Overrides::default()).unwrap_err().to_string();
    assert!(told.contains("UTF-8"), "{told}");
    let told = Settings::layered(Some(folder.path()), None, &BTreeMap::new(), Overrides::default()).unwrap_err();
    assert!(told.to_string().contains("make the file readable"), "{told}");
}

#[test]
fn paths_in_a_file_start_at_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(&path, "avatar = 'mine.vrm'\ndata_dir = '/elsewhere'\n").unwrap();
    let settings = Settings::layered(Some(&path), None, &BTreeMap::new(), Overrides::default()).unwrap();
    assert_eq!(settings.avatar, Some(folder.path().join("mine.vrm")));
    assert_eq!(settings.data_dir, Some(PathBuf::from("/elsewhere")));
}

#[test]
fn automatic_language_follows_the_system_and_is_chinese_otherwise() {
    let system = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    assert_eq!(LanguageChoice::Auto.resolve(|| system(&["en-US"])), Language::En);
    assert_eq!(LanguageChoice::Auto.resolve(|| system(&["fr-FR", "zh-CN"])), Language::ZhCn);
    assert_eq!(LanguageChoice::Auto.resolve(Vec::new), Language::ZhCn);
    assert_eq!(LanguageChoice::En.resolve(|| system(&["zh-CN"])), Language::En);
    for choice in LanguageChoice::ALL {
        assert_eq!(choice.name().parse(), Ok(*choice));
    }
    for choice in QualityChoice::ALL {
        assert_eq!(choice.to_string().parse(), Ok(*choice));
    }
    assert!("hgih".parse::<QualityChoice>().unwrap_err().contains("auto, software, low, high"));
}
