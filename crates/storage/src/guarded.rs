//! Rows that carry a tag, and sets of rows that carry a root, so that a row that was changed, moved or put in from outside is
//! noticed when it is read, and one that is missing or was put back when the file is checked. Decision 0029 says what this
//! stops and what not.
//!
//! The tables stay as they are written down. Their statements stay too: the tag is a stored generated column, readers see each
//! table through a temporary view that compares it, and temporary triggers on the one connection that writes tell which rows
//! came and went. So a table that somebody adds is guarded without a line of his. Not here: the numbers of sets and roots
//! (`sets.rs`), and the key, which the vault holds.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};

use crate::engine::StoreError;
use crate::sets::{Element, Sets};

/// What only the holder of the key can compute. The vault implements it, and promises that nobody else can tell a tag from
/// chance, and that what it sealed opens for the same file and place alone.
pub trait Guard: Send + Sync {
    /// What lies beside a row.
    fn tag(&self, row: &[u8]) -> Tag;
    /// What a row with this tag adds to its set: seen by nobody.
    fn element(&self, tag: &Tag) -> [u8; 16];
    /// Seals what is said of a set, for this file and this place in it.
    ///
    /// # Errors
    /// The library's.
    fn seal_root(&self, file: &str, of: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError>;
    /// Opens it, or nothing where it was changed, moved or sealed under another key.
    fn open_root(&self, file: &str, of: &[u8], sealed: &[u8]) -> Option<Vec<u8>>;
}

/// What lies beside a row.
pub type Tag = [u8; 16];

/// Tables that are written so often that a row which goes is not compared once more: another takes its place whole, and nothing of it is
/// copied on. What is copied from a record into its past is compared there.
const WRITTEN_WHOLE: [&str; 5] = ["record", "token", "log", "past", "once"];
/// The column of the tag.
pub(crate) const TAG: &str = "mac";
/// The table of the roots.
pub(crate) const ROOT: &str = "root";
/// Tables whose rows the roots do not cover: the head's own seal says what they say.
const UNCOVERED: [&str; 2] = [ROOT, "applied"];
/// Records through the index by parents, which a view of the plain name does not let be named.
pub(crate) const RECORD_BY_PARENT: &str = "guarded_record_by_parent";
/// The same by person.
pub(crate) const RECORD_BY_PERSON: &str = "guarded_record_by_person";
/// By this the error of a row is known again after it went through the engine.
const NOT_GENUINE: &str = "not as this program wrote it";

/// A covered table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    key: Vec<String>,
}

impl Table {
    /// Whose a row is, as an expression over the row; of nobody where the table knows no customer.
    fn whose(&self, row: &str) -> String {
        let of = ["tenant", "home"].into_iter().find(|one| self.columns.iter().any(|column| column == one));
        of.map_or_else(|| "x''".to_owned(), |column| format!("coalesce({row}.{column}, x'')"))
    }

    /// The table's name and a row's columns, as arguments.
    fn row(&self, row: &str) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| format!(", {row}{column}")).collect();
        format!("'{}'{}", self.name, columns.concat())
    }

    /// Its rows, each looked up a second time by its key and compared with its tag. A second time, because the engine puts what a
    /// query asks for into the place of a column wherever that stands, and may compare the tag before it has compared the column:
    /// then a row that is not asked for would look like one that was changed.
    fn compared(&self, through: &str) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| format!("a.{column}")).collect();
        let same: Vec<String> = self.key.iter().map(|column| format!("b.{column} = a.{column}")).collect();
        format!(
            "SELECT {} FROM main.{name} a {through} CROSS JOIN main.{name} b WHERE {} AND genuine(b.{TAG}, {})",
            columns.join(", "),
            same.join(" AND "),
            self.row("b."),
            name = self.name
        )
    }

    /// All rows with whose they are, the tag where there is one, and the columns.
    pub(crate) fn all(&self, tagged: bool) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| format!(", t.{column}")).collect();
        let tag = if tagged { TAG } else { "NULL" };
        format!("SELECT {}, {tag}{} FROM main.{} t", self.whose("t"), columns.concat(), self.name)
    }
}

