//! The entries of the journal, counted as the clients know them: by actor, outcome, verb, record and version.

use std::collections::HashMap;
use std::path::Path;

use journal::{Detail, EntryKind, Extra};
use terms::{PersonId, RecordId, Verb};

use crate::client::Client;

/// Entries by sort.
#[derive(Default)]
pub struct Entries {
    acts: HashMap<(PersonId, Verb, RecordId, u64), u64>,
    refusals: HashMap<(PersonId, RecordId), u64>,
    collected: HashMap<PersonId, u64>,
    pub total: u64,
}

impl Entries {
    pub fn read(folder: &Path) -> Self {
        let mut found = Self::default();
        let scanned = journal::scan(&folder.join("journal"), &mut |_, entries| {
            for entry in entries {
                found.total += 1;
                let (true, Some(bytes)) =
                    (matches!(entry.leaf.kind, EntryKind::Act | EntryKind::Refusal), entry.detail.as_deref())
                else {
                    continue;
                };
                let detail = Detail::decode(bytes).expect("a detail");
                let extra = entry.redo.as_deref().map(|bytes| Extra::decode(bytes).expect("a redo part"));
                let lists = extra.as_ref().and_then(|extra| extra.lists.as_ref());
                let (Some(actor), Some(verb)) = (detail.actor, detail.verb) else { continue };
                for (record, version) in detail.records(lists) {
                    if entry.leaf.kind == EntryKind::Refusal {
                        *found.refusals.entry((actor, *record)).or_default() += 1;
                    } else {
                        *found.acts.entry((actor, verb, *record, *version)).or_default() += 1;
                    }
                }
                // One for each entry: it also names the record that the new one belongs to.
                if entry.leaf.kind == EntryKind::Act {
                    *found.collected.entry(actor).or_default() += u64::from(verb == Verb::Collect);
                }
            }
            Ok(())
        });
        scanned.expect("a sound journal");
        found
    }

    /// Each thing that the client was told of has its entry, and nothing has more entries than it was asked for.
    pub fn check(&self, client: &Client) {
        let actor: PersonId = client.actor.parse().expect("a pseudonym");
        let participant: RecordId = client.participant.parse().expect("an id");
        let count = |verb, record, version| self.acts.get(&(actor, verb, record, version)).copied().unwrap_or(0);
        for id in client.notes.keys() {
            assert_eq!(count(Verb::Collect, id.parse().expect("an id"), 1), 1, "entries of the writing of note {id}");
        }
        for version in &client.changes {
            assert_eq!(count(Verb::Alter, participant, *version), 1, "entries of version {version} of {participant}");
        }
        for (version, readings) in &client.readings {
            let found = count(Verb::Consult, participant, *version);
            assert!(
                (readings.least..=readings.most).contains(&found),
                "{found} entries of openings of {participant} in version {version}; {readings:?}"
            );
        }
        let refused = self.refused_to(client);
        let bounds = client.refusals;
        assert!((bounds.least..=bounds.most).contains(&refused), "{refused} entries of refusals; {bounds:?}");
    }

    /// How often this person was refused this participant, ever; in the demo's month too.
    pub fn refused_to(&self, client: &Client) -> u64 {
        let actor: PersonId = client.actor.parse().expect("a pseudonym");
        let participant: RecordId = client.participant.parse().expect("an id");
        self.refusals.get(&(actor, participant)).copied().unwrap_or(0)
    }

    /// How many records this person made, ever.
    pub fn collected_by(&self, actor: &str) -> u64 {
        self.collected.get(&actor.parse().expect("a pseudonym")).copied().unwrap_or(0)
    }
}
