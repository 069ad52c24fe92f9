//! Imports: that one was begun and ended is an entry; its records are found again by the keys of its rows, so that nothing else
//! need be kept of it, and what a crash interrupted can be gone on with.

use std::collections::BTreeSet;

use aws_lc_rs::digest;
use journal::{Detail, Outcome};
use service::{Answer, Asked, Begin, Import, Imported, Imports, Kind, No, Undoing, Undone};
use storage::{About, HouseOp};
use terms::{Extent, Hash, KindName, RecordId, Verb};

use crate::Processing;
use crate::acting::Acting;
use crate::collect::once_key;
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, failed, unavailable};

impl Imports for Processing {
    fn begin<'a>(&'a self, asked: &'a Asked, begin: Begin<'a>) -> Answer<'a, Import> {
        Box::pin(self.begin_import(asked, begin))
    }

    fn end<'a>(&'a self, asked: &'a Asked, import: RecordId) -> Answer<'a, Import> {
        Box::pin(async move {
            let (acting, found) = self.import_of(asked, import)?;
            let kind = self.kind(&acting.tenant.service, &found.kind).ok_or(No::Missing)?;
            self.may_bring_in(&acting, kind).await?;
            if found.ended.is_some() {
                return Ok(shown(found));
            }
            let next = storage::Import { ended: Some(acting.now), ..found };
            self.note(&acting, "import-ended", next, None).await
        })
    }

    fn imports<'a>(&'a self, asked: &'a Asked, kind: &'a KindName) -> Answer<'a, Vec<Import>> {
        Box::pin(async move {
            let acting = self.acting(asked)?;
            let kind = self.kind(&acting.tenant.service, kind).ok_or(No::Missing)?;
            self.may_bring_in(&acting, kind).await?;
            let mut found = self.store.imports(&asked.tenant).map_err(failed)?;
            found.retain(|one| one.kind == kind.name);
            // Somebody else's under a record that this person does not reach would tell that the record is there.
            let mut reached = Vec::with_capacity(found.len());
            for one in found {
                if one.by == asked.actor || self.reaches_parent(&acting, one.parent)? {
                    reached.push(one);
                }
            }
            let mut found = reached;
            found.sort_by(|one, other| other.begun.cmp(&one.begun).then(other.id.cmp(&one.id)));
            Ok(found.into_iter().map(shown).collect())
        })
    }

    fn imported<'a>(&'a self, asked: &'a Asked, import: RecordId) -> Answer<'a, (Import, Vec<Imported>)> {
        Box::pin(async move {
            let (acting, found) = self.import_of(asked, import)?;
            let kind = self.kind(&acting.tenant.service, &found.kind).ok_or(No::Missing)?;
            self.may_bring_in(&acting, kind).await?;
            if found.by != asked.actor && !self.reaches_parent(&acting, found.parent)? {
                return Err(No::Missing);
            }
            let records = self.records_of(&acting, kind, &found)?;
            let records = self.reached_of(&acting, kind, records).await?;
            Ok((shown(found), records))
        })
    }

    fn plan_undo<'a>(&'a self, asked: &'a Asked, import: RecordId) -> Answer<'a, Undoing> {
        Box::pin(self.plan_of_undoing(asked, import))
    }

    fn undo<'a>(&'a self, asked: &'a Asked, import: RecordId, plan: Hash) -> Answer<'a, Undone> {
        Box::pin(self.undo_as_planned(asked, import, plan))
    }
}

impl Processing {
    async fn begin_import(&self, asked: &Asked, begin: Begin<'_>) -> Result<Import, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, begin.kind).ok_or(No::Missing)?;
        self.may_bring_in(&acting, kind).await?;
        let id = import_id(asked, kind, begin.once);
        let before = self.store.imports(&asked.tenant).map_err(failed)?.into_iter().find(|one| one.id == id);
        if let Some(before) = before {
            // The same key for another file would find the first one's records by its rows.
            let same = before.rows == begin.rows && before.parent == begin.parent && before.undone.is_none();
            return if same { Ok(shown(before)) } else { Err(No::Reused) };
        }
        let import = storage::Import {
            id,
            kind: kind.name.clone(),
            parent: begin.parent,
            by: asked.actor,
            begun: acting.now,
            rows: begin.rows,
            ended: None,
            undone: None,
        };
        self.note(&acting, "import-begun", import, None).await
    }

    /// Whether the agreement lets this person collect anything of the kind. Each record is decided for itself besides.
    pub(crate) async fn may_bring_in(&self, acting: &Acting<'_>, kind: &Kind) -> Result<(), No> {
        let Gathered { facts, rests_on } = self.facts(acting, Scope::Filtered)?;
        let act = acting.act(Verb::Collect, &kind.subject, kind.categories(), Extent::AsPermitted, facts);
        match acting.decide(act) {
            Ok(permit) => {
                // Nothing is done with it: it goes as it came.
                drop(permit);
                Ok(())
            }
            Err(refusal) => {
                let of = RefusedAct { categories: &kind.categories(), about: About { rests_on, ..About::default() } };
                Err(self.refused(acting, Some(kind), &of, refusal).await)
            }
        }
    }

