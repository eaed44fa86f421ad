//! Which files of the repository a command names: they must be in the build context and in the image.

/// Endings of files that commands are given.
const ENDINGS: [&str; 20] = [
    "js", "mjs", "cjs", "ts", "mts", "cts", "tsx", "jsx", "py", "go", "sh", "sql", "json", "yaml", "yml", "toml",
    "ini", "cfg", "rb", "txt",
];

/// The paths among the words of a command, relative to the application's folder, in the order of the words.
///
/// A word is a path if it has a folder or a known ending; options, URLs and packages (`@scope/name`) are none.
pub fn named_files(words: &[String], workdir: &str) -> Vec<String> {
    // A line for a shell is one word: its own words are looked at.
    let words = words.iter().flat_map(|word| word.split_ascii_whitespace());
    words.filter_map(|word| path(word, workdir)).collect()
}

fn path(word: &str, workdir: &str) -> Option<String> {
    let inside = word.strip_prefix(workdir).and_then(|rest| rest.strip_prefix('/'));
    let written = inside.unwrap_or(word).trim_start_matches("./");
    let word = written.trim_end_matches('/');
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "-._/@+".contains(c));
    let starts_well = word.starts_with(|c: char| c.is_ascii_alphanumeric() || "._".contains(c));
    let climbs = word.split('/').any(|part| part.is_empty() || part == "..");
    let ending = word.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && ENDINGS.contains(&ending));
    (plain && starts_well && !climbs && (ending || written.contains('/'))).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::named_files;

    fn named(words: &[&str]) -> Vec<String> {
        named_files(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), "/app")
    }

    #[test]
    fn paths_are_told_from_other_words() {
        assert_eq!(named(&["npx", "ts-node", "scripts/migrate.ts", "up"]), ["scripts/migrate.ts"]);
        assert_eq!(named(&["node", "/app/dist/worker.js"]), ["dist/worker.js"]);
        assert_eq!(named(&["./bin/migrate", "-path", "migrations/"]), ["bin/migrate", "migrations"]);
        assert_eq!(named(&["sh", "-c", "python tools/load.py && echo done"]), ["tools/load.py"]);
        assert_eq!(named(&["npm", "run", "migrate:up"]), Vec::<String>::new());
        assert_eq!(named(&["npx", "@scope/tool", "--file=x.json", "https://host.example/a.js"]), Vec::<String>::new());
        assert_eq!(named(&["cat", "../secret.json", "/etc/passwd"]), Vec::<String>::new());
        assert_eq!(named(&["python", "-m", "app.main"]), Vec::<String>::new());
    }
}
