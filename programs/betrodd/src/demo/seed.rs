//! A month of work, done through the door by the people who would have done it, at the hours when they would have.
//!
//! Nothing is put into the store behind the door: every record, refusal and look has its permit and its entry.

use std::collections::HashMap;

use access::{NewAccount, Seed};
use futures_util::future::join_all;
use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};
use journal::{Detail, Outcome};
use service::{Asked, Change, Door, Draft, New, No, Page, Value};
use storage::{HouseOp, Tenant};
use terms::{Clock, Instant, KindName, PersonId, Purpose, RecordId, Role, TenantId};

use crate::Told;
use crate::clock::{MovableClock, at, stockholm};
use crate::demo::file::{Customer, DemoFile, Mark, Participant, Person};
use crate::installation::Installation;
use crate::services::Shelf;

/// When the demo's past begins: at seven in the morning, so many days before the present.
pub fn beginning(present: Instant, files: &[DemoFile]) -> Instant {
    let days = files.iter().map(|file| file.activity.days).max().unwrap_or(0);
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
    customers: Vec<Placed<'a>>,
    staff: HashMap<&'a str, PersonId>,
    kinds: Kinds,
    chance: Chance,
    people: People,
}

/// Who was made: log-in name and person.
pub type People = Vec<(String, PersonId)>;

struct Placed<'a> {
    of: &'a Customer,
    tenant: TenantId,
    users: HashMap<&'a str, PersonId>,
    participants: Vec<RecordId>,
    marks: HashMap<(usize, Date), RecordId>,
}

struct Kinds {
    participant: KindName,
    next_of_kin: KindName,
    attendance: KindName,
    day_note: KindName,
    employer_contact: KindName,
    user: KindName,
    support_case: KindName,
}

