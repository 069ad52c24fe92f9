//! The door that services and pages see: the verbs, boxed.

use core::future::Future;
use service::{
    AnonymisingPlan, Certified, ErasurePlan, FiguresKept, Held, HeldInFull, Restricted, SetAsideShown, ToAnonymise,
    ToErase, ToHold, ToRestrict,
};
use service::{
    Answer, Answers, Asked, Change, Door, Draft, Exported, FileOf, FileTo, Incoming, Listed, Narrowed, New, No, Opened,
    OpenedFile, Page, Selection, Waiting, Whole,
};
use terms::{Hash, Instant, KindName, RecordId};

use crate::Processing;
use crate::consult::CHANGED;

/// How often a reading is tried whose facts change under it.
const MAX_TRIES: usize = 3;

/// A reading whose facts changed between decision and entry is decided anew, on the facts of now; a list of two hundred rests on
/// two hundred records, and somebody always writes in one of them.
async fn again<T, F: Future<Output = Result<T, No>> + Send>(read: impl Fn() -> F + Send) -> Result<T, No> {
    for _ in 1..MAX_TRIES {
        match read().await {
            Err(No::Unavailable(why)) if why == CHANGED => {}
            answer => return answer,
        }
    }
    read().await
}

impl Door for Processing {
    fn consult<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, record: RecordId) -> Answer<'a, Box<dyn Opened>> {
        Box::pin(again(move || self.consult_one(asked, kind, record)))
    }

    fn list<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        parent: Option<RecordId>,
        page: Page,
    ) -> Answer<'a, Listed> {
        Box::pin(again(move || self.consult_list(asked, kind, parent, page)))
    }

    fn narrow<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, narrowed: Narrowed) -> Answer<'a, Listed> {
        Box::pin(self.consult_narrowed(asked, kind, narrowed))
    }

    fn alike<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        drafts: &'a [Draft],
    ) -> Answer<'a, Vec<Vec<RecordId>>> {
        Box::pin(again(move || self.find_alike(asked, kind, drafts)))
    }

    fn collect_all<'a>(&'a self, asked: &'a Asked, new: Vec<New<'a>>) -> Answers<'a, RecordId> {
        Box::pin(self.collect_many(asked, new))
    }

    fn search<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, text: &'a str) -> Answer<'a, Box<dyn Opened>> {
        Box::pin(again(move || self.consult_search(asked, kind, text)))
    }

    fn select<'a>(&'a self, asked: &'a Asked, selection: Selection<'a>) -> Answer<'a, Box<dyn Opened>> {
        Box::pin(again(move || self.select_many(asked, selection.clone())))
    }

    fn history<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, record: RecordId) -> Answer<'a, Box<dyn Opened>> {
        Box::pin(again(move || self.consult_history(asked, kind, record)))
    }

    fn retrieve<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        record: RecordId,
        whole: Whole,
    ) -> Answer<'a, Exported> {
        Box::pin(self.retrieve_whole(asked, kind, record, whole))
    }

    fn collect<'a>(&'a self, asked: &'a Asked, new: New<'a>) -> Answer<'a, RecordId> {
        Box::pin(self.collect_record(asked, new))
    }

    fn alter<'a>(&'a self, asked: &'a Asked, change: Change<'a>) -> Answer<'a, u64> {
        Box::pin(self.alter_record(asked, change))
    }

    fn receive<'a>(&'a self, asked: &'a Asked, to: FileTo<'a>, bytes: &'a mut dyn Incoming) -> Answer<'a, Waiting> {
        Box::pin(self.receive_file(asked, to, bytes))
    }

    fn open_file<'a>(&'a self, asked: &'a Asked, of: FileOf<'a>) -> Answer<'a, Box<dyn OpenedFile>> {
        Box::pin(self.open_kept_file(asked, of))
    }

    fn scans(&self) -> bool {
        self.files().is_some_and(|files| files.scans())
    }

    fn plan_erasure<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        record: RecordId,
    ) -> Answer<'a, (ErasurePlan, Hash)> {
        Box::pin(async move { self.plan_of_erasure(asked, kind, record).await })
    }

    fn erase<'a>(&'a self, asked: &'a Asked, to: ToErase<'a>) -> Answer<'a, RecordId> {
        Box::pin(self.erase_as_planned(asked, to))
    }

    fn plan_anonymising<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        before: Instant,
    ) -> Answer<'a, (AnonymisingPlan, Hash)> {
        Box::pin(self.plan_of_anonymising(asked, kind, before))
    }

    fn anonymise<'a>(&'a self, asked: &'a Asked, to: ToAnonymise<'a>) -> Answer<'a, RecordId> {
        Box::pin(self.anonymise_as_planned(asked, to))
    }

    fn figures<'a>(&'a self, asked: &'a Asked) -> Answer<'a, Vec<FiguresKept>> {
        Box::pin(self.figures_known(asked))
    }

    fn certificates<'a>(&'a self, asked: &'a Asked) -> Answer<'a, Vec<Certified>> {
        Box::pin(self.certificates_of(asked))
    }

    fn certificate<'a>(&'a self, asked: &'a Asked, id: RecordId) -> Answer<'a, Certified> {
        Box::pin(self.certificate_of(asked, id))
    }

    fn restrict<'a>(&'a self, asked: &'a Asked, to: ToRestrict<'a>) -> Answer<'a, ()> {
        Box::pin(self.restrict_person(asked, to))
    }

    fn lift<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, record: RecordId) -> Answer<'a, ()> {
        Box::pin(self.lift_restriction(asked, kind, record))
    }

    fn restriction<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        record: RecordId,
    ) -> Answer<'a, Option<Restricted>> {
        Box::pin(self.restriction_of(asked, kind, record))
    }

    fn set_aside<'a>(&'a self, asked: &'a Asked) -> Answer<'a, Vec<SetAsideShown>> {
        Box::pin(self.set_aside_known(asked))
    }

    fn bring_back<'a>(&'a self, asked: &'a Asked, id: RecordId) -> Answer<'a, RecordId> {
        Box::pin(self.bring_back_aside(asked, id))
    }

    fn hold<'a>(&'a self, asked: &'a Asked, to: ToHold<'a>) -> Answer<'a, RecordId> {
        Box::pin(self.place_hold(asked, to))
    }

    fn lift_hold<'a>(&'a self, asked: &'a Asked, id: RecordId) -> Answer<'a, ()> {
        Box::pin(self.lift_placed_hold(asked, id))
    }

    fn holds<'a>(&'a self, asked: &'a Asked) -> Answer<'a, Vec<Held>> {
        Box::pin(self.holds_known(asked))
    }

    fn one_hold<'a>(&'a self, asked: &'a Asked, id: RecordId) -> Answer<'a, HeldInFull> {
        Box::pin(self.hold_in_full(asked, id))
    }

    fn holds_on<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, record: RecordId) -> Answer<'a, Vec<Held>> {
        Box::pin(self.holds_against(asked, kind, record))
    }
}
