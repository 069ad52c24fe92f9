//! A month of work in every service of the demo, done through the door by the people who would have done it, at the hours when
//! they would have. Every record, refusal and look has its permit and its entry.

use futures_util::future::{join_all, try_join_all};
use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday, time};
use service::{Change, Door, Draft, Page};
use terms::{Clock, Instant, RecordId};

use crate::Told;
use crate::clock::{MovableClock, at, day_of};
use crate::demo::answers::{Sheet, held};
use crate::demo::file::{Correction, DemoFile, Values};
use crate::demo::seed::{Begun, People, Placed, Seeding, asked};
use crate::installation::Installation;
use crate::services::Shelf;

/// When a record, a refusal and a change come where their lines say no time.
const RECORD_AT: Time = time(15, 30, 0, 0);
const CHANGE_AT: Time = time(16, 20, 0, 0);
/// The days of a service that says no number.
const DAYS: i32 = 14;

/// When the demo's past begins: at seven in the morning, so many days before the present.
pub fn beginning(present: Instant, files: &[Option<DemoFile>]) -> Instant {
    let days = files.iter().flatten().map(days_of).max().unwrap_or(0);
    let first = day_of(present).checked_sub(days.days()).unwrap_or(Date::MIN);
    at(first.at(7, 0, 0, 0)).unwrap_or(present)
}

fn days_of(file: &DemoFile) -> i32 {
    if file.activity.days > 0 { file.activity.days } else { DAYS }
}

/// What a day will bring at a customer. It is drawn before anything is done, so that the story does not hang on who was quicker.
struct Plan {
    /// For each `[[activity.daily]]` and each record that it is under, by place: which choice, if any.
    daily: Vec<Vec<(usize, usize)>>,
    /// For each `[[activity.look]]`: which records, by place.
    looks: Vec<Vec<usize>>,
}

/// A day, as counted back from the present.
#[derive(Clone, Copy)]
struct Day {
    date: Date,
    ago: usize,
}

/// Does the month of every service. Prints what an agreement answers otherwise than the demo counted on.
pub async fn months(
    installation: &Installation,
    services: &[(&Shelf, &DemoFile)],
    clock: &MovableClock,
    present: Instant,
) -> Result<People, Told> {
    let today = day_of(present);
    let beginnings = services.iter().map(|(shelf, file)| Seeding::new(installation, shelf, file, today).begin());
    let begun = try_join_all(beginnings).await?;
    let first = day_of(clock.now());
    let mut weekdays: Vec<Date> =
        first.series(1.day()).take_while(|day| *day <= today).filter(|day| is_weekday(*day)).collect();
    // The present day has only begun if it is that late.
    weekdays.retain(|day| at(day.at(17, 0, 0, 0)).is_some_and(|evening| evening <= present));
    let mut chances: Vec<Chance> = begun.iter().map(|one| Chance(one.seeding.file.activity.seed)).collect();
    for (place, date) in weekdays.iter().enumerate() {
        let day = Day { date: *date, ago: weekdays.len() - place };
        weekday(&begun, &mut chances, clock, day, today).await?;
    }
    let mut people = People::new();
    for one in begun {
        for line in one.seeding.answers.lines() {
            println!("{}: {line}", one.seeding.shelf.kinds.service);
        }
        people.extend(one.people);
    }
    Ok(people)
}

