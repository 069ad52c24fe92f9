//! Opening an account in the embedded engine, or giving it another form. What else becomes of accounts is a line each (`sqlite.rs`).

use rusqlite::{Transaction, params};

use crate::op::PutAccount;

pub(crate) fn put(tx: &Transaction<'_>, put: &PutAccount) -> rusqlite::Result<()> {
    let Some(secrets) = &put.secrets.bare else { return Ok(()) };
    tx.prepare_cached("DELETE FROM account WHERE login = ?1 AND person <> ?2")?
        .execute(params![secrets.login, put.person.0])?;
    tx.prepare_cached(
        "INSERT INTO account (person, home, login, role, password, totp, used_step, record, ended)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, NULL)
         ON CONFLICT (person) DO UPDATE SET home = excluded.home, login = excluded.login, role = excluded.role,
         password = excluded.password, totp = excluded.totp, record = excluded.record, ended = NULL",
    )?
    .execute(params![
        put.person.0,
        put.home.0,
        secrets.login,
        put.role.as_str(),
        secrets.password,
        put.totp,
        put.record.map(|record| record.0)
    ])?;
    Ok(())
}
