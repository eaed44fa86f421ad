//! Only what the spec language accepts is written; anything else that was found is reported with the reason.

use crate::spec::value::{Command, EnvName, HttpPath, HttpsUrl, Line, Port, ProjectName};
use crate::spec::{Repository, UserId};

use super::draft::Draft;
use super::evidence::{Evidence, Verdict};

/// Takes out of the draft every value that a spec would refuse.
pub fn admit(draft: &mut Draft) {
    refuse(&mut draft.name, |name| ProjectName::new(name).map(drop));
    refuse(&mut draft.home, |home| HttpsUrl::new(home.url()).map(drop));
    refuse(&mut draft.image, |image| Repository::new(image).map(drop));
    refuse(&mut draft.build, |line| Line::new(line).map(drop));
    refuse(&mut draft.main_package, |package| main_package(package));
    refuse(&mut draft.start, |words| command(words));
    refuse(&mut draft.port, |port| Port::try_from(i64::from(*port)).map(drop));
    refuse(&mut draft.health, |path| HttpPath::new(path).map(drop));
    refuse(&mut draft.environments, |names| names.iter().try_for_each(|name| EnvName::new(name).map(drop)));
    draft.user = draft.user.take().filter(|(user, _)| UserId::try_from(i64::from(*user)).is_ok());
    draft.gates.retain(|gate| Line::new(&gate.run).is_ok());
}

fn refuse<T>(verdict: &mut Verdict<T>, check: impl Fn(&T) -> Result<(), String>) {
    let Verdict::Found { value, evidence, .. } = verdict else { return };
    if let Err(reason) = check(value) {
        let places: Vec<String> = evidence.iter().map(Evidence::place).collect();
        let place = if places.is_empty() { String::new() } else { format!("{}: ", places.join(", ")) };
        *verdict = Verdict::missing(format!("{place}{reason}"));
    }
}

fn command(words: &[String]) -> Result<(), String> {
    serde_json::from_value::<Command>(words.into()).map(drop).map_err(|error| error.to_string())
}

/// A folder that stands in a shell command without quotes.
fn main_package(package: &str) -> Result<(), String> {
    let is_plain = package.chars().all(|c| c.is_ascii_alphanumeric() || "./_-".contains(c));
    if is_plain { Ok(()) } else { Err(format!("\"{}\" needs quotes in a shell", crate::text::visible(package))) }
}
