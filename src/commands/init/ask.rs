//! Questions on the terminal, drawn on standard error.

use inquire::ui::RenderConfig;
use inquire::validator::{ErrorMessage, Validation};
use inquire::{InquireError, Select, Text};

use crate::init::clues::Language;
use crate::init::draft::Draft;
use crate::init::evidence::Verdict;
use crate::init::questions::{self, Question, Topic};

/// Takes the colour out of all questions.
pub(super) fn without_colour() {
    inquire::set_global_render_config(RenderConfig::empty());
}

/// Asks for the profile.
///
/// # Errors
/// When the person cancels, or the terminal fails.
pub(super) fn profile(language: &Verdict<Language>) -> Result<Language, InquireError> {
    let question = questions::profile(language);
    let chosen = select(&question)?;
    Ok(Language::of_profile(&chosen).unwrap_or(Language::Node))
}

/// Asks everything that follows and puts the answers into the draft.
///
/// # Errors
/// When the person cancels, or the terminal fails.
pub(super) fn following(draft: &mut Draft) -> Result<(), InquireError> {
    let mut asked: Vec<Topic> = Vec::new();
    // An answer may add or remove later questions, so the list is asked for anew each time.
    while let Some(topic) = questions::following(draft).into_iter().find(|topic| !asked.contains(topic)) {
        let question = questions::question(&topic, draft);
        let text = if question.options.is_empty() { line(&question, &topic, draft)? } else { select(&question)? };
        questions::answer(&topic, draft, &text).map_err(|reason| InquireError::Custom(reason.into()))?;
        asked.push(topic);
    }
    Ok(())
}

fn select(question: &Question) -> Result<String, InquireError> {
    let start = question.options.iter().position(|option| *option == question.default).unwrap_or(0);
    Select::new(&question.text, question.options.clone())
        .with_starting_cursor(start)
        .with_help_message(&question.help)
        .without_filtering()
        .prompt()
}

/// One line of text, checked before it is accepted.
fn line(question: &Question, topic: &Topic, draft: &Draft) -> Result<String, InquireError> {
    let (topic, draft) = (topic.clone(), draft.clone());
    let check = move |text: &str| {
        Ok(match questions::answer(&topic, &mut draft.clone(), text) {
            Ok(()) => Validation::Valid,
            Err(reason) => Validation::Invalid(ErrorMessage::Custom(reason)),
        })
    };
    Text::new(&question.text)
        .with_initial_value(&question.default)
        .with_help_message(&question.help)
        .with_validator(check)
        .prompt()
}
