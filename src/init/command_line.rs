//! A start command as people write it, turned into the list of words that a container runs without a shell.

/// A command that needs no shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// Program and arguments.
    pub words: Vec<String>,
    /// Names of the variables set in front of the program (`NODE_ENV=production node …`); their values are not kept.
    pub variables: Vec<String>,
    /// The port that the command names, by a flag or by `PORT=`.
    pub port: Option<u16>,
}

/// Reads one shell line.
///
/// # Errors
/// Why it cannot be a plain list of words.
pub fn read(line: &str) -> Result<CommandLine, &'static str> {
    const SHELL: &[char] = &['&', '|', ';', '<', '>', '`', '$', '(', ')', '{', '}', '*', '?', '~', '#', '\n', '\r'];
    if line.contains(SHELL) {
        return Err("it needs a shell");
    }
    let words = shlex::split(line).ok_or("its quotes do not match")?;
    from_words(&words)
}

/// Reads a command that is already split, as in `CMD ["node", "server.js"]`.
///
/// # Errors
/// Why it cannot be taken over.
pub fn from_words(words: &[String]) -> Result<CommandLine, &'static str> {
    let prefix = usize::from(matches!(words.first().map(String::as_str), Some("env" | "cross-env")));
    let assigned = words[prefix..].iter().take_while(|word| assignment(word).is_some()).count();
    let (front, rest) = words.split_at(prefix + assigned);
    if rest.is_empty() {
        return Err("it names no program");
    }
    if words.iter().any(|word| holds_secret(word)) {
        return Err("it seems to hold a secret, which is not repeated here");
    }
    let variables: Vec<(&str, &str)> = front.iter().filter_map(|word| assignment(word)).collect();
    let by_variable = variables.iter().find(|(name, _)| *name == "PORT").and_then(|(_, value)| value.parse().ok());
    Ok(CommandLine {
        words: rest.to_vec(),
        variables: variables.iter().map(|(name, _)| (*name).to_owned()).collect(),
        port: by_variable.or_else(|| port_flag(rest)),
    })
}

/// Whether a piece of text looks as if it held a secret, and must not be shown or written anywhere.
pub fn holds_secret(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let credentials_in_url =
        lower.split("://").skip(1).any(|rest| rest.split('/').next().is_some_and(|authority| authority.contains('@')));
    let named = ["password", "passwd", "secret", "token", "api_key", "apikey", "api-key", "private_key"]
        .iter()
        .filter_map(|word| lower.find(word).map(|at| &lower[at + word.len()..]))
        .any(|rest| {
            rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-').starts_with('=')
        });
    credentials_in_url || named
}

/// `NAME=value`, split.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let first = name.chars().next()?;
    let valid =
        (first.is_ascii_alphabetic() || first == '_') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    valid.then_some((name, value))
}

/// The port in `--port 3000`, `--port=3000`, `-p 3000`, `--bind 0.0.0.0:8000`, `-b :8000`, `--listen …`.
fn port_flag(words: &[String]) -> Option<u16> {
    const FLAGS: &[&str] = &["--port", "-p", "--http-port", "--bind", "-b", "--listen", "--addr"];
    words.iter().enumerate().find_map(|(index, word)| {
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) => (flag, value),
            None => (word.as_str(), words.get(index + 1)?.as_str()),
        };
        let number = value.rsplit(':').next()?;
        if FLAGS.contains(&flag) { number.parse().ok() } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        read(line).unwrap().words
    }

    #[test]
    fn plain_commands_are_split() {
        assert_eq!(words("node dist/server.js"), ["node", "dist/server.js"]);
        assert_eq!(words("NODE_ENV=production node 'a b.js'"), ["node", "a b.js"]);
        assert_eq!(words("cross-env NODE_ENV=production node x"), ["node", "x"]);
    }

    #[test]
    fn shell_lines_are_refused() {
        for line in ["a && b", "node $FILE", "a | b", "node x > log", "node 'x", "NODE_ENV=production", ""] {
            assert!(read(line).is_err(), "{line}");
        }
    }

    #[test]
    fn ports_are_seen() {
        for line in [
            "next start -p 3000",
            "x --port=3000",
            "PORT=3000 node x",
            "gunicorn -b 0.0.0.0:3000 a:b",
            "x --bind :3000",
        ] {
            assert_eq!(read(line).unwrap().port, Some(3000), "{line}");
        }
        assert_eq!(read("node -p").unwrap().port, None);
        assert_eq!(read("x --port 99999").unwrap().port, None);
    }

    #[test]
    fn secrets_are_refused_without_being_repeated() {
        for line in
            ["DATABASE_URL=postgres://u:p@host/db node x", "node x --api-token=abc", "API_SECRET_KEY=abc node x"]
        {
            let error = read(line).unwrap_err();
            assert!(error.contains("secret") && !error.contains("abc"), "{line}");
        }
        assert!(read("node token.js").is_ok());
    }
}
