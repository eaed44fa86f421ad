//! Evidence of a Python project: `pyproject.toml`, lock files, requirements, version files.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::clues::{Clues, Gate, hint_of};
use super::evidence::{Clue, Evidence, Verdict, weigh};
use super::release::{self, Statement};
use super::snapshot::Snapshot;

const MANIFEST: &str = "pyproject.toml";
const REQUIREMENTS: &str = "requirements.txt";

/// Most lines of a version file that are read.
const MOST_VERSION_LINES: usize = 50;

/// Reads everything that speaks about a Python project.
pub fn read(snapshot: &Snapshot) -> Clues {
    let mut clues = Clues { package_manager_missing: MISSING_LOCK.to_owned(), ..Clues::default() };
    add_lock_files(snapshot, &mut clues);
    add_version_files(snapshot, &mut clues);
    add_requirements(snapshot, &mut clues);
    if let Some(text) = snapshot.text(MANIFEST) {
        match DeTable::parse(text) {
            Ok(table) => Manifest { text, root: table.get_ref() }.add_to(&mut clues),
            Err(error) => {
                let line = error.span().map_or(1, |span| super::lines::line_at(text, span.start));
                clues.notes.push(Evidence::line(MANIFEST, line, format!("is not TOML: {}", error.message())));
            }
        }
    }
    add_gates(snapshot, &mut clues);
    if snapshot.has("manage.py") {
        let words = ["python", "manage.py", "migrate", "--noinput"].map(str::to_owned).to_vec();
        clues.migrate = Some((words, Evidence::file("manage.py")));
    } else if snapshot.has("alembic.ini") {
        let words = ["alembic", "upgrade", "head"].map(str::to_owned).to_vec();
        clues.migrate = Some((words, Evidence::file("alembic.ini")));
    }
    clues
}

/// Whether the files describe something that runs, rather than tools of a project in another language.
pub fn is_application(snapshot: &Snapshot) -> bool {
    let described = snapshot.text(MANIFEST).map(|text| {
        DeTable::parse(text).map_or(true, |table| {
            let poetry = table.get_ref().get("tool").and_then(|tool| tool.get_ref().get("poetry"));
            table.get_ref().get("project").is_some() || poetry.is_some()
        })
    });
    let others = [REQUIREMENTS, "setup.py", "Pipfile"];
    described.unwrap_or(snapshot.has(MANIFEST)) || others.into_iter().any(|file| snapshot.has(file))
}

const MISSING_LOCK: &str = "there is no requirements.txt, uv.lock or poetry.lock, and an image cannot be built the same \
     way twice without one";

/// Lock files; a plain `requirements.txt` counts only where there is none, since it is often exported from one.
fn add_lock_files(snapshot: &Snapshot, clues: &mut Clues) {
    let locks = [("uv.lock", "uv"), ("poetry.lock", "poetry")];
    let present = locks.into_iter().filter(|(file, _)| snapshot.has(file));
    clues.package_manager.extend(present.map(|(file, manager)| Clue::certain(manager, Evidence::file(file))));
    if clues.package_manager.is_empty() && snapshot.has(REQUIREMENTS) {
        clues.package_manager.push(Clue::certain("pip", Evidence::file(REQUIREMENTS)));
    }
    for (file, owner) in [("Pipfile.lock", "Pipenv"), ("pdm.lock", "PDM"), ("environment.yml", "conda")] {
        if snapshot.has(file) {
            let says = format!("is {owner}'s; the profile python builds with pip, uv or poetry");
            clues.notes.push(Evidence::file(file).remark(says));
        }
    }
}

fn add_version_files(snapshot: &Snapshot, clues: &mut Clues) {
    let files = [(".python-version", ""), ("runtime.txt", "python-"), (".tool-versions", "python ")];
    for (file, prefix) in files {
        let lines = super::lines::meaningful(snapshot.text(file).unwrap_or_default());
        for (number, line) in lines.take(MOST_VERSION_LINES) {
            let Some(version) = line.strip_prefix(prefix) else { continue };
            add_release(version, Evidence::line(file, number, line), clues);
        }
    }
}

fn add_release(version: &str, evidence: Evidence, clues: &mut Clues) {
    let version = version.strip_prefix("cpython@").unwrap_or(version);
    if let Some(allowed) = release::python(version) {
        clues.releases.push(Statement { allowed, evidence });
    } else {
        let says = format!("says \"{}\", which names no release of Python 3", crate::text::visible(version));
        clues.notes.push(evidence.remark(says));
    }
}

fn add_requirements(snapshot: &Snapshot, clues: &mut Clues) {
    for (number, line) in super::lines::meaningful(snapshot.text(REQUIREMENTS).unwrap_or_default()) {
        add_library(line, Evidence::line(REQUIREMENTS, number, distribution(line)), clues);
    }
}

fn add_library(requirement: &str, evidence: Evidence, clues: &mut Clues) {
    let name = distribution(requirement);
    clues.hints.extend(hint_of(&name).map(|hint| (hint, evidence)));
}

/// The normalised distribution name at the beginning of a requirement.
fn distribution(requirement: &str) -> String {
    let name = requirement.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.')).next();
    name.unwrap_or_default().to_ascii_lowercase().replace(['_', '.'], "-")
}

/// `pyproject.toml`, and its text to count lines in.
struct Manifest<'a> {
    text: &'a str,
    root: &'a DeTable<'a>,
}

