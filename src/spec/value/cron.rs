//! Cron schedules as Kubernetes reads them: five fields, see
//! <https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax>.

use super::checked::{Checked, Form};
use crate::text::visible;

/// A cron schedule of five fields: minute, hour, day of month, month, day of week. No `TZ=`, no `@daily`.
pub type Cron = Checked<CronForm>;
/// A time zone of the IANA database, for example `Europe/Berlin` or `Etc/UTC`.
pub type TimeZone = Checked<TimeZoneForm>;

/// Rule of [`Cron`].
pub enum CronForm {}
/// Rule of [`TimeZone`].
pub enum TimeZoneForm {}

impl Form for TimeZoneForm {
    const NAME: &'static str = "TimeZone";
    const DESCRIPTION: &'static str = "A time zone of the IANA database, such as Europe/Berlin or Etc/UTC.";

    fn check(text: &str) -> Result<(), String> {
        let known = jiff::tz::TimeZone::get(text).ok();
        match known.as_ref().and_then(|zone| zone.iana_name()) {
            Some(name) if name == text => Ok(()),
            Some(name) => Err(format!("\"{}\" is written `{name}` in the time zone database", visible(text))),
            None => Err(format!(
                "\"{}\" is no time zone of the IANA database; write for example `Europe/Berlin` or `Etc/UTC`",
                visible(text)
            )),
        }
    }
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// A field's name, its smallest and largest value, and the words that stand for values.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    words: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, words: &[] },
    Field { name: "hour", least: 0, most: 23, words: &[] },
    Field { name: "day of month", least: 1, most: 31, words: &[] },
    Field { name: "month", least: 1, most: 12, words: &MONTHS },
    Field { name: "day of week", least: 0, most: 7, words: &DAYS },
];

/// The values that each field matches, as bit sets.
#[derive(Debug, Clone, Copy)]
struct Schedule {
    fields: [u64; 5],
    /// Whether the day of month, and the day of week, are `*`: only then they do not select.
    any_day: [bool; 2],
}

impl Form for CronForm {
    const NAME: &'static str = "Cron";
    const DESCRIPTION: &'static str =
        "A cron schedule of five fields: minute, hour, day of month, month, day of week, such as \"0 3 * * *\".";

    fn check(text: &str) -> Result<(), String> {
        let schedule = parse(text)?;
        if longest_pause(schedule, 1).is_none() {
            return Err(format!("\"{}\" names a date that never comes", visible(text)));
        }
        Ok(())
    }
}

impl Cron {
    /// The longest time from a run to the second one after it, in hours (rounded up): whoever finds no run in it has missed
    /// two.
    pub fn longest_two_pauses_hours(&self) -> u64 {
        // The form was checked when the value was read, so there are runs.
        parse(self.as_str())
            .ok()
            .and_then(|schedule| longest_pause(schedule, 2))
            .map_or(48, |minutes| minutes.div_ceil(60))
    }
}

fn parse(text: &str) -> Result<Schedule, String> {
    let shown = visible(text);
    if text.contains("TZ=") {
        return Err(format!("\"{shown}\" sets a time zone inside the schedule; write it as `timeZone` beside it"));
    }
    let parts: Vec<&str> = text.split(' ').collect();
    if parts.len() != 5 || parts.iter().any(|part| part.is_empty()) {
        return Err(format!(
            "\"{shown}\" is no cron schedule of five fields (minute, hour, day of month, month, day of week) with one blank between"
        ));
    }
    let mut fields = [0; 5];
    for ((set, field), part) in fields.iter_mut().zip(&FIELDS).zip(&parts) {
        *set = field_set(field, part).ok_or_else(|| {
            format!(
                "\"{}\" is no {} of a cron schedule; use {} to {}, `*`, lists, ranges or steps",
                visible(part),
                field.name,
                field.least,
                field.most
            )
        })?;
    }
    // Sunday is 0 and 7.
    if fields[4] & (1 << 7) != 0 {
        fields[4] |= 1;
    }
    let any = |part: &str| part.starts_with('*');
    Ok(Schedule { fields, any_day: [any(parts[2]), any(parts[4])] })
}

fn field_set(field: &Field, text: &str) -> Option<u64> {
    text.split(',').try_fold(0, |set, item| Some(set | item_set(field, item)?))
}

fn item_set(field: &Field, item: &str) -> Option<u64> {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, step.parse::<u32>().ok().filter(|step| (1..=field.most).contains(step))?),
        None => (item, 1),
    };
    let (first, last) = match range.split_once('-') {
        _ if range == "*" => (field.least, field.most),
        Some((first, last)) => (value(field, first)?, value(field, last)?),
        None if step > 1 => (value(field, range)?, field.most),
        None => (value(field, range)?, value(field, range)?),
    };
    if first > last {
        return None;
    }
    Some((first..=last).step_by(step as usize).fold(0, |set, number| set | 1 << number))
}

