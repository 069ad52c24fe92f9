//! The installation's settings as a file: `betrodd.toml` in the data folder, or the file that `--settings` names.
//!
//! What a flag or the environment says wins over the file, and what nobody says is the program's default. All faults are told at
//! once, each with its line and what to write; with one nothing is started. No secret stands here: where a secret lies does.

use core::ops::Range;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use toml_edit::{Document, Item};

use crate::Told;
use crate::archiving::SecondPlace;
use crate::keys_offsite::{Keeping, KeptBy};

/// What the file is called in the data folder.
pub const FILE: &str = "betrodd.toml";

/// Where the settings stand.
#[derive(clap::Args, Clone, Default)]
pub struct SettingsFile {
    /// The installation's settings; `betrodd.toml` in the data folder, where nothing is said and that is there. What a flag says wins.
    #[arg(long, value_name = "FILE", env = "BETRODD_SETTINGS")]
    pub settings: Option<PathBuf>,
}

/// What the file says. Nothing that is absent means anything.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The archive.
    pub archive: Option<String>,
    /// How many days copies are kept at most.
    pub restore_window_days: Option<u32>,
    /// The custodian.
    pub custodian: Option<String>,
    /// Where its secret lies.
    pub custodian_secret: Option<PathBuf>,
    /// Hours between two rotations.
    pub rotate_keys_hours: Option<u8>,
    /// Whether an erasure waits for the rotation that is due.
    pub rotate_after_erasure: Option<bool>,
    /// The address to serve on.
    pub listen: Option<SocketAddr>,
    /// The proxy in front.
    pub trusted_proxy: Option<IpAddr>,
    /// The scanner for malware.
    pub clamav: Option<String>,
}

/// A key of the file, what it is in words, and an example: what a fault shows.
const KEYS: &[(&str, &str)] = &[
    ("archive", "archive = \"/mnt/second-place\""),
    ("restore-window-days", "restore-window-days = 30"),
    ("custodian", "custodian = \"10.0.0.7:7311\""),
    ("custodian-secret", "custodian-secret = \"/etc/betrodd/custodian.secret\""),
    ("rotate-keys-hours", "rotate-keys-hours = 24"),
    ("rotate-after-erasure", "rotate-after-erasure = true"),
    ("listen", "listen = \"127.0.0.1:8080\""),
    ("trusted-proxy", "trusted-proxy = \"127.0.0.1\""),
    ("clamav", "clamav = \"unix:/run/clamav/clamd.ctl\""),
];

/// Hours between two rotations, at most.
pub const MOST_HOURS: i64 = 24;
/// More than this is no file of settings.
const MAX_BYTES: u64 = 64 << 10;

impl SettingsFile {
    /// Reads what is there; nothing where no file is named and none lies in the data folder.
    ///
    /// # Errors
    /// Every fault of the file, with its line and what to write.
    pub fn read(&self, data: &Path) -> Result<Settings, Told> {
        let file = match &self.settings {
            Some(file) => file.clone(),
            None => {
                let file = data.join(FILE);
                if !file.try_exists()? {
                    return Ok(Settings::default());
                }
                file
            }
        };
        let unread = |cause: std::io::Error| {
            format!("the settings in `{}` cannot be read: {cause}. Nothing was started", file.display())
        };
        if std::fs::metadata(&file).map_err(unread)?.len() > MAX_BYTES {
            return Err(format!("`{}` is too long for a file of settings. Nothing was started", file.display()).into());
        }
        let text = std::fs::read_to_string(&file).map_err(unread)?;
        Ok(Settings::of(&text).map_err(|faults| faults.told(&file, &text))?)
    }
}

