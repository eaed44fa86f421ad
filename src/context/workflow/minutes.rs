//! Time limits: the sum of all that a job may wait for, so that no limit cuts it off half way.

use crate::resolve::ResolvedProject;

/// How long a job before a deployment is waited for, in seconds: a minute more than its own deadline.
pub(super) const JOB_SECONDS: u64 = 960;
/// The longest that a rollout may take, in minutes, as the templates say to `kubectl rollout status`.
const ROLLOUT: u64 = 10;
/// The longest that a host's health is asked for, in minutes, as the templates say to curl.
const HEALTH: u64 = 5;
/// What the other steps take together, in minutes.
const OTHER: u64 = 10;

/// Of a deployment: its jobs, the rollout with its health, and the rollout back.
pub(super) fn deployment(project: &ResolvedProject, jobs: usize) -> u64 {
    times(jobs, JOB_SECONDS / 60) + rollout(project) + health(project) + rollout(project) + OTHER
}

/// Of a rollback: the rollout with its health.
pub(super) fn rollback(project: &ResolvedProject) -> u64 {
    rollout(project) + health(project) + OTHER
}

fn rollout(project: &ResolvedProject) -> u64 {
    times(project.deployments().len(), ROLLOUT)
}

fn health(project: &ResolvedProject) -> u64 {
    times(project.health_urls().len(), HEALTH)
}

fn times(count: usize, minutes: u64) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(minutes)
}
