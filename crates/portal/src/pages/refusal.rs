//! What a person sees when the agreement says no: why, what was asked, which clause stands against it, who can change that and
//! what would be allowed. Read by someone who is worried, so the sentence comes first and the clause beside it.
//!
//! Nothing is decided here; what would be allowed is read from the same agreement that refused. What is merely not there, or
//! could not be done just now, is no refusal: see `answers`.

use maud::{Markup, html};
use terms::{ClauseId, Language, Reason, Refusal};

use crate::pages::clause_text::{Reading, markdown};
use crate::pages::labels::{Labels, capital};
use crate::pages::may::{MayRow, may_rows};
use crate::words::{t, t_with};

/// Most lines of what would be allowed; the agreement's page has them all.
const MAX_ALLOWED: usize = 12;

/// The body of the refusal page. `reading` is the agreement in the reader's language where it is not the agreement's own.
/// `what` is the kind of record that the address asked for, where it names one.
pub(crate) fn view(labels: Labels<'_>, reading: Option<&Reading>, what: Option<&str>, refusal: &Refusal) -> Markup {
    let language = labels.language;
    html! {
        p.answer { strong { (reason(labels, &refusal.reason)) } " " (clause_beside(labels, refusal)) }
        p { (t(language, "refusal-calm")) " " (t(language, "refusal-logged")) }

        section aria-labelledby="asked" {
            h2 #asked { (t(language, "refusal-asked-heading")) }
            dl.sheet.facts {
                dt { (t(language, "refusal-asked-role")) } dd { (labels.role(&refusal.role)) }
                dt { (t(language, "refusal-asked-verb")) } dd { (labels.verb(refusal.verb)) }
                @if let Some(what) = what { dt { (t(language, "refusal-asked-what")) } dd { (what) } }
                dt { (t(language, "refusal-asked-subject")) } dd { (labels.subject(&refusal.subject)) }
                dt { (t(language, "refusal-asked-purpose")) } dd { (labels.purpose(&refusal.purpose)) }
            }
        }

        section aria-labelledby="against" {
            h2 #against { (t(language, "refusal-clause-heading")) }
            (clause(labels, reading, &refusal.clause))
        }

        section aria-labelledby="changer" {
            h2 #changer { (t(language, "refusal-changer-heading")) }
            p { (changer(labels, refusal)) }
        }

        section aria-labelledby="allowed" {
            h2 #allowed { (t(language, "refusal-allowed-heading")) }
            (allowed(labels, refusal))
        }
    }
}

/// One line for use inside another page: why, with the clause beside it.
pub(crate) fn inline(labels: Labels<'_>, refusal: &Refusal) -> Markup {
    let why = reason(labels, &refusal.reason);
    html! {
        p.refused role="note" {
            (t_with(labels.language, "refusal-inline", &[("reason", why.into())])) " " (clause_beside(labels, refusal))
        }
    }
}

/// Why, in one sentence.
pub(crate) fn reason(labels: Labels<'_>, reason: &Reason) -> String {
    let key = format!("refusal-reason-{}", reason.code());
    match reason {
        Reason::CategoryNotDeclared(category) => {
            t_with(labels.language, &key, &[("category", labels.category(category).into())])
        }
        Reason::FieldNotDeclared(field) => t_with(labels.language, &key, &[("field", field.as_str().into())]),
        _ => t(labels.language, &key),
    }
}

/// Who can change it, in one sentence.
fn changer(labels: Labels<'_>, refusal: &Refusal) -> String {
    t(labels.language, &format!("refusal-changer-{}", refusal.changer.code()))
}

/// The clause's number beside the sentence. The number is the one that the refusal was journalled with.
fn clause_beside(labels: Labels<'_>, refusal: &Refusal) -> Markup {
    let known = labels.agreement.is_some_and(|agreement| agreement.clause(&refusal.clause).is_some());
    html! {
        @if known {
            "(" a.clause href=(labels.clause_address(&refusal.clause)) {
                @if refusal.number.is_empty() {
                    (t(labels.language, "agreement-clause-unnumbered"))
                } @else {
                    (t_with(labels.language, "agreement-clause", &[("number", refusal.number.as_str().into())]))
                }
            } ")"
        }
    }
}

