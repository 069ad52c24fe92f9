//! A month of work, done through the door by the people who would have done it, at the hours when they would have.
//!
//! Nothing is put into the store behind the door: every record, refusal and look has its permit and its entry.

use std::collections::HashMap;

use access::{NewAccount, Seed};
use futures_util::future::{join, join_all};
use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};
use journal::{Detail, Outcome};
use service::{Asked, Change, Door, Draft, New, No, Page, Value};
use storage::{HouseOp, Tenant};
use terms::{Clock, Instant, KindName, PersonId, Purpose, RecordId, Role, TenantId};

use crate::Told;
use crate::clock::{MovableClock, at, stockholm};
use crate::demo::answers::{Answers, Sheet};
use crate::demo::file::{Correction, Customer, DemoFile, Mark, Participant, Person, Refused, SupportCase};
use crate::installation::Installation;
use crate::services::Shelf;

/// When the demo's past begins: at seven in the morning, so many days before the present.
pub fn beginning(present: Instant, files: &[Option<DemoFile>]) -> Instant {
    let days = files.iter().flatten().map(|file| file.activity.days).max().unwrap_or(0);
    let first = date_of(present).checked_sub(days.days()).unwrap_or(Date::MIN);
    at(first.at(7, 0, 0, 0)).unwrap_or(present)
}

fn date_of(instant: Instant) -> Date {
    jiff::Timestamp::from_microsecond(instant.micros()).map_or(Date::MIN, |time| time.to_zoned(stockholm()).date())
}

struct Month<'a> {
    installation: &'a Installation,
    shelf: &'a Shelf,
    file: &'a DemoFile,
    clock: &'a MovableClock,
    answers: Answers<'a>,
}

/// Who was made: log-in name and person.
pub type People = Vec<(String, PersonId)>;

/// The provider's staff by their keys. Who could not be given an account is not among them.
type Staff<'a> = HashMap<&'a str, PersonId>;

/// A customer, and what became of it. Whom or what the agreement did not take is missing.
struct Placed<'a> {
    of: &'a Customer,
    tenant: TenantId,
    users: HashMap<&'a str, PersonId>,
    participants: Vec<Option<RecordId>>,
    marks: HashMap<(usize, Date), RecordId>,
}

/// What a day will bring at a customer. It is drawn before anything is done, so that the story does not hang on who was quicker.
struct Plan {
    marks: Vec<Mark>,
    looks: Vec<usize>,
    notes: Vec<(usize, usize)>,
}

/// Does the month. Prints what the agreement answers otherwise than the demo counted on.
pub async fn month(
    installation: &Installation,
    shelf: &Shelf,
    file: &DemoFile,
    clock: &MovableClock,
    present: Instant,
) -> Result<People, Told> {
    let answers = Answers::new(&shelf.agreement, &shelf.kinds);
    let month = Month { installation, shelf, file, clock, answers };
    let in_force_from = crate::clock::parse(&file.demo.in_force_from)?;
    let customers = join_all(file.customer.iter().map(|customer| month.customer(customer, in_force_from)));
    let (provider, customers) = join(month.provider(), customers).await;
    let (staff, mut people) = provider?;
    let mut placed = Vec::new();
    for made in customers {
        let (customer, users) = made?;
        placed.push(customer);
        people.extend(users);
    }
    let today = date_of(present);
    let first = date_of(clock.now());
    let mut weekdays: Vec<Date> =
        first.series(1.day()).take_while(|day| *day <= today).filter(|day| is_weekday(*day)).collect();
    // The present day has only begun if it is that late.
    weekdays.retain(|day| at(day.at(17, 0, 0, 0)).is_some_and(|evening| evening <= present));
    let mut chance = Chance(file.activity.seed);
    for (place, day) in weekdays.iter().enumerate() {
        let ago = weekdays.len() - place;
        month.weekday(&staff, &mut placed, &mut chance, *day, ago).await?;
    }
    for line in month.answers.lines() {
        println!("{line}");
    }
    Ok(people)
}

