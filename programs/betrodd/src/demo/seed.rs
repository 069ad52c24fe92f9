//! The demo's organisations, people and first records, made through the door and the entrance. What they did afterwards is
//! `month.rs`.
//!
//! Nothing is put into the store behind the door: every record has its permit and its entry.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use access::{NewAccount, Seed};
use futures_util::future::{join, join_all};
use jiff::civil::Date;
use service::{Asked, Change, CustomerFile, CutOff, Door, Draft, FileTo, Incoming, New, No, Piece, Value};
use terms::{FieldName, Instant, KindName, PersonId, Purpose, RecordId, Role, TenantId};

use crate::Told;
use crate::clock::day_of;
use crate::demo::answers::{Answers, Sheet};
use crate::demo::file::{Customer, DemoFile, Once, Person, Record, Values};
use crate::demo::words::Words;
use crate::installation::Installation;
use crate::opening;
use crate::services::Shelf;

/// Who was made: log-in name and person.
pub type People = Vec<(String, PersonId)>;

/// The provider's staff by their keys. Who could not be given an account is not among them.
pub type Staff<'a> = HashMap<&'a str, PersonId>;

/// One service of the demo.
pub struct Seeding<'a> {
    pub installation: &'a Installation,
    pub shelf: &'a Shelf,
    pub file: &'a DemoFile,
    /// The demo's present day.
    pub today: Date,
    pub answers: Answers<'a>,
}

/// A customer, and what became of it. Whom or what the agreement did not take is missing.
pub struct Placed<'a> {
    pub of: &'a Customer,
    pub tenant: TenantId,
    pub users: HashMap<&'a str, PersonId>,
    /// The users' own records, by their keys.
    pub own: HashMap<&'a str, RecordId>,
    /// The customer's own file.
    pub file: Option<Arc<CustomerFile>>,
    /// What became of each `[[customer.record]]`, by its place.
    pub records: Mutex<HashMap<usize, RecordId>>,
    /// The records of ordinary days, by kind, place of what they belong to, and day.
    pub days: Mutex<HashMap<(KindName, usize, Date), RecordId>>,
}

/// A service with its people and customers.
pub struct Begun<'a> {
    pub seeding: Seeding<'a>,
    pub staff: Staff<'a>,
    pub customers: Vec<Placed<'a>>,
    pub people: People,
}

impl<'a> Seeding<'a> {
    pub fn new(installation: &'a Installation, shelf: &'a Shelf, file: &'a DemoFile, today: Date) -> Self {
        Self { installation, shelf, file, today, answers: Answers::new(&shelf.agreement, &shelf.kinds) }
    }

