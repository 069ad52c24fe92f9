//! A data subject reaches its own and nothing else; nobody of the processor's is assigned to or of a unit of the customer's, so a
//! rule that says so would never hold.

use terms::{Relation, Relations};

use crate::reading::Reading;
use crate::term::RoleSide;
use crate::toml_to_terms::Found;

pub(crate) fn check(reading: &mut Reading<'_>, found: &Found) {
    let own = Relations::NONE.with(Relation::Own);
    for (rule, places) in found.terms.rules.iter().zip(&found.rules_at) {
        for (role, at) in rule.roles.iter().zip(&places.roles) {
            let side = found.terms.roles.iter().find(|known| known.id == *role).map(|known| known.side);
            match side {
                Some(RoleSide::Subject) if rule.reach != own => reading.fault(
                    *at,
                    format!("`{role}` is the data subject itself, and this rule reaches more than its own"),
                    "Write `reach = \"own\"` in a rule for such roles alone.",
                ),
                Some(RoleSide::Processor | RoleSide::Platform) if !rule.reach.is_empty() => reading.fault(
                    *at,
                    format!("`{role}` is not the customer's, and nothing of the customer's is its own or assigned to it"),
                    "Take out `reach`, or name a role with `side = \"controller\"`; a case limits what the processor reaches.",
                ),
                _ => {}
            }
        }
    }
}
