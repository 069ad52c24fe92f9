//! What erasing would do, said before it is done, and what was done, certified after it; and what restricting is (GDPR Art. 17
//! and 18). Plain values: they can be shown, hashed, tested and kept, and hold pseudonyms, names of kinds and counts, never a
//! value of anybody's.
//!
//! Not here: how a plan is made and carried out (`processing`).

use minicbor::{Decode, Encode};
use terms::{
    AgreementHash, ClauseId, Hash, Instant, KindName, PersonId, Purpose, RecordId, RetentionClass, Role,
    SubjectCategory,
};

/// What erasing a record, or the person whose it is, would do. Two plans are the same plan where their hashes are equal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ErasurePlan {
    /// The kind of the record that was pointed at.
    #[n(0)]
    pub kind: KindName,
    /// That record.
    #[n(1)]
    pub record: RecordId,
    /// Whose it is.
    #[n(2)]
    pub person: PersonId,
    /// Whether the person goes, with all that is that person's; otherwise the record and what belongs to it.
    #[n(3)]
    pub whole: bool,
    /// The persons whose keys are destroyed: the one who was asked for, and those who are kept only because of that one.
    #[n(4)]
    pub persons: Vec<PersonGoing>,
    /// What goes, kind by kind.
    #[n(5)]
    pub goes: Vec<PlannedRecords>,
    /// What stays, kind by kind.
    #[n(6)]
    pub stays: Vec<PlannedRecords>,
    /// What stands against it: nothing is erased while it does.
    #[n(7)]
    pub against: Vec<Against>,
    /// The import that it undoes. Then `record` is the import's id and `person` whoever brought it in, and nobody was pointed at.
    #[n(20)]
    pub import: Option<RecordId>,
    /// What stays of it as figures. Then `record` is sixteen zeros and `person` whoever asked, and nobody was pointed at.
    #[n(21)]
    pub figures: Option<crate::Figures>,
}

impl ErasurePlan {
    /// How many records go.
    #[must_use]
    pub fn count_going(&self) -> usize {
        self.goes.iter().map(|one| one.count() as usize).sum()
    }

    /// The plan's bytes, CBOR: what its hash is taken over, and how it is kept.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        // Writing to a Vec cannot fail.
        minicbor::to_vec(self).unwrap_or_default()
    }
}

/// A person whose keys are destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PersonGoing {
    /// Who.
    #[n(0)]
    pub person: PersonId,
    /// As which data subject.
    #[n(1)]
    pub subject: SubjectCategory,
    /// The retention classes whose keys are destroyed.
    #[n(2)]
    pub classes: Vec<RetentionClass>,
    /// The retention classes whose keys stay, with what lies under them.
    #[n(3)]
    pub keeps: Vec<RetentionClass>,
    /// Whether the person has an account, which ends with all its sessions.
    #[n(4)]
    pub account: bool,
}

/// Records of one kind that share a fate.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PlannedRecords {
    /// Of which kind.
    #[n(0)]
    pub kind: KindName,
    /// Of which data subjects.
    #[n(1)]
    pub subject: SubjectCategory,
    /// Which, each in the version that the plan saw; sorted.
    #[n(2)]
    pub records: Vec<(RecordId, u64)>,
    /// Why they go, or stay.
    #[n(3)]
    pub why: Why,
    /// How many of them are in the state in which records of the kind begin: cases that are open. Not counted where they are
    /// anonymised: it would be a figure, and of however few.
    #[n(4)]
    pub open: u64,
    /// How many more there are than are listed: of a great erasure the log lists them, portion by portion. None where all are.
    #[n(5)]
    pub unlisted: Option<u64>,
}

impl PlannedRecords {
    /// How many there are, listed or not.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.records.len() as u64 + self.unlisted.unwrap_or(0)
    }

    /// The same with the list in the log alone.
    #[must_use]
    pub fn without_list(self) -> Self {
        Self { unlisted: Some(self.count()), records: Vec::new(), ..self }
    }
}

/// Why records go, or stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Why {
    /// The person's own: the key that they lie under is destroyed, and every copy of them is unreadable with it.
    #[n(0)]
    Key,
    /// They are somebody else's and about the person, or single ones: they are deleted here. What the journal holds of them lies
    /// sealed under the key of whoever they are of, and that key stays.
    #[n(1)]
    Deleted,
    /// Their kind stays without the name: they lie under another key, and nothing here leads from the pseudonym to the person.
    #[n(2)]
    WithoutName,
    /// They belong to something that goes, but their kind says that they stay.
    #[n(3)]
    KindStays,
}

impl Why {
    /// A stable word for words files and tests.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Deleted => "deleted",
            Self::WithoutName => "without-name",
            Self::KindStays => "kind-stays",
        }
    }
}

