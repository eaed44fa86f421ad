//! What the development stage runs unless it is told otherwise.

use super::shell_line;
use crate::model::toolchain::Language;
use crate::spec::{Image, PackageManager};

/// The words of its CMD.
pub(super) fn development(language: Language, manager: PackageManager, image: &Image, start: &[String]) -> Vec<String> {
    let script: &[&str] = match (language, manager) {
        (Language::Go, _) => return go_run(image, start),
        (Language::Node, PackageManager::Pnpm) if image.build.is_some() => &["pnpm", "run", "dev"],
        (Language::Node, PackageManager::Yarn) if image.build.is_some() => &["yarn", "run", "dev"],
        (Language::Node, _) if image.build.is_some() => &["npm", "run", "dev"],
        _ => return start.to_vec(),
    };
    script.iter().map(|word| (*word).to_owned()).collect()
}

/// `go run` of the package that the program is built from, with the program's arguments.
fn go_run(image: &Image, start: &[String]) -> Vec<String> {
    let (program, arguments) = match start.split_first() {
        // Of a line for a shell, nothing is known.
        Some((program, arguments)) if shell_line(start).is_none() => (program.as_str(), arguments),
        _ => ("", [].as_slice()),
    };
    let name = program.rsplit('/').next().unwrap_or_default();
    let build = image.build.as_ref().map_or([].as_slice(), |build| build.arguments());
    let words = ["go".to_owned(), "run".to_owned(), package(build, name)];
    words.into_iter().chain(arguments.iter().cloned()).collect()
}

/// The package that the build makes a program of this name from; the one at the root if the build names none.
fn package(build: &[String], program: &str) -> String {
    let words: Vec<&str> = build.iter().flat_map(|word| word.split_ascii_whitespace()).collect();
    // `-o` is followed by the place of the program, which may look like a package.
    let named = words.windows(2).filter(|pair| pair[0] != "-o").map(|pair| pair[1]);
    let packages: Vec<&str> = named.filter(|word| *word == "." || word.starts_with("./")).collect();
    let own = packages.iter().find(|package| package.rsplit('/').next() == Some(program));
    match own.or(packages.first()) {
        Some(package) => match package.strip_suffix("/...") {
            Some(folder) if !program.is_empty() => format!("{folder}/{program}"),
            Some(folder) => folder.to_owned(),
            None => (*package).to_owned(),
        },
        None => ".".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::package;

    fn of(build: &str, program: &str) -> String {
        package(&["sh".to_owned(), "-c".to_owned(), build.to_owned()], program)
    }

    #[test]
    fn the_package_of_a_program() {
        assert_eq!(of("go build -o bin/ ./cmd/...", "search"), "./cmd/search");
        assert_eq!(of("go build -o ./bin/server ./cmd/server", "server"), "./cmd/server");
        assert_eq!(of("go build -o a ./cmd/a && go build -o b ./cmd/b", "b"), "./cmd/b");
        assert_eq!(of("go build -o /app/server .", "server"), ".");
        assert_eq!(of("make build", "server"), ".");
        assert_eq!(package(&[], "server"), ".");
    }
}
