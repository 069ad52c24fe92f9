//! The door: all that a page, an interface or a service can ask of personal data. `processing` implements it.
//!
//! Whoever asks says who they are, why, and in which case; the door finds out the rest itself (the role, whether the case is
//! open and covers the record) and takes no such fact on anybody's word.

use core::future::Future;
use core::pin::Pin;

use terms::{FieldName, Instant, KindName, PersonId, Purpose, RecordId, Refusal, Render, TenantId};

use crate::{AnonymisingPlan, Certified, ErasurePlan, FiguresKept, Held, HeldInFull, Restricted, SetAsideShown};
use crate::{Draft, FieldFault, FileOf, FileTo, Incoming, OpenedFile, StateProblem, Value, Waiting, Which};
use crate::{ToAnonymise, ToErase, ToHold, ToRestrict};

/// Most records in one listing.
pub const MAX_LISTED: usize = 200;

/// Who asks, of which customer's data, and why. Made from a session, never from what a request claims.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Who.
    pub actor: PersonId,
    /// Whose data, the customer.
    pub tenant: TenantId,
    /// Why.
    pub purpose: Purpose,
    /// In which case, where the purpose needs one.
    pub case: Option<RecordId>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum No {
    /// The agreement says no. Journalled.
    Refused(Box<Refusal>),
    /// No such record for this customer. A record of another customer is answered just so, by the same path.
    Missing,
    /// The values cannot be taken as they are; nothing was written. Each fault says which and why.
    Invalid(Vec<FieldFault>),
    /// The record has another version than the writer saw; nothing was written.
    Conflict {
        /// The version it has now.
        version: u64,
    },
    /// The caller's key was used before for other values; nothing was written.
    Reused,
    /// The state of the record stands against it; nothing was written.
    State {
        /// The state it has.
        state: Option<String>,
        /// In which way.
        why: StateProblem,
    },
    /// The world did not cooperate (a full disk, a stopping program); nothing was half done.
    Unavailable(String),
}

/// An answer in a while.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, No>> + Send + 'a>>;

/// Several answers in a while, each of its own.
pub type Answers<'a, T> = Pin<Box<dyn Future<Output = Vec<Result<T, No>>> + Send + 'a>>;

/// One or several opened records. They can be rendered and nothing else.
pub trait Opened: Send + Sync {
    /// Hands each record to the sink, in order.
    fn render(&self, sink: &mut dyn Render);
    /// How many records.
    fn count(&self) -> usize;
}

/// Which part of a listing.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The last record of the page before.
    pub after: Option<RecordId>,
    /// How many at most; never more than [`MAX_LISTED`].
    pub limit: usize,
}

impl Default for Page {
    fn default() -> Self {
        Self { after: None, limit: MAX_LISTED }
    }
}

/// Which records of a kind, by what is known of them without opening any.
#[derive(Default)]
pub struct Narrowed {
    /// Under this record.
    pub parent: Option<RecordId>,
    /// In this state.
    pub state: Option<String>,
    /// With exactly these values, in fields that can be searched so. All of them hold.
    pub exactly: Vec<(FieldName, Value)>,
    /// Which part.
    pub page: Page,
}

impl Narrowed {
    /// Whether it asks for no more than a listing does.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.state.is_none() && self.exactly.is_empty()
    }
}

/// A part of a listing.
pub struct Listed {
    /// The records.
    pub opened: Box<dyn Opened>,
    /// Where the next part begins.
    pub next: Option<RecordId>,
}

/// How much is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// The record and what belongs to it.
    Record,
    /// Every record of the person whose record it is. What is kept of others beside that person stays.
    Person,
}

/// What was taken out, in every version that is kept, newest first.
pub struct Exported {
    /// Whose the record is that was asked for.
    pub person: PersonId,
    /// Kind by kind; first the one that was asked for.
    pub parts: Vec<Part>,
    /// The legal holds that cover any of it and that the data subject may be told of: why it would not be erased.
    pub holds: Vec<Held>,
    /// There is a hold over it of which the data subject must not know (Art. 23): what tells of holds is not to go along.
    pub conceals: bool,
}

/// The records of one kind in an export.
pub struct Part {
    /// Which kind.
    pub kind: KindName,
    /// The records; or, entered and with its clause, that the agreement refuses them to this actor.
    pub answer: Result<Box<dyn Opened>, Box<Refusal>>,
}

/// A record to be.
pub struct New<'a> {
    /// Of which kind.
    pub kind: &'a KindName,
    /// Under which record.
    pub parent: Option<RecordId>,
    /// Its values.
    pub draft: Draft,
    /// A key of the caller's: the same key again, for the same kind under the same parent, gives the same answer and no
    /// second record.
    pub once: Option<String>,
}