fn is_weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

impl<'a> Month<'a> {
    async fn tenant(&self, name: &str, number: Option<&String>, provider: bool) -> Result<TenantId, Told> {
        let id = TenantId(new_id()?);
        self.installation.vault.new_tenant(&id)?;
        let tenant = Tenant {
            id,
            name: name.to_owned(),
            registration_number: number.cloned(),
            service: self.shelf.kinds.service.clone(),
            provider,
        };
        let detail =
            Detail { event: Some("customer-opened".to_owned()), outcome: Outcome::Happened, ..Detail::default() };
        self.installation.store.event(id, detail, vec![HouseOp::PutTenant(tenant)]).await?;
        Ok(id)
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
        let home = self.tenant(&provider.name, None, true).await?;
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
        let tenant = self.tenant(&customer.name, customer.registration_number.as_ref(), false).await?;
        self.installation.processing.adopt(tenant, in_force_from, &self.shelf.agreement).await?;
        let mut placed =
            Placed { of: customer, tenant, users: HashMap::new(), participants: Vec::new(), marks: HashMap::new() };
        let mut people = People::new();
        // The first administrator is the operator's doing; everybody after that is the administrator's, if there is one.
        let administers = |one: &&Person| {
            let mut roles = self.shelf.agreement.roles().iter();
            roles.any(|role| role.administers && role.id.as_str() == one.role)
        };
        let first = customer.user.iter().find(administers);
        let mut administrator = None;
        if let Some(first) = first {
            administrator = self.account(None, tenant, first, None).await?;
            if let Some(person) = administrator {
                people.push((first.email.clone(), person));
                placed.users.insert(&first.key, person);
            }
        }
        let placed_so_far = &placed;
        let opened = customer.user.iter().map(|one| async move {
            let sheet = Sheet::of(&[
                ("given-name", &one.given_name),
                ("family-name", &one.family_name),
                ("title", &one.title),
                ("email", &one.email),
                ("access-level", &one.role),
            ])
            .and("phone", one.phone.as_ref())
            .and("personnummer", one.personnummer.as_ref());
            let record = self.collect(placed_so_far, administrator, &self.file.demo.kinds.user, None, sheet).await?;
            if first.is_some_and(|first| first.key == one.key) {
                return Ok(None);
            }
            let person = self.account(administrator, tenant, one, record).await?;
            Ok::<_, Told>(person.map(|person| (one, person)))
        });
        for opened in join_all(opened).await {
            if let Some((one, person)) = opened? {
                placed.users.insert(&one.key, person);
                people.push((one.email.clone(), person));
            }
        }
        let worker = placed.worker_of(0);
        let contacts = customer.employer_contact.iter().map(|one| {
            let sheet = Sheet::of(&[
                ("name", &one.name),
                ("title", &one.title),
                ("company", &one.company),
                ("email", &one.email),
                ("phone", &one.phone),
            ]);
            self.collect(&placed, worker, &self.file.demo.kinds.employer_contact, None, sheet)
        });
        let participants = customer.participant.iter().map(|one| self.participant(&placed, one));
        let (contacts, participants) = join(join_all(contacts), join_all(participants)).await;
        for contact in contacts {
            contact?;
        }
        let participants = participants.into_iter().collect::<Result<_, _>>()?;
        Ok((Placed { participants, ..placed }, people))
    }

    async fn participant(&self, placed: &Placed<'_>, one: &Participant) -> Result<Option<RecordId>, Told> {
        let worker = placed.user(&one.case_worker);
        let sheet = Sheet::of(&[
            ("given-name", &one.given_name),
            ("family-name", &one.family_name),
            ("birth-date", &one.birth_date),
            ("gender", &one.gender),
            ("email", &one.email),
            ("phone", &one.phone),
            ("address", &one.address),
        ]);
        let kinds = &self.file.demo.kinds;
        let record = self.collect(placed, worker, &kinds.participant, None, sheet).await?;
        if let (Some(kin), Some(_)) = (&one.next_of_kin, record) {
            let sheet = Sheet::of(&[("name", &kin.name), ("relation", &kin.relation), ("phone", &kin.phone)]);
            self.collect(placed, worker, &kinds.next_of_kin, record, sheet).await?;
        }
        Ok(record)
    }

