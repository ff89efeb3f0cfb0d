//! The desk's memory: SQLite through sqlx, in a file or in memory.
//!
//! Events and what follows from them (state, idempotency record, queue, follow-ups) are written in one transaction,
//! so that a desk killed at any moment has either all of a turn or nothing of it. Ephemeral events never come here.

mod schema;

use std::{path::PathBuf, str::FromStr, time::Duration};

use jiff::Timestamp;
use sqlx::{
    Row, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use tokio::sync::{Mutex, MutexGuard};

use super::{refusal::Refusal, state::State};
use crate::{
    problem::Problem,
    protocol::{ConversationId, Event, EventBody, FollowUp, HandoffPackage, Owner, QueueEntry},
};

/// Where the desk keeps what it knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum StoreLocation {
    /// Gone when the desk stops.
    #[default]
    Memory,
    /// An SQLite file; made if it is not there.
    File(PathBuf),
}

/// An open store.
#[derive(Debug)]
pub(crate) struct Store {
    pool: SqlitePool,
    /// One writer at a time in this process: SQLite allows no more, and waiting here is fairer than retrying there.
    writer: Mutex<()>,
}

/// A write in progress; dropped without [`commit`](Self::commit) it leaves no trace.
pub(crate) struct Write<'s> {
    tx: Transaction<'static, Sqlite>,
    _turn: MutexGuard<'s, ()>,
}

/// A stored conversation.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) device: String,
    pub(crate) state: State,
}

/// A write that was accepted before.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) body: String,
    pub(crate) seq: Option<u64>,
}

/// A stored session.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) device: String,
    pub(crate) expires_at: Timestamp,
}

impl Store {
    /// Opens, and brings the tables up to date.
    pub(crate) async fn open(location: &StoreLocation) -> Result<Self, Problem> {
        let place = match location {
            StoreLocation::Memory => "memory".to_owned(),
            StoreLocation::File(path) => path.display().to_string(),
        };
        let problem = |error: sqlx::Error| {
            Problem::new("cannot open the desk's store", &place, error, "check that the folder is writable")
        };
        let options = match location {
            StoreLocation::Memory => SqliteConnectOptions::from_str("sqlite::memory:").map_err(problem)?,
            StoreLocation::File(path) => SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // What was acknowledged must survive a power cut.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5)),
        };
        let pool = match location {
            // A second connection would open a second, empty memory.
            StoreLocation::Memory => {
                SqlitePoolOptions::new().max_connections(1).min_connections(1).idle_timeout(None).max_lifetime(None)
            }
            StoreLocation::File(_) => SqlitePoolOptions::new().max_connections(4),
        };
        let pool = pool.connect_with(options).await.map_err(problem)?;
        schema::prepare(&pool).await.map_err(|why| {
            Problem::new("cannot open the desk's store", &place, why, "use the desk that wrote it, or another file")
        })?;
        Ok(Self { pool, writer: Mutex::new(()) })
    }

