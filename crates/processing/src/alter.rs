//! Adaptation and alteration: a new version of a record. What is not named stays as it lies, unopened.

use service::{Asked, Change, FieldFault, FieldProblem, No};
use storage::{About, PutRecord};
use terms::{Extent, Verb};
use vault::Whose;

use crate::Processing;
use crate::collect::{categories_of, names, once_key, plain, today};
use crate::facts::Scope;
use crate::refuse::{RefusedAct, closed, failed};

impl Processing {
    pub(crate) async fn alter_record(&self, asked: &Asked, change: Change<'_>) -> Result<u64, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, change.kind).ok_or(No::Missing)?;
        let facts = self.facts(&acting, Scope::Record(change.record))?;
        let mut act = acting.act(Verb::Alter, &kind.subject, kind.categories(), Extent::Exactly, facts);
        if let Some(no) = self.ended(&acting, kind, &act).await {
            return Err(no);
        }
        if let Some(no) = self.undeclared(&acting, kind, &act, &change.draft).await {
            return Err(no);
        }
        let values = change.draft.read(kind, today(acting.now)?, false).map_err(No::Invalid)?;
        act.categories = categories_of(&values, kind);
        let categories = act.categories.clone();
        let before =
            self.store.record(&asked.tenant, &change.record).map_err(failed)?.filter(|found| found.kind == kind.name);
        let permit = match acting.agreement.decide(act) {
            Ok(permit) => permit,
            Err(refusal) => {
                let about = before.as_ref().map_or_else(About::default, |found| About {
                    persons: vec![found.person],
                    records: vec![(found.record, found.version)],
                    ..About::default()
                });
                return Err(self
                    .refused(&acting, Some(kind), &RefusedAct { categories: &categories, about }, refusal)
                    .await);
            }
        };
        let before = before.ok_or(No::Missing)?;
        if let Some(state) = &change.state
            && !kind.states.contains(state)
        {
            return Err(No::Invalid(
                kind.fields
                    .first()
                    .map(|field| FieldFault { field: field.name.clone(), problem: FieldProblem::NoSuchState })
                    .into_iter()
                    .collect(),
            ));
        }
        self.whole_unique(kind, &values)?;
        // Whether that is the next version the committer says, after it has looked for an answer given before.
        let version = change.version.saturating_add(1);
        let whose = Whose { tenant: &asked.tenant, person: &before.person, record: &before.record, version };
        let put = PutRecord {
            record: before.record,
            kind: kind.name.clone(),
            version,
            person: before.person,
            parent: before.parent,
            state: change.state.clone().or_else(|| before.state.clone()),
            author: asked.actor,
            sealed: self.vault.seal_change(&whose, &before.sealed, &plain(&values)).map_err(closed)?,
            keep_past: kind.history,
            tokens: self.tokens(kind, &whose, before.parent, &values)?,
            once: change.once.as_deref().map(|once| once_key(&asked.actor, once)),
        };
        Ok(self.write(kind, permit, About { fields: names(&values), ..About::default() }, put).await?.version)
    }

    /// Fields that are unique together change together: their token is made of all of them, and the old ones stay unopened.
    fn whole_unique(&self, kind: &service::Kind, values: &[(&service::Field, service::Value)]) -> Result<(), No> {
        let given = |name: &terms::FieldName| values.iter().any(|(field, _)| field.name == *name);
        if !kind.unique.iter().any(given) {
            return Ok(());
        }
        let missing: Vec<_> = kind
            .unique
            .iter()
            .filter(|name| !given(name))
            .map(|name| FieldFault { field: name.clone(), problem: FieldProblem::Required })
            .collect();
        if missing.is_empty() { Ok(()) } else { Err(No::Invalid(missing)) }
    }
}
