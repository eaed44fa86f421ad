//! The only file that prints: data to standard output, everything else to standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::{Color, Global};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::spec::document::{Sources, Span};

/// Fewer files than this are written before a bar could be seen.
const VISIBLE_STEPS: usize = 500;

/// How much is said, and in which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// A summary too.
    Normal,
    /// Each file too.
    Verbose,
}

/// Most findings that are printed at once; a run with more has one cause.
const MOST_SHOWN: usize = 30;

/// Where and how to print.
#[derive(Debug, Clone, Copy)]
pub struct Printer {
    verbosity: Verbosity,
    styled: bool,
}

impl Printer {
    /// The printer that the flags and the terminal ask for.
    pub fn new(global: &Global) -> Self {
        let verbosity = match (global.quiet, global.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        let styled = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        };
        Self { verbosity, styled }
    }

    /// Data, to standard output. A reader that closed its end early is no error.
    ///
    /// # Errors
    /// Any other failure to write.
    pub fn data(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }

    /// A line of the summary, unless quiet.
    pub fn note(&self, text: &str) {
        if self.verbosity != Verbosity::Quiet {
            self.complain(text);
        }
    }

    /// A line of detail, only when verbose.
    pub fn detail(&self, text: &str) {
        if self.verbosity == Verbosity::Verbose {
            self.complain(text);
        }
    }

    /// A line that is always printed, to standard error.
    pub fn complain(&self, text: &str) {
        // Nothing can be done if standard error is closed.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Findings with excerpts; warnings not when quiet.
    pub fn findings(&self, findings: &[Diagnostic], sources: &Sources) {
        let shown: Vec<&Diagnostic> = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error || self.verbosity != Verbosity::Quiet)
            .collect();
        for finding in shown.iter().take(MOST_SHOWN) {
            self.complain(&self.excerpt(finding, sources));
        }
        if shown.len() > MOST_SHOWN {
            self.complain(&format!("… and {} more; correct these first", shown.len() - MOST_SHOWN));
        }
    }

    /// Whether colour may be used.
    pub fn is_styled(&self) -> bool {
        self.styled
    }

    /// A progress bar on standard error; hidden unless that is a terminal, and drawn only for work long enough to see.
    pub fn progress(&self, steps: usize, what: &'static str) -> ProgressBar {
        if self.verbosity != Verbosity::Normal || !io::stderr().is_terminal() || steps < VISIBLE_STEPS {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(steps as u64).with_message(what);
        // Infallible: the template is constant.
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}") {
            bar.set_style(style);
        }
        bar
    }

    /// A finding as people read it: code, message, place, excerpt, help.
    fn excerpt(&self, finding: &Diagnostic, sources: &Sources) -> String {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(finding.message.as_str()).id(finding.code.id());
        let mut report = Vec::new();
        match &finding.location {
            Some(Location::Input(span)) => match window(*span, sources) {
                Some(mut window) => {
                    if finding.code == Code::SecretInSpec {
                        window.hide_mark();
                    }
                    let snippet = Snippet::source(window.text)
                        .path(window.name)
                        .line_start(window.line)
                        .annotation(AnnotationKind::Primary.span(window.mark));
                    report.push(title.element(snippet));
                }
                None => report.push(Group::with_title(title)),
            },
            Some(Location::Output { path, line }) => {
                let origin = Origin::path(path.as_str());
                report.push(Group::with_title(title).element(match line {
                    Some(line) => origin.line(*line),
                    None => origin,
                }));
            }
            None => report.push(Group::with_title(title)),
        }
        if let Some(help) = &finding.help {
            report.push(Group::with_title(Level::HELP.secondary_title(help.as_str())));
        }
        let renderer = if self.styled { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&report)
    }
}

/// A part of a source that an excerpt shows.
struct Window<'a> {
    name: &'a str,
    text: String,
    line: usize,
    mark: Range<usize>,
}

impl Window<'_> {
    /// Puts a mask in the place of what is marked.
    fn hide_mark(&mut self) {
        self.text.replace_range(self.mark.clone(), crate::secret::MASK);
        self.mark.end = self.mark.start + crate::secret::MASK.len();
    }
}

/// Longest line that an excerpt shows, in bytes.
const LONGEST_LINE: usize = 160;

/// The line of a span's start; the mark ends with the line. Credentials on it are masked, whatever the finding is about.
fn window(span: Span, sources: &Sources) -> Option<Window<'_>> {
    let source = sources.get(span.source)?;
    let position = sources.position(span)?;
    let start = span.start as usize;
    let line_start = source.text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = source.text[start..].find(['\n', '\r']).map_or(source.text.len(), |at| start + at);
    let line = &source.text[line_start..line_end];
    let shown = &line[..line.floor_char_boundary(LONGEST_LINE.max(start - line_start + 20))];
    let marked = start - line_start..(span.end as usize).clamp(start, line_end) - line_start;
    let (text, mark) = printable(shown, &crate::secret::ranges(line), marked);
    Some(Window { name: &source.name, mark, line: position.line, text })
}

/// A line with credentials masked and invisible characters replaced, and where the marked bytes are in it.
fn printable(line: &str, secrets: &[Range<usize>], marked: Range<usize>) -> (String, Range<usize>) {
    let mut out = String::with_capacity(line.len());
    let mut mark = None;
    let mut end = None;
    for (at, c) in line.char_indices() {
        if at >= marked.start {
            mark.get_or_insert(out.len());
        }
        if at >= marked.end {
            end.get_or_insert(out.len());
        }
        match secrets.iter().find(|secret| secret.contains(&at)) {
            Some(secret) if secret.start == at => out.push_str(crate::secret::MASK),
            Some(_) => {}
            None if crate::text::is_invisible(c) && c != '\t' => out.push('·'),
            None => out.push(c),
        }
    }
    let mark = mark.unwrap_or(out.len());
    let end = end.unwrap_or(out.len()).max(mark);
    (out, mark..end)
}
