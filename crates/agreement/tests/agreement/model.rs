//! A small agreement as plain data: it writes itself as a file for the reader, and the naive interpreter walks it directly.

use std::fmt::Write;

use agreement::{Act, Agreement, CaseFact, Facts};
use terms::{
    CaseName, Category, Extent, Instant, PersonId, Purpose, RecordId, Relations, Role, SubjectCategory, TenantId, Verb,
};

#[derive(Debug, Clone)]
pub struct Rule {
    pub roles: Vec<String>,
    pub verbs: Vec<Verb>,
    pub purposes: Vec<String>,
    pub subjects: Vec<String>,
    /// None is `"declared"`.
    pub categories: Option<Vec<String>>,
    pub within: Option<String>,
    pub reach: Relations,
    pub consent: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Recipient {
    pub id: String,
    /// None is not found.
    pub country: Option<String>,
    pub categories: Receives,
}

#[derive(Debug, Clone)]
pub enum Receives {
    Declared,
    Listed(Vec<String>),
    NotFound,
    None,
}

#[derive(Debug, Clone)]
pub struct Model {
    pub purposes: Vec<String>,
    pub roles: Vec<String>,
    pub subjects: Vec<String>,
    pub categories: Vec<String>,
    pub declares: Vec<(String, Vec<String>)>,
    pub rules: Vec<Rule>,
    /// Name and purpose.
    pub cases: Vec<(String, String)>,
    pub recipients: Vec<Recipient>,
}

impl Model {
    /// The file. Each rule and recipient has a clause of its own, `rule-0`, `recipient-0`.
    pub fn text(&self) -> String {
        let label = r#"label = { sv = "x", en = "x" }"#;
        let mut t = String::new();
        let _ = write!(
            t,
            "# Model {{#model}}\n```toml\n[agreement]\nservice = \"model\"\ntitle = {{ sv = \"m\", en = \"m\" }}\nversion = \"1\"\n\
             language = \"en\"\n\n[role.opener]\n{label}\nside = \"controller\"\n"
        );
        for role in &self.roles {
            let _ = write!(t, "[role.{role}]\n{label}\nside = \"controller\"\n");
        }
        for purpose in &self.purposes {
            let _ = write!(t, "[purpose.{purpose}]\n{label}\n");
        }
        for subject in &self.subjects {
            let _ = write!(t, "[subject.{subject}]\n{label}\n");
        }
        for category in &self.categories {
            let _ = write!(t, "[category.{category}]\n{label}\n");
        }
        for (subject, categories) in &self.declares {
            let _ = write!(t, "[[declares]]\nsubject = \"{subject}\"\ncategories = {categories:?}\n");
        }
        for (case, purpose) in &self.cases {
            let _ = write!(
                t,
                "[case.{case}]\n{label}\nopened-by = \"opener\"\npurpose = \"{purpose}\"\nkind = \"{case}-kind\"\n"
            );
        }
        t.push_str("```\n");
        for (number, block) in ["in-force", "purposes", "categories", "access", "subprocessors"].into_iter().enumerate()
        {
            let from = if block == "in-force" { "from = \"day one\"\n" } else { "" };
            let changer = ["both-parties", "both-parties", "controller", "administrator", "processor"][number];
            let _ = write!(
                t,
                "\n## {}.0 {block} {{#{block}}}\n```toml\n[{block}]\n{from}otherwise = \"refuse\"\nchanged-by = \"{changer}\"\n```\n",
                number + 1
            );
        }
        for (number, rule) in self.rules.iter().enumerate() {
            let verbs: Vec<_> = rule.verbs.iter().map(|verb| verb.as_str()).collect();
            let categories = rule.categories.as_ref().map_or("\"declared\"".to_owned(), |listed| format!("{listed:?}"));
            let within = rule.within.as_ref().map_or(String::new(), |case| format!("within = \"case:{case}\"\n"));
            let mut limits = String::new();
            if !rule.reach.is_empty() {
                let words: Vec<_> = rule.reach.each().map(|relation| relation.as_str()).collect();
                let _ = writeln!(limits, "reach = {words:?}");
            }
            if let Some(kind) = &rule.consent {
                let _ = writeln!(limits, "needs-consent = {kind:?}");
            }
            let _ = write!(
                t,
                "\n## R.{number} Rule {{#rule-{number}}}\n```toml\n[[may]]\nrole = {:?}\nverbs = {verbs:?}\npurpose = {:?}\n\
                 subject = {:?}\ncategories = {categories}\n{within}{limits}```\n",
                rule.roles, rule.purposes, rule.subjects
            );
        }
        for (number, recipient) in self.recipients.iter().enumerate() {
            let country = recipient.country.as_ref().map_or("{ not-found = \"x\" }".to_owned(), |c| format!("{c:?}"));
            let categories = match &recipient.categories {
                Receives::Declared => "\"declared\"".to_owned(),
                Receives::Listed(listed) => format!("{listed:?}"),
                Receives::NotFound => "{ not-found = \"x\" }".to_owned(),
                Receives::None => "{ none = true }".to_owned(),
            };
            let _ = write!(
                t,
                "\n## U.{number} Recipient {{#recipient-{number}}}\n```toml\n[[subprocessor]]\nid = {:?}\nname = \"x\"\n\
                 task = {{ sv = \"x\", en = \"x\" }}\ncountry = {country}\nplace = \"x\"\ncategories = {categories}\n```\n",
                recipient.id
            );
        }
        t
    }

