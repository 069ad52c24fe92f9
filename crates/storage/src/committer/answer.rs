//! Answers on their way back. The committer wakes one caller of a group, and that one wakes the others.
//!
//! Waking a task from outside the server's threads costs a system call or two each time; from inside it costs next to
//! nothing. So the answers to a whole group travel with the first of them and are given on when it is received, or when
//! whoever should have received it is gone: dropping [`Others`] is what gives them, so none is ever lost.

use tokio::sync::oneshot;

use super::{CommitError, Done, Durable, Entered, Granted};

/// Where one answer goes.
pub(crate) struct To<T>(oneshot::Sender<Told<T>>);

/// Where one answer comes from.
pub(crate) type From<T> = oneshot::Receiver<Told<T>>;

/// One answer, with those that wait behind it.
pub(crate) struct Told<T> {
    pub(crate) result: Result<T, CommitError>,
    others: Others,
}

impl<T> Told<T> {
    /// Gives the others theirs, and this one its own.
    pub(crate) fn take(self) -> Result<T, CommitError> {
        let Self { result, others } = self;
        drop(others);
        result
    }
}

/// A way for one answer.
pub(crate) fn way<T>() -> (To<T>, From<T>) {
    let (to, from) = oneshot::channel();
    (To(to), from)
}

impl<T> To<T> {
    /// Sends it. A caller that went away needs no answer, and what comes back is dropped, which gives the others theirs.
    pub(super) fn send(self, result: Result<T, CommitError>, others: Others) {
        drop(self.0.send(Told { result, others }));
    }
}

/// To whom the answer goes.
pub(crate) enum Reply {
    Granted(To<Granted>),
    Done(To<Done>),
    Entered(To<Entered>),
}

impl Reply {
    /// Answers at once that nothing was done.
    pub(crate) fn refuse(self, error: CommitError) {
        self.no(error).give(Others::default());
    }

    /// The answer that nothing was done.
    pub(super) fn no(self, error: CommitError) -> Ready {
        Ready::No(self, error)
    }
}

/// An answer that may be given.
pub(super) enum Ready {
    /// What was asked for is entered, and applied where it writes.
    Yes(Durable),
    /// An earlier writing is the answer.
    Again(To<Done>, Done),
    /// Nothing was done.
    No(Reply, CommitError),
}

impl Ready {
    fn give(self, others: Others) {
        match self {
            Self::Yes(durable) => durable.give(others),
            Self::Again(to, done) => to.send(Ok(done), others),
            Self::No(Reply::Granted(to), error) => to.send(Err(error), others),
            Self::No(Reply::Done(to), error) => to.send(Err(error), others),
            Self::No(Reply::Entered(to), error) => to.send(Err(error), others),
        }
    }
}

/// Answers that the first caller of a group gives on.
#[derive(Default)]
pub(super) struct Others(Vec<Ready>);

impl Drop for Others {
    fn drop(&mut self) {
        for ready in self.0.drain(..) {
            ready.give(Others::default());
        }
    }
}

/// Gives a group its answers: one from here, the rest from the one who gets it.
pub(super) fn give(mut all: Vec<Ready>) {
    if let Some(first) = all.pop() {
        first.give(Others(all));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> (Vec<Ready>, Vec<From<Done>>) {
        (0..3)
            .map(|_| {
                let (to, from) = way();
                (Reply::Done(to).no(CommitError::Stale), from)
            })
            .unzip()
    }

    #[tokio::test]
    async fn every_caller_is_answered_whoever_goes_away() {
        for gone in 0..3 {
            let (ready, mut from) = three();
            drop(from.remove(gone));
            give(ready);
            // The last is the first to be told; where it is still there, nobody else knows before it has asked.
            for from in from.into_iter().rev() {
                assert_eq!(from.await.unwrap().take(), Err(CommitError::Stale));
            }
        }
        let (ready, mut from) = three();
        give(ready);
        // Told, but gone before it could ask.
        drop(from.pop());
        for from in from {
            assert_eq!(from.await.unwrap().take(), Err(CommitError::Stale));
        }
    }
}
