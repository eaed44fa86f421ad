//! Findings of scanners that the output accepts, each with its reason: as annotations, and as one page.

use serde::Serialize;

/// A finding that is accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Waiver {
    /// The scanner.
    pub tool: Scanner,
    /// Its name of the check.
    pub check: &'static str,
    /// Why the finding is right and the output stays as it is.
    pub reason: &'static str,
}

/// A scanner whose findings are accepted by a mark in the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scanner {
    /// checkov.
    Checkov,
    /// hadolint.
    Hadolint,
    /// kube-score.
    KubeScore,
    /// Polaris.
    Polaris,
    /// zizmor.
    Zizmor,
}

/// The mark of accepted findings on a Kubernetes object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Annotation {
    /// The key that the scanner reads.
    pub annotation: String,
    /// The check, and the reason where the scanner takes one.
    pub value: String,
}

impl Scanner {
    /// Its name as it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Checkov => "checkov",
            Self::Hadolint => "hadolint",
            Self::KubeScore => "kube-score",
            Self::Polaris => "polaris",
            Self::Zizmor => "zizmor",
        }
    }
}

/// The annotations of an object with these waivers.
pub fn annotations(waivers: &[Waiver]) -> Vec<Annotation> {
    let of = |tool: Scanner| waivers.iter().filter(move |waiver| waiver.tool == tool);
    let mut annotations: Vec<Annotation> = of(Scanner::Checkov)
        .enumerate()
        .map(|(at, waiver)| Annotation {
            annotation: format!("checkov.io/skip{}", at + 1),
            value: format!("{}={}", waiver.check, waiver.reason),
        })
        .collect();
    let ignored: Vec<&str> = of(Scanner::KubeScore).map(|waiver| waiver.check).collect();
    if !ignored.is_empty() {
        annotations.push(Annotation { annotation: "kube-score/ignore".to_owned(), value: ignored.join(",") });
    }
    annotations.extend(of(Scanner::Polaris).map(|waiver| Annotation {
        annotation: format!("polaris.fairwinds.com/{}-exempt", waiver.check),
        value: "true".to_owned(),
    }));
    annotations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scanner_reads_its_own_annotation() {
        let waiver = |tool, check| Waiver { tool, check, reason: "it is so" };
        let waivers = [
            waiver(Scanner::Polaris, "policy"),
            waiver(Scanner::Checkov, "A"),
            waiver(Scanner::Checkov, "B"),
            waiver(Scanner::KubeScore, "c"),
        ];
        let shown: Vec<String> =
            annotations(&waivers).into_iter().map(|a| format!("{}: {}", a.annotation, a.value)).collect();
        assert_eq!(
            shown,
            [
                "checkov.io/skip1: A=it is so",
                "checkov.io/skip2: B=it is so",
                "kube-score/ignore: c",
                "polaris.fairwinds.com/policy-exempt: true"
            ]
        );
    }
}
