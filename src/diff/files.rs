//! Unified diffs.

use similar::TextDiff;

/// Lines of context around a change, as git has them.
const CONTEXT: usize = 3;

/// The unified diff of a file; `None` stands for a file that is not there.
pub fn unified(path: &str, old: Option<&str>, new: Option<&str>) -> String {
    let name =
        |side: &str, text: Option<&str>| text.map_or_else(|| "/dev/null".to_owned(), |_| format!("{side}/{path}"));
    let diff = TextDiff::from_lines(old.unwrap_or_default(), new.unwrap_or_default());
    diff.unified_diff().context_radius(CONTEXT).header(&name("a", old), &name("b", new)).to_string()
}