impl<'a> Manifest<'a> {
    fn add_to(&self, clues: &mut Clues) {
        for path in [&["project", "name"][..], &["tool", "poetry", "name"]] {
            if let Some((name, line)) = self.string(path) {
                clues.name.push(Clue::certain(name.to_owned(), Evidence::line(MANIFEST, line, name)));
            }
        }
        let versions: [(&[&str], &str); 2] = [
            (&["project", "requires-python"], "requires-python"),
            (&["tool", "poetry", "dependencies", "python"], "tool.poetry.dependencies.python"),
        ];
        for (path, key) in versions {
            if let Some((version, line)) = self.string(path) {
                add_release(version, Evidence::line(MANIFEST, line, format!("{key} {version}")), clues);
            }
        }
        if clues.package_manager.is_empty() && self.get(&["tool", "poetry"]).is_some() {
            let evidence = self.line(&["tool", "poetry"]).map(|line| Evidence::line(MANIFEST, line, "tool.poetry"));
            clues.package_manager.extend(evidence.map(|evidence| Clue::guess("poetry", evidence)));
        }
        self.add_libraries(clues);
    }

    fn add_libraries(&self, clues: &mut Clues) {
        let listed = self.get(&["project", "dependencies"]).and_then(DeValue::as_array);
        for requirement in listed.into_iter().flatten() {
            if let Some(text) = requirement.get_ref().as_str() {
                let line = super::lines::line_at(self.text, requirement.span().start);
                add_library(text, Evidence::line(MANIFEST, line, distribution(text)), clues);
            }
        }
        let poetry = self.get(&["tool", "poetry", "dependencies"]).and_then(DeValue::as_table);
        for (key, _) in poetry.into_iter().flatten() {
            let line = super::lines::line_at(self.text, key.span().start);
            add_library(key.get_ref(), Evidence::line(MANIFEST, line, distribution(key.get_ref())), clues);
        }
    }

    fn spanned(&self, path: &[&str]) -> Option<&'a Spanned<DeValue<'a>>> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.root.get(*first)?, |value, key| value.get_ref().as_table()?.get(*key))
    }

    fn get(&self, path: &[&str]) -> Option<&'a DeValue<'a>> {
        self.spanned(path).map(Spanned::get_ref)
    }

    fn line(&self, path: &[&str]) -> Option<usize> {
        self.spanned(path).map(|value| super::lines::line_at(self.text, value.span().start))
    }

    fn string(&self, path: &[&str]) -> Option<(&'a str, usize)> {
        Some((self.get(path)?.as_str()?, self.line(path)?))
    }
}

/// Checks that a configured tool stands for.
fn add_gates(snapshot: &Snapshot, clues: &mut Clues) {
    let runner = match weigh(&clues.package_manager, "") {
        Verdict::Found { value: "uv", .. } => "uv run ",
        Verdict::Found { value: "poetry", .. } => "poetry run ",
        _ => "",
    };
    let root = snapshot.text(MANIFEST).and_then(|text| Some((text, DeTable::parse(text).ok()?)));
    let section = |path: &[&str]| {
        let (text, table) = root.as_ref()?;
        let line = Manifest { text, root: table.get_ref() }.line(path)?;
        Some(Evidence::line(MANIFEST, line, path.join(".")))
    };
    let file = |name: &str| snapshot.has(name).then(|| Evidence::file(name));
    let lint = section(&["tool", "ruff"]).or_else(|| file("ruff.toml"));
    let types = section(&["tool", "mypy"]).or_else(|| file("mypy.ini"));
    let unit = section(&["tool", "pytest"]).or_else(|| file("pytest.ini"));
    let gates = [("lint", "ruff check .", lint), ("types", "mypy .", types), ("unit", "pytest", unit)];
    for (name, command, evidence) in gates {
        clues.gates.extend(evidence.map(|evidence| Gate { name, run: format!("{runner}{command}"), evidence }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::snapshot::Content;

    fn project(files: &[(&str, &str)]) -> Snapshot {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), Content::Text((*text).to_owned())));
        Snapshot { files: files.collect(), ..Snapshot::default() }
    }

    #[test]
    fn project_table() {
        let clues = read(&project(&[
            (
                MANIFEST,
                "[project]\nname = \"Orders_API\"\nrequires-python = \">=3.12\"\ndependencies = [\n  \"psycopg[binary]>=3\",\n]\n",
            ),
            ("uv.lock", ""),
        ]));
        assert_eq!(clues.name[0].evidence.place(), "pyproject.toml:2");
        assert_eq!(clues.hints[0].1.place(), "pyproject.toml:5");
        assert_eq!(clues.releases.len(), 1);
        assert_eq!(clues.package_manager[0].value, "uv");
    }

    #[test]
    fn an_exported_requirements_file_contradicts_no_lock() {
        let clues = read(&project(&[("uv.lock", ""), (REQUIREMENTS, "fastapi==1\n")]));
        assert_eq!(clues.package_manager.len(), 1);
    }

    #[test]
    fn tools_are_no_application() {
        assert!(!is_application(&project(&[(MANIFEST, "[tool.ruff]\nline-length = 100\n")])));
        assert!(is_application(&project(&[(REQUIREMENTS, "")])));
    }

    #[test]
    fn broken_toml_is_a_note() {
        let clues = read(&project(&[(MANIFEST, "[project]\nname = \n")]));
        assert_eq!(clues.notes[0].place(), "pyproject.toml:2");
    }
}
