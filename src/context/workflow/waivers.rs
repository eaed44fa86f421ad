//! Findings in workflows that are accepted.

use super::rollback::has_rollback;
use super::trigger::Triggers;
use crate::model::{Scanner, Waiver};
use crate::resolve::Resolved;

/// Of a deployment that is started by hand.
pub(super) const CHOICE: Waiver = inputs("the choice says where a commit goes, never what is built");
/// Of a rollback.
pub(super) const ROLLBACK: Waiver = inputs("a rollback has to be told where to and how far; nothing is built here");

const fn inputs(reason: &'static str) -> Waiver {
    Waiver { tool: Scanner::Checkov, check: "CKV_GHA_7", reason }
}

/// All of them, each with the file that carries its mark.
pub fn waivers(project: &Resolved) -> Vec<(String, Waiver)> {
    let deploy = Triggers::of(&project.environments).has_choices().then_some(("deploy", CHOICE));
    let rollback = has_rollback(project).then_some(("rollback", ROLLBACK));
    deploy
        .into_iter()
        .chain(rollback)
        .map(|(file, waiver)| (format!(".github/workflows/{file}.yaml"), waiver))
        .collect()
}

/// A waiver as the comment that checkov reads.
pub(super) fn mark(waiver: &Waiver) -> String {
    format!("checkov:skip={}:{}", waiver.check, waiver.reason)
}