    /// Writes everything out and lets go of the file.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    /// Begins a write.
    pub(crate) async fn write(&self) -> Result<Write<'_>, Refusal> {
        let turn = self.writer.lock().await;
        Ok(Write { tx: self.pool.begin_with("BEGIN IMMEDIATE").await?, _turn: turn })
    }

    pub(crate) async fn conversation(&self, id: &ConversationId) -> Result<Option<Stored>, Refusal> {
        let row = sqlx::query(SELECT_CONVERSATION).bind(id.as_str()).fetch_optional(&self.pool).await?;
        row.map(stored).transpose()
    }

    /// The newest conversation of a device that is not closed.
    pub(crate) async fn open_conversation(&self, device: &str) -> Result<Option<ConversationId>, Refusal> {
        let row =
            sqlx::query("SELECT id FROM conversations WHERE device = ?1 AND closed = 0 ORDER BY rowid DESC LIMIT 1")
                .bind(device)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?.map(ConversationId))
    }

    /// Up to `limit` events after `after`, in order.
    pub(crate) async fn events(&self, id: &ConversationId, after: u64, limit: u32) -> Result<Vec<Event>, Refusal> {
        let rows = sqlx::query("SELECT event FROM events WHERE conversation = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3")
            .bind(id.as_str())
            .bind(signed(after))
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok(serde_json::from_str(row.try_get(0)?)?)).collect()
    }

    /// The cursors that can be read from: after the last pruned event, up to the head.
    pub(crate) async fn cursors(&self, id: &ConversationId) -> Result<(u64, u64), Refusal> {
        let row = sqlx::query("SELECT pruned, head FROM conversations WHERE id = ?1")
            .bind(id.as_str())
            .fetch_optional(&self.pool)
            .await?
            .ok_or_else(|| Refusal::not_found("conversation"))?;
        Ok((unsigned(row.try_get(0)?), unsigned(row.try_get(1)?)))
    }

    pub(crate) async fn session(&self, token_hash: &str) -> Result<Option<Session>, Refusal> {
        let row = sqlx::query("SELECT device, expires_at FROM sessions WHERE token_hash = ?1")
            .bind(token_hash)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok(Session { device: row.try_get(0)?, expires_at: instant(row.try_get(1)?) })).transpose()
    }

    /// Who waits for a person, next first.
    pub(crate) async fn queue(&self) -> Result<Vec<QueueEntry>, Refusal> {
        let rows = sqlx::query(SELECT_QUEUE).fetch_all(&self.pool).await?;
        queue_entries(&rows)
    }

    /// Follow-ups that are due.
    pub(crate) async fn due(&self, now: Timestamp) -> Result<Vec<ConversationId>, Refusal> {
        let rows = sqlx::query(
            "SELECT DISTINCT conversation FROM follow_ups WHERE state = 'scheduled' AND due_at <= ?1 ORDER BY due_at",
        )
        .bind(now.as_millisecond())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok(ConversationId(row.try_get(0)?))).collect()
    }
}