    /// A working day at every customer: attendance in the morning, looks and notes during the day, cases, corrections and
    /// refusals. What happens at the same hour is done at the same time, and so shares the disk's turns.
    async fn weekday(
        &self,
        staff: &Staff<'_>,
        customers: &mut [Placed<'a>],
        chance: &mut Chance,
        day: Date,
        ago: usize,
    ) -> Result<(), Told> {
        let plans: Vec<Plan> = customers.iter().map(|placed| self.plan(chance, placed, ago)).collect();
        self.stand(day, 8, 40);
        all(customers.iter_mut().zip(&plans).map(|(placed, plan)| self.attendance(placed, &plan.marks, day))).await?;
        self.stand(day, 11, 15);
        all(customers.iter().zip(&plans).map(|(placed, plan)| self.looks(placed, &plan.looks))).await?;
        self.stand(day, 14, 50);
        all(customers.iter().zip(&plans).map(|(placed, plan)| self.notes(placed, &plan.notes, day))).await?;
        self.stand(day, 15, 30);
        all(customers.iter().map(|placed| self.cases(staff, placed, ago))).await?;
        all(customers.iter().map(|placed| self.refusals(staff, placed, ago))).await?;
        self.stand(day, 16, 20);
        all(customers.iter().map(|placed| self.corrections(placed, day, ago))).await
    }

    fn stand(&self, day: Date, hour: i8, minute: i8) {
        if let Some(moment) = Time::new(hour, minute, 0, 0).ok().and_then(|time| at(day.to_datetime(time))) {
            self.clock.stand_at(moment.max(self.clock.now()));
        }
    }

    fn plan(&self, chance: &mut Chance, placed: &Placed<'_>, ago: usize) -> Plan {
        let activity = &self.file.activity;
        let count = placed.participants.len();
        let marks = (0..count).map(|place| self.mark(chance, placed, place, ago)).collect();
        let looks = (0..activity.openings_a_weekday).map(|_| chance.below(count as u64) as usize).collect();
        let mut notes = Vec::new();
        for place in 0..count {
            if chance.below(activity.day_note_every.max(1)) == 0 {
                notes.push((place, chance.below(activity.day_notes.len() as u64) as usize));
            }
        }
        Plan { marks, looks, notes }
    }

    fn mark(&self, chance: &mut Chance, placed: &Placed<'_>, place: usize, ago: usize) -> Mark {
        let of_now = |one: &&Correction| {
            one.customer == placed.of.key && one.participant == place + 1 && one.weekdays_ago == ago
        };
        if let Some(one) = self.file.activity.correction.iter().find(of_now) {
            return one.was.clone();
        }
        let weighted = &self.file.activity.attendance;
        let mut left = chance.below(weighted.iter().map(|one| one.weight).sum());
        for one in weighted {
            if left < one.weight {
                return one.mark.clone();
            }
            left -= one.weight;
        }
        Mark::default()
    }

    async fn attendance(&self, placed: &mut Placed<'_>, marks: &[Mark], day: Date) -> Result<(), Told> {
        let at = &*placed;
        let collected = join_all(marks.iter().enumerate().map(|(place, mark)| async move {
            let Some(parent) = at.participant(place) else { return Ok(None) };
            let kind = &self.file.demo.kinds.attendance;
            self.collect(at, at.worker_of(place), kind, Some(parent), marked(mark, Some(day))).await
        }))
        .await;
        for (place, record) in collected.into_iter().enumerate() {
            if let Some(record) = record? {
                placed.marks.insert((place, day), record);
            }
        }
        Ok(())
    }

    async fn looks(&self, placed: &Placed<'_>, places: &[usize]) -> Result<(), Told> {
        let (kinds, purpose) = (&self.file.demo.kinds, &self.file.demo.purposes.ordinary);
        let door = &self.installation.processing;
        all(places.iter().map(|place| async move {
            let (Some(worker), Some(record)) = (placed.worker_of(*place), placed.participant(*place)) else {
                return Ok(());
            };
            let asked = asked(placed, worker, purpose, None);
            let file = door.consult(&asked, &kinds.participant, record);
            let notes = door.list(&asked, &kinds.day_note, Some(record), Page::default());
            let (file, notes) = join(file, notes).await;
            self.answers.taken("läsning av", &kinds.participant, file)?;
            self.answers.taken("läsning av", &kinds.day_note, notes).map(drop)
        }))
        .await
    }

    async fn notes(&self, placed: &Placed<'_>, notes: &[(usize, usize)], day: Date) -> Result<(), Told> {
        all(notes.iter().map(|(place, which)| async move {
            let (Some(parent), Some(text)) = (placed.participant(*place), self.file.activity.day_notes.get(*which))
            else {
                return Ok(());
            };
            let sheet = Sheet::of(&[("date", &day.to_string()), ("text", text)]);
            let kind = &self.file.demo.kinds.day_note;
            self.collect(placed, placed.worker_of(*place), kind, Some(parent), sheet).await.map(drop)
        }))
        .await
    }

    async fn cases(&self, staff: &Staff<'_>, placed: &Placed<'_>, ago: usize) -> Result<(), Told> {
        let (kinds, purposes) = (&self.file.demo.kinds, &self.file.demo.purposes);
        let door = &self.installation.processing;
        let of_today = |one: &&SupportCase| one.customer == placed.of.key && one.weekdays_ago == ago;
        for one in self.file.activity.support_case.iter().filter(of_today) {
            let by = placed.user(&one.by);
            let parent = one.participant.and_then(|place| placed.participant(place.checked_sub(1)?));
            let sheet = Sheet::of(&[("matter", &one.matter), ("description", &one.description)]);
            let Some(case) = self.collect(placed, by, &kinds.support_case, parent, sheet).await? else { continue };
            if let Some(staff) = staff.get(one.read_by.as_str()) {
                let asked = asked(placed, *staff, &purposes.support, Some(case));
                let read = door.consult(&asked, &kinds.support_case, case).await;
                self.answers.taken("läsning av", &kinds.support_case, read)?;
                if let Some(participant) = parent {
                    let read = door.consult(&asked, &kinds.participant, participant).await;
                    self.answers.taken("läsning i supportärende av", &kinds.participant, read)?;
                    let read = door.list(&asked, &kinds.attendance, Some(participant), Page::default()).await;
                    self.answers.taken("läsning i supportärende av", &kinds.attendance, read)?;
                }
            }
            if let (Some(by), "closed") = (by, one.state.as_str()) {
                let asked = asked(placed, by, &purposes.ordinary, None);
                let (kind, state) = (&kinds.support_case, Some(one.state.clone()));
                let change = Change { kind, record: case, version: 1, draft: Draft::new(), state, once: None };
                self.answers.taken("ändring av", kind, door.alter(&asked, change).await)?;
            }
        }
        Ok(())
    }

    /// What the agreement refuses; the refusal is what is wanted here.
    async fn refusals(&self, staff: &Staff<'_>, placed: &Placed<'_>, ago: usize) -> Result<(), Told> {
        let of_today = |one: &&Refused| one.customer == placed.of.key && one.weekdays_ago == ago;
        for one in self.file.activity.refusal.iter().filter(of_today) {
            let by = placed.user(&one.by).or_else(|| staff.get(one.by.as_str()).copied());
            let record = one.participant.checked_sub(1).and_then(|place| placed.participant(place));
            let (Some(by), Some(record)) = (by, record) else { continue };
            let asked = asked(placed, by, &one.purpose, None);
            let kind = &self.file.demo.kinds.participant;
            let door = &self.installation.processing;
            let (verb, answer) = match one.verb.as_str() {
                "alter" => {
                    let draft = one.field.iter().fold(Draft::new(), |draft, field| draft.with(field, "x"));
                    let change = Change { kind, record, version: 1, draft, state: None, once: None };
                    ("ändring", door.alter(&asked, change).await.map(drop))
                }
                _ => ("läsning", door.consult(&asked, kind, record).await.map(drop)),
            };
            self.answers.refused(&format!("{verb} med ändamålet {} av", one.purpose), kind, answer)?;
        }
        Ok(())
    }

    /// A mark that was wrong is corrected on the afternoon of the same day; both versions stay.
    async fn corrections(&self, placed: &Placed<'_>, day: Date, ago: usize) -> Result<(), Told> {
        let of_today = |one: &&Correction| one.customer == placed.of.key && one.weekdays_ago == ago;
        for one in self.file.activity.correction.iter().filter(of_today) {
            let place = one.participant.saturating_sub(1);
            let Some(record) = placed.marks.get(&(place, day)).copied() else { continue };
            let Some(worker) = placed.worker_of(place) else { continue };
            let asked = asked(placed, worker, &self.file.demo.purposes.ordinary, None);
            let mut sheet = marked(&one.mark, None);
            if one.mark.reason.is_none() && one.was.reason.is_some() {
                sheet = sheet.and("reason", Some(&String::new()));
            }
            let kind = &self.file.demo.kinds.attendance;
            self.answers.without_refused(kind, &mut sheet);
            let change = Change { kind, record, version: 1, draft: sheet.draft(), state: None, once: None };
            let altered = self.installation.processing.alter(&asked, change).await;
            self.answers.taken("ändring av", kind, altered)?;
        }
        Ok(())
    }

    /// Writes a record, without the fields that the agreement does not let this person write. Nobody writes nothing.
    async fn collect(
        &self,
        placed: &Placed<'_>,
        actor: Option<PersonId>,
        kind: &KindName,
        parent: Option<RecordId>,
        mut sheet: Sheet,
    ) -> Result<Option<RecordId>, Told> {
        let Some(actor) = actor else { return Ok(None) };
        let asked = asked(placed, actor, &self.file.demo.purposes.ordinary, None);
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
    fn user(&self, key: &str) -> Option<PersonId> {
        self.users.get(key).copied()
    }

    fn participant(&self, place: usize) -> Option<RecordId> {
        self.participants.get(place).copied().flatten()
    }

    fn worker_of(&self, place: usize) -> Option<PersonId> {
        self.user(&self.of.participant.get(place)?.case_worker)
    }
}

fn asked(placed: &Placed<'_>, actor: PersonId, purpose: &Purpose, case: Option<RecordId>) -> Asked {
    Asked { actor, tenant: placed.tenant, purpose: purpose.clone(), case }
}

/// Waits for all of them, and gives the first failure.
async fn all(of: impl Iterator<Item = impl Future<Output = Result<(), Told>>>) -> Result<(), Told> {
    join_all(of).await.into_iter().collect()
}

fn marked(mark: &Mark, day: Option<Date>) -> Sheet {
    Sheet::of(&[])
        .and("date", day.map(|day| day.to_string()).as_ref())
        .and("status", Some(&mark.status))
        .and("reason", mark.reason.as_ref())
        .and("note", mark.note.as_ref())
}

fn new_id() -> Result<[u8; 16], Told> {
    let salt = journal::random_salt()?;
    let mut id = [0; 16];
    id.copy_from_slice(&salt[..16]);
    Ok(id)
}

/// The same month for everybody: a small generator (SplitMix64) from the file's seed, for choosing only.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound.max(1)
    }
}