    pub fn read(&self) -> Agreement {
        let text = self.text();
        Agreement::read("model.md", &text).unwrap_or_else(|faults| panic!("{faults}\n\n{text}"))
    }
}

/// Support may read names and notes of participants within a case; case workers keep them; letters go by post.
pub fn small() -> Model {
    let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Model {
        purposes: strings(&["provide", "support"]),
        roles: strings(&["case-worker", "support"]),
        subjects: strings(&["participant", "user"]),
        categories: strings(&["name", "notes", "password"]),
        declares: vec![
            ("participant".to_owned(), strings(&["name", "notes"])),
            ("user".to_owned(), strings(&["name", "password"])),
        ],
        rules: vec![
            Rule {
                roles: strings(&["case-worker"]),
                verbs: vec![Verb::Collect, Verb::Alter, Verb::Consult, Verb::Disclose],
                purposes: strings(&["provide"]),
                subjects: strings(&["participant"]),
                categories: None,
                within: None,
                reach: Relations::NONE,
                consent: None,
            },
            Rule {
                roles: strings(&["support"]),
                verbs: vec![Verb::Consult],
                purposes: strings(&["support"]),
                subjects: strings(&["participant", "user"]),
                categories: Some(strings(&["name"])),
                within: Some("help".to_owned()),
                reach: Relations::NONE,
                consent: None,
            },
        ],
        cases: vec![("help".to_owned(), "support".to_owned())],
        recipients: vec![Recipient {
            id: "post".to_owned(),
            country: Some("SE".to_owned()),
            categories: Receives::Listed(strings(&["name"])),
        }],
    }
}

/// `case-worker consult provide participant: name notes`, and the rest of an act in its simplest form.
pub fn act(words: &str) -> Act {
    let (asked, categories) = words.split_once(':').unwrap();
    let asked: Vec<_> = asked.split_whitespace().collect();
    let [role, verb, purpose, subject] = asked.as_slice() else { panic!("{words}") };
    Act {
        tenant: TenantId([1; 16]),
        actor: PersonId([2; 16]),
        role: Role::new(role).unwrap(),
        verb: verb.parse().unwrap(),
        purpose: Purpose::new(purpose).unwrap(),
        subject: SubjectCategory::new(subject).unwrap(),
        categories: categories.split_whitespace().map(|name| Category::new(name).unwrap()).collect(),
        extent: Extent::Exactly,
        recipient: None,
        country: None,
        instant: Instant(1_795_000_000_000_000),
        facts: Facts::default(),
    }
}

pub fn open_case(name: &str) -> CaseFact {
    CaseFact::Open { case: CaseName::new(name).unwrap(), id: RecordId([3; 16]) }
}