fn clause(labels: Labels<'_>, reading: Option<&Reading>, id: &ClauseId) -> Markup {
    let language = labels.language;
    let Some(clause) = labels.agreement.and_then(|agreement| agreement.clause(id)) else {
        return html! { p { (t(language, "refusal-clause-unknown")) } };
    };
    let read = reading.and_then(|reading| reading.clause(id));
    let (title, prose, tongue) = match read {
        Some(read) => (read.title.as_str(), read.prose.as_str(), Language::En.tag()),
        None => (clause.title.as_str(), clause.prose.as_str(), labels.agreement_language()),
    };
    let number = clause.number.as_str();
    html! {
        p {
            strong {
                @if number.is_empty() {
                    (t_with(language, "refusal-clause-unnumbered", &[("title", title.into())]))
                } @else {
                    (t_with(language, "refusal-clause-named", &[("number", number.into()), ("title", title.into())]))
                }
            }
        }
        @if prose.trim().is_empty() {
            p { (t(language, "refusal-clause-silent")) }
        } @else {
            blockquote.quoted lang=(tongue) cite=(labels.clause_address(id)) { (markdown(prose)) }
        }
        p {
            a href=(labels.clause_address(id)) {
                @if number.is_empty() {
                    (t(language, "refusal-clause-read-unnumbered"))
                } @else {
                    (t_with(language, "refusal-clause-read", &[("number", number.into())]))
                }
            }
        }
    }
}

/// What the same agreement does allow, nearest to what was asked.
fn allowed(labels: Labels<'_>, refusal: &Refusal) -> Markup {
    let language = labels.language;
    let Some(agreement) = labels.agreement else {
        return html! { p { (t(language, "refusal-allowed-in-force")) } };
    };
    let list = |lead: String, lines: Vec<String>| html! { p { (lead) } ul { @for line in &lines { li { (line) } } } };
    match &refusal.reason {
        Reason::NotInForce => html! { p { (t(language, "refusal-allowed-in-force")) } },
        Reason::PurposeNotAgreed => list(
            t(language, "refusal-allowed-purposes"),
            agreement.purposes().iter().map(|purpose| capital(purpose.label.text(labels.language))).collect(),
        ),
        Reason::SubjectNotDeclared => list(
            t(language, "refusal-allowed-subjects"),
            agreement.subjects().iter().map(|subject| subject.label.text(labels.language).to_owned()).collect(),
        ),
        Reason::CategoryNotDeclared(_) | Reason::FieldNotDeclared(_) => list(
            t(language, "refusal-allowed-declared"),
            agreement
                .declares()
                .iter()
                .filter(|declared| declared.subject == refusal.subject)
                .flat_map(|declared| declared.categories.iter().map(|category| labels.category(category)))
                .collect(),
        ),
        Reason::RecipientNotAgreed | Reason::PlaceNotAgreed | Reason::NoTransferBasis => list(
            t(language, "refusal-allowed-recipients"),
            agreement
                .subprocessors()
                .iter()
                .map(|one| format!("{}: {}", one.name, one.task.text(labels.language)))
                .collect(),
        ),
        Reason::CaseRequired | Reason::CaseDoesNotCover => html! {
            p { (t(language, "refusal-allowed-case")) }
            (rules(labels, refusal))
        },
        Reason::RoleNotAgreed
        | Reason::NoRule
        | Reason::Prohibited
        | Reason::WaitsForDecision
        | Reason::OutOfReach
        | Reason::NoConsent
        | Reason::Restricted
        | Reason::Held
        | Reason::SetAside
        | Reason::TooFew
        | Reason::AccountEnded => rules(labels, refusal),
    }
}

fn rules(labels: Labels<'_>, refusal: &Refusal) -> Markup {
    let language = labels.language;
    let rows: Vec<MayRow> = labels
        .agreement
        .map(may_rows)
        .unwrap_or_default()
        .into_iter()
        .filter(|row| row.role == refusal.role && row.subject == refusal.subject)
        .take(MAX_ALLOWED)
        .collect();
    if rows.is_empty() {
        return html! { p { (t(language, "refusal-allowed-nothing")) } };
    }
    html! {
        p { (t_with(language, "refusal-allowed-rules", &[("role", labels.role(&refusal.role).into())])) }
        ul { @for row in &rows { li { (rule(labels, row)) " " (labels.clause(&row.clause)) } } }
    }
}