fn is_weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// A working day everywhere. What happens at the same hour is done at the same time, and so shares the disk's turns.
async fn weekday(
    begun: &[Begun<'_>],
    chances: &mut [Chance],
    clock: &MovableClock,
    day: Day,
    today: Date,
) -> Result<(), Told> {
    let mut plans = Vec::new();
    let mut hours = vec![RECORD_AT, CHANGE_AT];
    for (one, chance) in begun.iter().zip(chances) {
        let file = one.seeding.file;
        let begins = today.checked_sub(days_of(file).days()).unwrap_or(Date::MIN);
        let customers = one.customers.iter();
        let planned =
            customers.map(|placed| (day.date >= begins).then(|| plan(file, placed, chance, day.date.weekday())));
        plans.push(planned.collect::<Vec<_>>());
        hours.extend(file.activity.daily.iter().map(|one| one.at));
        hours.extend(file.activity.look.iter().map(|one| one.at));
        hours
            .extend(file.activity.once.iter().filter(|one| one.weekdays_ago == Some(day.ago)).filter_map(|one| one.at));
        let customers = file.customer.iter();
        hours.extend(customers.flat_map(|one| {
            let records = one.record.iter().filter(|one| one.weekdays_ago == Some(day.ago)).filter_map(|one| one.at);
            records.chain(one.change.iter().filter(|one| one.weekdays_ago == day.ago).filter_map(|one| one.at))
        }));
    }
    hours.sort_unstable();
    hours.dedup();
    for hour in hours {
        if let Some(moment) = at(day.date.to_datetime(hour)) {
            clock.stand_at(moment.max(clock.now()));
        }
        let everywhere = begun.iter().zip(&plans).flat_map(|(one, plans)| {
            one.customers.iter().zip(plans).map(move |(placed, plan)| an_hour(one, placed, plan.as_ref(), day, hour))
        });
        all(everywhere).await?;
    }
    Ok(())
}

/// What happens at one customer at that hour, in the order in which one thing can follow from another.
async fn an_hour(
    begun: &Begun<'_>,
    placed: &Placed<'_>,
    plan: Option<&Plan>,
    day: Day,
    hour: Time,
) -> Result<(), Told> {
    let seeding = &begun.seeding;
    if let Some(plan) = plan {
        seeding.daily(placed, plan, day, hour).await?;
        seeding.looks(placed, plan, hour).await?;
    }
    for one in seeding.file.activity.once.iter().filter(|one| one.weekdays_ago == Some(day.ago)) {
        if one.at.unwrap_or(RECORD_AT) == hour {
            seeding.once(placed, one).await?;
        }
    }
    seeding.records(begun, placed, day, hour).await?;
    if hour == RECORD_AT {
        seeding.refusals(begun, placed, day).await?;
    }
    seeding.changes(placed, day, hour).await?;
    if hour == CHANGE_AT {
        seeding.corrections(placed, day).await?;
    }
    Ok(())
}

/// The places of the customer's records of a kind.
fn places<'a>(placed: &'a Placed<'_>, kind: &'a terms::KindName) -> impl Iterator<Item = usize> + 'a {
    placed.of.record.iter().enumerate().filter(move |(_, one)| one.kind == *kind).map(|(place, _)| place)
}

fn plan(file: &DemoFile, placed: &Placed<'_>, chance: &mut Chance, day: Weekday) -> Plan {
    let daily = file.activity.daily.iter().map(|one| {
        let mut drawn = Vec::new();
        if !one.on.is_empty() && !one.on.contains(&day.to_monday_one_offset()) {
            return drawn;
        }
        for place in places(placed, &one.under) {
            if one.every > 1 && chance.below(one.every) != 0 {
                continue;
            }
            let mut left = chance.below(one.choice.iter().map(|choice| choice.weight).sum());
            let chosen = one.choice.iter().position(|choice| {
                let here = left < choice.weight;
                left = left.saturating_sub(choice.weight);
                here
            });
            drawn.extend(chosen.map(|chosen| (place, chosen)));
        }
        drawn
    });
    let daily = daily.collect();
    let looks = file.activity.look.iter().map(|one| {
        let of: Vec<usize> = places(placed, &one.kind).collect();
        (0..one.a_weekday).filter_map(|_| of.get(chance.below(of.len() as u64) as usize).copied()).collect()
    });
    Plan { daily, looks: looks.collect() }
}

