//! Names in GitHub's expressions, such as `needs.image.outputs.digest` in `${{ needs.image.outputs.digest }}`.

/// The dotted names of all expressions in a text.
pub(super) fn names_in_text(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("${{") {
        let inner = &text[start + 3..];
        found.extend(names(inner.split("}}").next().unwrap_or(inner)));
    }
    found
}

/// The dotted names of one expression; functions and what stands in quotes are none.
pub(super) fn names(expression: &str) -> Vec<&str> {
    let mut found = Vec::new();
    // Every second piece is quoted.
    for piece in expression.split('\'').step_by(2) {
        let mut rest = piece;
        while let Some(start) = rest.find(|c: char| c.is_ascii_alphabetic() || c == '_') {
            let from = &rest[start..];
            let end = from.find(|c: char| !is_part(c)).unwrap_or(from.len());
            let (name, after) = from.split_at(end);
            if !after.starts_with('(') && !rest[..start].ends_with('.') {
                found.push(name.trim_end_matches('.'));
            }
            rest = after;
        }
    }
    found
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '*')
}

/// The parts of a name below a context, such as `image`, `outputs`, `digest` below `needs`.
pub(super) fn below<'a>(name: &'a str, context: &str) -> Option<Vec<&'a str>> {
    Some(name.strip_prefix(context)?.strip_prefix('.')?.split('.').collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_words_are_not() {
        assert_eq!(
            names_in_text("a ${{ needs.a.outputs.b }} b ${{ join(needs.*.result, ' x.y ') }}"),
            ["needs.a.outputs.b", "needs.*.result"]
        );
        assert_eq!(names("failure() && steps.apply.outputs.changed == 'true'"), ["steps.apply.outputs.changed"]);
    }
}
