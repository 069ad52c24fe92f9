//! Only the customer's roles open a case; a processor that could open its own would need no case at all.

use crate::reading::Reading;
use crate::term::RoleSide;
use crate::toml_to_terms::Found;

pub(crate) fn check(reading: &mut Reading<'_>, found: &Found) {
    for (case, places) in found.terms.cases.iter().zip(&found.cases_at) {
        for (role, at) in case.opened_by.iter().zip(places) {
            let side = found.terms.roles.iter().find(|known| known.id == *role).map(|known| known.side);
            if matches!(side, Some(RoleSide::Processor | RoleSide::Platform | RoleSide::Subject)) {
                reading.fault(
                    *at,
                    format!("`{role}` is not the customer's, and only the customer opens the case `{}`", case.id),
                    "Name a role with `side = \"controller\"`.",
                );
            }
        }
    }
}
