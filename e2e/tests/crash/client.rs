//! One client: it works until the program is gone, remembers what it was told, and finds it again after the next start.
//!
//! A client alone writes to its participant, so that it knows what must be there. What it was not told of may be there or not,
//! but whole; asked again with the same key, it is there once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::caller::Caller;
use crate::chance::Chance;

const PARTICIPANTS: &str = "/api/v1/matcha/deltagare";
const NOTES: &str = "/api/v1/matcha/daganteckningar";
/// Records in one answer of a listing.
const PAGE: usize = 200;

/// How many entries of a sort there must be, and can be at most.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bounds {
    /// Answered.
    pub least: u64,
    /// Asked for, answered or not.
    pub most: u64,
}

/// What was asked when the program was gone.
enum Unanswered {
    Note { once: String, text: String },
    Change { once: String, mark: String },
}

/// What was found about requests without an answer.
#[derive(Debug, Default, Clone, Copy)]
pub struct Lost {
    /// Writings without an answer.
    pub writings: u64,
    /// Of these, the ones that were there all the same.
    pub kept: u64,
}

pub struct Client {
    number: usize,
    /// The case worker, whose pseudonym the entries carry.
    pub actor: String,
    caller: Caller,
    chance: Chance,
    pub participant: String,
    version: u64,
    mark: String,
    former: Option<String>,
    made: u64,
    /// Every note that was acknowledged, by id.
    pub notes: BTreeMap<String, String>,
    /// Notes since the last check.
    new: Vec<String>,
    /// The last note of the listing, as of the last check.
    seen: Option<String>,
    unanswered: Option<Unanswered>,
    /// Versions of the participant that this client made.
    pub changes: BTreeSet<u64>,
    /// Openings of the participant, by version.
    pub readings: BTreeMap<u64, Bounds>,
    pub refusals: Bounds,
    pub lost: Lost,
}

impl Client {
    /// Takes over a participant as it is.
    pub fn begin(
        number: usize,
        actor: &str,
        caller: Caller,
        checker: &Caller,
        participant: &str,
        chance: Chance,
    ) -> Self {
        let mut client = Self {
            number,
            actor: actor.to_owned(),
            caller,
            chance,
            participant: participant.to_owned(),
            version: 0,
            mark: String::new(),
            former: None,
            made: 0,
            notes: BTreeMap::new(),
            new: Vec::new(),
            seen: None,
            unanswered: None,
            changes: BTreeSet::new(),
            readings: BTreeMap::new(),
            refusals: Bounds::default(),
            lost: Lost::default(),
        };
        let listed = client.list(checker);
        client.seen = listed.last().map(|(id, _)| id.clone());
        let found = checker.get(&client.path(), &[]).expect("an answer").with_status(200);
        client.version = found.version();
        // From here on the three fields that tell a half-written version say the same.
        let first = client.next_mark();
        client.change(&first).expect("an answer");
        client
    }

    pub fn goes_to(&mut self, address: &str) {
        self.caller.goes_to(address);
    }

    fn path(&self) -> String {
        format!("{PARTICIPANTS}/{}", self.participant)
    }

    fn next(&mut self) -> String {
        self.made += 1;
        format!("k{}n{}", self.number, self.made)
    }

    /// One word, since the search is by words.
    fn next_mark(&mut self) -> String {
        format!("prov{}", self.next())
    }

    /// Works until there is no answer.
    pub fn work(&mut self) {
        while self.step().is_some() {}
    }

    fn step(&mut self) -> Option<()> {
        match self.chance.below(20) {
            0..8 => {
                let text = self.next();
                self.note(&text)
            }
            8..11 => {
                let mark = self.next_mark();
                self.change(&mark)
            }
            11..18 => self.read(),
            _ => self.be_refused(),
        }
    }

