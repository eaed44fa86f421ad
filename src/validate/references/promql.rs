//! The series that a PromQL expression selects: metric names and label matchers, read without a parse of the whole
//! language, which would take longer than everything else here. A test compares it with a real parser.

/// A selector such as `http_requests_total{job="orders"}`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Selector<'a> {
    /// The metric; empty if only matchers say it.
    pub(super) metric: &'a str,
    /// The matchers by `=`: label and value as written.
    pub(super) equals: Vec<(&'a str, &'a str)>,
}

/// Words that are no metric although no parenthesis follows.
const WORDS: [&str; 9] = ["and", "or", "unless", "bool", "offset", "atan2", "inf", "nan", "atan"];
/// Words that a list of labels follows.
const GROUPINGS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
/// Aggregations, whose grouping may stand before the parenthesis.
const AGGREGATIONS: [&str; 12] =
    ["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "topk", "bottomk", "quantile", "count_values"];

/// All selectors, in their order.
pub(super) fn selectors(expression: &str) -> Vec<Selector<'_>> {
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(c) = rest.chars().next() {
        if c == '"' || c == '\'' || c == '`' {
            rest = string(rest).1;
        } else if c == '{' {
            let (equals, after) = matchers(rest);
            found.push(Selector { metric: "", equals });
            rest = after;
        } else if c == '#' {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if c == '[' {
            rest = rest.split_once(']').map_or("", |(_, after)| after);
        } else if c.is_ascii_digit() {
            // Numbers and durations, letters included.
            rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_');
        } else if is_name_start(c) {
            rest = name(rest, &mut found);
        } else {
            rest = &rest[c.len_utf8()..];
        }
    }
    found
}

/// Reads a name at the start: a metric with its matchers, or a function, operator or grouping, which is passed over.
fn name<'a>(text: &'a str, found: &mut Vec<Selector<'a>>) -> &'a str {
    let end = text.find(|c: char| !is_name_start(c) && !c.is_ascii_digit()).unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    let lower = word.to_ascii_lowercase();
    let next = after.trim_start();
    if GROUPINGS.contains(&lower.as_str()) {
        return match next.strip_prefix('(') {
            Some(list) => list.split_once(')').map_or("", |(_, after)| after),
            None => after,
        };
    }
    if WORDS.contains(&lower.as_str()) || AGGREGATIONS.contains(&lower.as_str()) || next.starts_with('(') {
        return after;
    }
    let (equals, after) = if next.starts_with('{') { matchers(next) } else { (Vec::new(), after) };
    found.push(Selector { metric: word, equals });
    after
}

/// The matchers by `=` of a text that begins with `{`, and what follows.
fn matchers(text: &str) -> (Vec<(&str, &str)>, &str) {
    let mut found = Vec::new();
    let mut rest = &text[1..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let Some(end) = rest.find(['=', '!', '}']) else { return (found, "") };
        if let Some(after) = rest[end..].strip_prefix('}') {
            return (found, after);
        }
        let label = rest[..end].trim();
        let operator_end = rest[end..].find(['"', '\'', '`']).map_or(rest.len(), |quote| end + quote);
        let is_equal = rest[end..operator_end].trim() == "=";
        let (value, after) = string(&rest[operator_end..]);
        if is_equal {
            found.push((label, value));
        }
        rest = after;
    }
}

/// The content of a string at the start, as written, and what follows.
fn string(text: &str) -> (&str, &str) {
    let Some(quote) = text.chars().next() else { return ("", "") };
    let mut escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' && quote != '`' {
            escaped = true;
        } else if c == quote {
            return (&text[1..index], &text[index + 1..]);
        }
    }
    (&text[1..], "")
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || c == ':'
}

#[cfg(test)]
mod tests {
    use promql_parser::label::MatchOp;
    use promql_parser::parser::{Expr, VectorSelector, parse};
    use promql_parser::util::{ExprVisitor, walk_expr};

    use super::*;

    /// Metric and equal matchers of every selector, sorted.
    type Found = Vec<(String, Vec<(String, String)>)>;

    #[derive(Default)]
    struct Collected(Found);

    impl ExprVisitor for Collected {
        type Error = std::convert::Infallible;

        fn pre_visit(&mut self, expr: &Expr) -> Result<bool, Self::Error> {
            match expr {
                Expr::VectorSelector(selector) => self.add(selector),
                // The visitor does not go into these.
                Expr::MatrixSelector(matrix) => self.add(&matrix.vs),
                _ => {}
            }
            Ok(true)
        }
    }

    impl Collected {
        fn add(&mut self, selector: &VectorSelector) {
            let equal = selector.matchers.matchers.iter().filter(|it| it.op == MatchOp::Equal && it.name != "__name__");
            let mut equals: Vec<_> = equal.map(|it| (it.name.clone(), it.value.clone())).collect();
            equals.sort();
            self.0.push((selector.name.clone().unwrap_or_default(), equals));
        }
    }

    fn parsed(expression: &str) -> Found {
        let mut collected = Collected::default();
        let _ = walk_expr(&mut collected, &parse(expression).unwrap());
        collected.0.sort();
        collected.0
    }

    fn read(expression: &str) -> Found {
        let owned = |(label, value): (&str, &str)| (label.to_owned(), value.to_owned());
        let mut found: Found = selectors(expression)
            .into_iter()
            .map(|it| {
                let mut equals: Vec<_> = it.equals.into_iter().map(owned).collect();
                equals.sort();
                (it.metric.to_owned(), equals)
            })
            .collect();
        found.sort();
        found
    }

    #[test]
    fn a_real_parser_finds_the_same_selectors() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut expressions = 0;
        for spec in ["examples/orders/infragen.yaml", "tests/cases/all-alerts/infragen.yaml"] {
            let layers = crate::load::load(Some(&root.join(spec)), &[]).unwrap().layers.unwrap();
            let resolved = crate::resolve::resolve(&layers).unwrap();
            for family in resolved.alerting().iter().flat_map(crate::model::alerts::Alerting::families) {
                let records = family.records.iter().map(|record| &record.expr);
                for expr in records.chain(family.alerts.iter().map(|alert| &alert.expr)) {
                    assert_eq!(read(expr), parsed(expr), "{expr}");
                    expressions += 1;
                }
            }
        }
        assert!(expressions > 40, "only {expressions}");
    }

    #[test]
    fn functions_groupings_and_numbers_are_no_metrics() {
        let found = selectors(
            r#"sum by (le, job) (rate(a_total{job="x", code=~"5..", b!="c}"}[5m] offset 1h)) / on (job) group_left () b:c > 1e3 and {x='y'}"#,
        );
        let expected = [
            Selector { metric: "a_total", equals: vec![("job", "x")] },
            Selector { metric: "b:c", equals: Vec::new() },
            Selector { metric: "", equals: vec![("x", "y")] },
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn broken_text_ends() {
        for text in ["{", "a{b", "a{b=", "a{b=\"", "\"", "[", "a{b=\"\\", "#", "by (", "é{ü=\"ö"] {
            selectors(text);
        }
    }
}
