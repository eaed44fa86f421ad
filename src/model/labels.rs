//! Labels: <https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/>.

use std::collections::BTreeMap;

use crate::resolve::ResolvedProject;

/// Labels by key.
pub type Labels = BTreeMap<&'static str, String>;

const NAME: &str = "app.kubernetes.io/name";
const INSTANCE: &str = "app.kubernetes.io/instance";
const COMPONENT: &str = "app.kubernetes.io/component";

impl ResolvedProject {
    /// The labels of an object; `instance` is the name of the controller that it belongs to.
    pub fn labels(&self, instance: &str, component: &str) -> Labels {
        Labels::from([
            (NAME, self.name().to_owned()),
            (INSTANCE, instance.to_owned()),
            (COMPONENT, component.to_owned()),
            ("app.kubernetes.io/part-of", self.name().to_owned()),
            ("app.kubernetes.io/managed-by", "infragen".to_owned()),
        ])
    }

    /// The labels of the main process's objects.
    pub fn main_labels(&self) -> Labels {
        self.labels(self.name(), self.process())
    }

    /// The selector of the main process's pods: a pair that never changes, since selectors cannot.
    pub fn main_selector(&self) -> Labels {
        Labels::from([(NAME, self.name().to_owned()), (COMPONENT, self.process().to_owned())])
    }

    /// The single label by which a network policy selects the pods of a controller.
    pub fn instance_selector(&self, instance: &str) -> Labels {
        Labels::from([(INSTANCE, instance.to_owned())])
    }

    /// The labels that a node must have.
    pub fn node_labels(&self) -> BTreeMap<String, String> {
        let labels = self.spec.placement.node_labels.iter().flatten();
        labels.map(|(key, value)| (key.to_string(), value.to_string())).collect()
    }

    /// The label that an overlay adds to every object; empty for the base.
    pub fn environment_labels(&self) -> BTreeMap<String, String> {
        self.environment.iter().map(|name| ("environment".to_owned(), name.to_string())).collect()
    }
}
