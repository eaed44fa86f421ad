//! What an existing Dockerfile says about the image that runs: base, port, health path, user and command.

use std::collections::BTreeMap;

/// Longest variable value that is put in, in bytes; a bound on what `ENV A=$A$A`, repeated, can grow to.
const MAX_VALUE: usize = 200;
/// Longest line in which variables are replaced, in bytes.
const MAX_SUBSTITUTED: usize = 4096;

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Keyword in capitals.
    pub keyword: String,
    /// Everything behind it, continuation lines joined, variables with known defaults put in.
    pub arguments: String,
    /// Line on which it begins, from 1.
    pub line: usize,
}

/// A Dockerfile, reduced to what the stage that runs in production says.
#[derive(Clone, Debug, Default)]
pub struct Dockerfile {
    /// `FROM` of every stage, in order.
    pub bases: Vec<Instruction>,
    /// Instructions of the last stage and of the stages that it is built upon, in order.
    pub last: Vec<Instruction>,
}

impl Dockerfile {
    /// Reads the text; instructions that cannot be understood are left out.
    pub fn parse(text: &str) -> Self {
        let mut stages: Vec<Stage> = Vec::new();
        let mut globals = BTreeMap::new();
        for raw in instructions(text) {
            let variables = stages.last().map_or(&globals, |stage| &stage.variables);
            let instruction = Instruction { arguments: substitute(&raw.arguments, variables), ..raw };
            if instruction.keyword == "FROM" {
                stages.push(Stage::begin(instruction, &globals));
            } else if let Some(stage) = stages.last_mut() {
                stage.learn(&instruction, &globals);
                stage.body.push(instruction);
            } else if instruction.keyword == "ARG" {
                let assigned = assignments(&instruction.arguments);
                globals.extend(assigned.into_iter().filter(|(_, value)| value.len() <= MAX_VALUE));
            }
        }
        let bases = stages.iter().map(|stage| stage.from.clone()).collect();
        Self { bases, last: last_stage(&stages) }
    }

    /// The last instruction with this keyword in the stage that runs.
    pub fn effective(&self, keyword: &str) -> Option<&Instruction> {
        self.last.iter().rev().find(|instruction| instruction.keyword == keyword)
    }

    /// All instructions with this keyword in the stage that runs.
    pub fn all(&self, keyword: &str) -> impl Iterator<Item = &Instruction> {
        self.last.iter().filter(move |instruction| instruction.keyword == keyword)
    }
}

/// Image name and tag of a `FROM`: `("node", "20-alpine")` for `FROM docker.io/library/node:20-alpine AS build`.
pub fn image_and_tag(from: &Instruction) -> Option<(&str, &str)> {
    let image = from.arguments.split_whitespace().find(|word| !word.starts_with("--"))?;
    let image = image.split('@').next()?;
    let last = image.rsplit('/').next()?;
    Some(last.split_once(':').unwrap_or((last, "")))
}

/// The words of an exec form (`["node", "x"]`); none for a shell form.
pub fn exec_words(arguments: &str) -> Option<Vec<String>> {
    serde_json::from_str(arguments).ok()
}

struct Stage {
    from: Instruction,
    name: Option<String>,
    variables: BTreeMap<String, String>,
    body: Vec<Instruction>,
}

impl Stage {
    fn begin(from: Instruction, globals: &BTreeMap<String, String>) -> Self {
        let from = Instruction { arguments: substitute(&from.arguments, globals), ..from };
        let words: Vec<&str> = from.arguments.split_whitespace().collect();
        let name = words.iter().position(|word| word.eq_ignore_ascii_case("as")).and_then(|at| words.get(at + 1));
        let name = name.map(|name| name.to_ascii_lowercase());
        Self { name, from, variables: BTreeMap::new(), body: Vec::new() }
    }

    /// Keeps what later instructions of the stage may refer to.
    fn learn(&mut self, instruction: &Instruction, globals: &BTreeMap<String, String>) {
        if !matches!(instruction.keyword.as_str(), "ARG" | "ENV") {
            return;
        }
        let inherited = globals.get(instruction.arguments.trim());
        self.variables.extend(inherited.map(|value| (instruction.arguments.trim().to_owned(), value.clone())));
        let assigned = assignments(&instruction.arguments);
        self.variables.extend(assigned.into_iter().filter(|(_, value)| value.len() <= MAX_VALUE));
    }
}

/// Instructions of the last stage, after those of the stages it names in `FROM`.
fn last_stage(stages: &[Stage]) -> Vec<Instruction> {
    let mut chain = Vec::new();
    let mut next = stages.len().checked_sub(1);
    while let Some(index) = next {
        let stage = &stages[index];
        chain.push(stage);
        let base =
            stage.from.arguments.split_whitespace().find(|word| !word.starts_with("--")).map(str::to_ascii_lowercase);
        next = stages[..index].iter().rposition(|earlier| base.is_some() && earlier.name == base);
    }
    chain.iter().rev().flat_map(|stage| stage.body.iter().cloned()).collect()
}

