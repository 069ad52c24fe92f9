//! What things cost: small price lists on paper with sums done by hand.

use agreement::Agreement;
use agreement::amounts::{
    Cap, IndexValues, Outage, PaidFee, Reduced, Use, Work, ceiling, charge, invoice, level, liability_cap, money_label,
    reduction,
};
use rust_decimal::Decimal;

const FRAME: &str = include_str!("../bad/frame.md");

fn paper(terms: &str) -> Agreement {
    let text = format!("{FRAME}\n\n## 9 Prices {{#tried}}\n\n```toml\n{terms}\n```\n");
    Agreement::read("paper.md", &text).unwrap_or_else(|faults| panic!("{faults}"))
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

const WORK: &str = "[rate.hourly]\nlabel = { sv = \"arbete\", en = \"work\" }\namount = \"1200 SEK\"\nsmallest-unit = \"30 minutes\"\n\
    [rate.fair]\nlabel = { sv = \"arbete\", en = \"work\" }\namount = { not-found = \"beloppet\" }\nstandard = \"reasonable\"\n\
    [request.help]\ndoes = { sv = \"hjälpa\", en = \"help\" }\nwho = \"processor\"\nkind = \"performed\"\nfee = \"hourly\"\nfree-when = [\"self-service\"]\n\
    [audit.help]\ndoes = { sv = \"hjälpa\", en = \"help\" }\nwho = \"processor\"\nkind = \"performed\"\nfee = \"fair\"\n\
    [incident.help]\ndoes = { sv = \"hjälpa\", en = \"help\" }\nwho = \"processor\"\nkind = \"performed\"\n";

#[test]
fn work_is_charged_in_its_smallest_unit_and_not_at_all_when_it_is_free() {
    let agreement = paper(WORK);
    let work = |minutes| Work { minutes, ..Work::default() };
    for (minutes, sum) in [(0, "0"), (1, "600"), (30, "600"), (31, "1200"), (95, "2400")] {
        assert_eq!(charge(&agreement, "request.help", work(minutes)).unwrap().amount, number(sum), "{minutes}");
    }
    let free = charge(&agreement, "request.help", Work { self_service: true, ..work(60) }).unwrap();
    assert!(free.amount.is_zero() && free.lines.iter().any(|line| line.sv.contains("fritt")));
    let own = charge(&agreement, "request.help", Work { own_breach: true, ..work(60) }).unwrap();
    assert_eq!(own.amount, number("1200"), "this agreement does not say that own breach is free");
}

#[test]
fn where_no_term_says_so_nothing_is_charged_and_a_measure_is_no_amount() {
    let agreement = paper(WORK);
    let no = |term| charge(&agreement, term, Work { minutes: 60, ..Work::default() }).unwrap_err().why;
    assert!(no("incident.help").sv.contains("säger inte att arbetet betalas"));
    assert!(no("audit.help").en.contains("only the measure: reasonable"));
    assert!(no("audit.visit").en.contains("not in the agreement"));
}

const PRICES: &str = "[price.office]\nlabel = { sv = \"Kontor\", en = \"Office\" }\namount = \"399 SEK\"\nper = \"user-and-month\"\nwhole-months = true\n\
    [price.edi]\nlabel = { sv = \"EDI\", en = \"EDI\" }\namount = \"1.70 SEK\"\nper = \"piece\"\nat-most = \"55 SEK\"\nat-most-per = \"user-and-month\"\nfrom = \"2018-01-01\"\n\
    [price.silent]\nlabel = { sv = \"Tyst\", en = \"Silent\" }\namount = { not-found = \"priset\" }\nper = \"month\"\n\
    [indexation]\non-day = \"01-01\"\nindices = [\"KPI\", \"AKI\"]\nceiling = \"highest\"\nbase = \"2014-10\"\n";

fn used(price: &str, users: u32, months: &str, pieces: u64) -> Use {
    Use { price: price.to_owned(), users, months: number(months), pieces, day: None }
}

#[test]
fn whole_months_and_the_most_that_is_charged() {
    let agreement = paper(PRICES);
    let sum = |used: Use| invoice(&agreement, &used).unwrap().amount.to_string();
    assert_eq!(sum(used("office", 3, "2.1", 0)), "3591");
    assert_eq!(sum(used("edi", 1, "1", 32)), "54.40");
    assert_eq!(sum(used("edi", 1, "1", 33)), "55", "33 × 1.70 = 56.10");
    assert_eq!(sum(used("edi", 2, "1", 60)), "102.00");
    assert!(invoice(&agreement, &used("silent", 1, "1", 0)).unwrap_err().why.sv.contains("hittas inte"));
    let early = Use { day: Some("2017-12-31".parse().unwrap()), ..used("edi", 1, "1", 1) };
    assert!(invoice(&agreement, &early).is_err());
    let huge = Use { months: Decimal::MAX, ..used("office", u32::MAX, "1", 0) };
    assert!(invoice(&agreement, &huge).is_err(), "too large is no amount, and no panic");
}

#[test]
fn the_ceiling_follows_the_index_that_the_agreement_chooses() {
    let agreement = paper(PRICES);
    let mut values = IndexValues::new();
    values.insert("KPI".to_owned(), (number("100"), number("130")));
    assert!(ceiling(&agreement, number("399"), "SEK", &values).is_err(), "a missing value gives no ceiling");
    values.insert("AKI".to_owned(), (number("200"), number("280")));
    assert_eq!(ceiling(&agreement, number("399"), "SEK", &values).unwrap().amount, number("558.60"));
    let lowest = paper(&PRICES.replace("\"highest\"", "\"lowest\""));
    assert_eq!(ceiling(&lowest, number("399"), "SEK", &values).unwrap().amount, number("518.70"));
}

const LEVELS: &str = "[availability]\nat-least = \"99.4 %\"\nover = \"1 year\"\nfee-base = { not-found = \"vilken avgift\" }\n\
    [[reduction]]\nabove = \"99.0 %\"\nbelow = \"99.4 %\"\nreduces = \"10 %\"\n\
    [[reduction]]\nabove = \"98.0 %\"\nbelow = \"99.0 %\"\nreduces = \"25 %\"\n";

#[test]
fn a_level_on_an_open_edge_is_left_to_a_person() {
    let agreement = paper(LEVELS);
    let at = |level: &str| reduction(&agreement, level.parse().unwrap(), Some((number("4788"), "SEK")));
    assert!(matches!(at("99.4"), Reduced::Kept(_)));
    let Reduced::By { percent, amount, .. } = at("99.38") else { panic!("99.38 lies in the first row") };
    assert_eq!((percent, amount.unwrap().amount), (number("10"), number("478.80")));
    assert!(matches!(at("98.5"), Reduced::By { percent, .. } if percent == number("25")));
    for edge in ["99.0", "98.0", "12"] {
        assert!(matches!(at(edge), Reduced::Undecided(_)), "{edge}");
    }
}

#[test]
fn the_cap_is_the_fee_of_so_many_months_or_since_the_first_order() {
    let cap = "[liability.direct]\nwho = \"processor\"\ndamage = [\"direct\"]\nanswers = \"up-to-cap\"\ncap-months = 12\n\
        cap-since-first-order = true\nnot-for = [\"intent\"]\n[liability.indirect]\nwho = \"processor\"\ndamage = [\"indirect\"]\nanswers = \"none\"\n";
    let agreement = paper(cap);
    let paid: Vec<PaidFee> = (1..=9)
        .map(|month| PaidFee {
            month: jiff::civil::date(2026, month, 1),
            amount: number("1000"),
            currency: "SEK".to_owned(),
        })
        .collect();
    let day = jiff::civil::date(2026, 6, 15);
    let Cap::UpTo(amount, not_for) = liability_cap(&agreement, "direct", day, &paid).unwrap() else {
        panic!("there is a cap")
    };
    assert_eq!((amount.amount, not_for.len()), (number("6000"), 1));
    assert!(amount.lines.iter().any(|line| line.en.contains("the shorter time holds")));
    assert!(liability_cap(&agreement, "direct", day, &[]).is_err());
    assert!(matches!(liability_cap(&agreement, "indirect", day, &[]).unwrap(), Cap::Otherwise { .. }));
}

#[test]
fn money_is_written_as_each_language_writes_it() {
    let label = money_label(number("-1234567.5"), "SEK");
    assert_eq!((label.sv.as_str(), label.en.as_str()), ("-1\u{a0}234\u{a0}567,50\u{a0}kr", "SEK\u{a0}-1,234,567.50"));
    assert_eq!(money_label(number("1200.00"), "SEK").en, "SEK\u{a0}1,200");
}

fn service(name: &str) -> Agreement {
    let file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services").join(name).join("agreement.sv.md");
    let text = std::fs::read_to_string(file).unwrap();
    Agreement::read(name, &text).unwrap_or_else(|faults| panic!("{faults}"))
}

fn at(day: &str, clock: &str) -> terms::Instant {
    calendar::Zone::default().at(day.parse().unwrap(), clock.parse().unwrap()).unwrap()
}

#[test]
fn downtime_of_entre_counts_from_the_report_and_from_the_next_opening() {
    let entre = service("entre");
    let outage = |began: (&str, &str), reported: Option<(&str, &str)>, ended: (&str, &str), total| Outage {
        began: at(began.0, began.1),
        reported: reported.map(|(day, clock)| at(day, clock)),
        ended: at(ended.0, ended.1),
        total,
    };
    // Reported on a Tuesday evening: it counts from Wednesday 08:00.
    let night = outage(("2026-03-03", "17:00"), Some(("2026-03-03", "18:00")), ("2026-03-04", "10:00"), true);
    let part = outage(("2026-03-05", "09:00"), Some(("2026-03-05", "09:00")), ("2026-03-05", "12:00"), false);
    let silent = outage(("2026-03-06", "09:00"), None, ("2026-03-06", "12:00"), true);
    let twice = outage(("2026-03-03", "17:00"), Some(("2026-03-04", "09:00")), ("2026-03-04", "10:00"), true);
    let counted = level(&entre, 2026, &[night, part, silent, twice]).unwrap();
    assert_eq!(counted.level, calendar::available(525_600, 120).unwrap(), "{:?}", counted.lines);
    // The first Saturday of the month, 10 to 14, is planned; nothing of it counts.
    let planned = outage(("2026-03-06", "09:00"), Some(("2026-03-06", "09:00")), ("2026-03-07", "15:00"), true);
    let counted = level(&entre, 2026, &[planned]).unwrap();
    assert_eq!(counted.level, calendar::available(525_600, (30 - 4) * 60).unwrap(), "{:?}", counted.lines);
    assert!(matches!(reduction(&entre, counted.level, None), Reduced::Kept(_)));
    assert!(level(&service("matcha"), 2026, &[]).is_err());
}

#[test]
fn the_prices_of_the_repositorys_agreements_give_the_sums_of_their_lists() {
    let entre = service("entre");
    assert_eq!(invoice(&entre, &used("office", 2, "3", 0)).unwrap().amount, number("2394"));
    for edge in ["99", "98", "97", "95"] {
        assert!(matches!(reduction(&entre, edge.parse().unwrap(), None), Reduced::Undecided(_)), "{edge}");
    }
    for (level, percent) in [("99.38", "10"), ("98.5", "20"), ("97.5", "30"), ("96", "50"), ("12", "100")] {
        let Reduced::By { percent: found, .. } = reduction(&entre, level.parse().unwrap(), None) else {
            panic!("{level}")
        };
        assert_eq!(found, number(percent), "{level}");
    }
    let matcha = service("matcha");
    let hour = charge(&matcha, "request.help", Work { minutes: 60, ..Work::default() }).unwrap();
    assert_eq!((hour.amount, hour.currency.as_str()), (number("1200"), "SEK"));
    let own = charge(&matcha, "request.help", Work { minutes: 60, self_service: true, ..Work::default() }).unwrap();
    assert!(own.amount.is_zero());
}