    /// An import of this customer's. A foreign one and none are answered alike.
    pub(crate) fn import_of<'a>(
        &self,
        asked: &'a Asked,
        import: RecordId,
    ) -> Result<(Acting<'a>, storage::Import), No> {
        let acting = self.acting(asked)?;
        let all = self.store.imports(&asked.tenant).map_err(failed)?;
        let found = all.into_iter().find(|one| one.id == import).ok_or(No::Missing)?;
        Ok((acting, found))
    }

    /// Enters what became of an import, with its new state, and of how many records.
    pub(crate) async fn note(
        &self,
        acting: &Acting<'_>,
        event: &str,
        import: storage::Import,
        count: Option<u64>,
    ) -> Result<Import, No> {
        let detail = Detail {
            event: Some(event.to_owned()),
            actor: Some(acting.asked.actor),
            role: Some(acting.role.clone()),
            purpose: Some(acting.asked.purpose.clone()),
            agreement: Some(acting.agreement.hash()),
            kind: Some(import.kind.clone()),
            outcome: Outcome::Happened,
            count,
            ..Detail::default()
        };
        let ops = vec![HouseOp::PutImport(import.clone())];
        self.store.event(acting.asked.tenant, detail, ops).await.map_err(|error| unavailable(&error))?;
        Ok(shown(import))
    }

    pub(crate) fn records_of(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        import: &storage::Import,
    ) -> Result<Vec<Imported>, No> {
        let tenant = &acting.asked.tenant;
        let said = shown(import.clone());
        let mut found = Vec::new();
        for row in 1..=import.rows {
            let key = once_key(&import.by, Verb::Collect, kind, import.parent, &said.key_of(row));
            let Some(once) = self.store.once(tenant, &key).map_err(failed)? else { continue };
            if let Some(head) = self.store.head(tenant, &once.record).map_err(failed)? {
                found.push((row, head));
            }
        }
        let ids: Vec<RecordId> = found.iter().map(|(_, head)| head.record).collect();
        let with_children = self.with_children(acting, kind, &ids)?;
        let imported = found.into_iter().map(|(row, head)| {
            let untouched = head.version == 1 && !with_children.contains(&head.record);
            Imported { row, head: (*head).clone(), untouched }
        });
        Ok(imported.collect())
    }

    /// Of an import's records those that this person may read, entered as the reading that it is: that a record is there, in which
    /// version and whose, is told of nobody whom the reader does not reach, nor of anybody who is restricted.
    async fn reached_of(&self, acting: &Acting<'_>, kind: &Kind, records: Vec<Imported>) -> Result<Vec<Imported>, No> {
        let Gathered { facts, rests_on } = self.facts(acting, Scope::Filtered)?;
        let act = acting.reading(kind, facts);
        // Who may bring in and not read sees that there was an import, and of no record that it is there.
        let Ok(permit) = acting.decide(act.clone()) else { return Ok(Vec::new()) };
        let mut reaching = self.reaching(acting)?;
        let mut told = Vec::with_capacity(records.len());
        for one in records {
            if self.is_free(acting, &one.head.person, Some(&one.head.record))
                && reaching.allows(acting, &act, &one.head)?
            {
                told.push(one);
            }
        }
        let mut about = About { kind: Some(kind.name.clone()), rests_on, ..About::default() };
        about.records = told.iter().map(|one| (one.head.record, one.head.version)).collect();
        about.persons = told.iter().map(|one| one.head.person).collect();
        about.persons.sort_unstable();
        about.persons.dedup();
        drop(self.enter(permit, about).await?);
        Ok(told)
    }

    /// Whether this person reaches the record under which others stand, an import's or a case; nothing is opened. Asked with what
    /// all of the actor's rules ask for, before [`Acting::on`].
    pub(crate) fn reaches_parent(&self, acting: &Acting<'_>, parent: Option<RecordId>) -> Result<bool, No> {
        let Some(parent) = parent else { return Ok(true) };
        let Some(head) = self.store.head(&acting.asked.tenant, &parent).map_err(failed)? else { return Ok(false) };
        let Some(kind) = self.kind(&acting.tenant.service, &head.kind) else { return Ok(false) };
        let Gathered { facts, .. } = self.facts(acting, Scope::Filtered)?;
        let act = acting.reading(kind, facts);
        Ok(self.is_free(acting, &head.person, Some(&head.record))
            && self.reaching(acting)?.allows(acting, &act, &head)?)
    }

    /// Those of the records under which anything stands by now.
    fn with_children(&self, acting: &Acting<'_>, kind: &Kind, of: &[RecordId]) -> Result<BTreeSet<RecordId>, No> {
        let mut parents = BTreeSet::new();
        let kinds = self.kinds(&acting.tenant.service).map(|kinds| kinds.children(&kind.name));
        for child in kinds.into_iter().flatten() {
            let found = self.store.under(&acting.asked.tenant, &child.name, of, usize::MAX).map_err(failed)?;
            parents.extend(found.into_iter().filter_map(|record| record.parent));
        }
        Ok(parents)
    }
}

pub(crate) fn shown(import: storage::Import) -> Import {
    let storage::Import { id, kind, parent, by, begun, rows, ended, undone } = import;
    Import { id, kind, parent, by, begun, rows, ended, undone }
}

/// The same caller's key gives the same import, so that a second press of the button, or the same file after a crash, goes on
/// with the first.
fn import_id(asked: &Asked, kind: &Kind, once: &str) -> RecordId {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"betrodd/import/v1");
    context.update(&asked.tenant.0);
    context.update(&asked.actor.0);
    for part in [kind.name.as_str(), once] {
        context.update(&(part.len() as u64).to_le_bytes());
        context.update(part.as_bytes());
    }
    let mut id = [0; 16];
    if let Some(first) = context.finish().as_ref().get(..16) {
        id.copy_from_slice(first);
    }
    RecordId(id)
}
