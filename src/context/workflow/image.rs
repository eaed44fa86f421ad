//! Building the image and the registry that it goes to.

use serde::Serialize;

use crate::resolve::ResolvedProject;
use crate::spec::Platform;
use crate::spec::value::Memory;

/// How the image is built.
#[derive(Serialize)]
pub(super) struct Build {
    minutes: u64,
    /// For the build: separated by commas.
    platforms: String,
    /// For shell loops: separated by blanks.
    platform_words: String,
    /// For a matrix.
    platform_list: Vec<&'static str>,
    /// The one that pull requests measure: the runner's own, if the image has it.
    measured_platform: &'static str,
    /// Whether some platform is not the runner's own.
    emulated: bool,
    /// Bytes that the image may have on one platform.
    max_bytes: Option<u64>,
}

impl Build {
    /// The build of a project's image.
    pub(super) fn new(project: &ResolvedProject) -> Self {
        let stated = project.image().and_then(|image| image.platforms.as_deref()).unwrap_or_default();
        let stated = if stated.is_empty() { &[Platform::Amd64] } else { stated };
        let names: Vec<&'static str> = stated.iter().map(|platform| name(*platform)).collect();
        Self {
            minutes: project.build_minutes(),
            platforms: names.join(","),
            platform_words: names.join(" "),
            measured_platform: name(measured(stated)),
            platform_list: names,
            emulated: stated.contains(&Platform::Arm64),
            max_bytes: project.image().and_then(|image| image.max_size.as_ref()).map(Memory::bytes),
        }
    }
}

fn measured(platforms: &[Platform]) -> Platform {
    platforms.first().copied().filter(|_| !platforms.contains(&Platform::Amd64)).unwrap_or(Platform::Amd64)
}

fn name(platform: Platform) -> &'static str {
    match platform {
        Platform::Amd64 => "linux/amd64",
        Platform::Arm64 => "linux/arm64",
    }
}

/// The registry of the image and who logs in.
#[derive(Serialize)]
pub(super) struct Registry {
    host: String,
    username: &'static str,
    password: &'static str,
    /// Whether it is GitHub's own, which the workflow's token opens.
    is_github: bool,
}

impl Registry {
    /// The registry of a repository.
    pub(super) fn of(repository: &str) -> Self {
        let host = repository.split('/').next().unwrap_or_default().to_owned();
        let is_github = host == "ghcr.io";
        let (username, password) = if is_github {
            ("${{ github.actor }}", "${{ github.token }}")
        } else {
            ("${{ secrets.REGISTRY_USERNAME }}", "${{ secrets.REGISTRY_PASSWORD }}")
        };
        Self { host, username, password, is_github }
    }
}

/// The registry's host, if a user name and a password must be given to the workflows.
pub fn foreign_registry(project: &ResolvedProject) -> Option<String> {
    Some(Registry::of(&repository(project))).filter(|registry| !registry.is_github).map(|registry| registry.host)
}

/// The image's repository, without tag.
pub(super) fn repository(project: &ResolvedProject) -> String {
    project.image().map(|image| image.repository.to_string()).unwrap_or_default()
}