/// Does the month.
pub async fn month(
    installation: &Installation,
    shelf: &Shelf,
    file: &DemoFile,
    clock: &MovableClock,
    present: Instant,
) -> Result<People, Told> {
    let kind = |name: &str| KindName::new(name);
    let kinds = Kinds {
        participant: kind("participant")?,
        next_of_kin: kind("next-of-kin")?,
        attendance: kind("attendance")?,
        day_note: kind("day-note")?,
        employer_contact: kind("employer-contact")?,
        user: kind("user")?,
        support_case: kind("support-case")?,
    };
    let mut month = Month {
        installation,
        shelf,
        file,
        clock,
        customers: Vec::new(),
        staff: HashMap::new(),
        kinds,
        chance: Chance(file.activity.seed),
        people: Vec::new(),
    };
    let in_force_from = crate::clock::parse(&file.demo.in_force_from)?;
    month.provider().await?;
    for customer in &file.customer {
        month.customer(customer, in_force_from).await?;
    }
    let today = date_of(present);
    let first = date_of(clock.now());
    let mut weekdays: Vec<Date> =
        first.series(1.day()).take_while(|day| *day <= today).filter(|day| is_weekday(*day)).collect();
    // The present day has only begun if it is that late.
    weekdays.retain(|day| at(day.at(17, 0, 0, 0)).is_some_and(|evening| evening <= present));
    for (place, day) in weekdays.iter().enumerate() {
        let ago = weekdays.len() - place;
        month.weekday(*day, ago).await?;
    }
    Ok(month.people)
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
    ) -> Result<PersonId, Told> {
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
        Ok(self.installation.access.open_account(new).await?)
    }

    async fn provider(&mut self) -> Result<(), Told> {
        let provider = &self.file.provider;
        let home = self.tenant(&provider.name, None, true).await?;
        let opened = join_all(provider.staff.iter().map(|one| self.account(None, home, one, None))).await;
        for (one, person) in provider.staff.iter().zip(opened) {
            let person = person?;
            self.staff.insert(&one.key, person);
            self.people.push((one.email.clone(), person));
        }
        Ok(())
    }

    async fn customer(&mut self, customer: &'a Customer, in_force_from: Instant) -> Result<(), Told> {
        let tenant = self.tenant(&customer.name, customer.registration_number.as_ref(), false).await?;
        self.installation.processing.adopt(tenant, in_force_from, &self.shelf.agreement).await?;
        let mut placed =
            Placed { of: customer, tenant, users: HashMap::new(), participants: Vec::new(), marks: HashMap::new() };
        // The first administrator is the operator's doing; everybody after that is the administrator's.
        let first = customer.user.iter().find(|one| one.role == "administrator");
        let first = first.ok_or_else(|| format!("demo.toml: {} has no administrator", customer.name))?;
        let administrator = self.account(None, tenant, first, None).await?;
        self.people.push((first.email.clone(), administrator));
        placed.users.insert(&first.key, administrator);
        let records = customer.user.iter().map(|one| {
            let mut draft = Draft::new()
                .with("given-name", &one.given_name)
                .with("family-name", &one.family_name)
                .with("title", &one.title)
                .with("email", &one.email)
                .with("access-level", &one.role);
            one.phone.iter().for_each(|phone| draft.set("phone", phone));
            one.personnummer.iter().for_each(|number| draft.set("personnummer", number));
            self.collect(&placed, administrator, &self.kinds.user, None, draft)
        });
        let records = join_all(records).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        let others = customer.user.iter().zip(&records).filter(|(one, _)| one.key != first.key);
        let month = &*self;
        let opened = others.map(|(one, record)| async move {
            Ok::<_, Told>((one, month.account(Some(administrator), tenant, one, Some(*record)).await?))
        });
        let mut others_made = Vec::new();
        for opened in join_all(opened).await {
            let (one, person) = opened?;
            placed.users.insert(&one.key, person);
            others_made.push((one.email.clone(), person));
        }
        self.people.extend(others_made);
        let worker = placed.by_role("case-worker")?;
        let contacts = customer.employer_contact.iter().map(|one| {
            let draft = Draft::new()
                .with("name", &one.name)
                .with("title", &one.title)
                .with("company", &one.company)
                .with("email", &one.email)
                .with("phone", &one.phone);
            self.collect(&placed, worker, &self.kinds.employer_contact, None, draft)
        });
        for contact in join_all(contacts).await {
            contact?;
        }
        let participants = join_all(customer.participant.iter().map(|one| self.participant(&placed, one))).await;
        let participants = participants.into_iter().collect::<Result<_, _>>()?;
        self.customers.push(Placed { participants, ..placed });
        Ok(())
    }

    async fn participant(&self, placed: &Placed<'_>, one: &Participant) -> Result<RecordId, Told> {
        let worker = placed.user(&one.case_worker)?;
        let draft = Draft::new()
            .with("given-name", &one.given_name)
            .with("family-name", &one.family_name)
            .with("birth-date", &one.birth_date)
            .with("gender", &one.gender)
            .with("email", &one.email)
            .with("phone", &one.phone)
            .with("address", &one.address);
        let record = self.collect(placed, worker, &self.kinds.participant, None, draft).await?;
        if let Some(kin) = &one.next_of_kin {
            let draft = Draft::new().with("name", &kin.name).with("relation", &kin.relation).with("phone", &kin.phone);
            self.collect(placed, worker, &self.kinds.next_of_kin, Some(record), draft).await?;
        }
        Ok(record)
    }

    /// A working day: attendance in the morning, looks and notes during the day, cases, corrections and refusals.
    async fn weekday(&mut self, day: Date, ago: usize) -> Result<(), Told> {
        let mut customers = core::mem::take(&mut self.customers);
        for placed in &mut customers {
            self.stand(day, 8, 40);
            self.attendance(placed, day, ago).await?;
            self.stand(day, 11, 15);
            self.looks(placed).await?;
            self.stand(day, 14, 50);
            self.notes(placed, day).await?;
            self.stand(day, 15, 30);
            self.cases(placed, ago).await?;
            self.refusals(placed, ago).await?;
            self.stand(day, 16, 20);
            self.corrections(placed, day, ago).await?;
        }
        self.customers = customers;
        Ok(())
    }

    fn stand(&self, day: Date, hour: i8, minute: i8) {
        if let Some(moment) = Time::new(hour, minute, 0, 0).ok().and_then(|time| at(day.to_datetime(time))) {
            self.clock.stand_at(moment.max(self.clock.now()));
        }
    }

    async fn attendance(&mut self, placed: &mut Placed<'_>, day: Date, ago: usize) -> Result<(), Told> {
        let count = placed.participants.len();
        let marks: Vec<Mark> = (0..count).map(|place| self.mark(placed, place, ago)).collect();
        let (month, at) = (&*self, &*placed);
        let collected = join_all(marks.iter().enumerate().map(|(place, mark)| async move {
            let parent = at.participants.get(place).copied();
            let draft = marked(mark, Some(day));
            month.collect(at, at.worker_of(place)?, &month.kinds.attendance, parent, draft).await
        }))
        .await;
        for (place, record) in collected.into_iter().enumerate() {
            placed.marks.insert((place, day), record?);
        }
        Ok(())
    }

    fn mark(&mut self, placed: &Placed<'_>, place: usize, ago: usize) -> Mark {
        let corrected = self
            .file
            .activity
            .correction
            .iter()
            .find(|one| one.customer == placed.of.key && one.participant == place + 1 && one.weekdays_ago == ago);
        if let Some(one) = corrected {
            return one.was.clone();
        }
        let weighted = &self.file.activity.attendance;
        let mut left = self.chance.below(weighted.iter().map(|one| one.weight).sum());
        for one in weighted {
            if left < one.weight {
                return one.mark.clone();
            }
            left -= one.weight;
        }
        Mark { status: "present".to_owned(), reason: None, note: None }
    }

    async fn looks(&mut self, placed: &Placed<'_>) -> Result<(), Told> {
        let times = self.file.activity.openings_a_weekday;
        for _ in 0..times {
            let place = self.chance.below(placed.participants.len() as u64) as usize;
            let asked = self.asked(placed, placed.worker_of(place)?, "provide", None)?;
            let Some(record) = placed.participants.get(place) else { continue };
            drop(self.installation.processing.consult(&asked, &self.kinds.participant, *record).await.map_err(told)?);
            let notes = self.installation.processing.list(&asked, &self.kinds.day_note, Some(*record), Page::default());
            drop(notes.await.map_err(told)?);
        }
        Ok(())
    }

    async fn notes(&mut self, placed: &Placed<'_>, day: Date) -> Result<(), Told> {
        let activity = &self.file.activity;
        for (place, parent) in placed.participants.iter().enumerate() {
            if self.chance.below(activity.day_note_every.max(1)) != 0 {
                continue;
            }
            let which = self.chance.below(activity.day_notes.len() as u64) as usize;
            let Some(text) = activity.day_notes.get(which) else { continue };
            let draft = Draft::new().with("date", &day.to_string()).with("text", text);
            self.collect(placed, placed.worker_of(place)?, &self.kinds.day_note, Some(*parent), draft).await?;
        }
        Ok(())
    }

    async fn cases(&self, placed: &Placed<'_>, ago: usize) -> Result<(), Told> {
        let of_today = |one: &&crate::demo::file::SupportCase| one.customer == placed.of.key && one.weekdays_ago == ago;
        for one in self.file.activity.support_case.iter().filter(of_today) {
            let by = placed.user(&one.by)?;
            let parent = one.participant.and_then(|place| placed.participants.get(place.checked_sub(1)?)).copied();
            let draft = Draft::new().with("matter", &one.matter).with("description", &one.description);
            let case = self.collect(placed, by, &self.kinds.support_case, parent, draft).await?;
            let staff = *self.staff.get(one.read_by.as_str()).ok_or("demo.toml: `read-by` names nobody")?;
            let asked = self.asked(placed, staff, "support", Some(case))?;
            let door = &self.installation.processing;
            drop(door.consult(&asked, &self.kinds.support_case, case).await.map_err(told)?);
            if let Some(participant) = parent {
                drop(door.consult(&asked, &self.kinds.participant, participant).await.map_err(told)?);
                drop(
                    door.list(&asked, &self.kinds.attendance, Some(participant), Page::default())
                        .await
                        .map_err(told)?,
                );
            }
            if one.state == "closed" {
                let asked = self.asked(placed, by, "provide", None)?;
                let kind = &self.kinds.support_case;
                let state = Some(one.state.clone());
                let change = Change { kind, record: case, version: 1, draft: Draft::new(), state, once: None };
                door.alter(&asked, change).await.map_err(told)?;
            }
        }
        Ok(())
    }

    /// What the agreement refuses; the refusal is what is wanted here, so any other answer is a fault of the demo.
    async fn refusals(&self, placed: &Placed<'_>, ago: usize) -> Result<(), Told> {
        let of_today = |one: &&crate::demo::file::Refused| one.customer == placed.of.key && one.weekdays_ago == ago;
        for one in self.file.activity.refusal.iter().filter(of_today) {
            let by = placed.user(&one.by).or_else(|_| self.staff.get(one.by.as_str()).copied().ok_or("nobody"))?;
            let asked = self.asked(placed, by, &one.purpose, None)?;
            let record =
                *placed.participants.get(one.participant.saturating_sub(1)).ok_or("demo.toml: no such participant")?;
            let kind = &self.kinds.participant;
            let door = &self.installation.processing;
            let answer = match one.verb.as_str() {
                "alter" => {
                    let draft = Draft::new().with(one.field.as_deref().unwrap_or("halsa"), "x");
                    let change = Change { kind, record, version: 1, draft, state: None, once: None };
                    door.alter(&asked, change).await.map(drop)
                }
                _ => door.consult(&asked, kind, record).await.map(drop),
            };
            match answer {
                Err(No::Refused(_)) => {}
                Err(other) => return Err(told(other)),
                Ok(()) => return Err("demo.toml expects a refusal that the agreement does not give".into()),
            }
        }
        Ok(())
    }

    /// A mark that was wrong is corrected on the afternoon of the same day; both versions stay.
    async fn corrections(&self, placed: &Placed<'_>, day: Date, ago: usize) -> Result<(), Told> {
        let of_today = |one: &&crate::demo::file::Correction| one.customer == placed.of.key && one.weekdays_ago == ago;
        for one in self.file.activity.correction.iter().filter(of_today) {
            let place = one.participant.saturating_sub(1);
            let Some(record) = placed.marks.get(&(place, day)).copied() else { continue };
            let asked = self.asked(placed, placed.worker_of(place)?, "provide", None)?;
            let mut draft = marked(&one.mark, None);
            if one.mark.reason.is_none() && one.was.reason.is_some() {
                draft.set("reason", "");
            }
            let change = Change { kind: &self.kinds.attendance, record, version: 1, draft, state: None, once: None };
            self.installation.processing.alter(&asked, change).await.map_err(told)?;
        }
        Ok(())
    }

    fn asked(
        &self,
        placed: &Placed<'_>,
        actor: PersonId,
        purpose: &str,
        case: Option<RecordId>,
    ) -> Result<Asked, Told> {
        Ok(Asked { actor, tenant: placed.tenant, purpose: Purpose::new(purpose)?, case })
    }

    async fn collect(
        &self,
        placed: &Placed<'_>,
        actor: PersonId,
        kind: &KindName,
        parent: Option<RecordId>,
        draft: Draft,
    ) -> Result<RecordId, Told> {
        let asked = self.asked(placed, actor, "provide", None)?;
        self.installation.processing.collect(&asked, New { kind, parent, draft, once: None }).await.map_err(told)
    }
}

