//! What `init` asks on a terminal: each question with a good default, each answer checked as the spec would check it.

use crate::spec::Repository;
use crate::spec::value::{EnvName, Host, Port, ProjectName};

use super::clues::Language;
use super::draft::{Draft, told};
use super::evidence::{Evidence, Verdict};
use super::spec_text::{PLACEHOLDER_NAME, PLACEHOLDER_REGISTRY};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The project's name.
    Name,
    /// Where images are kept.
    Image,
    /// The port that serves HTTP.
    Port,
    /// The environments.
    Environments,
    /// The public hosts of one environment.
    Domains(String),
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked, without a question mark's worth of context.
    pub text: String,
    /// What speaks for the default, or what is unclear.
    pub help: String,
    /// What is offered; the answer is free text when there is nothing to choose from.
    pub options: Vec<String>,
    /// The answer when a person only presses return: the text, or one of the options.
    pub default: String,
}

/// The question about the profile; it comes before all others, since they depend on the language.
pub fn profile(language: &Verdict<Language>) -> Question {
    let default = language.value().copied().unwrap_or(Language::Node);
    Question {
        text: "Profile".to_owned(),
        help: help(language),
        options: Language::ALL.iter().map(|language| language.profile().to_owned()).collect(),
        default: default.profile().to_owned(),
    }
}

/// The questions that follow, as far as they make sense: without a port there are no domains.
pub fn following(draft: &Draft) -> Vec<Topic> {
    let environments = draft.environments.value().into_iter().flatten().cloned();
    let domains = environments.filter(|_| draft.port.settled().is_some()).map(Topic::Domains);
    [Topic::Name, Topic::Image, Topic::Port, Topic::Environments].into_iter().chain(domains).collect()
}

/// The question on a topic.
pub fn question(topic: &Topic, draft: &Draft) -> Question {
    let free = |text: &str, help: String, default: String| Question {
        text: text.to_owned(),
        help,
        options: Vec::new(),
        default,
    };
    match topic {
        Topic::Name => {
            let default = draft.name.value().map_or(PLACEHOLDER_NAME, String::as_str);
            free("Name", help(&draft.name), default.to_owned())
        }
        Topic::Image => {
            let name = draft.name.value().map_or(PLACEHOLDER_NAME, String::as_str);
            let default = draft.image.value().cloned().unwrap_or_else(|| format!("{PLACEHOLDER_REGISTRY}/{name}"));
            free("Image repository", help(&draft.image), default)
        }
        Topic::Port => {
            let default = draft.port.settled().map_or_else(String::new, u16::to_string);
            free("Port that serves HTTP (empty for none)", help(&draft.port), default)
        }
        Topic::Environments => {
            let default = draft.environments.value().cloned().unwrap_or_default().join(", ");
            let mut options = vec![default.clone()];
            for usual in ["staging, production", "development, staging, production", "production"] {
                if !options.iter().any(|option| option == usual) {
                    options.push(usual.to_owned());
                }
            }
            Question { text: "Environments".to_owned(), help: help(&draft.environments), options, default }
        }
        Topic::Domains(environment) => {
            let hint = "public hosts, separated by commas; empty for none".to_owned();
            free(&format!("Domains of {environment}"), hint, String::new())
        }
    }
}

/// Puts an answer into the draft.
///
/// # Errors
/// Why the answer cannot be taken; the draft is unchanged then.
pub fn answer(topic: &Topic, draft: &mut Draft, text: &str) -> Result<(), String> {
    let text = text.trim();
    let parts = || text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    match topic {
        Topic::Name => {
            ProjectName::new(text)?;
            if draft.name.value().map(String::as_str) != Some(text) {
                draft.name = told(text.to_owned());
            }
        }
        Topic::Image => {
            Repository::new(text)?;
            let is_placeholder = text.starts_with(PLACEHOLDER_REGISTRY);
            if !is_placeholder && draft.image.value().map(String::as_str) != Some(text) {
                draft.image = told(text.to_owned());
            }
        }
        Topic::Port if text.is_empty() => draft.port = Verdict::missing("you said that nothing serves HTTP"),
        Topic::Port => {
            let number: i64 = text.parse().map_err(|_| "a port is a number from 1024 to 65535".to_owned())?;
            let port = Port::try_from(number)?.number();
            if draft.port.settled() != Some(&port) {
                draft.port = told(port);
            }
        }
        Topic::Environments => {
            let names: Vec<String> = parts().collect();
            if names.is_empty() {
                return Err("at least one environment is needed".to_owned());
            }
            for (index, name) in names.iter().enumerate() {
                EnvName::new(name)?;
                if names[..index].contains(name) {
                    return Err(format!("{name} is there twice"));
                }
            }
            if draft.environments.value() != Some(&names) {
                draft.environments = told(names);
            }
        }
        Topic::Domains(environment) => {
            let hosts: Vec<String> = parts().collect();
            hosts.iter().try_for_each(|host| Host::new(host).map(drop))?;
            draft.domains.insert(environment.clone(), hosts);
        }
    }
    Ok(())
}

fn help<T>(verdict: &Verdict<T>) -> String {
    match verdict {
        Verdict::Found { certainty, evidence, note, .. } => {
            let places: Vec<String> = evidence.iter().map(Evidence::place).collect();
            let parts =
                [certainty.to_string(), places.join(", "), note.clone()].into_iter().filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join("; ")
        }
        Verdict::Conflict { evidence, .. } => {
            let places: Vec<String> = evidence.iter().map(ToString::to_string).collect();
            format!("contradiction: {}", places.join(" against "))
        }
        Verdict::Missing { note } => note.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::draft::{Defaults, draft};
    use crate::init::snapshot::Snapshot;

    fn empty() -> Draft {
        draft(&Snapshot { folder: "shop".to_owned(), ..Snapshot::default() }, Some(Language::Node), |_| {
            Defaults::default()
        })
    }

    #[test]
    fn every_default_is_an_answer() {
        let mut draft = empty();
        for topic in following(&draft) {
            let default = question(&topic, &draft).default;
            assert_eq!(answer(&topic, &mut draft, &default), Ok(()), "{topic:?}");
        }
    }

    #[test]
    fn answers_are_checked_as_the_spec_checks_them() {
        let mut draft = empty();
        for (topic, bad) in [
            (Topic::Name, "Not A Label"),
            (Topic::Image, "orders:latest"),
            (Topic::Port, "80"),
            (Topic::Port, "http"),
            (Topic::Environments, ""),
            (Topic::Environments, "a, a"),
            (Topic::Domains("a".to_owned()), "http://x"),
        ] {
            assert!(answer(&topic, &mut draft, bad).is_err(), "{topic:?} {bad}");
        }
    }

    #[test]
    fn domains_are_asked_when_there_is_a_port() {
        let mut draft = empty();
        assert_eq!(following(&draft).len(), 4);
        answer(&Topic::Port, &mut draft, "8080").unwrap();
        assert_eq!(following(&draft).len(), 6);
    }
}