    /// Makes the provider, the customers, and what was there when the demo begins.
    pub async fn begin(self) -> Result<Begun<'a>, Told> {
        let in_force_from = crate::clock::parse(&self.file.demo.in_force_from)?;
        let customers = join_all(self.file.customer.iter().map(|customer| self.customer(customer, in_force_from)));
        let (provider, customers) = join(self.provider(), customers).await;
        let (staff, mut people) = provider?;
        let mut placed = Vec::new();
        for made in customers {
            let (customer, users) = made?;
            placed.push(customer);
            people.extend(users);
        }
        Ok(Begun { seeding: self, staff, customers: placed, people })
    }

    async fn account(
        &self,
        by: Option<PersonId>,
        home: TenantId,
        one: &Person,
        record: Option<RecordId>,
    ) -> Result<Option<PersonId>, Told> {
        let totp = match &one.totp_secret {
            Some(secret) => Some(Seed::from_base32(secret).ok_or("demo.toml: a `totp-secret` is 20 bytes in base32")?),
            None => None,
        };
        let new = NewAccount {
            by,
            home,
            login: Value::new(one.email.clone()),
            name: Value::new(one.name()),
            role: Role::new(&one.role)?,
            password: Value::new(one.password.clone()),
            totp,
            record,
        };
        self.answers.opened(&one.key, self.installation.access.open_account(new).await)
    }

    async fn provider(&self) -> Result<(Staff<'a>, People), Told> {
        let provider = &self.file.provider;
        let number = provider.registration_number.as_ref();
        let home = opening::tenant(self.installation, self.shelf, &provider.name, number, true).await?;
        let opened = join_all(provider.staff.iter().map(|one| self.account(None, home, one, None))).await;
        let (mut staff, mut people) = (Staff::new(), People::new());
        for (one, person) in provider.staff.iter().zip(opened) {
            if let Some(person) = person? {
                staff.insert(&one.key, person);
                people.push((one.email.clone(), person));
            }
        }
        Ok((staff, people))
    }

    async fn customer(&self, customer: &'a Customer, in_force_from: Instant) -> Result<(Placed<'a>, People), Told> {
        let number = customer.registration_number.as_ref();
        let tenant = opening::tenant(self.installation, self.shelf, &customer.name, number, false).await?;
        crate::agreements::bring_into_force(self.installation, self.shelf, tenant, in_force_from).await?;
        let file = match &customer.file {
            Some(file) => {
                let file = self.shelf.folder.join(file);
                Some(crate::customer_file::bring_into_force(self.installation, self.shelf, tenant, None, &file).await?)
            }
            None => None,
        };
        let mut placed = Placed {
            of: customer,
            tenant,
            users: HashMap::new(),
            own: HashMap::new(),
            file,
            records: Mutex::default(),
            days: Mutex::default(),
        };
        let mut people = self.users(customer, &mut placed).await?;
        // What belongs to something waits until that is there.
        let mut waiting: Vec<usize> =
            (0..customer.record.len()).filter(|place| customer.record[*place].weekdays_ago.is_none()).collect();
        while !waiting.is_empty() {
            let later = |place: &usize| {
                let one = &customer.record[*place];
                let referred = one.values.values().filter_map(|value| value.strip_prefix('@'));
                let before = one.of.as_deref().into_iter().chain(referred);
                before.filter_map(|key| customer.place(key)).any(|before| waiting.contains(&before))
            };
            let (next, now): (Vec<usize>, Vec<usize>) = waiting.iter().copied().partition(later);
            if now.is_empty() {
                return Err(format!("demo.toml: records of {} belong to each other in a circle", customer.name).into());
            }
            let placed = &placed;
            for made in join_all(now.into_iter().map(|place| self.record(placed, place))).await {
                made?;
            }
            waiting = next;
        }
        people.extend(self.subjects(customer, &mut placed).await?);
        for one in self.file.activity.once.iter().filter(|one| one.weekdays_ago.is_none()) {
            self.once(&placed, one).await?;
        }
        Ok((placed, people))
    }

    /// The accounts of those whom the customer's records are about.
    async fn subjects(&self, customer: &'a Customer, placed: &mut Placed<'a>) -> Result<People, Told> {
        let mut people = People::new();
        let administrator = customer.user.iter().find(|one| self.administers(one));
        let administrator = administrator.and_then(|one| placed.user(&one.key));
        for one in &customer.user {
            let Some(record) = one.of.as_deref().and_then(|key| placed.record(key)) else { continue };
            if let Some(person) = self.account(administrator, placed.tenant, one, Some(record)).await? {
                placed.users.insert(&one.key, person);
                people.push((one.email.clone(), person));
            }
        }
        Ok(people)
    }

    fn administers(&self, one: &Person) -> bool {
        self.shelf.agreement.roles().iter().any(|role| role.administers && role.id.as_str() == one.role)
    }

    /// What is there once under each record of a kind, all at the same time.
    pub async fn once(&self, placed: &Placed<'_>, one: &Once) -> Result<(), Told> {
        let under = placed.of.record.iter().enumerate().filter(|(_, of)| of.kind == one.under);
        let turns = under.zip(one.choice.iter().cycle()).enumerate();
        let made =
            turns.filter(|(_, (_, turn))| !turn.values.is_empty()).map(|(number, ((place, of), turn))| async move {
                let (Some(by), Some(parent)) = (placed.user(&of.by), placed.at(place)) else { return Ok(()) };
                let sheet = Sheet::of(&turn.values)
                    .saying(&self.words(placed, number + 1, Some(&of.values)))
                    .referring(|key| placed.record(key));
                let purpose = &self.file.demo.purpose;
                let made = self.collect(placed, Some(by), purpose, &one.kind, Some(parent), sheet).await?;
                let Some(record) = made else { return Ok(()) };
                self.bring_to(placed, by, purpose, (&one.kind, record), &turn.states).await
            });
        join_all(made).await.into_iter().collect()
    }

    /// Gives a record that was just made one state after the other.
    pub async fn bring_to(
        &self,
        placed: &Placed<'_>,
        by: PersonId,
        purpose: &Purpose,
        (kind, record): (&KindName, RecordId),
        states: &[String],
    ) -> Result<(), Told> {
        let asked = asked(placed, by, purpose, None);
        for (version, state) in (1..).zip(states) {
            let state = Some(state.clone());
            let change = Change { kind, record, version, draft: Draft::new(), state, once: None };
            let altered = self.installation.processing.alter(&asked, change).await;
            if self.answers.taken("ändring av", kind, altered)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// What the words of a line stand for when it is written.
    pub fn words<'b>(&'b self, placed: &'b Placed<'_>, number: usize, over: Option<&'b Values>) -> Words<'b> {
        let consent = placed.file.as_deref().and_then(|file| file.consent(Customer::CONSENT));
        Words { today: self.today, written: day_of(self.installation.store.now()), number, over, consent }
    }

    /// The users, each with a record of their own where the service keeps one.
    async fn users(&self, customer: &'a Customer, placed: &mut Placed<'a>) -> Result<People, Told> {
        let mut people = People::new();
        // The first administrator is the operator's doing; everybody after that is the administrator's, if there is one.
        let first = customer.user.iter().find(|one| self.administers(one));
        let mut administrator = None;
        if let Some(first) = first {
            administrator = self.account(None, placed.tenant, first, None).await?;
            if let Some(person) = administrator {
                people.push((first.email.clone(), person));
                placed.users.insert(&first.key, person);
            }
        }
        let so_far = &*placed;
        let opened = customer.user.iter().filter(|one| one.of.is_none()).map(|one| async move {
            let record = match &self.file.demo.user_record {
                Some(own) => {
                    let purpose = &self.file.demo.purpose;
                    self.collect(so_far, administrator, purpose, &own.kind, None, Sheet::of_user(&own.values, one))
                        .await?
                }
                None => None,
            };
            let person = if first.is_some_and(|first| first.key == one.key) {
                None
            } else {
                self.account(administrator, so_far.tenant, one, record).await?
            };
            Ok::<_, Told>((one, record, person))
        });
        for opened in join_all(opened).await {
            let (one, record, person) = opened?;
            if let Some(record) = record {
                placed.own.insert(&one.key, record);
            }
            if let Some(person) = person {
                placed.users.insert(&one.key, person);
                people.push((one.email.clone(), person));
            }
        }
        Ok(people)
    }

    /// Writes one `[[customer.record]]`, and remembers it.
    pub async fn record(&self, placed: &Placed<'_>, place: usize) -> Result<Option<RecordId>, Told> {
        let Some(one) = placed.of.record.get(place) else { return Ok(None) };
        let parent = match &one.of {
            Some(key) => match placed.record(key) {
                Some(parent) => Some(parent),
                // What it belongs to was not taken, so there is nothing to put it under.
                None => return Ok(None),
            },
            None => None,
        };
        let (by, purpose) = (placed.user(&one.by), self.purpose(one));
        let over = one.of.as_deref().and_then(|key| placed.of.place(key)).and_then(|at| placed.of.record.get(at));
        let words = self.words(placed, place + 1, over.map(|over| &over.values));
        let mut sheet = Sheet::of(&one.values).saying(&words).referring(|key| placed.record(key));
        for (field, path) in &one.files {
            let Some(by) = by else { continue };
            let Some(value) = self.file(placed, by, purpose, one, parent, (field, path)).await? else { continue };
            sheet = sheet.and(field, &value);
        }
        let made = self.collect(placed, by, purpose, &one.kind, parent, sheet).await?;
        if let (Some(record), Some(by)) = (made, by) {
            crate::demo::answers::held(&placed.records).insert(place, record);
            // A case is read before it is closed.
            if one.read_by.is_none() {
                self.bring_to(placed, by, purpose, (&one.kind, record), one.state.as_slice()).await?;
            }
        }
        Ok(made)
    }

    /// Hands in a file for a record that is not there yet; what the field then holds.
    async fn file(
        &self,
        placed: &Placed<'_>,
        by: PersonId,
        purpose: &Purpose,
        one: &Record,
        parent: Option<RecordId>,
        (field, path): (&str, &str),
    ) -> Result<Option<Value>, Told> {
        let from = self.shelf.folder.join(path);
        let bytes = std::fs::read(&from).map_err(|cause| format!("`{}` cannot be read: {cause}", from.display()))?;
        let name = from.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let field = FieldName::new(field)?;
        let to = FileTo { kind: &one.kind, field: &field, record: None, parent, name };
        let asked = asked(placed, by, purpose, None);
        let received = self.installation.processing.receive(&asked, to, &mut Whole(Some(bytes))).await;
        Ok(self.answers.taken("insamling av", &one.kind, received)?.map(|waiting| waiting.value))
    }

    /// For what a line's record is written: what the line says, or for a case its own purpose, or the demo's ordinary one.
    pub fn purpose<'b>(&'b self, one: &'b Record) -> &'b Purpose {
        let case = || self.shelf.agreement.cases().iter().find(|term| term.kind == one.kind);
        one.purpose.as_ref().or_else(|| Some(&case()?.purpose)).unwrap_or(&self.file.demo.purpose)
    }

    /// Writes a record, without the fields that the agreement does not let this person write. Nobody writes nothing.
    pub async fn collect(
        &self,
        placed: &Placed<'_>,
        actor: Option<PersonId>,
        purpose: &Purpose,
        kind: &KindName,
        parent: Option<RecordId>,
        mut sheet: Sheet,
    ) -> Result<Option<RecordId>, Told> {
        let Some(actor) = actor else { return Ok(None) };
        let asked = asked(placed, actor, purpose, None);
        loop {
            self.answers.without_refused(kind, &mut sheet);
            let new = New { kind, parent, draft: sheet.draft(), once: None };
            match self.installation.processing.collect(&asked, new).await {
                // Each time there is less on the sheet, so this ends.
                Err(No::Refused(refusal)) if self.answers.leave_out(kind, &mut sheet, &refusal) => {}
                answer => return self.answers.taken("insamling av", kind, answer),
            }
        }
    }
}

impl Placed<'_> {
    pub fn user(&self, key: &str) -> Option<PersonId> {
        self.users.get(key).copied()
    }

    /// The record of a key, where it was taken; or the own record of the user of that key.
    pub fn record(&self, key: &str) -> Option<RecordId> {
        match self.of.place(key) {
            Some(place) => self.at(place),
            None => self.own.get(key).copied(),
        }
    }

    /// The record of a place, where it was taken.
    pub fn at(&self, place: usize) -> Option<RecordId> {
        crate::demo::answers::held(&self.records).get(&place).copied()
    }
}

pub fn asked(placed: &Placed<'_>, actor: PersonId, purpose: &Purpose, case: Option<RecordId>) -> Asked {
    Asked { actor, tenant: placed.tenant, purpose: purpose.clone(), case }
}

/// A file in one piece.
struct Whole(Option<Vec<u8>>);

impl Incoming for Whole {
    fn next(&mut self) -> Piece<'_, Vec<u8>, CutOff> {
        let all = self.0.take();
        Box::pin(async move { Ok(all) })
    }
}
