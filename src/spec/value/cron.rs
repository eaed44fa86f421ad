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
        if longest_pause(schedule).is_none() {
            return Err(format!("\"{}\" names a date that never comes", visible(text)));
        }
        Ok(())
    }
}

impl Cron {
    /// The longest time between two runs, in hours (rounded up); the base of "a backup is missing" alerts.
    pub fn longest_pause_hours(&self) -> u64 {
        // The form was checked when the value was read, so there is a pause.
        parse(self.as_str()).ok().and_then(longest_pause).map_or(24, |minutes| minutes.div_ceil(60))
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

/// The longest time between two runs in minutes, over the eight years that hold every kind of leap year distance;
/// `None` if fewer than two runs come in them.
fn longest_pause(schedule: Schedule) -> Option<u64> {
    let Schedule { fields: [minutes, hours, month_days, months, week_days], any_day } = schedule;
    let has = |set: u64, value: i8| u8::try_from(value).is_ok_and(|value| set & (1 << value) != 0);
    let times: Vec<u64> = (0..24_u64)
        .flat_map(|hour| (0..60_u64).map(move |minute| (hour, minute)))
        .filter(|(hour, minute)| hours & (1 << hour) != 0 && minutes & (1 << minute) != 0)
        .map(|(hour, minute)| hour * 60 + minute)
        .collect();
    let (first, last) = (*times.first()?, *times.last()?);
    let within_day = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
    let mut date = jiff::civil::date(2024, 1, 1);
    let mut previous: Option<u64> = None;
    let mut longest = None;
    for day in 0..(8 * 366_u64) {
        let by_month_day = has(month_days, date.day());
        let by_week_day = has(week_days, date.weekday().to_sunday_zero_offset());
        // cron(5): when both day fields are restricted, either may match.
        let matches = if any_day[0] || any_day[1] { by_month_day && by_week_day } else { by_month_day || by_week_day };
        if matches && has(months, date.month()) {
            if let Some(previous) = previous {
                longest = longest.max(Some((day * 1440 + first - previous).max(within_day)));
            }
            previous = Some(day * 1440 + last);
        }
        date = date.tomorrow().ok()?;
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_the_longest_ones() {
        let hours = |text: &str| Cron::new(text).unwrap().longest_pause_hours();
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