impl Placed<'_> {
    fn user(&self, key: &str) -> Result<PersonId, Told> {
        self.users.get(key).copied().ok_or_else(|| format!("demo.toml: `{key}` is no user of {}", self.of.name).into())
    }

    fn by_role(&self, role: &str) -> Result<PersonId, Told> {
        let one = self.of.user.iter().find(|one| one.role == role);
        self.user(&one.ok_or_else(|| format!("demo.toml: {} has no {role}", self.of.name))?.key)
    }

    fn worker_of(&self, place: usize) -> Result<PersonId, Told> {
        self.user(&self.of.participant.get(place).ok_or("demo.toml: no such participant")?.case_worker)
    }
}

fn marked(mark: &Mark, day: Option<Date>) -> Draft {
    let mut draft = Draft::new();
    if let Some(day) = day {
        draft.set("date", &day.to_string());
    }
    draft.set("status", &mark.status);
    mark.reason.iter().for_each(|reason| draft.set("reason", reason));
    mark.note.iter().for_each(|note| draft.set("note", note));
    draft
}

fn told(no: No) -> Told {
    match no {
        No::Refused(refusal) => {
            format!("the demo's month was refused: {} under {}", refusal.reason.code(), refusal.number).into()
        }
        No::Invalid(faults) => {
            let faults: Vec<_> =
                faults.iter().map(|fault| format!("{} {}", fault.field, fault.problem.code())).collect();
            format!("the demo's month holds wrong values: {}", faults.join(", ")).into()
        }
        other => format!("the demo's month could not be made: {other:?}").into(),
    }
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
