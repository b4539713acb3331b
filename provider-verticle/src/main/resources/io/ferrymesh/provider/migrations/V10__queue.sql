-- Whose turn it is, in the SQL that SQLite and PostgreSQL share: MigrationQueue has the same expressions, or these are not used.
-- A migration that waits has a failure_code when an attempt came to nothing, and that is why it waits.

-- What a version before left there of one that was begun again.
UPDATE migration SET failure_code = NULL, failure_message = NULL WHERE state IN ('QUEUED', 'CONNECTING', 'RUNNING');

CREATE INDEX migration_due ON migration (
        (CASE WHEN failure_code IS NULL THEN 0 ELSE 1 END),
        (CASE WHEN start_at > COALESCE(due_at, retry_at) THEN start_at
            WHEN COALESCE(due_at, retry_at) = 0 THEN created_at ELSE COALESCE(due_at, retry_at) END))
    WHERE holder IS NULL AND state IN ('QUEUED', 'CONNECTING', 'RUNNING');
CREATE INDEX migration_due_of_account ON migration (
        (CASE WHEN failure_code IS NULL THEN 0 ELSE 1 END),
        account,
        (CASE WHEN start_at > COALESCE(due_at, retry_at) THEN start_at
            WHEN COALESCE(due_at, retry_at) = 0 THEN created_at ELSE COALESCE(due_at, retry_at) END))
    WHERE holder IS NULL AND state IN ('QUEUED', 'CONNECTING', 'RUNNING');
CREATE INDEX migration_held_of_account ON migration (account) WHERE holder IS NOT NULL;
