//! Adaptation and alteration: a new version of a record. What is not named stays as it lies, unopened.

use service::{Asked, Change, FieldFault, FieldProblem, No, StateProblem};
use storage::{About, PutFile, PutRecord, RecordWrite, StoredFile};
use terms::{Extent, FieldName, Reason, Verb};
use vault::Whose;

use crate::Processing;
use crate::acting::Acting;
use crate::collect::{categories_of, names, once_key, plain, today};
use crate::consult::record_about;
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, closed, failed};

impl Processing {
    pub(crate) async fn alter_record(&self, asked: &Asked, change: Change<'_>) -> Result<u64, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, change.kind).ok_or(No::Missing)?;
        let acting = acting.on(kind);
        let Gathered { facts, mut rests_on } = self.facts(&acting, Scope::Record(change.record))?;
        // The writing itself is checked against the record's version, and says which it has now.
        rests_on.retain(|(record, _)| *record != change.record);
        let about = self.own(&acting, About { rests_on, ..record_about(change.record) })?;
        let mut act = acting.act(Verb::Alter, &kind.subject, kind.categories(), Extent::Exactly, facts);
        if let Some(no) = self.barred(&acting, kind, &act, &about).await {
            return Err(no);
        }
        if let Some(no) = self.undeclared(&acting, kind, &act, &change.draft, &about).await {
            return Err(no);
        }
        let mut values = change.draft.read(kind, today(acting.now)?, false).map_err(No::Invalid)?;
        let lying = self.store.files_of_record(&asked.tenant, &change.record).map_err(failed)?;
        // Whoever sends back what stands there changes nothing of the file, whatever else they wrote about it.
        values.retain(|(field, value)| !lying.iter().any(|one| one.field == field.name && names_file(value, one)));
        // A field that is cleared is altered too.
        act.categories = categories_of(values.iter(), kind);
        let before =
            self.store.record(&asked.tenant, &change.record).map_err(failed)?.filter(|found| found.kind == kind.name);
        let opens_as = kind.states.first();
        let opens_again = change.state.is_some()
            && change.state.as_ref() == opens_as
            && before.as_ref().is_some_and(|before| before.state.as_ref() != opens_as);
        let decided = acting.decide(act.clone()).and_then(|permit| {
            if opens_again && !acting.may_open(kind) {
                return Err(acting.agreement.refuse(&act, Reason::NoRule));
            }
            Ok(permit)
        });
        let permit = match decided {
            Ok(permit) => permit,
            Err(refusal) => {
                let of = RefusedAct { categories: &act.categories, about };
                return Err(self.refused(&acting, Some(kind), &of, refusal).await);
            }
        };
        if let Some(no) = self.barred_by_restriction(&acting, kind, permit.act(), &about).await {
            return Err(no);
        }
        let Some(before) = before else {
            // Nothing is altered, and that it was tried is entered.
            drop(self.enter(permit, about).await?);
            return Err(No::Missing);
        };
        if let Err(why) = state_allows(kind, &acting, before.state.as_deref(), &change) {
            // Nothing is altered, and that it was tried is entered.
            drop(self.enter(permit, about).await?);
            return Err(No::State { state: before.state.clone(), why });
        }
        // A version that is not there yet may be another's in this moment; what is sealed here would be over an older one.
        if before.version < change.version {
            return Err(No::Conflict { version: before.version });
        }
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
        self.listed(&asked.tenant, &values, acting.now)?;
        self.references(asked, &values)?;
        let once =
            change.once.as_deref().map(|once| once_key(&asked.actor, Verb::Alter, kind, Some(before.record), once));
        let mut claimed = self.claim(asked, kind, &values, Some(before.record), once).await?;
        // Whether that is the next version the committer says, after it has looked for an answer given before.
        let version = change.version.saturating_add(1);
        // It stays in the class that it was made in, though its kind has another by now: what is not altered lies under that key.
        let class = &before.class;
        let whose = Whose { tenant: &asked.tenant, person: &before.person, class, record: &before.record, version };
        // What a hold covers stays as it was beside what it becomes: an alteration is no way round it.
        let keeps = kind.history || self.is_held(asked, &before)?;
        let put = PutRecord {
            record: before.record,
            kind: kind.name.clone(),
            version,
            person: before.person,
            parent: before.parent,
            state: change.state.clone().or_else(|| before.state.clone()),
            author: asked.actor,
            sealed: self.vault.seal_change(&whose, &before.sealed, &plain(&values)).map_err(closed)?,
            keep_past: keeps,
            tokens: self.tokens(kind, &whose, before.parent, &values)?,
            once,
            once_of: self.once_of(asked, change.once.as_deref(), &values, change.state.as_deref())?,
            class: class.clone(),
        };
        let mut files = self.keep_files(&mut claimed, &whose, keeps).await?;
        let emptied =
            values.iter().filter(|(field, value)| value.is_empty() && lying.iter().any(|one| one.field == field.name));
        files.extend(emptied.map(|(field, _)| PutFile {
            record: before.record,
            person: before.person,
            field: field.name.clone(),
            version,
            file: None,
            small: None,
            keep_past: keeps,
        }));
        let replaced: Vec<FieldName> = files.iter().map(|file| file.field.clone()).collect();
        let write = RecordWrite { put, files };
        let done = self.write(kind, permit, About { fields: names(&values), ..about }, write).await?;
        claimed.saved(once);
        if !keeps && done.entered.is_some() {
            let gone = lying.iter().filter(|one| replaced.contains(&one.field)).flat_map(StoredFile::files);
            self.destroy_files(gone.collect()).await;
        }
        Ok(done.version)
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

/// Whether the record's state lets it be altered so. The state is that of the version which the committer holds the change to:
/// a record that is locked in between has another version then, and the change is a conflict.
fn state_allows(
    kind: &service::Kind,
    acting: &Acting<'_>,
    state: Option<&str>,
    change: &Change<'_>,
) -> Result<(), StateProblem> {
    if kind.is_locked(state) && !change.draft.is_empty() {
        return Err(StateProblem::Locked);
    }
    match &change.state {
        // One that the kind does not declare is told as such below.
        Some(to) if kind.states.contains(to) => kind.may_go(state, to, &acting.role),
        _ => Ok(()),
    }
}

fn names_file(value: &str, file: &StoredFile) -> bool {
    service::FileFacts::read(value).is_some_and(|facts| facts.file == file.file)
}