/// What stands against an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Against {
    /// The data is restricted: whoever restricts wants it kept, by Article 18(1)(b) and (c) against erasure.
    #[n(0)]
    Restricted(#[n(0)] Restricted),
    /// A legal hold, by Article 17(3).
    #[n(1)]
    Held(#[n(0)] crate::Held),
    /// Too few persons together, so that figures of them would be of one of them.
    #[n(2)]
    TooFew(#[n(0)] TooFew),
}

/// That too few persons are anonymised together.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TooFew {
    /// How many they are.
    #[n(0)]
    pub persons: u64,
    /// How many the agreement demands at least.
    #[n(1)]
    pub at_least: u64,
    /// The clause that demands it.
    #[n(2)]
    pub clause: ClauseId,
    /// Its number as printed.
    #[n(3)]
    pub number: String,
}

/// That a person's data is restricted: it is stored, and nothing else is done with it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Restricted {
    /// Whose.
    #[n(0)]
    pub person: PersonId,
    /// By whom.
    #[n(1)]
    pub by: PersonId,
    /// Since when.
    #[n(2)]
    pub since: Instant,
    /// Why.
    #[n(3)]
    pub why: Ground,
    /// Until when at the latest; none until it is lifted.
    #[n(4)]
    pub until: Option<Instant>,
    /// The clause under which it was restricted.
    #[n(5)]
    pub clause: ClauseId,
}

/// Why data is restricted: the four grounds of Article 18(1). A code and never a text, which would be data of the person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Ground {
    /// The data subject contests that the data is accurate: Article 18(1)(a).
    #[n(0)]
    AccuracyContested,
    /// The processing is unlawful, and the data subject opposes erasure: Article 18(1)(b).
    #[n(1)]
    ErasureOpposed,
    /// The data subject needs the data for legal claims: Article 18(1)(c).
    #[n(2)]
    LegalClaims,
    /// The data subject has objected, and it is being weighed: Article 18(1)(d).
    #[n(3)]
    Objected,
}

impl Ground {
    /// All, in the order of the article.
    pub const ALL: [Self; 4] = [Self::AccuracyContested, Self::ErasureOpposed, Self::LegalClaims, Self::Objected];

    /// A stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AccuracyContested => "accuracy-contested",
            Self::ErasureOpposed => "erasure-opposed",
            Self::LegalClaims => "legal-claims",
            Self::Objected => "objected",
        }
    }

    /// The ground of that word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.code() == code)
    }
}

/// A wish to erase, after its plan was shown.
#[derive(Debug, Clone)]
pub struct ToErase<'a> {
    /// Of which kind.
    pub kind: &'a KindName,
    /// Which record, or whose.
    pub record: RecordId,
    /// The hash of the plan that was shown. Where it would be another by now, nothing is erased.
    pub plan: Hash,
    /// Until when it can be brought back: nobody reads it until then, and at that time it is erased for good. None: at once.
    pub back_until: Option<Instant>,
}

/// What was erased and can be brought back for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideShown {
    /// Its id.
    pub id: RecordId,
    /// The kind of the record that was pointed at.
    pub kind: KindName,
    /// That record.
    pub record: RecordId,
    /// How many records go.
    pub records: u64,
    /// Who asked for it.
    pub by: PersonId,
    /// Since when.
    pub since: Instant,
    /// From when on it cannot be brought back.
    pub until: Instant,
    /// The clause that allowed the erasure.
    pub clause: ClauseId,
    /// The legal holds that stand against erasing it for good.
    pub held: Vec<crate::Held>,
}

/// A wish to restrict.
#[derive(Debug, Clone)]
pub struct ToRestrict<'a> {
    /// Of which kind.
    pub kind: &'a KindName,
    /// The record whose person's data is to be restricted.
    pub record: RecordId,
    /// Why.
    pub why: Ground,
    /// Until when at the latest.
    pub until: Option<Instant>,
}

/// The certificate of an erasure: what is gone here, as counted anew after it was deleted, what is left and why, and when what
/// others hold will be gone. It names the pseudonym alone.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Certificate {
    /// The erasure's id.
    #[n(0)]
    pub id: RecordId,
    /// When it was entered and the keys were destroyed.
    #[n(1)]
    pub erased: Instant,
    /// When what was deleted had been looked for, and nothing of it was found: unusable here since then at the latest.
    #[n(2)]
    pub completed: Instant,
    /// The entry of the act in the customer's log.
    #[n(3)]
    pub entry: u64,
    /// By whom.
    #[n(4)]
    pub by: PersonId,
    /// As what.
    #[n(5)]
    pub role: Role,
    /// Why.
    #[n(6)]
    pub purpose: Purpose,
    /// The agreement that allowed it.
    #[n(7)]
    pub agreement: AgreementHash,
    /// Its version as the parties name it.
    #[n(8)]
    pub version: String,
    /// The clause that allowed it.
    #[n(9)]
    pub clause: ClauseId,
    /// Its number as printed.
    #[n(10)]
    pub number: String,
    /// What was planned, and so done.
    #[n(11)]
    pub plan: ErasurePlan,
    /// The plan's hash, which the entry carries too. Of anonymising it is made with a key of the customer's, so that nobody finds by
    /// guessing which figures it was shown over.
    #[n(12)]
    pub plan_hash: Hash,
    /// What was counted after the deletion. Everything is zero, or there would be no certificate.
    #[n(13)]
    pub left: Counted,
    /// Files that were destroyed with their records.
    #[n(14)]
    pub files: u64,
    /// What the agreement says on how long copies are kept; *not found* is an answer too.
    #[n(15)]
    pub backups: Kept,
    /// What the agreement says on how long the log is kept.
    #[n(16)]
    pub logs: Kept,
}