/// The covered tables of the file that a connection has open.
pub(crate) fn tables(connection: &Connection) -> rusqlite::Result<Vec<Table>> {
    let names: Vec<String> = connection
        .prepare("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut columns = connection.prepare("SELECT name, pk FROM pragma_table_info(?1, 'main') ORDER BY cid")?;
    names
        .into_iter()
        .filter(|name| !UNCOVERED.contains(&name.as_str()))
        .map(|name| {
            let of: Vec<(String, i64)> = columns
                .query_map(params![name], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            let key = of.iter().filter(|(_, place)| *place > 0).map(|(column, _)| column.clone()).collect();
            Ok(Table { name, columns: of.into_iter().map(|(column, _)| column).collect(), key })
        })
        .collect()
}

/// The statements that make these tables with a tag in each row.
pub(crate) fn tagged(plain: &str) -> rusqlite::Result<String> {
    // Made once without tags, where it costs nothing, so that the engine itself says what the columns are.
    let scratch = Connection::open_in_memory()?;
    scratch.execute_batch(plain)?;
    let covered = tables(&scratch)?;
    let mut made = scratch.prepare("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")?;
    let mut rows = made.query([])?;
    let mut all = String::new();
    while let Some(row) = rows.next()? {
        let (name, sql): (String, String) = (row.get(1)?, row.get(2)?);
        let table = covered.iter().find(|table| table.name == name);
        let sql = match table {
            None => sql,
            Some(table) => {
                let tag = format!("{TAG} BLOB NOT NULL GENERATED ALWAYS AS (row_tag({})) STORED", table.row(""));
                // Columns stand before what is said of all of them.
                match sql.find("PRIMARY KEY (") {
                    Some(at) => format!("{}{tag}, {}", &sql[..at], &sql[at..]),
                    None => sql.replacen(") STRICT", &format!(", {tag}) STRICT"), 1),
                }
            }
        };
        all.push_str(&sql);
        all.push_str(";\n");
    }
    all.push_str(ROOTS);
    Ok(all)
}

/// The table of the roots.
pub(crate) const ROOTS: &str =
    "CREATE TABLE IF NOT EXISTS root (of BLOB PRIMARY KEY NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;\n";

thread_local! {
    static ROW: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The tag of a row. Each value goes in with its type and length, so that no two rows say the same.
fn tag_of(guard: &dyn Guard, file: &str, values: &mut dyn Iterator<Item = ValueRef<'_>>) -> Tag {
    ROW.with_borrow_mut(|row| {
        row.clear();
        row.extend_from_slice(file.as_bytes());
        for value in values {
            let mut tagged = |tag: u8, bytes: &[u8]| {
                row.push(tag);
                row.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
                row.extend_from_slice(bytes);
            };
            match value {
                ValueRef::Null => tagged(0, &[]),
                ValueRef::Integer(number) => tagged(1, &number.to_le_bytes()),
                ValueRef::Real(number) => tagged(2, &number.to_le_bytes()),
                ValueRef::Text(text) => tagged(3, text),
                ValueRef::Blob(bytes) => tagged(4, bytes),
            }
        }
        guard.tag(row)
    })
}

/// What a row adds to its set: by the tag that lies beside it, or by its values where there is none.
fn element_of(guard: &dyn Guard, file: &str, ctx: &Context<'_>) -> rusqlite::Result<Element> {
    let tag = match ctx.get_raw(1) {
        ValueRef::Blob(lies) => lies.try_into().map_err(|_| not_genuine(ValueRef::Text(b"?")))?,
        _ => tag_of(guard, file, &mut arguments(ctx, 2)),
    };
    Ok(Element::of(guard.element(&tag)))
}

fn arguments<'a>(ctx: &'a Context<'_>, from: usize) -> impl Iterator<Item = ValueRef<'a>> {
    (from..ctx.len()).map(|at| ctx.get_raw(at))
}

fn not_genuine(table: ValueRef<'_>) -> rusqlite::Error {
    let table = table.as_str().unwrap_or("?");
    rusqlite::Error::UserFunctionError(format!("a row of `{table}` is {NOT_GENUINE}").into())
}

/// Whether what the engine said is about a row that is not as it was written, or about a file that is not in order. A row that is
/// genuine and does not decode is none of it: that is our own fault, and building the state anew would meet it again.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match error {
        rusqlite::Error::SqliteFailure(code, said) => {
            matches!(code.code, DatabaseCorrupt | NotADatabase)
                || said.as_ref().is_some_and(|said| said.contains(NOT_GENUINE))
        }
        rusqlite::Error::UserFunctionError(said) => said.to_string().contains(NOT_GENUINE),
        _ => false,
    }
}

/// The same of a row that carries no tag (the roots, and the file of keys): one of another form was not written by this program.
pub(crate) fn is_damage_untagged(error: &rusqlite::Error) -> bool {
    let other_form = matches!(
        error,
        rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..)
    );
    other_form || is_damage(error)
}