impl Settings {
    fn of(text: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let document = Document::parse(text).map_err(|error| {
            let what = error.message().lines().next().unwrap_or("it does not read as TOML").to_owned();
            Faults(vec![(error.span(), what, "write `key = value`, texts in quotation marks".to_owned())])
        })?;
        let table = document.as_table();
        for (key, item) in table.iter() {
            if !KEYS.iter().any(|(known, _)| *known == key) {
                let span = table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span());
                let known: Vec<&str> = KEYS.iter().map(|(known, _)| *known).collect();
                let said: String = key.chars().take(40).collect();
                faults.0.push((
                    span,
                    format!("`{said}` is no setting"),
                    format!("the settings are {}", known.join(", ")),
                ));
            }
        }
        let text_of = |key: &str, faults: &mut Faults| {
            let item = table.get(key)?;
            let text = item.as_str().map(str::trim).filter(|text| !text.is_empty());
            if text.is_none() {
                faults.wrong(key, item, "is no text");
            }
            Some((text?.to_owned(), item))
        };
        let settings = Self {
            archive: text_of("archive", &mut faults).map(|(archive, item)| {
                if !archive.starts_with("s3://") {
                    faults.whole_path("archive", item, &archive);
                }
                archive
            }),
            restore_window_days: table.get("restore-window-days").and_then(|item| {
                let days = item.as_integer().and_then(|days| u32::try_from(days).ok()).filter(|days| *days > 0);
                if days.is_none() {
                    faults.wrong("restore-window-days", item, "is no whole number from 1");
                }
                days
            }),
            custodian: text_of("custodian", &mut faults).map(|(custodian, item)| {
                match custodian.strip_prefix("folder:") {
                    Some(folder) => faults.whole_path("custodian", item, folder),
                    None => drop(faults.parsed::<::custodian::Address>("custodian", item, &custodian)),
                }
                custodian
            }),
            custodian_secret: text_of("custodian-secret", &mut faults).map(|(secret, item)| {
                faults.whole_path("custodian-secret", item, &secret);
                PathBuf::from(secret)
            }),
            rotate_keys_hours: table.get("rotate-keys-hours").and_then(|item| {
                let hours = item.as_integer().filter(|hours| (1..=MOST_HOURS).contains(hours));
                if hours.is_none() {
                    faults.wrong("rotate-keys-hours", item, &format!("is no whole number from 1 to {MOST_HOURS}"));
                }
                hours.and_then(|hours| u8::try_from(hours).ok())
            }),
            rotate_after_erasure: table.get("rotate-after-erasure").and_then(|item| {
                if item.as_bool().is_none() {
                    faults.wrong("rotate-after-erasure", item, "is neither true nor false");
                }
                item.as_bool()
            }),
            listen: text_of("listen", &mut faults).and_then(|(text, item)| faults.parsed("listen", item, &text)),
            trusted_proxy: text_of("trusted-proxy", &mut faults)
                .and_then(|(text, item)| faults.parsed("trusted-proxy", item, &text)),
            clamav: text_of("clamav", &mut faults).map(|(text, item)| {
                drop(faults.parsed::<files::Scanner>("clamav", item, &text));
                text
            }),
        };
        if faults.0.is_empty() { Ok(settings) } else { Err(faults) }
    }

    /// The second place: the flag's, or else the file's.
    pub fn second(&self, said: SecondPlace) -> SecondPlace {
        SecondPlace {
            archive: said.archive.or_else(|| self.archive.clone()),
            restore_window: said.restore_window.or(self.restore_window_days),
            // It is said once, and kept in a file of its own.
            files: said.files,
        }
    }

    /// Who keeps what opens the copies, and for how long: what the flags say, or else the file.
    pub fn keeping(&self, said: Keeping) -> Keeping {
        // A secret goes with its custodian: one that a flag names is not asked with the file's.
        let by = match said.by.custodian {
            Some(_) => said.by,
            None => KeptBy {
                custodian: self.custodian.clone(),
                custodian_secret: said.by.custodian_secret.or_else(|| self.custodian_secret.clone()),
            },
        };
        Keeping {
            by,
            rotate_keys_hours: said.rotate_keys_hours.or(self.rotate_keys_hours),
            rotate_after_erasure: said.rotate_after_erasure || self.rotate_after_erasure == Some(true),
        }
    }
}

/// What is wrong, each with its place in the text and what to write.
#[derive(Debug, Default)]
struct Faults(Vec<(Option<Range<usize>>, String, String)>);

impl Faults {
    fn wrong(&mut self, key: &str, item: &Item, what: &str) {
        let example = KEYS.iter().find(|(known, _)| *known == key).map_or("", |(_, example)| example);
        self.0.push((item.span(), format!("`{key}` {what}"), format!("write for example `{example}`")));
    }