/// A change of a record.
pub struct Change<'a> {
    /// Of which kind.
    pub kind: &'a KindName,
    /// Which record.
    pub record: RecordId,
    /// The version that the writer saw.
    pub version: u64,
    /// The values that change; fields not named stay.
    pub draft: Draft,
    /// A new state, one that the kind declares.
    pub state: Option<String>,
    /// A key of the caller's, as in [`New`].
    pub once: Option<String>,
}

/// Many records of a kind at once, and of each only what is needed.
#[derive(Debug, Clone)]
pub struct Selection<'a> {
    /// The kind.
    pub kind: &'a KindName,
    /// Which of them.
    pub which: &'a Which,
    /// The fields that are opened; of the others nothing is. At least one.
    pub fields: &'a [FieldName],
}

/// The door. Every method is decided by the agreement in force and journalled before it answers, refusals too.
pub trait Door: Send + Sync {
    /// One record, with the categories that the agreement allows the actor; the others are withheld by name.
    fn consult<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, record: RecordId) -> Answer<'a, Box<dyn Opened>>;

    /// The records of a kind, under one parent or all of them, oldest first, as far as the actor reaches them. One entry for
    /// all that are decided alike.
    fn list<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        parent: Option<RecordId>,
        page: Page,
    ) -> Answer<'a, Listed>;

    /// The records of a kind that are so, oldest first. One entry for all. A field that the actor may not see is refused as a
    /// reading of it: whether it holds a value would tell the value.
    fn narrow<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, narrowed: Narrowed) -> Answer<'a, Listed> {
        Box::pin(async move {
            if !narrowed.is_plain() {
                return Err(No::Unavailable("this door finds records by no field".to_owned()));
            }
            self.list(asked, kind, narrowed.parent, narrowed.page).await
        })
    }

    /// For each draft the records that it may be a double of: those with the same words in the fields that are found by words,
    /// or the same value in one that is found exactly. One entry for all; nothing is opened.
    fn alike<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        drafts: &'a [Draft],
    ) -> Answer<'a, Vec<Vec<RecordId>>> {
        let _ = (asked, kind);
        Box::pin(async move { Ok(vec![Vec::new(); drafts.len()]) })
    }

    /// New records, each decided and entered as [`collect`](Door::collect) does, in their order; together they wait for one
    /// sync and not for one each.
    fn collect_all<'a>(&'a self, asked: &'a Asked, new: Vec<New<'a>>) -> Answers<'a, RecordId> {
        Box::pin(async move {
            let mut all = Vec::with_capacity(new.len());
            for one in new {
                all.push(self.collect(asked, one).await);
            }
            all
        })
    }

    /// The records in whose searchable fields every word of `text` occurs.
    fn search<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, text: &'a str) -> Answer<'a, Box<dyn Opened>>;

    /// All records of a kind that are chosen, in their present versions, with the chosen fields and nothing else of them. One
    /// entry for all. No more than [`crate::MAX_SELECTED`].
    fn select<'a>(&'a self, asked: &'a Asked, selection: Selection<'a>) -> Answer<'a, Box<dyn Opened>> {
        let _ = (asked, selection);
        Box::pin(async { Err(No::Unavailable("this door selects nothing".to_owned())) })
    }

    /// Every version of one record, newest first.
    fn history<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, record: RecordId) -> Answer<'a, Box<dyn Opened>>;

    /// A record with all that belongs to it, or all that is kept of its person, to be carried away. One entry a kind. Refused
    /// where the record itself is; a further kind that is refused is named in the answer.
    fn retrieve<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        record: RecordId,
        whole: Whole,
    ) -> Answer<'a, Exported>;

    /// A new record.
    fn collect<'a>(&'a self, asked: &'a Asked, new: New<'a>) -> Answer<'a, RecordId>;

    /// A new version of a record; gives its number.
    fn alter<'a>(&'a self, asked: &'a Asked, change: Change<'a>) -> Answer<'a, u64>;

    /// Takes the bytes of a file for a field, decided as the writing that will save it. What comes back is the value to save
    /// ([`New`], [`Change`]); until then the file is nobody's, and it is gone after an hour.
    fn receive<'a>(&'a self, asked: &'a Asked, to: FileTo<'a>, bytes: &'a mut dyn Incoming) -> Answer<'a, Waiting>;

    /// A file that a record keeps: a consultation of that field, entered before the first byte.
    fn open_file<'a>(&'a self, asked: &'a Asked, of: FileOf<'a>) -> Answer<'a, Box<dyn OpenedFile>>;

    /// Whether arriving files are scanned for malware, so that a form can say so.
    fn scans(&self) -> bool {
        false
    }

    /// What erasing the record, or the person that it is there for, would do. Nothing is erased; that it was asked is an entry.
    fn plan_erasure<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        record: RecordId,
    ) -> Answer<'a, (ErasurePlan, terms::Hash)> {
        let _ = (asked, kind, record);
        Box::pin(async { Err(nothing("erasure")) })
    }

    /// Erases as the plan said, and gives the id of the certificate; or, where it can be taken back for a time, the id under which
    /// it is brought back. [`No::Conflict`] where it would be another plan by now.
    fn erase<'a>(&'a self, asked: &'a Asked, to: ToErase<'a>) -> Answer<'a, RecordId> {
        let _ = (asked, to);
        Box::pin(async { Err(nothing("erasure")) })
    }

    /// What anonymising the records of a kind that were written last before an instant would do: how many go, and by what they are
    /// counted. Nothing is erased; that it was counted is an entry. Which figures stay is told after the act, and the hash binds them.
    fn plan_anonymising<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        before: Instant,
    ) -> Answer<'a, (AnonymisingPlan, terms::Hash)> {
        let _ = (asked, kind, before);
        Box::pin(async { Err(nothing("anonymising")) })
    }

    /// Anonymises as the plan said, and gives the id of the certificate. [`No::Conflict`] where it would be another plan by now.
    fn anonymise<'a>(&'a self, asked: &'a Asked, to: ToAnonymise<'a>) -> Answer<'a, RecordId> {
        let _ = (asked, to);
        Box::pin(async { Err(nothing("anonymising")) })
    }

    /// The figures that stayed, newest first, as far as the agreement shows them to this person for this purpose.
    fn figures<'a>(&'a self, asked: &'a Asked) -> Answer<'a, Vec<FiguresKept>> {
        let _ = asked;
        Box::pin(async { Err(nothing("figures")) })
    }

    /// The certificates of the customer's erasures, newest first; without the log's checkpoint, which goes with a single one.
    fn certificates<'a>(&'a self, asked: &'a Asked) -> Answer<'a, Vec<Certified>> {
        let _ = asked;
        Box::pin(async { Err(nothing("erasure")) })
    }

    /// One certificate.
    fn certificate<'a>(&'a self, asked: &'a Asked, id: RecordId) -> Answer<'a, Certified> {
        let _ = (asked, id);
        Box::pin(async { Err(nothing("erasure")) })
    }

    /// Restricts the data of the person whose record it is (Art. 18).
    fn restrict<'a>(&'a self, asked: &'a Asked, to: ToRestrict<'a>) -> Answer<'a, ()> {
        let _ = (asked, to);
        Box::pin(async { Err(nothing("restriction")) })
    }

    /// Lifts that restriction; [`No::Missing`] where there is none.
    fn lift<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, record: RecordId) -> Answer<'a, ()> {
        let _ = (asked, kind, record);
        Box::pin(async { Err(nothing("restriction")) })
    }

    /// The restriction that holds for the person whose record it is, for whoever may restrict.
    fn restriction<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        record: RecordId,
    ) -> Answer<'a, Option<Restricted>> {
        let _ = (asked, kind, record);
        Box::pin(async { Err(nothing("restriction")) })
    }

    /// What was erased and can be brought back still, as far as this person may, by when it ends.
    fn set_aside<'a>(&'a self, asked: &'a Asked) -> Answer<'a, Vec<SetAsideShown>> {
        let _ = asked;
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Brings it back, and gives the record that was pointed at; [`No::Missing`] where its time is over.
    fn bring_back<'a>(&'a self, asked: &'a Asked, id: RecordId) -> Answer<'a, RecordId> {
        let _ = (asked, id);
        Box::pin(async { Err(nothing("erasure that can be taken back")) })
    }

    /// Places a legal hold and gives its id: until its day or until it is lifted, nothing that it covers is erased (Art. 17(3)).
    fn hold<'a>(&'a self, asked: &'a Asked, to: ToHold<'a>) -> Answer<'a, RecordId> {
        let _ = (asked, to);
        Box::pin(async { Err(nothing("legal hold")) })
    }

    /// Lifts a hold; [`No::Missing`] where there is none that stands.
    fn lift_hold<'a>(&'a self, asked: &'a Asked, id: RecordId) -> Answer<'a, ()> {
        let _ = (asked, id);
        Box::pin(async { Err(nothing("legal hold")) })
    }

    /// The customer's holds that this person may know of, those that ended too, the newest first.
    fn holds<'a>(&'a self, asked: &'a Asked) -> Answer<'a, Vec<Held>> {
        let _ = asked;
        Box::pin(async { Err(nothing("legal hold")) })
    }

    /// One hold, with its words for whoever may hold what it covers.
    fn one_hold<'a>(&'a self, asked: &'a Asked, id: RecordId) -> Answer<'a, HeldInFull> {
        let _ = (asked, id);
        Box::pin(async { Err(nothing("legal hold")) })
    }

    /// The holds that stand against erasing this record or its person, for whoever may hold it.
    fn holds_on<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, record: RecordId) -> Answer<'a, Vec<Held>> {
        let _ = (asked, kind, record);
        Box::pin(async { Err(nothing("legal hold")) })
    }
}

/// The answer of a door that has no such thing: one of a measurement, or of a test of pages.
fn nothing(of: &str) -> No {
    No::Unavailable(format!("this door knows no {of}"))
}
