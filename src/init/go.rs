//! Evidence of a Go project: `go.mod` and the places of its `main` packages.

use super::clues::{Clues, Gate, hint_of};
use super::evidence::{Clue, Evidence};
use super::release::{self, Statement};
use super::snapshot::Snapshot;

const MANIFEST: &str = "go.mod";

/// Reads everything that speaks about a Go project.
pub fn read(snapshot: &Snapshot) -> Clues {
    let mut clues = Clues::default();
    let text = snapshot.text(MANIFEST).unwrap_or_default();
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line.trim())) {
        add_line(line, number, &mut clues);
    }
    if snapshot.has(MANIFEST) {
        let tests = snapshot.files.keys().find(|path| path.ends_with("_test.go"));
        let unit =
            tests.map(|path| Gate { name: "unit", run: "go test ./...".to_owned(), evidence: Evidence::file(path) });
        let vet = Gate { name: "lint", run: "go vet ./...".to_owned(), evidence: Evidence::file(MANIFEST) };
        clues.gates = [Some(vet), unit].into_iter().flatten().collect();
        add_main_packages(snapshot, &mut clues);
    }
    clues
}

fn add_line(line: &str, number: usize, clues: &mut Clues) {
    let code = line.split("//").next().unwrap_or_default();
    let words: Vec<&str> = code.split_whitespace().collect();
    match words.as_slice() {
        ["module", path] => {
            let path = path.trim_matches('"');
            clues.name.push(Clue::certain(module_name(path).to_owned(), Evidence::line(MANIFEST, number, path)));
        }
        ["go", version] => {
            let evidence = Evidence::line(MANIFEST, number, format!("go {version}, the least that is needed"));
            match release::go_minimum(version) {
                Some(allowed) => clues.releases.push(Statement { allowed, evidence }),
                None => {
                    clues.notes.push(Evidence::line(MANIFEST, number, format!("{version} names no release of Go 1")));
                }
            }
        }
        ["require", module, ..] | [module, ..] => {
            // `// indirect` requirements belong to libraries of libraries.
            let is_direct = !line.contains("// indirect");
            let hint = hint_of(module).filter(|_| is_direct);
            clues.hints.extend(hint.map(|hint| (hint, Evidence::line(MANIFEST, number, *module))));
        }
        [] => {}
    }
}

/// The last part of a module path that is not a major version: `orders` for `example.com/shop/orders/v2`.
fn module_name(path: &str) -> &str {
    let is_version = |part: &str| {
        part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    path.rsplit('/').find(|part| !is_version(part)).unwrap_or(path)
}

/// Where `package main` lies: the top, or one folder below `cmd`. Several are a question for the reader.
fn add_main_packages(snapshot: &Snapshot, clues: &mut Clues) {
    let mut packages: Vec<(String, String)> = Vec::new();
    if snapshot.has("main.go") {
        packages.push((".".to_owned(), "main.go".to_owned()));
    }
    for path in snapshot.below("cmd") {
        let folder = path.split_once('/').filter(|(_, rest)| *rest == "main.go").map(|(folder, _)| folder);
        packages.extend(folder.map(|folder| (format!("./cmd/{folder}"), format!("cmd/{path}"))));
    }
    for (package, path) in packages {
        let evidence = Evidence::file(&path).remark(crate::text::visible(&package));
        clues.main_package.push(Clue::certain(package, evidence));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::snapshot::Content;

    #[test]
    fn module_file() {
        let text = "module example.com/shop/orders/v2 // moved\n\ngo 1.26.1\n\nrequire (\n\tgithub.com/jackc/pgx/v5 v5.7.0\n\
                    \tgithub.com/lib/pq v1.0.0 // indirect\n)\n";
        let mut snapshot =
            Snapshot { files: [(MANIFEST.to_owned(), Content::Text(text.to_owned()))].into(), ..Snapshot::default() };
        snapshot.files.insert("cmd/server/main.go".to_owned(), Content::Listed);
        let clues = read(&snapshot);
        assert_eq!(clues.name[0].value, "orders");
        assert_eq!(clues.hints.len(), 1);
        assert_eq!(clues.hints[0].1.place(), "go.mod:6");
        assert_eq!(clues.main_package[0].value, "./cmd/server");
        assert_eq!(clues.releases[0].allowed.first(), Some(&26));
    }
}
