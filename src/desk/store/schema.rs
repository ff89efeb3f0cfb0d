//! The tables, and how an older file becomes a newer one.

use sqlx::{Row, SqlitePool};

/// Steps from each version of the tables to the next; never changed once released, only added to.
const STEPS: &[&str] = &["
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    device TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE conversations (
    id TEXT NOT NULL UNIQUE,
    device TEXT NOT NULL,
    head INTEGER NOT NULL,
    pruned INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT;
CREATE INDEX conversations_by_device ON conversations (device, closed);
CREATE TABLE events (
    conversation TEXT NOT NULL,
    seq INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE writes (
    conversation TEXT NOT NULL,
    write_id TEXT NOT NULL,
    body TEXT NOT NULL,
    seq INTEGER,
    PRIMARY KEY (conversation, write_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE queue (
    conversation TEXT NOT NULL UNIQUE,
    priority INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    package TEXT NOT NULL
) STRICT;
CREATE TABLE follow_ups (
    id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    follow_up TEXT NOT NULL
) STRICT;
CREATE INDEX follow_ups_by_due ON follow_ups (state, due_at);
"];

/// Makes or upgrades the tables; an error is a sentence.
pub(super) async fn prepare(pool: &SqlitePool) -> Result<(), String> {
    let told = |error: sqlx::Error| error.to_string();
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(told)?;
    let row = sqlx::query("PRAGMA user_version").fetch_one(&mut *tx).await.map_err(told)?;
    let version = usize::try_from(row.try_get::<i64, _>(0).map_err(told)?).unwrap_or(0);
    if version > STEPS.len() {
        return Err(format!("it was written by a newer desk (tables version {version}, known {})", STEPS.len()));
    }
    for step in &STEPS[version..] {
        sqlx::raw_sql(*step).execute(&mut *tx).await.map_err(told)?;
    }
    if version < STEPS.len() {
        let statement = format!("PRAGMA user_version = {}", STEPS.len());
        // A pragma takes no parameters; the number is our own.
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut *tx).await.map_err(told)?;
    }
    tx.commit().await.map_err(told)
}
