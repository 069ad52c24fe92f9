//! A file on its way into records, for the page and the interface alike: read, matched, checked, looked up for doubles, and
//! handed to a task that brings it in while the progress is shown. Between two requests the text stays with whoever sent it.

use std::sync::Arc;

use intake::{Bring, Checked, Choose, Columns, Encoding, Mapping, Progress, Sheet, SheetNo, Text, TextNo};
use service::{Asked, Draft, FieldType, Import, Kind, No, Value};
use terms::{RecordId, Verb};

use crate::ctx::Signed;
use crate::lists::choices;
use crate::moment;

/// A file, read and checked. No `Debug`: it is personal data.
pub(crate) struct File {
    pub text: Value,
    pub encoding: Encoding,
    pub sheet: Sheet,
    pub columns: Columns,
    pub checked: Checked,
    /// Whether it could be looked up who is there already; the agreement may not let this person read them.
    pub looked_up: bool,
}

/// Why a file is none.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FileNo {
    Text(TextNo),
    Sheet(SheetNo),
    /// It could not be found out in this moment who is there already.
    NotLookedUp,
}

impl FileNo {
    /// The word under which it is explained.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Text(no) => no.code(),
            Self::Sheet(no) => no.code(),
            Self::NotLookedUp => "not-looked-up",
        }
    }
}

/// Reads and checks a file.
pub(crate) async fn read(signed: &Signed, kind: &Kind, bytes: &[u8], said: &Mapping) -> Result<File, FileNo> {
    let Text { text, encoding } = Text::read(bytes).map_err(FileNo::Text)?;
    let sheet = Sheet::read(&text).map_err(FileNo::Sheet)?;
    let columns = Columns::of(kind, &sheet.headings, said);
    let known = with_lists(signed, kind);
    let mut checked = intake::check(&known, &sheet, &columns, moment::civil(signed.now()).date());
    // What the file says nothing of is proposed as a form proposes it.
    for (name, value) in crate::pages::own::proposed(signed, kind).await {
        for row in checked.rows.iter_mut().filter(|row| row.draft.get(&name).is_none()) {
            row.draft.set(&name, &value);
        }
    }
    let looked_up = columns.faults.is_empty() && look_up(signed, kind, &mut checked).await?;
    Ok(File { text, encoding, sheet, columns, checked, looked_up })
}

/// The kind with the customer's lists in the place of their names, so that a row is told before the door meets it, and a value
/// may stand as people call it.
fn with_lists(signed: &Signed, kind: &Kind) -> Kind {
    let mut known = kind.clone();
    for field in &mut known.fields {
        if let FieldType::Listed { list } = &field.holds {
            field.holds = FieldType::Choice(choices(signed, list).1);
        }
    }
    known
}

/// Asks for the good rows who is there already. A reading of its own, with its entry. Whether it could be asked at all: where the
/// agreement says no, that is told beside the rows. Where the world does not cooperate nothing goes on, since whoever wants doubles
/// left out would get them all.
async fn look_up(signed: &Signed, kind: &Kind, checked: &mut Checked) -> Result<bool, FileNo> {
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return Ok(false) };
    if !kind.fields.iter().any(|field| field.search.is_some()) || !signed.may(Verb::Consult, kind) {
        return Ok(false);
    }
    let mut good: Vec<_> = checked.rows.iter_mut().filter(|row| row.is_good()).collect();
    let drafts: Vec<Draft> = good.iter_mut().map(|row| core::mem::take(&mut row.draft)).collect();
    let alike = signed.portal.door.alike(&asked, &kind.name, &drafts).await;
    for (row, draft) in good.iter_mut().zip(drafts) {
        row.draft = draft;
    }
    match alike {
        Ok(alike) => {
            for (row, alike) in good.iter_mut().zip(alike) {
                row.alike = alike.len();
            }
            Ok(true)
        }
        Err(No::Refused(_) | No::Missing) => Ok(false),
        Err(_) => Err(FileNo::NotLookedUp),
    }
}

/// An import that was handed to its task.
pub(crate) struct Begun {
    pub import: Import,
    pub progress: Arc<Progress>,
    /// Given where somebody wants to wait for the end.
    pub task: Option<tokio::task::JoinHandle<()>>,
}

/// Begins an import and lets it run on by itself: whoever asked may go away.
///
/// # Errors
/// The door's: nothing was begun.
pub(crate) async fn begin(
    signed: &Signed,
    asked: Asked,
    kind: &Kind,
    parent: Option<RecordId>,
    checked: Checked,
    choose: Choose,
    once: &str,
) -> Result<Begun, No> {
    let portal = Arc::clone(&signed.portal);
    let bring = Bring { asked: &asked, kind, parent, checked, choose };
    let import = bring.begin(&*portal.imports, once).await?;
    let Some(progress) = portal.running.begin(asked.tenant, import.id) else {
        let progress = portal.running.of(&asked.tenant, &import.id).unwrap_or_default();
        return Ok(Begun { import, progress, task: None });
    };
    let checked = bring.checked;
    let (kind, to, shown) = (kind.clone(), Arc::clone(&progress), import.clone());
    let task = tokio::spawn(async move {
        let bring = Bring { asked: &asked, kind: &kind, parent, checked, choose };
        intake::run(&*portal.door, &*portal.imports, bring, &shown, &to).await;
    });
    Ok(Begun { import, progress, task: Some(task) })
}
