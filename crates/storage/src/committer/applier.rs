//! Applies a group beside its sync: the statements run while the disk works, and count only once the group is durable.
//!
//! INVARIANT (strict order): the transaction is committed after it was handed an [`IsDurable`], which is made of a [`Synced`] alone.
//! Where the sync fails none comes, and what was prepared is thrown away.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use journal::Synced;

use crate::engine::{Batch, Engine, StoreError};

/// That a group is durable.
struct IsDurable(());

/// A group to apply, and where it is told that it may be.
struct Work {
    batch: Batch,
    durable: Receiver<IsDurable>,
}

/// A thread beside the committer's.
pub(crate) struct Applier {
    work: Option<Sender<Work>>,
    done: Receiver<Result<Batch, StoreError>>,
    thread: Option<JoinHandle<()>>,
}

/// A group that is prepared. Dropped, it is thrown away.
#[must_use = "a group that is prepared keeps every other from being applied"]
pub(super) struct Begun(Sender<IsDurable>);

fn ended() -> StoreError {
    StoreError { doing: "written", cause: "the thread that applies ended".to_owned() }
}

impl Applier {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no room for a thread.
    pub(crate) fn start(engine: Arc<dyn Engine>) -> std::io::Result<Self> {
        let (work, handed) = channel::<Work>();
        let (tell, done) = channel();
        let apply = move || {
            for Work { batch, durable } in handed {
                let mut wait = || {
                    durable.recv().map(|IsDurable(())| ()).map_err(|_| StoreError {
                        doing: "written",
                        cause: "the group did not become durable".to_owned(),
                    })
                };
                let applied = engine.apply_once_durable(&batch, &mut wait).map(|()| batch);
                if tell.send(applied).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("applier".to_owned()).spawn(apply)?;
        Ok(Self { work: Some(work), done, thread: Some(thread) })
    }

    /// Begins to apply a group that is appended.
    pub(super) fn begin(&self, batch: Batch) -> Result<Begun, StoreError> {
        let (durable, wait) = channel();
        let work = self.work.as_ref().ok_or_else(ended)?;
        work.send(Work { batch, durable: wait }).map_err(|_| ended())?;
        Ok(Begun(durable))
    }

    /// Lets it count, and gives it back when it does.
    pub(super) fn finish(&self, Begun(durable): Begun, _synced: &Synced) -> Result<Batch, StoreError> {
        // Where the thread has given up already, the answer says why.
        drop(durable.send(IsDurable(())));
        self.done.recv().map_err(|_| ended())?
    }
}

impl Drop for Applier {
    fn drop(&mut self) {
        drop(self.work.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
