//! A block of the language → a [`Term`], by the table of the language alone. Blocks read by hand do not come here.

use calendar::Period;
use rust_decimal::Decimal;
use terms::Sourced;
use toml_edit::Item;

use crate::checks::clause_id::short;
use crate::checks::{did_you_mean, unknown_key, wrong_type};
use crate::fields::Fields;
use crate::language::{Block, Form, Key, Need, Shape};
use crate::reading::{Place, Sort};
use crate::term::Clause;
use crate::toml_to_terms::Found;
use crate::value::{Term, Value};

/// Reads one block. Nothing where it has a fault; the fault is told.
pub(crate) fn read(
    fields: &mut Fields<'_, '_, '_>,
    found: &mut Found,
    clause: &Clause,
    block: &'static Block,
    id: &str,
) -> Option<()> {
    let at = fields.at;
    if !id.is_empty() {
        if !block.ids.is_empty() && !block.ids.contains(&id) {
            unknown_key::word(fields.reading, at, id, &format!("id of `[{}.ID]`", block.name), block.ids);
            // Its keys are those of another block, perhaps; telling about them too would only bury the cause.
            fields.leave_all();
            return None;
        }
        fields.as_name::<terms::ClauseId>(id, at)?;
        fields.reading.define(Sort::Term(block.name), id, at);
    }
    let mut values = Vec::new();
    let mut whole = true;
    for key in block.each_key() {
        match one(fields, key) {
            Ok(Some(value)) => values.push((key.name, value)),
            Ok(None) => {}
            Err(()) => whole = false,
        }
    }
    let origin = fields.origin();
    // A row of a list that has an id of its own is defined by it, so that no two rows share one.
    let own = values.iter().find(|(name, _)| block.form == Form::List && *name == "id");
    if let Some(Value::Text(own)) = own.and_then(|(_, value)| value.value()) {
        fields.as_name::<terms::ClauseId>(own, at)?;
        fields.reading.define(Sort::Term(block.name), own, at);
    }
    whole.then_some(())?;
    let line = fields.reading.line(at.start);
    found.terms.general.push(Term {
        block: block.name,
        id: id.to_owned(),
        values,
        origin: origin?,
        clause: clause.id.clone(),
        elsewhere: Vec::new(),
        line,
    });
    found.general_at.push(at);
    Some(())
}

fn one(fields: &mut Fields<'_, '_, '_>, key: &'static Key) -> Result<Option<Sourced<Value>>, ()> {
    if !fields.has(key.name) {
        return match key.need {
            Need::Optional => {
                fields.leave_out(key.name);
                Ok(None)
            }
            Need::Required => {
                fields.lacks(key.name);
                Err(())
            }
            Need::Asked => fields.sourced(key.name, |_, _, _| None::<Value>).map(Some).ok_or(()),
        };
    }
    let read = if key.shape == Shape::Label && !fields.has_origin(key.name) {
        fields.label(key.name).map(|label| Sourced::Found {
            value: Value::Label(label),
            provenance: terms::Provenance::Stated,
            why: None,
        })
    } else {
        fields.sourced(key.name, |fields, item, at| shaped(fields, key, item, at))
    };
    read.map(Some).ok_or(())
}

