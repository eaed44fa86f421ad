//! How many replicas run at least and at most.

use crate::resolve::ResolvedProject;
use crate::spec::Replicas;

impl ResolvedProject {
    /// The fewest replicas of the main process.
    pub fn least_replicas(&self) -> u32 {
        match &self.spec.replicas {
            Replicas::Scalar(count) => count.number(),
            Replicas::Map(scaling) => scaling.min.number(),
        }
    }

    /// The most replicas of the main process, without the surge of a rollout.
    pub fn most_replicas(&self) -> u32 {
        match &self.spec.replicas {
            Replicas::Scalar(count) => count.number(),
            Replicas::Map(scaling) => scaling.max.number(),
        }
    }

    /// Whether an autoscaler sets the number.
    pub fn is_autoscaled(&self) -> bool {
        matches!(self.spec.replicas, Replicas::Map(_))
    }
}