/// What was counted after the deletion, in the state and in the file of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Counted {
    /// Records.
    #[n(0)]
    pub records: u64,
    /// Earlier versions.
    #[n(1)]
    pub versions: u64,
    /// Words of the search's index.
    #[n(2)]
    pub tokens: u64,
    /// Accounts.
    #[n(3)]
    pub accounts: u64,
    /// Sessions.
    #[n(4)]
    pub sessions: u64,
    /// Keys.
    #[n(5)]
    pub keys: u64,
    /// Names behind pseudonyms.
    #[n(6)]
    pub names: u64,
    /// Files that a record still names. Certificates from before this was counted say nothing of it, as of the two below.
    #[cbor(n(7), default)]
    pub files: u64,
    /// Keys of programs, invitations, notices that were seen, findings that were looked at.
    #[cbor(n(8), default)]
    pub rows: u64,
    /// Restrictions.
    #[cbor(n(9), default)]
    pub restrictions: u64,
}

/// How long something is kept by the agreement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Kept {
    /// So long, in both languages, by this clause.
    #[n(0)]
    For {
        /// Swedish.
        #[n(0)]
        sv: String,
        /// English.
        #[n(1)]
        en: String,
        /// The clause.
        #[n(2)]
        clause: ClauseId,
        /// Its number as printed.
        #[n(3)]
        number: String,
    },
    /// The clause is there and says no time.
    #[n(1)]
    NotFound {
        /// The clause.
        #[n(0)]
        clause: ClauseId,
        /// Its number as printed.
        #[n(1)]
        number: String,
    },
    /// The agreement has no such term.
    #[n(2)]
    Silent,
}

/// The second stage of a certificate: what was erased is unusable everywhere, as far as the program keeps copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Everywhere {
    /// The program keeps no copies elsewhere, so there are none to wait for; and it knows of no others.
    NoCopies,
    /// The key may still lie in copies elsewhere, which open until the archive key is destroyed.
    By {
        /// When the next rotation is due.
        at: Instant,
        /// Whether it should have been made by now.
        late: bool,
        /// On what it rests that a destroyed archive key is gone.
        rests_on: RestsOn,
    },
    /// Nothing opens it any more.
    Since(Unusable),
}

/// That what was erased is unusable everywhere: what the rotation did that made it so.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Unusable {
    /// Since when at the latest.
    #[n(0)]
    pub since: Instant,
    /// The generation of copies that is in force since.
    #[n(1)]
    pub generation: u64,
    /// When its copy of the file of keys was begun: after the erasure was complete here.
    #[n(2)]
    pub copy_began: Instant,
    /// Objects of older copies that were deleted and then not found.
    #[n(3)]
    pub deleted: u64,
    /// Older archive keys that were destroyed and then not found.
    #[n(4)]
    pub destroyed: u64,
    /// On what it rests that they are gone.
    #[n(5)]
    pub rests_on: RestsOn,
}

impl Unusable {
    /// The bytes, CBOR.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        // Writing to a Vec cannot fail.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads the bytes; nothing where they are of another form.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        minicbor::decode(bytes).ok()
    }
}

/// On what a promise rests that a destroyed archive key is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum RestsOn {
    /// A custodian of its own, at a third place.
    #[n(0)]
    Custodian,
    /// A file beside the program: whoever copied it undoes the promise.
    #[n(1)]
    PlainFile,
}

impl RestsOn {
    /// A stable word for words files and programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Custodian => "custodian",
            Self::PlainFile => "plain-file",
        }
    }
}

/// The certificate with what is known of the customer's log at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// The certificate.
    pub certificate: Certificate,
    /// Its second stage.
    pub everywhere: Everywhere,
    /// The signed checkpoint of the log that was published last. With it and the entry's index anybody who holds the log can
    /// check that the act was entered.
    pub checkpoint: Option<String>,
}

impl Certificate {
    /// The bytes, CBOR.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads the bytes; nothing where they are of another form.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        minicbor::decode(bytes).ok()
    }
}
