-- What keeps a provider of several processes, versions and users in order, in the SQL that SQLite and PostgreSQL share.
-- docs/provider.md. Times are epoch milliseconds.

-- Set for what a process of a version before this one may not begin, since it would not do what its user wants; retry_at is then far in
-- the future, and this is when it is begun. known_fence is the fence again, which such a process raises alone: it cannot take the row.
ALTER TABLE migration ADD COLUMN known_fence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE migration ADD COLUMN due_at BIGINT CHECK (due_at IS NULL OR known_fence = fence);

CREATE INDEX migration_shown ON migration (retry_at) WHERE due_at IS NOT NULL AND retry_at < 9223372036854775807;

-- Of those with anything but defaults that are there already.
UPDATE migration SET due_at = retry_at, retry_at = 9223372036854775807, known_fence = fence
    WHERE options IS NOT NULL OR bandwidth IS NOT NULL OR start_at IS NOT NULL OR deadline IS NOT NULL;

-- How many rows of migration_object a migration has.
ALTER TABLE migration ADD COLUMN report_rows BIGINT NOT NULL DEFAULT 0;

UPDATE migration SET report_rows =
    (SELECT COUNT(*) FROM migration_object WHERE migration_object.migration = migration.id);

-- What run, leaf, digest and size were in the run that the receipt is of, once a later run has decided on the object again.
ALTER TABLE migration_object ADD COLUMN proof_run BIGINT;
ALTER TABLE migration_object ADD COLUMN proof_leaf BIGINT;
ALTER TABLE migration_object ADD COLUMN proof_digest BYTEA;
ALTER TABLE migration_object ADD COLUMN proof_size BIGINT;

CREATE INDEX migration_object_leaf ON migration_object (migration, run, leaf);
CREATE INDEX migration_object_proof ON migration_object (migration, proof_run, proof_leaf) WHERE proof_run IS NOT NULL;

-- failures counts tries in a row that failed, after which a webhook is told nothing until due_at. message is what a delivery is known
-- by, drawn at random; null for one from before.
ALTER TABLE webhook ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhook ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhook_delivery ADD COLUMN message TEXT;

-- 16 random octets that the grant's vouchers are bound to, since its id is free for others once the row is gone; null for one of an
-- earlier version.
ALTER TABLE grant_offer ADD COLUMN drawn BYTEA;