/// The guard of one file.
#[derive(Clone)]
pub(crate) struct Guarded {
    /// `state` or `keys`: a row of one is none of the other.
    pub(crate) file: &'static str,
    pub(crate) guard: Arc<dyn Guard>,
    /// Whether the tables hold the tags too. The rows of the file of keys are sealed for their place, each of them.
    tagged: bool,
    sets: Arc<Mutex<Sets>>,
}

impl Guarded {
    pub(crate) fn new(file: &'static str, guard: Arc<dyn Guard>, tagged: bool) -> Self {
        Self { file, guard, tagged, sets: Arc::default() }
    }

    pub(crate) fn sets(&self) -> MutexGuard<'_, Sets> {
        self.sets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) const fn is_tagged(&self) -> bool {
        self.tagged
    }

    /// A row's tag and element, from its table's name and its columns.
    pub(crate) fn tag_of<'r>(&self, table: &'r str, row: &mut dyn Iterator<Item = ValueRef<'r>>) -> (Tag, Element) {
        let name = ValueRef::Text(table.as_bytes());
        let tag = tag_of(&*self.guard, self.file, &mut core::iter::once(name).chain(row));
        (tag, Element::of(self.guard.element(&tag)))
    }

    /// Before the tables are made or changed: the function that the tags are made with.
    pub(crate) fn begin(&self, connection: &Connection) -> rusqlite::Result<()> {
        let (guard, file) = (Arc::clone(&self.guard), self.file);
        connection
            .create_scalar_function("row_tag", -1, PURE, move |ctx| Ok(tag_of(&*guard, file, &mut arguments(ctx, 0))))
    }

    /// The connection that writes: what comes and what goes is told to the sets, and what goes is looked at first.
    pub(crate) fn on_writer(&self, connection: &Connection) -> rusqlite::Result<()> {
        self.compare(connection)?;
        let (guard, file, sets) = (Arc::clone(&self.guard), self.file, Arc::clone(&self.sets));
        connection.create_scalar_function("set_added", -1, FunctionFlags::SQLITE_UTF8, move |ctx| {
            let element = element_of(&*guard, file, ctx)?;
            sets.lock().unwrap_or_else(PoisonError::into_inner).add(whose(ctx), element);
            Ok(0)
        })?;
        let (guard, file, sets) = (Arc::clone(&self.guard), self.file, Arc::clone(&self.sets));
        connection.create_scalar_function("set_removed", -1, FunctionFlags::SQLITE_UTF8, move |ctx| {
            let element = element_of(&*guard, file, ctx)?;
            sets.lock().unwrap_or_else(PoisonError::into_inner).remove(whose(ctx), element);
            Ok(0)
        })?;
        // Without this a row that another takes the place of would go untold.
        connection.execute_batch("PRAGMA recursive_triggers = ON;")?;
        let covered = tables(connection)?;
        for table in &covered {
            let name = &table.name;
            let (of_new, of_old) = (table.whose("NEW"), table.whose("OLD"));
            let (added, removed, goes) = if self.tagged {
                // A row that was changed from outside is not written on from under a fresh tag.
                let compared = format!("SELECT genuine(OLD.{TAG}, {});", table.row("OLD."));
                let removed = format!("SELECT set_removed({of_old}, OLD.{TAG});");
                let goes = if WRITTEN_WHOLE.contains(&name.as_str()) {
                    removed.clone()
                } else {
                    format!("{compared} {removed}")
                };
                (format!("SELECT set_added({of_new}, NEW.{TAG});"), format!("{compared} {removed}"), goes)
            } else {
                let removed = format!("SELECT set_removed({of_old}, NULL, {});", table.row("OLD."));
                (format!("SELECT set_added({of_new}, NULL, {});", table.row("NEW.")), removed.clone(), removed)
            };
            let copied = match covered.iter().find(|one| one.name == "record").filter(|_| self.tagged && name == "past")
            {
                Some(record) => format!(
                    "SELECT genuine(b.{TAG}, {}) FROM main.record b WHERE b.tenant = NEW.tenant AND b.record = NEW.record;",
                    record.row("b.")
                ),
                None => String::new(),
            };
            connection.execute_batch(&format!(
                "CREATE TEMP TRIGGER IF NOT EXISTS {name}_came AFTER INSERT ON main.{name} BEGIN {copied} {added} END;
                 CREATE TEMP TRIGGER IF NOT EXISTS {name}_went AFTER DELETE ON main.{name} BEGIN {goes} END;
                 CREATE TEMP TRIGGER IF NOT EXISTS {name}_changed AFTER UPDATE ON main.{name} BEGIN {removed} {added} END;"
            ))?;
        }
        Ok(())
    }

    /// The function that compares a row with its tag.
    fn compare(&self, connection: &Connection) -> rusqlite::Result<()> {
        let (guard, file) = (Arc::clone(&self.guard), self.file);
        connection.create_scalar_function("genuine", -1, PURE, move |ctx| {
            let tag = tag_of(&*guard, file, &mut arguments(ctx, 1));
            if ctx.get_raw(0).as_blob().is_ok_and(|lies| lies == tag) {
                Ok(1)
            } else {
                Err(not_genuine(ctx.get_raw(1)))
            }
        })
    }

    /// A connection that reads: each table is seen through a view of the same name that compares the tags of the rows it gives.
    pub(crate) fn on_reader(&self, connection: &Connection) -> rusqlite::Result<()> {
        self.compare(connection)?;
        for table in tables(connection)? {
            let name = &table.name;
            connection.execute_batch(&format!("CREATE TEMP VIEW {name} AS {};", table.compared("")))?;
            if name == "record" {
                for (view, index) in [(RECORD_BY_PARENT, "record_by_parent"), (RECORD_BY_PERSON, "record_by_person")] {
                    let named = table.compared(&format!("INDEXED BY {index}"));
                    connection.execute_batch(&format!("CREATE TEMP VIEW {view} AS {named};"))?;
                }
            }
        }
        Ok(())
    }
}