    fn note(&mut self, text: &str) -> Option<()> {
        let once = format!("note-{text}");
        // Long enough that a group can be cut anywhere.
        let text = format!("Prov av krasch {text}. {}", "Närvarande och i samtal. ".repeat(self.chance.below(40)));
        let text = text.trim_end().to_owned();
        self.unanswered = Some(Unanswered::Note { once: once.clone(), text: text.clone() });
        let reply = self.caller.post(NOTES, &once, &self.note_body(&text))?.with_status(201);
        self.unanswered = None;
        self.keep(reply.text("id"), text);
        Some(())
    }

    fn note_body(&self, text: &str) -> Json {
        json!({ "parent": self.participant, "fields": { "date": "2026-01-02", "text": text } })
    }

    fn keep(&mut self, id: &str, text: String) {
        self.new.push(id.to_owned());
        assert!(self.notes.insert(id.to_owned(), text).is_none(), "a note was made twice under one id");
    }

    fn change(&mut self, mark: &str) -> Option<()> {
        let once = format!("change-{mark}");
        self.unanswered = Some(Unanswered::Change { once: once.clone(), mark: mark.to_owned() });
        let reply = self.caller.put(&self.path(), &once, self.version, &change_body(mark))?.with_status(200);
        self.changed(reply.version(), mark);
        Some(())
    }

    fn changed(&mut self, version: u64, mark: &str) {
        assert_eq!(version, self.version + 1, "the next version follows");
        self.unanswered = None;
        self.version = version;
        self.changes.insert(version);
        let before = core::mem::replace(&mut self.mark, mark.to_owned());
        self.former = Some(before).filter(|before| !before.is_empty());
    }

    fn read(&mut self) -> Option<()> {
        self.readings.entry(self.version).or_default().most += 1;
        let reply = self.caller.get(&self.path(), &[])?.with_status(200);
        assert_eq!(
            (reply.version(), one_mark(&reply.json)),
            (self.version, self.mark.as_str()),
            "we read what we wrote"
        );
        self.readings.entry(self.version).or_default().least += 1;
        Some(())
    }

    fn be_refused(&mut self) -> Option<()> {
        self.refusals.most += 1;
        let reply = self.caller.get(&self.path(), &[("x-purpose", "marketing")])?.with_status(403);
        assert_eq!(reply.text("reason"), "purpose-not-agreed");
        self.refusals.least += 1;
        Some(())
    }

    /// After a start: all that was acknowledged is there, and what was not is there whole or not at all.
    pub fn check(&mut self, checker: &Caller) {
        let unanswered = self.unanswered.take();
        let lost_change = match &unanswered {
            Some(Unanswered::Change { mark, .. }) => Some(mark.clone()),
            _ => None,
        };
        let found = checker.get(&self.path(), &[]).expect("an answer").with_status(200);
        let (version, mark) = (found.version(), one_mark(&found.json).to_owned());
        let kept = lost_change.is_some_and(|lost| (version, &mark) == (self.version + 1, &lost));
        if !kept {
            assert_eq!(
                (version, mark.as_str()),
                (self.version, self.mark.as_str()),
                "the version that was acknowledged"
            );
        }
        self.find_by_name(checker, &mark);
        let mut listed = self.list(checker);
        listed.retain(|(id, text)| !self.is_as_acknowledged(id, text));
        match unanswered {
            Some(Unanswered::Note { once, text }) => {
                self.lost.writings += 1;
                // At most the one without an answer is there besides, and whole.
                assert!(listed.iter().all(|(_, found)| *found == text) && listed.len() <= 1, "{listed:?}");
                let again = self.caller.post(NOTES, &once, &self.note_body(&text)).expect("an answer").with_status(201);
                if let Some((id, _)) = listed.first() {
                    assert_eq!(again.text("id"), id, "the same key gives the same record");
                    self.lost.kept += 1;
                }
                self.keep(again.text("id"), text);
            }
            Some(Unanswered::Change { once, mark }) => {
                self.lost.writings += 1;
                self.lost.kept += u64::from(kept);
                let again = self.caller.put(&self.path(), &once, self.version, &change_body(&mark));
                self.changed(again.expect("an answer").with_status(200).version(), &mark);
                let found = checker.get(&self.path(), &[]).expect("an answer").with_status(200);
                assert_eq!((found.version(), one_mark(&found.json)), (self.version, mark.as_str()), "it is done once");
                assert!(listed.is_empty(), "{listed:?}");
            }
            None => assert!(listed.is_empty(), "notes that nobody asked for: {listed:?}"),
        }
        let listed = self.list(checker);
        let found: BTreeSet<&String> = listed.iter().map(|(id, _)| id).collect();
        assert_eq!(found, self.new.iter().collect(), "each note since the last check is listed once");
        assert_eq!(found.len(), listed.len(), "none twice");
        // A few more by their own address, where another table is read.
        for _ in 0..self.new.len().min(3) {
            let id = &self.new[self.chance.below(self.new.len())];
            let one = checker.get(&format!("{NOTES}/{id}"), &[]).expect("an answer").with_status(200);
            assert_eq!(one.json["fields"]["text"].as_str(), Some(self.notes[id].as_str()), "{id}");
            assert_eq!(one.text("parent"), self.participant);
        }
        if let Some((last, _)) = listed.last() {
            self.seen = Some(last.clone());
        }
        self.new.clear();
    }