/// Splits the text into instructions: comments out, continuation lines joined, bodies of here-documents skipped.
fn instructions(text: &str) -> Vec<Instruction> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let mut logical = line.trim().to_owned();
        if logical.is_empty() || logical.starts_with('#') {
            continue;
        }
        while logical.ends_with('\\') {
            logical.pop();
            logical.truncate(logical.trim_end().len());
            let next = lines.by_ref().map(|(_, next)| next.trim()).find(|next| !next.starts_with('#'));
            logical.push(' ');
            logical.push_str(next.unwrap_or_default());
        }
        for end in here_documents(&logical) {
            lines.by_ref().find(|(_, body)| body.trim_start_matches('\t').trim_end() == end);
        }
        let (keyword, arguments) = logical.split_once(char::is_whitespace).unwrap_or((&logical, ""));
        found.push(Instruction {
            keyword: keyword.to_ascii_uppercase(),
            arguments: arguments.trim().to_owned(),
            line: index + 1,
        });
    }
    found
}

/// The end marks of here-documents that an instruction opens.
fn here_documents(instruction: &str) -> Vec<String> {
    let keyword = instruction.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    if !matches!(keyword.as_str(), "RUN" | "COPY" | "ADD") {
        return Vec::new();
    }
    instruction
        .split("<<")
        .skip(1)
        .map(|rest| rest.trim_start_matches('-').trim_start_matches(['"', '\'']))
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>())
        .filter(|mark| mark.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
        .collect()
}

/// `NAME=value …` of `ARG` and `ENV`, also the old `ENV NAME value`.
fn assignments(arguments: &str) -> Vec<(String, String)> {
    let words = shlex::split(arguments).unwrap_or_default();
    match words.as_slice() {
        [name, value] if !name.contains('=') && !value.contains('=') => vec![(name.clone(), value.clone())],
        words => words
            .iter()
            .filter_map(|word| word.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    }
}

/// Puts known values in place of `$NAME`, `${NAME}` and `${NAME:-default}`; others stay as they are.
fn substitute(text: &str, variables: &BTreeMap<String, String>) -> String {
    if text.len() > MAX_SUBSTITUTED {
        return text.to_owned();
    }
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        let (reference, after) = reference(&rest[at..]);
        let inner = reference.trim_start_matches(['$', '{']).trim_end_matches('}');
        let (name, default) = inner.split_once(":-").map_or((inner, None), |(name, default)| (name, Some(default)));
        let value = variables.get(name).map(String::as_str).or(default);
        result.push_str(value.unwrap_or(reference));
        rest = after;
    }
    result.push_str(rest);
    result
}

/// Splits text that begins with `$` behind the reference.
fn reference(text: &str) -> (&str, &str) {
    let end = if text.starts_with("${") {
        text.find('}').map_or(text.len(), |at| at + 1)
    } else {
        text[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(text.len(), |at| at + 1)
    };
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_stage_and_its_parents_count() {
        let file = Dockerfile::parse(
            "ARG V=20\nFROM node:${V}-alpine AS base\nARG P=3000\nENV PORT=$P\nEXPOSE ${PORT}\n\
             FROM base AS build\nRUN <<EOF\nEXPOSE 1\nEOF\nEXPOSE 9\nFROM base\nRUN a && \\\n # note\n  b\nCMD [\"node\", \"x\"]\n",
        );
        assert_eq!(file.bases.len(), 3);
        assert_eq!(image_and_tag(&file.bases[0]), Some(("node", "20-alpine")));
        assert_eq!(file.effective("EXPOSE").map(|i| (i.arguments.as_str(), i.line)), Some(("3000", 5)));
        assert_eq!(file.effective("RUN").map(|i| i.arguments.as_str()), Some("a && b"));
        assert_eq!(exec_words(&file.effective("CMD").unwrap().arguments).unwrap(), ["node", "x"]);
    }

    #[test]
    fn odd_files_do_no_harm() {
        for text in [
            "",
            "\\",
            "FROM",
            "FROM a\nRUN <<EOF",
            "$",
            "FROM ${",
            "ARG $\nFROM $X\nEXPOSE $",
            "FROM a AS\n",
            "ENV\nFROM x as x\nFROM x as x",
        ] {
            let file = Dockerfile::parse(text);
            for base in &file.bases {
                let _ = image_and_tag(base);
            }
        }
    }

    #[test]
    fn images() {
        let tag = |arguments: &str| {
            let from = Instruction { keyword: "FROM".into(), arguments: arguments.into(), line: 1 };
            image_and_tag(&from).map(|(image, tag)| format!("{image} {tag}"))
        };
        assert_eq!(
            tag("--platform=linux/amd64 reg:5000/library/python:3.12@sha256:ab AS x").as_deref(),
            Some("python 3.12")
        );
        assert_eq!(tag("golang").as_deref(), Some("golang "));
    }
}