    fn parsed<T: FromStr>(&mut self, key: &str, item: &Item, text: &str) -> Option<T> {
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.wrong(key, item, "cannot be read as what it should be");
        }
        parsed
    }

    /// A path from the root: what it would else begin from, nobody who reads the file sees.
    fn whole_path(&mut self, key: &str, item: &Item, path: &str) {
        if !Path::new(path).is_absolute() {
            self.wrong(key, item, "is no path from the root");
        }
    }

    fn told(&self, file: &Path, text: &str) -> String {
        let mut told = String::new();
        for (span, what, todo) in &self.0 {
            let at = span.as_ref().map_or(0, |span| span.start.min(text.len()));
            let before = text.get(..at).unwrap_or_default();
            let line = before.matches('\n').count();
            told.push_str(&format!("{}:{}: {what}\n", file.display(), line + 1));
            if let Some(excerpt) = text.lines().nth(line) {
                let excerpt: String = excerpt.chars().take(120).collect();
                told.push_str(&format!("  {:>4} | {excerpt}\n", line + 1));
            }
            told.push_str(&format!("  What to do: {todo}.\n"));
        }
        told.push_str("Nothing was started. Mend the file and start again.");
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        let read = SettingsFile::default().read(folder.path());
        read.err().map(|told| told.to_string()).unwrap_or_default()
    }

    #[test]
    fn every_key_is_read_and_each_example_is_one() {
        let all = KEYS.iter().map(|(_, example)| *example).collect::<Vec<_>>().join("\n");
        let read = Settings::of(&all).unwrap();
        assert_eq!(read.archive.as_deref(), Some("/mnt/second-place"));
        assert_eq!((read.rotate_keys_hours, read.rotate_after_erasure), (Some(24), Some(true)));
        assert!(read.listen.is_some() && read.trusted_proxy.is_some() && read.clamav.is_some());
        assert_eq!(Settings::of("# nothing\n").unwrap(), Settings::default());
        assert_eq!(
            Settings::of("archive = \"s3://bucket/under\"").unwrap().archive.as_deref(),
            Some("s3://bucket/under")
        );
    }

    #[test]
    fn all_faults_are_told_with_line_and_remedy() {
        let text = "archive = \"here\"\narchve = \"/mnt\"\n\nrotate-keys-hours = 25\nrotate-after-erasure = \"yes\"\n\
                    custodian = \"somewhere\"\nlisten = 8080\n";
        let told = told(text);
        for said in [
            "betrodd.toml:1: `archive` is no path from the root",
            "betrodd.toml:2: `archve` is no setting",
            "the settings are archive, restore-window-days, custodian,",
            "betrodd.toml:4: `rotate-keys-hours` is no whole number from 1 to 24",
            "betrodd.toml:5: `rotate-after-erasure` is neither true nor false",
            "betrodd.toml:6: `custodian`",
            "betrodd.toml:7: `listen` is no text",
            "write for example `listen = \"127.0.0.1:8080\"`",
            "   4 | rotate-keys-hours = 25",
            "Nothing was started",
        ] {
            assert!(told.contains(said), "{said}:\n{told}");
        }
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line() {
        let told = told("archive = \"/mnt\"\nlisten = \n");
        assert!(told.contains("betrodd.toml:2: ") && told.contains("What to do:"), "{told}");
        assert!(super::tests::told("\u{0}").contains("betrodd.toml:1: "));
    }

    #[test]
    fn a_named_file_that_is_not_there_is_no_silence_and_none_named_is() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(SettingsFile::default().read(folder.path()).unwrap(), Settings::default());
        let named = SettingsFile { settings: Some(folder.path().join("other.toml")) };
        assert!(named.read(folder.path()).unwrap_err().to_string().contains("other.toml` cannot be read"));
    }

    #[test]
    fn a_flag_wins_over_the_file_and_a_secret_goes_with_its_custodian() {
        let file = Settings::of(
            "archive = \"/a\"\ncustodian = \"10.0.0.7:7311\"\ncustodian-secret = \"/s\"\nrotate-keys-hours = 6\n",
        )
        .unwrap();
        let second = file.second(SecondPlace { archive: Some("/b".to_owned()), restore_window: None, files: None });
        assert_eq!(second.archive.as_deref(), Some("/b"));
        assert_eq!(file.second(SecondPlace::default()).archive.as_deref(), Some("/a"));
        let none = Keeping { by: KeptBy::default(), rotate_keys_hours: None, rotate_after_erasure: false };
        let kept = file.keeping(none.clone());
        assert_eq!((kept.by.custodian.as_deref(), kept.hours()), (Some("10.0.0.7:7311"), 6));
        assert!(kept.by.custodian_secret.is_some());
        let by = KeptBy { custodian: Some("folder:/c".to_owned()), custodian_secret: None };
        let kept = file.keeping(Keeping { by, rotate_keys_hours: Some(2), ..none });
        assert_eq!(
            (kept.by.custodian.as_deref(), kept.by.custodian_secret, kept.rotate_keys_hours),
            (Some("folder:/c"), None, Some(2))
        );
    }
}