    /// Everything from the first day on, once more.
    pub fn check_all(&mut self, checker: &Caller) {
        self.seen = None;
        let listed: BTreeMap<String, String> = self.list(checker).into_iter().collect();
        for (id, text) in &self.notes {
            assert_eq!(listed.get(id), Some(text), "note {id}");
        }
        let ours = listed.values().filter(|text| text.starts_with("Prov av krasch")).count();
        assert_eq!(ours, self.notes.len(), "and no others");
    }

    fn is_as_acknowledged(&self, id: &str, text: &str) -> bool {
        let acknowledged = self.notes.get(id);
        if let Some(acknowledged) = acknowledged {
            assert_eq!(text, acknowledged, "note {id}");
        }
        acknowledged.is_some()
    }

    /// The blind index says the same as the record: found by the present name, and not by the one before.
    fn find_by_name(&self, checker: &Caller, mark: &str) {
        let search = |word: &str| {
            let found = checker.get(&format!("{PARTICIPANTS}?q={word}"), &[]).expect("an answer").with_status(200);
            let found =
                found.json["items"].as_array().expect("a list").iter().map(|one| one["id"].as_str().map(str::to_owned));
            found.collect::<Option<Vec<_>>>().expect("ids")
        };
        assert_eq!(search(mark), std::slice::from_ref(&self.participant));
        let former = if mark == self.mark { self.former.as_ref() } else { Some(&self.mark) };
        if let Some(former) = former {
            assert!(search(former).is_empty(), "{former} is no name of anybody any more");
        }
    }

    /// Id and text of the notes after `seen`, in the order of the listing.
    fn list(&self, checker: &Caller) -> Vec<(String, String)> {
        let mut after = self.seen.clone();
        let mut all = Vec::new();
        loop {
            let from = after.map(|after| format!("&after={after}")).unwrap_or_default();
            let path = format!("{NOTES}?parent={}&limit={PAGE}{from}", self.participant);
            let page = checker.get(&path, &[]).expect("an answer").with_status(200);
            for item in page.json["items"].as_array().expect("a list") {
                let text = |value: &Json| value.as_str().expect("a text").to_owned();
                all.push((text(&item["id"]), text(&item["fields"]["text"])));
            }
            after = page.json["next"].as_str().map(str::to_owned);
            if after.is_none() {
                return all;
            }
        }
    }
}

fn change_body(mark: &str) -> Json {
    json!({ "fields": { "family-name": mark, "address": mark, "email": format!("{mark}@krasch.example") } })
}

/// The one mark of all three fields that a change writes together.
fn one_mark(record: &Json) -> &str {
    let field = |name: &str| record["fields"][name].as_str().unwrap_or_default();
    let mark = field("family-name");
    if field("email").ends_with("@krasch.example") {
        assert_eq!(
            (field("address"), field("email")),
            (mark, format!("{mark}@krasch.example").as_str()),
            "half a version"
        );
    }
    mark
}
