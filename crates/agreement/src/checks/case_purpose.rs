//! A rule that holds within a case is for the purpose that the case was opened for, and for no other.

use crate::reading::Reading;
use crate::toml_to_terms::Found;

pub(crate) fn check(reading: &mut Reading<'_>, found: &Found) {
    for (rule, places) in found.terms.rules.iter().zip(&found.rules_at) {
        let Some(within) = &rule.within else { continue };
        let Some(case) = found.terms.cases.iter().find(|case| case.id == *within) else { continue };
        for (purpose, at) in rule.purposes.iter().zip(&places.purposes) {
            if *purpose != case.purpose {
                reading.fault(
                    *at,
                    format!("the case `{within}` is opened for `{}`, not for `{purpose}`", case.purpose),
                    format!("Write `{}` here, or let the rule stand without the case.", case.purpose),
                );
            }
        }
    }
}
