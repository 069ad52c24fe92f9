//! A file on its way in, before it is saved: whether it may come is decided as the writing that will save it, and a refusal is
//! entered. That it came is no entry; the entry of the writing names the field, and only then is there a file.

use files::{Arrived, Arriving, Wrong};
use journal::{Detail, Outcome};
use service::{Asked, FieldFault, FieldProblem, FieldType, FileFacts, FileTo, Incoming, No, Waiting, safe_name};
use storage::About;
use terms::{Extent, Reason, Verb};

use crate::Processing;
use crate::consult::record_about;
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, unavailable};
use crate::waiting::{WaitingFile, no_room};

/// Bytes that are gathered before they are sealed and written, off the server's own threads.
const TAKEN_AT_ONCE: usize = 256 * 1024;

impl Processing {
    pub(crate) async fn receive_file(
        &self,
        asked: &Asked,
        to: FileTo<'_>,
        bytes: &mut dyn Incoming,
    ) -> Result<Waiting, No> {
        let files = self.kept.clone().ok_or_else(no_room)?;
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, to.kind).ok_or(No::Missing)?;
        let field = kind.field(to.field.as_str()).ok_or(No::Missing)?;
        let FieldType::KeptFile(form) = &field.holds else { return Err(No::Missing) };
        let at = to.record.or(to.parent);
        // Whether a record that is not there yet will be reached is asked with its values, when the file is saved.
        let Gathered { facts, rests_on } = self.facts(&acting, at.map_or(Scope::Filtered, Scope::Record))?;
        let about = self.own(&acting, About { rests_on, ..at.map_or_else(About::default, record_about) })?;
        let verb = if to.record.is_some() { Verb::Alter } else { Verb::Collect };
        let act = acting.act(verb, &kind.subject, vec![field.category.clone()], Extent::Exactly, facts);
        let opens = verb == Verb::Alter || acting.may_open(kind);
        let decided = acting
            .decide(act.clone())
            .and_then(|permit| if opens { Ok(permit) } else { Err(acting.agreement.refuse(&act, Reason::NoRule)) });
        if let Err(refusal) = decided {
            let of = RefusedAct { categories: &act.categories, about };
            return Err(self.refused(&acting, Some(kind), &of, refusal).await);
        }
        // The journal keeps a reserve; what arrives may not eat it, or the writing that saves the file would be refused, and every
        // other with it.
        self.store.has_room_for(form.max_bytes).map_err(|error| {
            tracing::error!(%error, "a file was not taken");
            unavailable(&error)
        })?;
        let _arriving = self.waiting.arrive(asked.actor)?;
        // The permit ends here: whoever saves the file is asked anew.
        self.let_go(Some(asked.actor)).await;
        let (vault, tenant, form) = (std::sync::Arc::clone(&self.vault), asked.tenant, form.clone());
        let arriving = off(move || Arriving::begin(&files, &form, move || vault.new_file(&tenant))).await?;
        let wrong = |problem| No::Invalid(vec![FieldFault { field: field.name.clone(), problem }]);
        let arrived = match arriving {
            Ok(arriving) => take(arriving, bytes).await?,
            Err(error) => Err(error),
        };
        let Arrived { media, whole, small, scanned } = match arrived {
            Ok(arrived) => arrived,
            Err(Wrong::Problem(problem)) => return Err(wrong(problem)),
            Err(Wrong::Failed(why)) => {
                tracing::error!(why, "a file could not be taken");
                return Err(No::Unavailable(why));
            }
            Err(Wrong::Malware(found)) => {
                tracing::warn!(found, "the scanner found malware in a file; nothing of it was kept");
                let detail = Detail {
                    event: Some("malware".to_owned()),
                    verb: Some(verb),
                    actor: Some(asked.actor),
                    role: Some(acting.role.clone()),
                    kind: Some(kind.name.clone()),
                    fields: vec![field.name.clone()],
                    outcome: Outcome::Refused,
                    reason: Some("malware".to_owned()),
                    ..Detail::default()
                };
                self.store.event(asked.tenant, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
                return Err(wrong(FieldProblem::FileMalware));
            }
        };
        let (file, name) = (whole.key.file(), safe_name(to.name, media));
        let facts = FileFacts { name: &name, media, bytes: whole.bytes, hash: whole.hash, file, scanned };
        let value = facts.write();
        let waits = WaitingFile {
            kind: kind.name.clone(),
            field: field.name.clone(),
            value: value.clone(),
            whole: whole.key,
            small: small.map(|small| small.key),
            keyed: None,
            saved: None,
        };
        self.waiting.put(asked, acting.now, waits);
        Ok(Waiting { value, file })
    }
}

/// Takes the bytes as they come. Where the sender goes away, or something is wrong, what arrived is taken away again.
async fn take(mut arriving: Arriving<'static>, bytes: &mut dyn Incoming) -> Result<Result<Arrived, Wrong>, No> {
    let mut gathered: zeroize::Zeroizing<Vec<u8>> = zeroize::Zeroizing::new(Vec::with_capacity(TAKEN_AT_ONCE));
    loop {
        let piece = match bytes.next().await {
            Ok(piece) => piece,
            Err(service::CutOff) => return Ok(Err(FieldProblem::FileCutOff.into())),
        };
        let ended = piece.is_none();
        gathered.extend_from_slice(&piece.unwrap_or_default());
        if !ended && gathered.len() < TAKEN_AT_ONCE {
            continue;
        }
        let now = core::mem::replace(&mut gathered, zeroize::Zeroizing::new(Vec::with_capacity(TAKEN_AT_ONCE)));
        let taken = off(move || arriving.push(&now).map(|()| arriving)).await?;
        arriving = match taken {
            Ok(arriving) => arriving,
            Err(error) => return Ok(Err(error)),
        };
        if ended {
            return off(move || arriving.finish()).await;
        }
    }
}

/// Does what waits for a disk, or reckons long, off the server's own threads.
pub(crate) async fn off<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, No> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| No::Unavailable("the program is stopping, or failed; nothing was half done".to_owned()))
}
