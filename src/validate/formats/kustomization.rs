//! `kustomization.yaml`: <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>.

use std::collections::BTreeMap;

shapes! {
    rename_all = "camelCase";

    /// What a folder consists of, and what is changed in it.
    Kustomization {
        api_version: Version,
        kind: Kind,
        namespace: Option<String>,
        labels: Option<Vec<Labels>>,
        resources: Vec<String>,
        patches: Option<Vec<Patch>>,
        config_map_generator: Option<Vec<Generator>>,
    }
    /// Labels that every object gets.
    Labels {
        pairs: BTreeMap<String, String>,
    }
    /// A file that changes an object.
    Patch {
        path: String,
    }
    /// A ConfigMap that is made here.
    Generator {
        name: String,
        behavior: Option<Behavior>,
        options: Option<Options>,
        literals: Option<Vec<String>>,
        files: Option<Vec<String>>,
    }
    /// What a new ConfigMap has beside its data.
    Options {
        labels: BTreeMap<String, String>,
    }
}

#[derive(serde::Deserialize)]
enum Version {
    #[serde(rename = "kustomize.config.k8s.io/v1beta1")]
    V1Beta1,
}

#[derive(serde::Deserialize)]
enum Kind {
    Kustomization,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Behavior {
    Merge,
    Replace,
}
