//! Clues, and how several of them become one verdict.
//!
//! The rule behind all of `init`: a value that is wrong but confident is worse than none. Clues that contradict each
//! other are therefore never weighed against each other; both are named and the decision is left to the reader.

use std::fmt;

/// Most places that are named for one verdict.
const MOST_PLACES: usize = 8;

/// How sure a clue makes its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// A convention or a default: plausible, not said by any file.
    Guess,
    /// A file implies it.
    Likely,
    /// A file says it in so many words.
    Certain,
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Guess => "guess",
            Self::Likely => "likely",
            Self::Certain => "certain",
        })
    }
}

/// Where something was seen, and what it says there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Path of the file, relative to the folder that was looked at.
    pub path: String,
    /// Line, from 1; none when the file's existence is the evidence.
    pub line: Option<usize>,
    /// What it says, short, on one line; empty when the place says it all.
    pub says: String,
}

impl Evidence {
    /// The existence of the file at `path`.
    pub fn file(path: &str) -> Self {
        Self { path: path.to_owned(), line: None, says: String::new() }
    }

    /// What line `line` (from 1) of the file at `path` says.
    pub fn line(path: &str, line: usize, says: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: Some(line), says: crate::text::visible(says.into().trim()) }
    }

    /// A remark of our own on the same place; foreign words in it must be made visible by the caller.
    #[must_use]
    pub fn remark(self, says: impl Into<String>) -> Self {
        Self { says: says.into(), ..self }
    }

    /// `path` or `path:line`.
    pub fn place(&self) -> String {
        let path = crate::text::visible(&self.path);
        match self.line {
            Some(line) => format!("{path}:{line}"),
            None => path,
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())?;
        if self.says.is_empty() { Ok(()) } else { write!(f, " ({})", self.says) }
    }
}

/// One value that one place speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clue<T> {
    /// The value.
    pub value: T,
    /// How strongly the place speaks for it.
    pub certainty: Certainty,
    /// The place.
    pub evidence: Evidence,
}

impl<T> Clue<T> {
    /// A clue that the file says in so many words.
    pub fn certain(value: T, evidence: Evidence) -> Self {
        Self { value, certainty: Certainty::Certain, evidence }
    }

    /// A clue that the file implies.
    pub fn likely(value: T, evidence: Evidence) -> Self {
        Self { value, certainty: Certainty::Likely, evidence }
    }

    /// A clue that is no more than a convention.
    pub fn guess(value: T, evidence: Evidence) -> Self {
        Self { value, certainty: Certainty::Guess, evidence }
    }
}

/// What all clues on one question amount to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict<T> {
    /// One value.
    Found {
        /// The value.
        value: T,
        /// How sure it is.
        certainty: Certainty,
        /// What speaks for it; empty for a convention.
        evidence: Vec<Evidence>,
        /// What a reader should know about it; may be empty.
        note: String,
    },
    /// Places that contradict each other.
    Conflict {
        /// Each place, with what it says.
        evidence: Vec<Evidence>,
        /// What follows from it, completing "contradiction: …"; may be empty.
        note: String,
    },
    /// Nothing speaks for any value.
    Missing {
        /// What was looked for, or why what was found cannot be used.
        note: String,
    },
}

impl<T> Verdict<T> {
    /// Nothing was found; `note` says what was looked for.
    pub fn missing(note: impl Into<String>) -> Self {
        Self::Missing { note: note.into() }
    }

    /// The value, if there is one and it is more than a guess.
    pub fn settled(&self) -> Option<&T> {
        match self {
            Self::Found { value, certainty, .. } if *certainty > Certainty::Guess => Some(value),
            _ => None,
        }
    }

    /// The value, guess or not.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Found { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The same verdict with a note.
    #[must_use]
    pub fn with_note(mut self, text: impl Into<String>) -> Self {
        match &mut self {
            Self::Found { note, .. } | Self::Conflict { note, .. } | Self::Missing { note } => *note = text.into(),
        }
        self
    }
}

/// One verdict of all clues: the value on which they agree, or a conflict.
///
/// Guesses count only where nothing better speaks; `missing` is the note when there is no clue at all.
pub fn weigh<T: PartialEq + Clone>(clues: &[Clue<T>], missing: &str) -> Verdict<T> {
    let sure: Vec<&Clue<T>> = clues.iter().filter(|clue| clue.certainty > Certainty::Guess).collect();
    let counted = if sure.is_empty() { clues.iter().collect() } else { sure };
    let Some(first) = counted.first() else {
        return Verdict::missing(missing);
    };
    let mut evidence: Vec<Evidence> = counted.iter().map(|clue| clue.evidence.clone()).collect();
    evidence.dedup();
    evidence.truncate(MOST_PLACES);
    if counted.iter().any(|clue| clue.value != first.value) {
        return Verdict::Conflict { evidence, note: String::new() };
    }
    let certainty = counted.iter().map(|clue| clue.certainty).max().unwrap_or(Certainty::Guess);
    Verdict::Found { value: first.value.clone(), certainty, evidence, note: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &str) -> Evidence {
        Evidence::file(path)
    }

    #[test]
    fn agreement_takes_the_strongest_certainty() {
        let verdict = weigh(&[Clue::likely(1, at("a")), Clue::certain(1, at("b"))], "");
        assert!(matches!(verdict, Verdict::Found { value: 1, certainty: Certainty::Certain, .. }));
    }

    #[test]
    fn certain_does_not_outvote_likely() {
        let verdict = weigh(&[Clue::likely(1, at("a")), Clue::certain(2, at("b"))], "");
        assert!(matches!(verdict, Verdict::Conflict { .. }));
    }

    #[test]
    fn a_guess_never_contradicts_a_file() {
        let verdict = weigh(&[Clue::guess(1, at("a")), Clue::likely(2, at("b"))], "");
        assert_eq!(verdict.settled(), Some(&2));
    }

    #[test]
    fn a_guess_is_not_settled() {
        assert_eq!(weigh(&[Clue::guess(1, at("a"))], "").settled(), None);
    }
}
