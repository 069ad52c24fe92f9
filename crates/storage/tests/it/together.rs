//! Brings things into one generation: the committer is held just after an append, what is handed in meanwhile waits
//! together, and then it is let go.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Waker};

use storage::{CommitError, Step, Store};

use crate::house::{NORTH, event};

/// Any answer, of any act.
pub type Handed<'a, T> = Pin<Box<dyn Future<Output = Result<T, CommitError>> + 'a>>;

/// Holds the committer when it is told to.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    closed: bool,
    waits: bool,
}

impl Gate {
    /// For `Options.watch`.
    pub fn pass(&self, step: Step) {
        if let Step::Appended(_) = step {
            let (state, changed) = &*self.0;
            let mut state = state.lock().unwrap();
            while state.closed {
                state.waits = true;
                changed.notify_all();
                state = changed.wait(state).unwrap();
            }
        }
    }

    fn close(&self) {
        *self.0.0.lock().unwrap() = State { closed: true, waits: false };
    }

    fn until_it_waits(&self) {
        let (state, changed) = &*self.0;
        drop(changed.wait_while(state.lock().unwrap(), |state| !state.waits).unwrap());
    }

    fn open(&self) {
        self.0.0.lock().unwrap().closed = false;
        self.0.1.notify_all();
    }

    /// Hands in all of them in this order as one generation, and gives their answers in this order.
    pub async fn together<T>(&self, store: &Store, handed: Vec<Handed<'_, T>>) -> Vec<Result<T, CommitError>> {
        self.together_while(store, handed, || ()).await
    }

    /// The same; `meanwhile` happens after they are handed in and before the committer looks at them.
    pub async fn together_while<T>(
        &self,
        store: &Store,
        mut handed: Vec<Handed<'_, T>>,
        meanwhile: impl FnOnce(),
    ) -> Vec<Result<T, CommitError>> {
        self.close();
        let mut plug: Handed<'_, _> = Box::pin(event(store, NORTH, Vec::new()));
        hand_in(&mut plug);
        self.until_it_waits();
        handed.iter_mut().for_each(|one| hand_in(one));
        meanwhile();
        self.open();
        // Where the disk fails on purpose, this one may be lost as well.
        drop(plug.await);
        all_of(handed).await
    }
}

impl Gate {
    /// Hands in one whose caller asks no more, surely before the committer looks at it.
    pub async fn given_up<T>(&self, store: &Store, one: &mut Handed<'_, T>) {
        self.together_while(store, Vec::<Handed<'_, ()>>::new(), || hand_in(one)).await;
    }
}

/// What is polled once is handed in.
fn hand_in<T>(handed: &mut Handed<'_, T>) {
    let polled = handed.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending(), "it was answered before the committer saw it");
}

/// Polls all until all have answered: the answers to a group travel with that of one of them, whichever it is.
async fn all_of<T>(mut handed: Vec<Handed<'_, T>>) -> Vec<Result<T, CommitError>> {
    let mut answers: Vec<Option<Result<T, CommitError>>> = handed.iter().map(|_| None).collect();
    core::future::poll_fn(|context| {
        for (one, answer) in handed.iter_mut().zip(&mut answers) {
            if answer.is_none()
                && let core::task::Poll::Ready(ready) = one.as_mut().poll(context)
            {
                *answer = Some(ready);
            }
        }
        if answers.iter().all(Option::is_some) { core::task::Poll::Ready(()) } else { core::task::Poll::Pending }
    })
    .await;
    answers.into_iter().flatten().collect()
}
