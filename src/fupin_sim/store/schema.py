"""The tables of the journal, `runs.sqlite`."""

from __future__ import annotations

APPLICATION = 0x46505354
"""SQLite's application number, "FPST": tells our journal from any other SQLite file."""
SCHEMA = 1

TABLES = f"""
pragma application_id = {APPLICATION};
pragma user_version = {SCHEMA};
pragma journal_mode = wal;
create table meta(name text primary key, value text not null) without rowid;
create table plan(
    place integer primary key,      -- in the order in which cells were planned
    point integer not null,         -- of the sweep, 0 where nothing is varied
    arm text not null,
    replicate integer not null,
    key text not null,              -- of the run that fills the cell
    unique (point, arm, replicate)
);
create index plan_key on plan(key);
create table shards(
    number integer primary key autoincrement,  -- never used twice
    series text,                    -- digest of series/NUMBER.parquet, null where there is none
    survival text                   -- digest of survival/NUMBER.parquet
);
create table runs(
    key text primary key,
    scenario_key text not null,
    seed text not null,             -- a text, since seeds may be longer than SQLite's whole numbers
    status text not null,           -- ok, failed, crashed, timeout
    digest text not null,           -- of the measures' bytes, as the model made it
    seconds real not null,
    memory integer not null,        -- bytes at most
    attempts integer not null,
    error text not null,
    trace text not null,
    headlines text,                 -- JSON: measure -> number, or "NaN", "Infinity", "-Infinity"
    missing text,                   -- JSON: measure -> months
    series text,                    -- digest of the run's series, null where there is none
    survival text,
    households text,                -- digest of what the household table says
    household_attrs text,           -- JSON: of which months and seed the table is
    household_file text,            -- digest of households/KEY.parquet
    shard integer references shards(number),   -- null while the tables wait in the journal
    content text not null           -- digest of all of this that is a result
);
create index runs_status on runs(status, key);
create index runs_shard on runs(shard);
create table waiting(
    key text primary key,
    series blob,
    survival blob,
    shapes text not null            -- digests of the columns of both, "|" between; one shard has one
);
"""