fn value(field: &Field, text: &str) -> Option<u32> {
    let word = field.words.iter().position(|word| word.eq_ignore_ascii_case(text));
    let number = match word {
        Some(at) => u32::try_from(at).ok()? + field.least,
        None if text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok()?,
        None => return None,
    };
    (field.least..=field.most).contains(&number).then_some(number)
}

/// The longest time in minutes from a run to the one that is `steps` later, over the twelve years in which every kind of leap
/// year distance comes twice; `None` if there are not so many runs in them.
fn longest_pause(schedule: Schedule, steps: usize) -> Option<u64> {
    let times = times_of_day(schedule);
    let mut longest = times.windows(steps + 1).map(|runs| runs[steps] - runs[0]).max();
    // The last runs before a day: only the first ones of a day have their predecessors there.
    let mut before: Vec<u64> = Vec::new();
    let mut date = jiff::civil::date(2024, 1, 1);
    for midnight in (0..12 * 366).map(|day| day * 1440) {
        if matches_day(schedule, date) {
            for (at, time) in times.iter().take(steps).enumerate() {
                let predecessor = before.len().checked_sub(steps - at).and_then(|place| before.get(place));
                longest = longest.max(predecessor.map(|run| midnight + time - run));
            }
            let last = times.len().saturating_sub(steps);
            before.extend(times[last..].iter().map(|time| midnight + time));
            before.drain(..before.len().saturating_sub(steps));
        }
        date = date.tomorrow().ok()?;
    }
    longest.filter(|_| !before.is_empty())
}

/// The minutes of a day at which a schedule runs, on the days on which it does.
fn times_of_day(schedule: Schedule) -> Vec<u64> {
    let [minutes, hours, ..] = schedule.fields;
    (0..24_u64)
        .flat_map(|hour| (0..60_u64).map(move |minute| (hour, minute)))
        .filter(|(hour, minute)| hours & (1 << hour) != 0 && minutes & (1 << minute) != 0)
        .map(|(hour, minute)| hour * 60 + minute)
        .collect()
}

fn matches_day(schedule: Schedule, date: jiff::civil::Date) -> bool {
    let Schedule { fields: [_, _, month_days, months, week_days], any_day } = schedule;
    let has = |set: u64, value: i8| u8::try_from(value).is_ok_and(|value| set & (1 << value) != 0);
    let by_month_day = has(month_days, date.day());
    let by_week_day = has(week_days, date.weekday().to_sunday_zero_offset());
    // cron(5): when both day fields are restricted, either may match.
    let matches = if any_day[0] || any_day[1] { by_month_day && by_week_day } else { by_month_day || by_week_day };
    matches && has(months, date.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_the_longest_ones() {
        let two = |text: &str| Cron::new(text).unwrap().longest_two_pauses_hours();
        assert_eq!(two("0 3 * * *"), 48);
        // From Friday to Tuesday.
        assert_eq!(two("0 9 * * 1-5"), 4 * 24);
        assert_eq!(two("0 0 1 * *"), 62 * 24);
        assert_eq!(two("*/30 * * * *"), 1);
        let hours = |text: &str| longest_pause(parse(text).unwrap(), 1).unwrap() / 60;
        assert_eq!(hours("0 3 * * *"), 24);
        assert_eq!(hours("0 */4 * * *"), 4);
        assert_eq!(hours("0 5 * * 0"), 7 * 24);
        assert_eq!(hours("0 5 * * SUN"), 7 * 24);
        assert_eq!(hours("0 0 1 * *"), 31 * 24);
        assert_eq!(hours("0 2 29 2 *"), (4 * 365 + 1) * 24);
        assert_eq!(hours("0 9 * * 1-5"), 3 * 24);
    }

    #[test]
    fn faults_are_refused() {
        for text in [
            "",
            "* * * *",
            "60 * * * *",
            "0 3 * * 8",
            "0 0 30 2 *",
            "@daily",
            "TZ=UTC 0 3 * * *",
            "0  3 * * *",
            "5-1 * * * *",
            "*/0 * * * *",
            "0 0 * * MOON",
        ] {
            assert!(Cron::new(text).is_err(), "{text}");
        }
        assert!(TimeZone::new("Europe/Berlin").is_ok());
        for text in ["europe/berlin", "CEST2", "", "../etc", "Europe/Bielefeld"] {
            assert!(TimeZone::new(text).is_err(), "{text}");
        }
    }
}
