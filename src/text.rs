//! Small helpers for words in messages.

/// Longest piece of input that a message repeats, in characters.
const LONGEST_QUOTE: usize = 60;

/// Input made safe to print: control and bidirectional characters become `\u{…}`, long text is cut.
pub fn visible(text: &str) -> String {
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

/// Control characters, and those that reorder text on screen (Unicode TR 36, "Trojan source").
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The candidate nearest to a word, if it is near enough to be a slip of the fingers.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(3)) / 3)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `a`, `a or b`, `a, b or c`, each in backticks.
pub fn alternatives<S: AsRef<str>>(words: &[S]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// `1 file`, `2 files`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
