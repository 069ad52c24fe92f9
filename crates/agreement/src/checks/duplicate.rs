//! An id is defined once, and a block that stands once stands once.

use std::collections::HashMap;

use crate::reading::{Reading, Sort};

pub(crate) fn check(reading: &mut Reading<'_>) {
    let mut first: HashMap<(Sort, String), usize> = HashMap::new();
    for defined in reading.defined.clone() {
        let line = reading.line(defined.at.start);
        let key = (defined.sort, defined.name);
        if let Some(earlier) = first.get(&key) {
            let (sort, name) = key;
            let (message, remedy) = match sort {
                Sort::Block => (
                    format!("`[{name}]` stands a second time; the first is on line {earlier}"),
                    "Keep one of them, under the clause that says it.".to_owned(),
                ),
                _ => (
                    format!("the {} `{name}` is defined a second time; the first is on line {earlier}", sort.word()),
                    "Keep one of them, or give this one another id.".to_owned(),
                ),
            };
            reading.fault(defined.at, message, remedy);
        } else {
            first.insert(key, line);
        }
    }
}
