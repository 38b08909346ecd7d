//! The catalogue of sentences: Fluent files compiled into the program, one bundle per language.

use super::amounts;
use crate::web::problem::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// One file per subject, in both languages.
macro_rules! subjects {
    ($($name:literal),* $(,)?) => {
        [$((
            $name,
            include_str!(concat!("../../../templates/messages/id/", $name, ".ftl")),
            include_str!(concat!("../../../templates/messages/en/", $name, ".ftl")),
        ),)*]
    };
}

const SUBJECTS: &[(&str, &str, &str)] = &subjects![
    "adjust", "bidding", "common", "design", "observe", "office", "operate", "people", "picture", "public", "round",
    "said", "sign_in", "tenders", "together", "trade", "training", "why"
];

type Bundle = FluentBundle<FluentResource>;

/// Text compiled into the program, parsed once: no state.
static INDONESIAN: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Indonesian));
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::English));

fn bundle(language: Language) -> Bundle {
    let tag = if language == Language::Indonesian { "id" } else { "en" };
    let locale: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::Indonesian => |value, _| whole(value, Language::Indonesian),
        Language::English => |value, _| whole(value, Language::English),
    }));
    for (_, indonesian, english) in SUBJECTS {
        let text = if language == Language::Indonesian { indonesian } else { english };
        // What could be read of a file with a mistake is used; a test refuses the mistake.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
        let _ = bundle.add_resource(resource);
    }
    bundle
}

/// Whole numbers inside sentences get the separators of the language.
fn whole(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "made from an i64 below 2^53 by `Value`")]
        FluentValue::Number(number) => Some(amounts::number(language, number.value as i64)),
        _ => None,
    }
}

/// What can stand in a sentence: text as it is, whole numbers, which also choose between one and many.
pub trait Value {
    /// As the catalogue takes it.
    fn value(&self) -> FluentValue<'_>;
}

impl Value for str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self)
    }
}

impl Value for String {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

impl Value for i64 {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Value for usize {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl<T: Value + ?Sized> Value for &T {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

/// Whether there is such a sentence.
pub fn exists(key: &str) -> bool {
    INDONESIAN.has_message(key)
}

/// The sentence with this key, its places filled; the key itself where there is none, which a test refuses.
pub fn say(language: Language, key: &str, values: &[(&str, &dyn Value)]) -> String {
    let bundle = if language == Language::Indonesian { &INDONESIAN } else { &ENGLISH };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(key, "no such sentence");
        return key.to_owned();
    };
    let mut args = FluentArgs::with_capacity(values.len());
    for (name, value) in values {
        args.set(*name, value.value());
    }
    bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    /// Key → names of its places.
    fn sentences(text: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut key = String::new();
        for line in text.lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                key = line.split(" =").next().unwrap().to_owned();
                assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{key} twice");
            }
            for place in line.split('$').skip(1).filter(|_| !line.starts_with('#')) {
                let name = place.chars().take_while(char::is_ascii_alphanumeric).collect();
                found.get_mut(&key).unwrap().insert(name);
            }
        }
        found
    }

    fn files(folder: &str, kind: &str) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|end| end == kind) {
                    let text = std::fs::read_to_string(&path).unwrap();
                    found.push((path, text));
                }
            }
        }
        found
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let mut all = BTreeSet::new();
        for (name, indonesian, english) in SUBJECTS {
            assert_eq!(sentences(indonesian), sentences(english), "{name}.ftl");
            for text in [indonesian, english] {
                assert!(FluentResource::try_new((*text).to_owned()).is_ok(), "{name}.ftl cannot be read");
            }
            for key in sentences(indonesian).into_keys() {
                assert!(all.insert(key.clone()), "{key} is in two files");
                let value = |bundle: &LazyLock<Bundle>| bundle.get_message(&key).and_then(|m| m.value()).is_some();
                assert!(value(&INDONESIAN) && value(&ENGLISH), "{key} says nothing");
            }
        }
        let listed: BTreeSet<String> = SUBJECTS.iter().map(|(name, ..)| format!("{name}.ftl")).collect();
        for language in ["id", "en"] {
            let found = files(&format!("templates/messages/{language}"), "ftl");
            let names = found.iter().map(|(path, _)| path.file_name().unwrap().to_string_lossy().into_owned());
            assert_eq!(names.collect::<BTreeSet<_>>(), listed, "{language}");
        }
    }

    /// Every `say…("key"` of templates and sources, and every key given to `key("…")`.
    #[test]
    fn every_sentence_that_a_page_asks_for_exists() {
        let known: BTreeSet<String> = SUBJECTS.iter().flat_map(|(_, text, _)| sentences(text).into_keys()).collect();
        let (mut missing, mut seen) = (Vec::new(), 0);
        for (path, text) in files("templates", "html").into_iter().chain(files("src/pages", "rs")) {
            let code = text.split("#[cfg(test)]").next().unwrap();
            for piece in code.split("say").skip(1) {
                let call = piece.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
                let Some(rest) = call.strip_prefix("(\"") else { continue };
                let key = rest.split('"').next().unwrap();
                seen += 1;
                if !known.contains(key) {
                    missing.push(format!("{}: {key}", path.display()));
                }
            }
        }
        assert!(missing.is_empty(), "{}", missing.join("\n"));
        assert!(seen > 20, "the test has lost sight of the pages: {seen}");
    }

    /// What a template shows of its own: text between tags, and attributes that are read out.
    fn literal_text(template: &str) -> Vec<String> {
        let mut text = template.to_owned();
        for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<style", "</style>"), ("<!", ">")] {
            while let Some((before, rest)) = text.split_once(open).map(|(a, b)| (a.to_owned(), b.to_owned())) {
                let after = rest.split_once(close).map(|(_, after)| after.to_owned()).unwrap_or_default();
                text = format!("{before}\u{1}{after}");
            }
        }
        let mut found = Vec::new();
        for piece in text.split('<') {
            let (tag, shown) = piece.split_once('>').unwrap_or(("", piece));
            found.push(shown.to_owned());
            for name in [" aria-label=\"", " title=\"", " placeholder=\"", " alt=\""] {
                found.extend(tag.split(name).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
        }
        let is_said = |text: &String| {
            let plain = text.replace("&nbsp;", "").replace("&times;", "").replace("Pasok", "");
            plain.chars().any(char::is_alphabetic)
        };
        found.into_iter().filter(is_said).collect()
    }

    #[test]
    fn templates_hold_no_sentences_of_their_own() {
        assert_eq!(literal_text("<p title=\"{{ x }}\">{{ y }} · <b>Halo</b></p>"), ["Halo"]);
        for (path, text) in files("templates", "html") {
            let found = literal_text(&text);
            assert!(found.is_empty(), "{}: {found:?}", path.display());
        }
    }

    #[test]
    fn sentences_are_filled_with_numbers_the_local_way() {
        let said = |language| say(language, "common-people", &[("count", &12_345_i64)]);
        assert_eq!(said(Language::Indonesian), "12.345 orang");
        assert_eq!(said(Language::English), "12,345 people");
        assert_eq!(say(Language::English, "common-people", &[("count", &1_i64)]), "1 person");
        assert_eq!(say(Language::English, "no-such-key", &[]), "no-such-key");
    }
}