fn shaped(fields: &mut Fields<'_, '_, '_>, key: &'static Key, item: &Item, at: Place) -> Option<Value> {
    let text = |fields: &mut Fields<'_, '_, '_>| fields.as_text(key.name, item, at).map(|(text, _)| text);
    match key.shape {
        Shape::Text => text(fields).map(Value::Text),
        Shape::Label => fields.as_label(key.name, item, at).map(Value::Label),
        Shape::Flag => match item.as_bool() {
            Some(flag) => Some(Value::Flag(flag)),
            None => wrong(fields, at, key.name, "true or false", item),
        },
        Shape::Count => match item.as_integer().and_then(|count| u64::try_from(count).ok()) {
            Some(count) => Some(Value::Count(count)),
            None => wrong(fields, at, key.name, "a whole number from 0", item),
        },
        Shape::Percent => {
            let text = text(fields)?;
            let number = text.strip_suffix('%').map(str::trim).and_then(|number| number.parse::<Decimal>().ok());
            match number.filter(|number| *number >= Decimal::ZERO && *number <= Decimal::ONE_HUNDRED) {
                Some(percent) => Some(Value::Percent(percent)),
                None => {
                    no(fields, at, &text, "percentage", "Write a number from 0 to 100 with its sign, as `\"99.4 %\"`.")
                }
            }
        }
        Shape::Money => {
            let text = text(fields)?;
            let parts = text.split_once(' ');
            let amount =
                parts.and_then(|(amount, _)| amount.parse::<Decimal>().ok()).filter(|it| !it.is_sign_negative());
            let currency = parts
                .map(|(_, currency)| currency)
                .filter(|currency| currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase()));
            match (amount, currency) {
                (Some(amount), Some(currency)) => Some(Value::Money { amount, currency: currency.to_owned() }),
                _ => no(
                    fields,
                    at,
                    &text,
                    "amount",
                    "Write an amount and its currency, as `\"1200 SEK\"` or `\"1.70 SEK\"`.",
                ),
            }
        }
        Shape::Period => {
            let text = text(fields)?;
            match text.parse::<Period>() {
                Ok(period) => Some(Value::Period(period)),
                Err(error) => {
                    let known = Period::known(&text);
                    let remedy = match did_you_mean::nearest(&text, known.iter().map(String::as_str)) {
                        Some(near) => format!("`{}` is none. Did you mean `{near}`?", short(&text)),
                        None => format!("{error}."),
                    };
                    fields.reading.fault(at, format!("`{}` holds no period", key.name), remedy);
                    None
                }
            }
        }
        Shape::Date => {
            let text = text(fields)?;
            match text.parse::<jiff::civil::Date>() {
                Ok(date) => Some(Value::Date(date)),
                Err(_) => no(fields, at, &text, "day", "Write year, month and day, as `\"2026-05-19\"`."),
            }
        }
        Shape::Time => {
            let text = text(fields)?;
            let read = jiff::civil::Time::strptime("%H:%M", &text).ok().filter(|_| text.len() == 5);
            match read {
                Some(time) => Some(Value::Time(time)),
                None => no(fields, at, &text, "time of day", "Write hours and minutes, as `\"16:00\"`."),
            }
        }
        Shape::Country => {
            let text = text(fields)?;
            if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
                Some(Value::Text(text))
            } else {
                no(fields, at, &text, "country code", "Write two capital letters, as `\"SE\"`.")
            }
        }
        Shape::Concept => {
            let text = text(fields)?;
            let fits = text.split_once(':').is_some_and(|(prefix, name)| {
                let plain = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
                !prefix.is_empty() && !name.is_empty() && plain(prefix) && plain(name)
            });
            if fits {
                Some(Value::Text(text))
            } else {
                no(fields, at, &text, "concept", "Write prefix and name, as `\"dpv:Encryption\"`.")
            }
        }
        Shape::Word(known) => {
            let text = text(fields)?;
            if known.contains(&text.as_str()) {
                return Some(Value::Text(text));
            }
            unknown_key::word(fields.reading, at, &text, &format!("word for `{}`", key.name), known);
            None
        }
        Shape::Words(known) => {
            let words = fields.as_words(key.name, item, at, true)?;
            let mut whole = true;
            for (word, at) in &words {
                if !known.contains(&word.as_str()) {
                    unknown_key::word(fields.reading, *at, word, &format!("word for `{}`", key.name), known);
                    whole = false;
                }
            }
            whole.then(|| Value::Words(words.into_iter().map(|(word, _)| word).collect()))
        }
        Shape::AnyWords => {
            let words = fields.as_words(key.name, item, at, true)?;
            Some(Value::Words(words.into_iter().map(|(word, _)| word).collect()))
        }
        Shape::Name(of) => {
            let text = text(fields)?;
            fields.as_name::<terms::ClauseId>(&text, at)?;
            fields.reading.refer(of.sort(), &text, at);
            Some(Value::Text(text))
        }
        Shape::Names(of) => {
            let words = fields.as_words(key.name, item, at, true)?;
            let (names, _) = fields.as_references::<terms::ClauseId>(words, of.sort())?;
            Some(Value::Words(names.into_iter().map(|name| name.as_str().to_owned()).collect()))
        }
    }
}

fn wrong(fields: &mut Fields<'_, '_, '_>, at: Place, key: &str, demanded: &str, item: &Item) -> Option<Value> {
    wrong_type::fault(fields.reading, at, key, demanded, wrong_type::of_item(item));
    None
}

fn no(fields: &mut Fields<'_, '_, '_>, at: Place, text: &str, what: &str, remedy: &str) -> Option<Value> {
    fields.reading.fault(at, format!("`{}` is no {what}", short(text)), remedy);
    None
}
