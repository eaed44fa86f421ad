//! Small helpers for words in messages.

/// Longest piece of input that a message repeats, in characters.
const LONGEST_QUOTE: usize = 60;

/// Input made safe to print: credentials are masked, control and bidirectional characters become `\u{…}`, long text is cut.
pub fn visible(text: &str) -> String {
    // A cut in the middle of a credential would hide its form, so it is masked first; nobody needs more than the beginning.
    let beginning = &text[..text.floor_char_boundary(8 * LONGEST_QUOTE)];
    let text = crate::secret::masked(beginning);
    let mut out = String::new();
    for c in text.chars().take(LONGEST_QUOTE) {
        if is_invisible(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    if text.chars().nth(LONGEST_QUOTE).is_some() {
        out.push('…');
    }
    out
}

/// Control characters, and those that reorder text on screen or do not show (Unicode TR 36, "Trojan source").
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}'..='\u{ffff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The candidate nearest to a word, if it is near enough to be a slip of the fingers.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().count() > LONGEST_QUOTE {
        return None;
    }
    let word = word.to_lowercase();
    let distance = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let distance = strsim::damerau_levenshtein(&word, &candidate);
        let begins =
            candidate.len().min(word.len()) >= 3 && (word.starts_with(&candidate) || candidate.starts_with(&word));
        (begins || distance <= candidate.chars().count().max(3) / 3).then_some(distance)
    };
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(candidate)?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// `a`, `a or b`, `a, b or c`, each in backticks.
pub fn alternatives<S: AsRef<str>>(words: &[S]) -> String {
    joined(words, "or")
}

/// `a`, `a and b`, `a, b and c`, each in backticks.
pub fn listed<S: AsRef<str>>(words: &[S]) -> String {
    joined(words, "and")
}

fn joined<S: AsRef<str>>(words: &[S], last_by: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {last_by} {last}", rest.join(", ")),
    }
}

/// `1 file`, `2 files`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