fn rule(labels: Labels<'_>, row: &MayRow) -> String {
    let key = if row.within.is_some() { "refusal-rule-within" } else { "refusal-rule" };
    let categories =
        if row.all_declared { t(labels.language, "refusal-all-declared") } else { labels.categories(&row.categories) };
    let case = row.within.as_ref().map(|case| labels.case(case)).unwrap_or_default();
    let said = t_with(
        labels.language,
        key,
        &[
            ("verbs", labels.verbs(&row.verbs).into()),
            ("categories", categories.into()),
            ("purposes", labels.purposes(&row.purposes).into()),
            ("case", case.into()),
        ],
    );
    let only = labels.limits(row.reach, row.needs_consent.is_some());
    core::iter::once(said).chain(only.iter().map(|one| format!("{}.", capital(one)))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample;
    use crate::words::has;
    use terms::{Category, Changer, Purpose, Role, SubjectCategory, Verb};

    const CHANGERS: [Changer; 7] = [
        Changer::Controller,
        Changer::ControllerByCase,
        Changer::BothParties,
        Changer::Processor,
        Changer::Administrator,
        Changer::ControllerByAssignment,
        Changer::DataSubject,
    ];

    /// Every reason; the match below makes a new one fail to compile until it stands here.
    fn reasons() -> Vec<Reason> {
        let all = vec![
            Reason::NotInForce,
            Reason::PurposeNotAgreed,
            Reason::CategoryNotDeclared(Category::new("health").unwrap()),
            Reason::FieldNotDeclared("blood-type <b>".to_owned()),
            Reason::SubjectNotDeclared,
            Reason::RoleNotAgreed,
            Reason::NoRule,
            Reason::CaseRequired,
            Reason::CaseDoesNotCover,
            Reason::OutOfReach,
            Reason::NoConsent,
            Reason::RecipientNotAgreed,
            Reason::PlaceNotAgreed,
            Reason::NoTransferBasis,
            Reason::Prohibited,
            Reason::WaitsForDecision,
            Reason::Restricted,
            Reason::Held,
            Reason::SetAside,
            Reason::TooFew,
            Reason::AccountEnded,
        ];
        for reason in &all {
            match reason {
                Reason::NotInForce
                | Reason::PurposeNotAgreed
                | Reason::CategoryNotDeclared(_)
                | Reason::FieldNotDeclared(_)
                | Reason::SubjectNotDeclared
                | Reason::RoleNotAgreed
                | Reason::NoRule
                | Reason::CaseRequired
                | Reason::CaseDoesNotCover
                | Reason::OutOfReach
                | Reason::NoConsent
                | Reason::RecipientNotAgreed
                | Reason::PlaceNotAgreed
                | Reason::NoTransferBasis
                | Reason::Prohibited
                | Reason::WaitsForDecision
                | Reason::Restricted
                | Reason::Held
                | Reason::SetAside
                | Reason::TooFew
                | Reason::AccountEnded => {}
            }
        }
        all
    }

    fn refusal(reason: Reason, changer: Changer) -> Refusal {
        Refusal {
            role: Role::new("support").unwrap(),
            verb: Verb::Consult,
            purpose: Purpose::new("help").unwrap(),
            subject: SubjectCategory::new("reader").unwrap(),
            reason,
            clause: ClauseId::new("no-other").unwrap(),
            number: "3.2".to_owned(),
            changer,
            entry: None,
        }
    }

    #[test]
    fn every_reason_changer_and_verb_is_a_sentence_in_both_languages() {
        for language in [Language::Sv, Language::En] {
            for reason in reasons() {
                for page in ["refusal", "who-looked"] {
                    let key = format!("{page}-reason-{}", reason.code());
                    assert!(has(language, &key), "{key}");
                }
            }
            for changer in CHANGERS {
                assert!(has(language, &format!("refusal-changer-{}", changer.code())), "{changer:?}");
            }
            for verb in Verb::ALL {
                assert!(has(language, &format!("refusal-verb-{verb}")), "{verb}");
            }
        }
    }

    #[test]
    fn every_refusal_is_a_whole_page_with_clauses_that_exist() {
        let agreement = sample::agreement();
        for language in [Language::Sv, Language::En] {
            for reason in reasons() {
                for changer in CHANGERS {
                    let labels = sample::labels(&agreement, language);
                    let html = view(labels, None, None, &refusal(reason.clone(), changer)).into_string();
                    sample::check_clauses(&agreement, &html);
                    sample::check_headings(&html);
                    assert!(!html.contains("refusal-"), "a key without words: {html}");
                    assert!(html.contains("Bara det som står i 3.1."), "the clause's own text");
                    assert!(!html.contains("<b>"), "what was asked is escaped");
                }
            }
        }
    }

    #[test]
    fn who_is_refused_for_want_of_a_case_learns_what_a_case_would_allow() {
        let agreement = sample::agreement();
        let labels = sample::labels(&agreement, Language::En);
        let html = view(labels, None, None, &refusal(Reason::CaseRequired, Changer::ControllerByCase)).into_string();
        assert!(html.contains("Read: Name. Purpose: help. Only within the case Question."), "{html}");
    }

    #[test]
    fn without_an_agreement_no_clause_is_invented() {
        let service = sample::service();
        let labels = Labels { language: Language::Sv, service: &service, agreement: None };
        let html = view(labels, None, None, &refusal(Reason::NotInForce, Changer::BothParties)).into_string();
        assert!(!html.contains("3.2") && !html.contains("avtal#"), "{html}");
    }
}