/// The same answer for the same row, and nothing else happens.
const PURE: FunctionFlags =
    FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_DETERMINISTIC).union(FunctionFlags::SQLITE_INNOCUOUS);

fn whose<'a>(ctx: &'a Context<'_>) -> &'a [u8] {
    ctx.get_raw(0).as_blob().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rusqlite::Error::{InvalidColumnType, SqliteFailure};
    use rusqlite::ffi;
    use rusqlite::types::Type;

    use super::{NOT_GENUINE, is_damage, is_damage_untagged};

    #[test]
    fn what_the_world_does_and_what_we_cannot_decode_is_no_damage() {
        for code in [ffi::SQLITE_IOERR, ffi::SQLITE_BUSY, ffi::SQLITE_NOMEM, ffi::SQLITE_CANTOPEN, ffi::SQLITE_FULL] {
            let error = SqliteFailure(ffi::Error::new(code), None);
            assert!(!is_damage(&error) && !is_damage_untagged(&error), "{error}");
        }
        let form = InvalidColumnType(0, "class".to_owned(), Type::Text);
        assert!(!is_damage(&form) && is_damage_untagged(&form));
        for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB] {
            assert!(is_damage(&SqliteFailure(ffi::Error::new(code), None)));
        }
        assert!(is_damage(&SqliteFailure(ffi::Error::new(ffi::SQLITE_ERROR), Some(format!("a row is {NOT_GENUINE}")))));
    }
}
