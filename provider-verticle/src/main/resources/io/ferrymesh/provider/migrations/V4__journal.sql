-- What the next run of a migration need not do again, in the SQL that SQLite and PostgreSQL share. docs/provider.md, The journal.

-- journaled is 1 while there may be rows of it in the tables below; journal_entries counts those that were ever entered.
ALTER TABLE migration ADD COLUMN journaled SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE migration ADD COLUMN journal_entries BIGINT NOT NULL DEFAULT 0;

CREATE INDEX migration_journaled ON migration (account) WHERE journaled = 1;

-- Of an object that arrived: its digest in the receipt's tree, its place in the listing of the run whose fence run is.
ALTER TABLE migration_object ADD COLUMN digest BYTEA;
ALTER TABLE migration_object ADD COLUMN leaf BIGINT;
ALTER TABLE migration_object ADD COLUMN run BIGINT;

-- Objects that are at the destination, and verified. Times are seconds and nanoseconds: as the source listed the object, and as
-- the store here keeps it. name is where it lies here, if that is not its path; voucher is null for one of several segments.
CREATE TABLE migration_arrived (
    migration BYTEA NOT NULL REFERENCES migration (id),
    path_key BYTEA NOT NULL,
    size BIGINT NOT NULL,
    listed_seconds BIGINT NOT NULL,
    listed_nanos INTEGER NOT NULL,
    name TEXT,
    here_seconds BIGINT NOT NULL,
    here_nanos INTEGER NOT NULL,
    etag TEXT,
    stored SMALLINT NOT NULL,
    digest BYTEA NOT NULL,
    voucher BYTEA,
    PRIMARY KEY (migration, path_key)
);

-- Objects that are staged in the store and can be taken up.
CREATE TABLE migration_staged (
    migration BYTEA NOT NULL REFERENCES migration (id),
    path_key BYTEA NOT NULL,
    path TEXT NOT NULL,
    size BIGINT NOT NULL,
    listed_seconds BIGINT NOT NULL,
    listed_nanos INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    token TEXT NOT NULL,
    PRIMARY KEY (migration, path_key)
);

-- Verified segments, of the rows of either table above.
CREATE TABLE migration_segment (
    migration BYTEA NOT NULL REFERENCES migration (id),
    path_key BYTEA NOT NULL,
    segment INTEGER NOT NULL,
    digest BYTEA NOT NULL,
    voucher BYTEA NOT NULL,
    PRIMARY KEY (migration, path_key, segment)
);
