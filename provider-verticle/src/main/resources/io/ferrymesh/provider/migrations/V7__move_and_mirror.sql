-- What a source erases once it has arrived, and what a destination removes because the source has not got it, in the SQL that SQLite
-- and PostgreSQL share. docs/provider.md, Moving and Mirroring. Times are epoch milliseconds.

-- moves is 1 for a grant whose objects are erased when they have arrived; departures counts the rows that were ever entered for it
-- in the table below, and is 0 when there are none. move_fence and move_session are of the run that completed and of which objects
-- are still to be erased, null when there is none; moved_at is when the last was done with.
ALTER TABLE grant_offer ADD COLUMN moves SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE grant_offer ADD COLUMN departures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE grant_offer ADD COLUMN move_fence BIGINT;
ALTER TABLE grant_offer ADD COLUMN move_session BIGINT;
ALTER TABLE grant_offer ADD COLUMN move_due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE grant_offer ADD COLUMN move_failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE grant_offer ADD COLUMN moved_at BIGINT;
ALTER TABLE grant_offer ADD COLUMN moved_objects BIGINT NOT NULL DEFAULT 0;
ALTER TABLE grant_offer ADD COLUMN moved_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE grant_offer ADD COLUMN moved_kept BIGINT NOT NULL DEFAULT 0;
ALTER TABLE grant_offer ADD COLUMN moved_failed BIGINT NOT NULL DEFAULT 0;

CREATE INDEX grant_offer_move ON grant_offer (move_due_at) WHERE move_fence IS NOT NULL;
CREATE INDEX grant_offer_departures ON grant_offer (account) WHERE departures > 0;

-- Objects that arrived, as they were listed and read then; etag is null when it is not known. fence and session are of the run in
-- which they did so last.
CREATE TABLE grant_departed (
    grant_id BYTEA NOT NULL REFERENCES grant_offer (id) ON DELETE CASCADE,
    path_key BYTEA NOT NULL,
    path TEXT NOT NULL,
    size BIGINT NOT NULL,
    listed_seconds BIGINT NOT NULL,
    listed_nanos INTEGER NOT NULL,
    etag TEXT,
    fence BIGINT NOT NULL,
    session BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (grant_id, path_key)
);

-- mirror is where the removing of what the source has not got stands, null when there is none: RUNNING, DONE, or LEFT when nothing
-- (more) is removed, for which mirror_code is the reason. mirror_run is the fence of the run whose listing counts.
ALTER TABLE migration ADD COLUMN source_prefix TEXT;
ALTER TABLE migration ADD COLUMN mirror TEXT;
ALTER TABLE migration ADD COLUMN mirror_code TEXT;
ALTER TABLE migration ADD COLUMN mirror_run BIGINT;
ALTER TABLE migration ADD COLUMN mirror_found BIGINT NOT NULL DEFAULT 0;
ALTER TABLE migration ADD COLUMN mirror_found_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE migration ADD COLUMN mirror_removed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE migration ADD COLUMN mirror_removed_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE migration ADD COLUMN mirror_kept BIGINT NOT NULL DEFAULT 0;
ALTER TABLE migration ADD COLUMN mirror_due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE migration ADD COLUMN mirror_failures BIGINT NOT NULL DEFAULT 0;

CREATE INDEX migration_mirror ON migration (mirror_due_at) WHERE mirror = 'RUNNING';

-- mirror_here_run is the fence of the run that has told what is here before its source listed anything, null as long as none has;
-- mirror_since is when it began to look.
ALTER TABLE migration ADD COLUMN mirror_here_run BIGINT;
ALTER TABLE migration ADD COLUMN mirror_since BIGINT;

-- Names of all that the source of a mirror has listed, and what was here before; path_key is of a name without its case and its form
-- of Unicode. run is the fence of the last run whose source listed it, 0 for none; here_run of the one that found it here, and here
-- what it was then, null when it was not.
CREATE TABLE migration_listed (
    migration BYTEA NOT NULL REFERENCES migration (id),
    path_key BYTEA NOT NULL,
    run BIGINT NOT NULL,
    here_run BIGINT,
    here BYTEA,
    PRIMARY KEY (migration, path_key)
);
