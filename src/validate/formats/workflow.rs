//! GitHub workflows: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::validate::json::text;

/// Values that GitHub takes as text.
type Values = BTreeMap<String, Scalar>;

shapes! {
    rename_all = "kebab-case";

    /// A workflow.
    Workflow {
        name: String,
        on: Triggers,
        permissions: Permissions,
        concurrency: Concurrency,
        defaults: Option<Defaults>,
        env: Option<Values>,
        jobs: BTreeMap<String, Job>,
    }
    /// What starts it.
    Triggers {
        push: Option<Push>,
        // A trigger without settings is null, and so is one that is not there: the presence is not looked at here.
        #[serde(rename = "pull_request")]
        pull_request: Option<Value>,
        #[serde(rename = "merge_group")]
        merge_group: Option<Value>,
        release: Option<Release>,
        #[serde(rename = "workflow_dispatch")]
        workflow_dispatch: Option<Dispatch>,
    }
    /// Branches and tags.
    Push {
        branches: Option<Vec<String>>,
        tags: Option<Vec<String>>,
    }
    /// What happens to a release.
    Release {
        types: Vec<String>,
    }
    /// What a person who starts it is asked.
    Dispatch {
        inputs: BTreeMap<String, Input>,
    }
    /// A question.
    Input {
        description: String,
        r#type: String,
        required: bool,
        options: Option<Vec<String>>,
    }
    /// Runs that wait for each other.
    Concurrency {
        group: String,
        cancel_in_progress: bool,
    }
    /// What all steps share.
    Defaults {
        run: Shell,
    }
    /// The program that runs scripts.
    Shell {
        shell: String,
    }
    /// A job.
    Job {
        name: String,
        r#if: Option<String>,
        needs: Option<Vec<String>>,
        runs_on: String,
        timeout_minutes: u32,
        permissions: Option<Permissions>,
        environment: Option<Environment>,
        concurrency: Option<Concurrency>,
        strategy: Option<Strategy>,
        outputs: Option<BTreeMap<String, String>>,
        env: Option<Values>,
        steps: Vec<Step>,
    }
    /// A GitHub environment, which may ask for a review and has secrets of its own.
    Environment {
        name: String,
        url: Option<String>,
    }
    /// Variants of a job.
    Strategy {
        fail_fast: bool,
        matrix: BTreeMap<String, Vec<Scalar>>,
    }
    /// A step: an action or a script.
    Step {
        name: String,
        id: Option<String>,
        r#if: Option<String>,
        continue_on_error: Option<bool>,
        uses: Option<String>,
        with: Option<Values>,
        env: Option<Values>,
        run: Option<String>,
    }
}

/// Rights of the token, by what they are for.
type Permissions = BTreeMap<String, Access>;

#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Access {
    Read,
    Write,
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
#[allow(dead_code, reason = "values are there to be typed, not to be read")]
enum Scalar {
    Text(String),
    Number(i64),
    Flag(bool),
}

/// What the types cannot say: a step is either an action or a script, and an action is pinned to a commit.
pub(super) fn steps(workflow: &Value) -> Option<String> {
    let jobs = workflow["jobs"].as_object()?.values();
    jobs.flat_map(|job| crate::validate::json::items(&job["steps"])).find_map(|step| {
        let name = text(&step["name"]);
        match (step["uses"].as_str(), step["run"].as_str()) {
            (Some(action), None) if is_pinned(action) => None,
            (Some(action), None) => Some(format!("step `{name}` uses `{action}`, which is no commit")),
            (None, Some(_)) => None,
            _ => Some(format!("step `{name}` must have either `uses` or `run`")),
        }
    })
}

/// An action by the forty digits of its commit, or one of the same repository.
fn is_pinned(action: &str) -> bool {
    let commit = action.split_once('@').map_or("", |(_, commit)| commit);
    action.starts_with("./") || (commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()))
}
