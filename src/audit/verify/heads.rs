//! Keys, checkpoints and cosignatures.

use super::{Part, Session};
use crate::audit::checkpoint::Checkpoint;
use crate::audit::merkle::Edge;
use crate::audit::note::{Note, SignatureLine, Verdict, Verifier};
use crate::audit::record::CHECKPOINTS;
use crate::audit::service::COSIGNED;
use crate::audit::store::{CheckpointRow, Entry};
use crate::db::DbConnection;
use crate::db::schema::{log_checkpoints, log_cosignatures, log_keys, log_witnesses};
use crate::error::AppError;
use diesel::prelude::*;

/// Reads the keys that the log names.
pub(super) fn read_keys(session: &mut Session<'_>) -> Result<(), AppError> {
    let texts: Vec<String> = log_keys::table.select(log_keys::vkey).order(log_keys::vkey).load(session.connection)?;
    for text in texts {
        match Verifier::parse(&text) {
            Some(key) => session.keys.push(key),
            None => session.found(Part::Log, format!("log_keys {text}"), "is not a public key"),
        }
    }
    if let Some(key) = session.key.clone().filter(|key| !session.keys.is_empty() && !session.keys.contains(key)) {
        session.found(Part::Kept, format!("key {key}"), "never signed this log");
    }
    Ok(())
}

/// Reads the checkpoints that somebody kept.
pub(super) fn read_kept(session: &mut Session<'_>, notes: &[String]) {
    for text in notes {
        let note = Note::parse(text);
        let Some((note, head)) = note.and_then(|note| Checkpoint::parse(&note.text).map(|head| (note, head))) else {
            session.found(Part::Kept, "kept checkpoint", "is not a checkpoint");
            continue;
        };
        let believed = |key: &Verifier| key.name == head.origin && note.is_signed_by(key);
        let signed = match &session.key {
            Some(key) => believed(key),
            None => session.keys.iter().any(believed),
        };
        if !signed {
            let place = format!("kept checkpoint of {} at {}", head.origin, head.size);
            session.found(Part::Kept, place, "is not signed by a key of this log");
        }
        session.kept.push((head, note));
    }
    session.kept.sort_by_key(|(head, _)| head.size);
}

/// What is left to be met while the log is read.
pub(super) struct Heads {
    next: Option<CheckpointRow>,
    met: i64,
    /// Cosignatures whose addition the log tells of.
    cosigned: i64,
}

impl Heads {
    pub(super) fn new(connection: &mut DbConnection) -> QueryResult<Self> {
        Ok(Self { next: after(connection, 0)?, met: 0, cosigned: 0 })
    }

    /// Called after each leaf, with the tree up to it.
    pub(super) fn at(&mut self, session: &mut Session<'_>, edge: &Edge, last: &Entry) -> Result<(), AppError> {
        let size = edge.size();
        if (last.subject.as_str(), last.event.as_str()) == COSIGNED {
            self.cosigned += 1;
        }
        for index in 0..session.kept.len() {
            let differs =
                session.kept.get(index).is_some_and(|(head, _)| head.size == size && head.root != edge.root());
            if differs {
                session.found(Part::Kept, format!("kept checkpoint at {size}"), "this log had another past");
            }
        }
        let here = self.next.take_if(|row| u64::try_from(row.size) == Ok(size));
        match here {
            Some(row) => {
                self.met += 1;
                self.next = after(session.connection, row.size)?;
                judge(session, edge, &row, last)?;
            }
            None if last.subject == CHECKPOINTS => {
                session.found(Part::Log, format!("checkpoint {size}"), "was announced and is missing");
            }
            None => {}
        }
        Ok(())
    }

    /// Called after the last leaf.
    pub(super) fn end(self, session: &mut Session<'_>, size: u64) -> Result<(), AppError> {
        let stored: i64 = log_checkpoints::table.count().get_result(session.connection)?;
        if stored != self.met {
            session.found(Part::Log, "log_checkpoints", format!("{stored} are stored, {} fit the log", self.met));
        }
        let signed: i64 = log_cosignatures::table.count().get_result(session.connection)?;
        let judged = session.report.cosignatures;
        if u64::try_from(signed) != Ok(judged) {
            session.found(Part::Log, "log_cosignatures", format!("{signed} are stored, {judged} hold"));
        }
        if signed != self.cosigned {
            session.found(Part::Log, "log_cosignatures", format!("{signed} are stored, {} were added", self.cosigned));
        }
        let beyond: Vec<u64> = session.kept.iter().map(|(head, _)| head.size).filter(|kept| *kept > size).collect();
        for kept in beyond {
            session.found(Part::Kept, format!("kept checkpoint at {kept}"), format!("this log has only {size} leaves"));
        }
        Ok(())
    }
}

fn after(connection: &mut DbConnection, size: i64) -> QueryResult<Option<CheckpointRow>> {
    log_checkpoints::table
        .filter(log_checkpoints::size.gt(size))
        .order(log_checkpoints::size)
        .select(CheckpointRow::as_select())
        .first(connection)
        .optional()
}

fn judge(session: &mut Session<'_>, edge: &Edge, row: &CheckpointRow, last: &Entry) -> Result<(), AppError> {
    let place = format!("checkpoint {}", row.size);
    let opened = session.keys.iter().find_map(|key| Checkpoint::open(&row.note, key));
    let Some((head, note)) = opened else {
        session.found(Part::Log, &place, "is not signed by a key of this log");
        return Ok(());
    };
    let announced = last.subject == CHECKPOINTS
        && last.subject_id == row.size
        && last.event == row.occasion
        && last.at == row.made_at;
    let found = session.report.findings.len();
    if head.size != edge.size() || head.root != edge.root() {
        session.found(Part::Log, &place, "signs another tree");
    }
    // A log writes exactly one signature; what is added to the text would otherwise pass unseen.
    if note.signatures.len() != 1 || head.to_string() != note.text {
        session.found(Part::Log, &place, "holds more than the log signed");
    }
    if !announced {
        session.found(Part::Log, &place, "is not as its entry announced it");
    }
    if found == session.report.findings.len() {
        session.report.checkpoints += 1;
    }
    cosignatures(session, row.size, &note)
}

fn cosignatures(session: &mut Session<'_>, size: i64, note: &Note) -> Result<(), AppError> {
    let lines: Vec<String> = log_cosignatures::table
        .filter(log_cosignatures::size.eq(size))
        .select(log_cosignatures::line)
        .load(session.connection)?;
    let witnesses: Vec<String> = log_witnesses::table.select(log_witnesses::vkey).load(session.connection)?;
    let witnesses: Vec<Verifier> = witnesses.iter().filter_map(|text| Verifier::parse(text)).collect();
    for line in lines {
        let holds = SignatureLine::parse(&line).filter(|read| read.to_string() == line).is_some_and(|line| {
            witnesses.iter().any(|witness| matches!(witness.judge(&note.text, &line), Verdict::Valid { .. }))
        });
        if holds {
            session.report.cosignatures += 1;
        } else {
            session.found(Part::Log, format!("cosignature of checkpoint {size}"), "is not that of a witness");
        }
    }
    Ok(())
}
