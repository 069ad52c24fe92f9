//! What a term refers to is defined somewhere in the text.

use std::collections::HashSet;

use crate::checks::clause_id::short;
use crate::checks::did_you_mean;
use crate::reading::{Reading, Sort};

pub(crate) fn check(reading: &mut Reading<'_>) {
    let defined = reading.defined.clone();
    let beneath = reading.beneath.clone();
    let names = || {
        let here = defined.iter().map(|named| (named.sort, named.name.as_str()));
        here.chain(beneath.iter().map(|(sort, name)| (*sort, name.as_str())))
    };
    let known: HashSet<(Sort, &str)> = names().collect();
    for referred in core::mem::take(&mut reading.referred) {
        if reading.is_full() {
            break;
        }
        if known.contains(&(referred.sort, referred.name.as_str())) {
            continue;
        }
        let of_sort = names().filter(|(sort, _)| *sort == referred.sort).map(|(_, name)| name);
        reading.fault(
            referred.at,
            format!("`{}` is no {} of this agreement", short(&referred.name), referred.sort.word()),
            match did_you_mean::nearest(&referred.name, of_sort) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => {
                    format!("Define it with `[{}.{}]`, or take it out.", referred.sort.block(), short(&referred.name))
                }
            },
        );
    }
}