impl Write<'_> {
    /// Makes it so.
    pub(crate) async fn commit(self) -> Result<(), Refusal> {
        Ok(self.tx.commit().await?)
    }

    pub(crate) async fn conversation(&mut self, id: &ConversationId) -> Result<Option<Stored>, Refusal> {
        let row = sqlx::query(SELECT_CONVERSATION).bind(id.as_str()).fetch_optional(&mut *self.tx).await?;
        row.map(stored).transpose()
    }

    pub(crate) async fn insert_session(&mut self, token_hash: &str, session: &Session) -> Result<(), Refusal> {
        sqlx::query("INSERT INTO sessions (token_hash, device, expires_at) VALUES (?1, ?2, ?3)")
            .bind(token_hash)
            .bind(&session.device)
            .bind(session.expires_at.as_millisecond())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Forgets tokens that ended.
    pub(crate) async fn drop_sessions_before(&mut self, now: Timestamp) -> Result<(), Refusal> {
        sqlx::query("DELETE FROM sessions WHERE expires_at < ?1")
            .bind(now.as_millisecond())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    pub(crate) async fn insert_conversation(&mut self, stored: &Stored) -> Result<(), Refusal> {
        sqlx::query("INSERT INTO conversations (id, device, head, pruned, closed, state) VALUES (?1, ?2, 0, 0, 0, ?3)")
            .bind(stored.state.meta.id.as_str())
            .bind(&stored.device)
            .bind(serde_json::to_string(&stored.state)?)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    pub(crate) async fn accepted(&mut self, id: &ConversationId, write: &str) -> Result<Option<Accepted>, Refusal> {
        let row = sqlx::query("SELECT body, seq FROM writes WHERE conversation = ?1 AND write_id = ?2")
            .bind(id.as_str())
            .bind(write)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(|row| {
            let seq: Option<i64> = row.try_get(1)?;
            Ok(Accepted { body: row.try_get(0)?, seq: seq.map(unsigned) })
        })
        .transpose()
    }

    pub(crate) async fn accept(
        &mut self,
        id: &ConversationId,
        write: &str,
        body: &str,
        seq: Option<u64>,
    ) -> Result<(), Refusal> {
        sqlx::query("INSERT INTO writes (conversation, write_id, body, seq) VALUES (?1, ?2, ?3, ?4)")
            .bind(id.as_str())
            .bind(write)
            .bind(body)
            .bind(seq.map(signed))
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Appends events and stores the state that follows from them; keeps at most `kept` events.
    pub(crate) async fn append(&mut self, events: &[Event], state: &State, kept: u64) -> Result<(), Refusal> {
        let id = &state.meta.id;
        for event in events {
            sqlx::query("INSERT INTO events (conversation, seq, event) VALUES (?1, ?2, ?3)")
                .bind(id.as_str())
                .bind(event.seq.map(signed))
                .bind(serde_json::to_string(event)?)
                .execute(&mut *self.tx)
                .await?;
            self.note_follow_up(id, &event.body).await?;
        }
        let pruned = state.head.saturating_sub(kept);
        if pruned > 0 {
            sqlx::query("DELETE FROM events WHERE conversation = ?1 AND seq <= ?2")
                .bind(id.as_str())
                .bind(signed(pruned))
                .execute(&mut *self.tx)
                .await?;
        }
        sqlx::query("UPDATE conversations SET head = ?2, pruned = ?3, closed = ?4, state = ?5 WHERE id = ?1")
            .bind(id.as_str())
            .bind(signed(state.head))
            .bind(signed(pruned))
            .bind(state.closed)
            .bind(serde_json::to_string(state)?)
            .execute(&mut *self.tx)
            .await?;
        if !matches!(state.control.owner, Owner::Queued { .. }) {
            sqlx::query("DELETE FROM queue WHERE conversation = ?1").bind(id.as_str()).execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    async fn note_follow_up(&mut self, id: &ConversationId, body: &EventBody) -> Result<(), Refusal> {
        let (follow_up, state) = match body {
            EventBody::FollowUpScheduled(follow_up) => (follow_up, "scheduled"),
            EventBody::FollowUpDue(follow_up) => (follow_up, "due"),
            EventBody::FollowUpDone(follow_up) => (follow_up, "done"),
            EventBody::FollowUpCanceled(follow_up) => (follow_up, "canceled"),
            _ => return Ok(()),
        };
        sqlx::query(
            "INSERT INTO follow_ups (id, conversation, due_at, state, follow_up) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET state = excluded.state, follow_up = excluded.follow_up",
        )
        .bind(follow_up.follow_up_id.as_str())
        .bind(id.as_str())
        .bind(follow_up.due_at.as_millisecond())
        .bind(state)
        .bind(serde_json::to_string(follow_up)?)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Follow-ups of a conversation that are due and were not told yet.
    pub(crate) async fn due(&mut self, id: &ConversationId, now: Timestamp) -> Result<Vec<FollowUp>, Refusal> {
        let rows = sqlx::query(
            "SELECT follow_up FROM follow_ups
             WHERE conversation = ?1 AND state = 'scheduled' AND due_at <= ?2 ORDER BY due_at, id",
        )
        .bind(id.as_str())
        .bind(now.as_millisecond())
        .fetch_all(&mut *self.tx)
        .await?;
        rows.iter().map(|row| Ok(serde_json::from_str(row.try_get(0)?)?)).collect()
    }

    pub(crate) async fn enqueue(
        &mut self,
        id: &ConversationId,
        priority: u8,
        package: &HandoffPackage,
    ) -> Result<(), Refusal> {
        sqlx::query("INSERT INTO queue (conversation, priority, queued_at, package) VALUES (?1, ?2, ?3, ?4)")
            .bind(id.as_str())
            .bind(i64::from(priority))
            .bind(package.created_at.as_millisecond())
            .bind(serde_json::to_string(package)?)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    pub(crate) async fn queue(&mut self) -> Result<Vec<QueueEntry>, Refusal> {
        let rows = sqlx::query(SELECT_QUEUE).fetch_all(&mut *self.tx).await?;
        queue_entries(&rows)
    }
}

const SELECT_CONVERSATION: &str = "SELECT device, state FROM conversations WHERE id = ?1";
// Urgent first, then first come, first served; `rowid` decides within one millisecond.
const SELECT_QUEUE: &str =
    "SELECT conversation, priority, queued_at, package FROM queue ORDER BY priority DESC, queued_at, rowid";

fn stored(row: SqliteRow) -> Result<Stored, Refusal> {
    Ok(Stored { device: row.try_get(0)?, state: serde_json::from_str(row.try_get(1)?)? })
}

fn queue_entries(rows: &[SqliteRow]) -> Result<Vec<QueueEntry>, Refusal> {
    rows.iter()
        .zip(1..)
        .map(|(row, position)| {
            Ok(QueueEntry {
                conversation_id: ConversationId(row.try_get(0)?),
                position,
                priority: u8::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0),
                queued_at: instant(row.try_get(2)?),
                package: serde_json::from_str(row.try_get(3)?)?,
            })
        })
        .collect()
}

fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

// SQLite's integers are signed; a log never gets near the difference.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