impl Seeding<'_> {
    async fn daily(&self, placed: &Placed<'_>, plan: &Plan, day: Day, hour: Time) -> Result<(), Told> {
        let of_hour = self.file.activity.daily.iter().zip(&plan.daily).filter(|(one, _)| one.at == hour);
        let all_of_them = of_hour.flat_map(|(one, drawn)| drawn.iter().map(move |drawn| (one, *drawn)));
        all(all_of_them.map(|(one, (place, chosen))| async move {
            let (Some(parent), Some(of)) = (placed.at(place), placed.of.record.get(place)) else { return Ok(()) };
            let corrected = correction(placed, &one.kind, of.key.as_deref(), day.ago);
            let values = corrected.map(|one| &one.was).or_else(|| one.choice.get(chosen).map(|choice| &choice.values));
            let Some(values) = values else { return Ok(()) };
            let words = self.words(placed, place + 1, Some(&of.values));
            let sheet = Sheet::of(values).saying(&words).and(&one.day, &day.date.to_string());
            let purpose = &self.file.demo.purpose;
            let made = self.collect(placed, placed.user(&of.by), purpose, &one.kind, Some(parent), sheet).await?;
            if let Some(record) = made {
                held(&placed.days).insert((one.kind.clone(), place, day.date), record);
            }
            Ok(())
        }))
        .await
    }

    async fn looks(&self, placed: &Placed<'_>, plan: &Plan, hour: Time) -> Result<(), Told> {
        let of_hour = self.file.activity.look.iter().zip(&plan.looks).filter(|(one, _)| one.at == hour);
        let all_of_them = of_hour.flat_map(|(one, places)| places.iter().map(move |place| (one, *place)));
        all(all_of_them.map(|(one, place)| async move {
            let by = placed.of.record.get(place).and_then(|of| placed.user(&of.by));
            let (Some(by), Some(record)) = (by, placed.at(place)) else { return Ok(()) };
            let asked = asked(placed, by, &self.file.demo.purpose, None);
            let door = &self.installation.processing;
            self.answers.taken("läsning av", &one.kind, door.consult(&asked, &one.kind, record).await)?;
            for with in &one.with {
                let read = door.list(&asked, with, Some(record), Page::default()).await;
                self.answers.taken("läsning av", with, read)?;
            }
            Ok(())
        }))
        .await
    }

    /// The records of that day, and what the provider reads within those that are cases.
    async fn records(&self, begun: &Begun<'_>, placed: &Placed<'_>, day: Day, hour: Time) -> Result<(), Told> {
        for (place, one) in placed.of.record.iter().enumerate() {
            if one.weekdays_ago != Some(day.ago) || one.at.unwrap_or(RECORD_AT) != hour {
                continue;
            }
            let Some(record) = self.record(placed, place).await? else { continue };
            if let Some(reader) = one.read_by.as_deref().and_then(|key| begun.staff.get(key)) {
                self.read_in_case(placed, place, record, *reader).await?;
            }
            if let (Some(_), Some(by)) = (&one.read_by, placed.user(&one.by)) {
                self.bring_to(placed, by, self.purpose(one), (&one.kind, record), one.state.as_slice()).await?;
            }
        }
        Ok(())
    }

    async fn read_in_case(
        &self,
        placed: &Placed<'_>,
        place: usize,
        case: RecordId,
        reader: terms::PersonId,
    ) -> Result<(), Told> {
        let Some(one) = placed.of.record.get(place) else { return Ok(()) };
        let terms = self.shelf.agreement.cases();
        let Some(term) = terms.iter().find(|term| term.kind == one.kind) else { return Ok(()) };
        let asked = asked(placed, reader, &term.purpose, Some(case));
        let door = &self.installation.processing;
        self.answers.taken("läsning av", &one.kind, door.consult(&asked, &one.kind, case).await)?;
        let about = one.of.as_deref().and_then(|key| placed.of.place(key));
        let (Some(about), Some(record)) = (about, about.and_then(|about| placed.at(about))) else { return Ok(()) };
        let Some(kind) = placed.of.record.get(about).map(|about| &about.kind) else { return Ok(()) };
        self.answers.taken("läsning i supportärende av", kind, door.consult(&asked, kind, record).await)?;
        for kind in &one.reads {
            let read = door.list(&asked, kind, Some(record), Page::default()).await;
            self.answers.taken("läsning i supportärende av", kind, read)?;
        }
        Ok(())
    }

    /// What the agreement refuses; the refusal is what is wanted here.
    async fn refusals(&self, begun: &Begun<'_>, placed: &Placed<'_>, day: Day) -> Result<(), Told> {
        for one in placed.of.refusal.iter().filter(|one| one.weekdays_ago == day.ago) {
            let by = placed.user(&one.by).or_else(|| begun.staff.get(one.by.as_str()).copied());
            let place = placed.of.place(&one.record);
            let (Some(by), Some(place), Some(record)) = (by, place, place.and_then(|place| placed.at(place))) else {
                continue;
            };
            let Some(kind) = placed.of.record.get(place).map(|one| &one.kind) else { continue };
            let purpose = one.purpose.as_ref().unwrap_or(&self.file.demo.purpose);
            let asked = asked(placed, by, purpose, None);
            let door = &self.installation.processing;
            let (verb, answer) = match one.verb.as_str() {
                "alter" => {
                    let draft = one.field.iter().fold(Draft::new(), |draft, field| draft.with(field, "x"));
                    let change = Change { kind, record, version: 1, draft, state: None, once: None };
                    ("ändring", door.alter(&asked, change).await.map(drop))
                }
                "retrieve" => {
                    let taken = door.retrieve(&asked, kind, record, service::Whole::Record).await;
                    ("uttag", taken.map(drop))
                }
                _ => ("läsning", door.consult(&asked, kind, record).await.map(drop)),
            };
            self.answers.refused(&format!("{verb} med ändamålet {purpose} av"), kind, answer)?;
        }
        Ok(())
    }

    async fn changes(&self, placed: &Placed<'_>, day: Day, hour: Time) -> Result<(), Told> {
        for one in placed.of.change.iter().filter(|one| one.weekdays_ago == day.ago) {
            if one.at.unwrap_or(CHANGE_AT) != hour {
                continue;
            }
            let Some(of) = placed.of.place(&one.record).and_then(|place| placed.of.record.get(place)) else { continue };
            let by = placed.user(one.by.as_deref().unwrap_or(&of.by));
            let (Some(by), Some(record)) = (by, placed.record(&one.record)) else { continue };
            let purpose = one.purpose.as_ref().unwrap_or_else(|| self.purpose(of));
            let words = self.words(placed, 1, Some(&of.values));
            let mut sheet = Sheet::of(&one.values).saying(&words).referring(|key| placed.record(key));
            self.answers.without_refused(&of.kind, &mut sheet);
            let before = self.installation.store.record(&placed.tenant, &record)?;
            let Some(version) = before.map(|before| before.version) else { continue };
            let (kind, state) = (&of.kind, one.state.clone());
            let change = Change { kind, record, version, draft: sheet.draft(), state, once: None };
            let altered = self.installation.processing.alter(&asked(placed, by, purpose, None), change).await;
            self.answers.taken("ändring av", kind, altered)?;
        }
        Ok(())
    }

    /// A record of the day that was wrong is corrected on the same afternoon; both versions stay.
    async fn corrections(&self, placed: &Placed<'_>, day: Day) -> Result<(), Told> {
        for one in placed.of.correction.iter().filter(|one| one.weekdays_ago == day.ago) {
            let Some(place) = placed.of.place(&one.of) else { continue };
            let record = held(&placed.days).get(&(one.kind.clone(), place, day.date)).copied();
            let by = placed.of.record.get(place).and_then(|of| placed.user(&of.by));
            let (Some(record), Some(by)) = (record, by) else { continue };
            let mut sheet = Sheet::of(&now_right(one));
            self.answers.without_refused(&one.kind, &mut sheet);
            let kind = &one.kind;
            let change = Change { kind, record, version: 1, draft: sheet.draft(), state: None, once: None };
            let asked = asked(placed, by, &self.file.demo.purpose, None);
            self.answers.taken("ändring av", kind, self.installation.processing.alter(&asked, change).await)?;
        }
        Ok(())
    }
}

fn correction<'a>(
    placed: &'a Placed<'_>,
    kind: &terms::KindName,
    of: Option<&str>,
    ago: usize,
) -> Option<&'a Correction> {
    let fits = |one: &&Correction| one.kind == *kind && Some(one.of.as_str()) == of && one.weekdays_ago == ago;
    placed.of.correction.iter().find(fits)
}

/// What it became, with nothing in the place of what is not right any more.
fn now_right(one: &Correction) -> Values {
    let mut values: Values = one.was.keys().map(|name| (name.clone(), String::new())).collect();
    values.extend(one.values.clone());
    values
}

/// Waits for all of them, and gives the first failure.
async fn all(of: impl Iterator<Item = impl Future<Output = Result<(), Told>>>) -> Result<(), Told> {
    join_all(of).await.into_iter().collect()
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
