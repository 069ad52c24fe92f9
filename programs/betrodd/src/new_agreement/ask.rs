//! The form in the terminal: one question at a time. After each answer everything answered so far is written, so that whoever is
//! interrupted goes on where they were.

use std::io::{BufRead, Write};
use std::path::Path;

use jiff::civil::Date;
use serde_json::{Map, Value};
use terms::Language;

use super::answers::{Answers, is_past, is_taken};
use super::form::{Form, Known, Part, Question, Shape, in_language, shown};
use crate::Told;

/// How the asking ended.
#[derive(PartialEq, Eq)]
pub enum Ended {
    /// Everything is answered.
    Whole,
    /// The input ended before.
    Before,
}

/// Asks what is not answered yet, and keeps the answers in `kept` after each.
///
/// # Errors
/// The system's.
pub fn ask(
    form: &Form,
    answers: &mut Answers,
    kept: &Path,
    today: Date,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> Result<Ended, Told> {
    let mut terminal = Terminal { form, kept, today, input, output };
    for part in &form.parts {
        if !terminal.part(part, answers)? {
            return Ok(Ended::Before);
        }
    }
    Ok(Ended::Whole)
}

struct Terminal<'a, I, O> {
    form: &'a Form,
    kept: &'a Path,
    today: Date,
    input: &'a mut I,
    output: &'a mut O,
}

impl<I: BufRead, O: Write> Terminal<'_, I, O> {
    /// Asks one part; false where the input ended.
    fn part(&mut self, part: &Part, answers: &mut Answers) -> Result<bool, Told> {
        let language = answers.language;
        let past = is_past(self.form, part, &answers.all);
        let mut titled = false;
        if !part.list {
            return self.table(part, None, answers, &mut titled);
        }
        // An item that was begun is ended first.
        if past {
            return Ok(true);
        }
        let count = |answers: &Answers| answers.all.get(&part.name).and_then(Value::as_array).map_or(0, Vec::len);
        if let Some(last) = count(answers).checked_sub(1)
            && !self.table(part, Some(last), answers, &mut titled)?
        {
            return Ok(false);
        }
        loop {
            let there = count(answers);
            if there >= part.least {
                self.title(part, language, &mut titled)?;
                let another = part.another.as_ref().map(|another| another.text(language)).unwrap_or_default();
                let (yes_or_no, no) = if language == Language::Sv { ("ja/nej", "nej") } else { ("yes/no", "no") };
                write!(self.output, "{another} ({yes_or_no}) [{no}] ")?;
                let Some(line) = self.line()? else { return Ok(false) };
                if !matches!(line.to_lowercase().as_str(), "j" | "ja" | "y" | "yes") {
                    return Ok(true);
                }
            }
            let items = answers.all.entry(part.name.clone()).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(items) = items {
                items.push(Value::Object(Map::new()));
            }
            if !self.table(part, Some(there), answers, &mut titled)? {
                return Ok(false);
            }
        }
    }

    /// Asks one table, or one item of a list.
    fn table(
        &mut self,
        part: &Part,
        item: Option<usize>,
        answers: &mut Answers,
        titled: &mut bool,
    ) -> Result<bool, Told> {
        for question in &part.questions {
            let table = in_table(answers, part, item).cloned().unwrap_or_default();
            let known = Known { all: &answers.all, table: &table, today: self.today, language: answers.language };
            if table.contains_key(&question.key) || !Form::is_asked(question, &known) {
                continue;
            }
            self.title(part, answers.language, titled)?;
            let Some(answer) = self.question(part, question, &known)? else { return Ok(false) };
            let place = answers.all.entry(part.name.clone()).or_insert_with(|| Value::Object(Map::new()));
            let table = match item {
                Some(item) => place.get_mut(item),
                None => Some(place),
            };
            if let Some(Value::Object(table)) = table {
                table.insert(question.key.clone(), answer);
            }
            crate::whole_file::write(self.kept, &answers.written(self.form))?;
        }
        Ok(true)
    }

    /// Asks until the answer is one; nothing where the input ended.
    fn question(&mut self, part: &Part, question: &Question, known: &Known<'_>) -> Result<Option<Value>, Told> {
        let language = known.language;
        let (for_example, both, empty) = match language {
            Language::Sv => ("till exempel", "svenska | engelska", "tomt går bra"),
            Language::En => ("for example", "English | Swedish", "may be empty"),
        };
        writeln!(self.output, "\n{}", question.ask.text(language))?;
        let hint = question.hint.as_ref().map(|hint| hint.text(language).to_owned());
        let words = (!question.words.is_empty()).then(|| question.words.join(", "));
        let form_of_label = (question.shape == Shape::Label).then(|| both.to_owned());
        let example = question.example.clone().map(|example| {
            let mut example = in_language(example, question.shape, language);
            // Labels are typed with the person's own language first.
            if let (Language::En, Some(sv), Some(en)) =
                (language, example.get("sv").cloned(), example.get("en").cloned())
            {
                example = Value::String(format!("{} | {}", shown(&en), shown(&sv)));
            } else if let (Some(sv), Some(en)) = (example.get("sv").cloned(), example.get("en").cloned()) {
                example = Value::String(format!("{} | {}", shown(&sv), shown(&en)));
            }
            format!("{for_example}: {}", shown(&example))
        });
        let optional = question.optional.then(|| empty.to_owned());
        for line in [hint, words, form_of_label, example, optional].into_iter().flatten() {
            writeln!(self.output, "  {line}")?;
        }
        let default = Form::default_of(question, language);
        loop {
            match default.as_ref().filter(|_| !question.optional) {
                Some(Value::Bool(yes)) => {
                    let word = match (language, yes) {
                        (Language::Sv, true) => "ja",
                        (Language::Sv, false) => "nej",
                        (Language::En, true) => "yes",
                        (Language::En, false) => "no",
                    };
                    write!(self.output, "[{word}] ")?;
                }
                Some(default) => write!(self.output, "[{}] ", shown(default))?,
                None => write!(self.output, "> ")?,
            }
            let Some(line) = self.line()? else { return Ok(None) };
            let answer = match (line.is_empty(), &default) {
                (true, Some(default)) => default.clone(),
                _ => Form::typed(question, &line, language),
            };
            let taken = question.key == "id" && is_taken(known.all, part, &line);
            match self.form.check(question, &answer, known) {
                Ok(()) if taken => {
                    let said = if language == Language::Sv { "finns redan" } else { "is there already" };
                    writeln!(self.output, "  `{line}` {said}")?;
                }
                Ok(()) => return Ok(Some(answer)),
                Err(fault) => writeln!(self.output, "  {fault}")?,
            }
        }
    }

    fn title(&mut self, part: &Part, language: Language, titled: &mut bool) -> Result<(), Told> {
        if !core::mem::replace(titled, true) {
            writeln!(self.output, "\n== {} ==", part.title.text(language))?;
            if let Some(note) = &part.note {
                writeln!(self.output, "{}", note.text(language))?;
            }
        }
        Ok(())
    }

    /// One line as typed; nothing at the end of the input.
    fn line(&mut self) -> Result<Option<String>, Told> {
        self.output.flush()?;
        let mut line = String::new();
        let read = self.input.read_line(&mut line)?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }
}

fn in_table<'a>(answers: &'a Answers, part: &Part, item: Option<usize>) -> Option<&'a Map<String, Value>> {
    let place = answers.all.get(&part.name)?;
    match item {
        Some(item) => place.get(item)?.as_object(),
        None => place.as_object(),
    }
}
