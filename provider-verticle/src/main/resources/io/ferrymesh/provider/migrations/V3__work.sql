-- Grants and migrations, who works on them, and how much space accounts use, in the SQL that SQLite and PostgreSQL share.
-- docs/provider.md, What is kept. Times are epoch milliseconds.

-- The processes of this provider. One whose beat stands still is taken for dead: its row goes, and with it all it held.
CREATE TABLE instance (
    id TEXT PRIMARY KEY,
    beat BIGINT NOT NULL,
    started_at BIGINT NOT NULL
);

-- holder is the process that works on a row; fence counts who did, so that what an earlier one still writes is refused.
-- signal is 1 while the holder has not noticed what the user wants. psk is sealed, and null once nobody needs it any more.
CREATE TABLE grant_offer (
    id BYTEA PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account (id),
    content BYTEA NOT NULL,
    psk BYTEA,
    prefix TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('WAITING', 'RUNNING', 'COMPLETED', 'FAILED', 'WITHDRAWN', 'EXPIRED')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    objects_listed BIGINT NOT NULL DEFAULT 0,
    objects_sent BIGINT NOT NULL DEFAULT 0,
    objects_failed BIGINT NOT NULL DEFAULT 0,
    bytes_sent BIGINT NOT NULL DEFAULT 0,
    own BYTEA,
    peer BYTEA,
    failure_code TEXT,
    failure_message TEXT,
    receipt BYTEA,
    retry_at BIGINT NOT NULL DEFAULT 0,
    holder TEXT,
    fence BIGINT NOT NULL DEFAULT 0,
    signal SMALLINT NOT NULL DEFAULT 0
);

CREATE INDEX grant_offer_account ON grant_offer (account, created_at, id);
CREATE INDEX grant_offer_holder ON grant_offer (holder, signal) WHERE holder IS NOT NULL;
CREATE INDEX grant_offer_free ON grant_offer (created_at) WHERE holder IS NULL AND ended_at IS NULL;
CREATE INDEX grant_offer_expires_at ON grant_offer (expires_at) WHERE ended_at IS NULL;
CREATE INDEX grant_offer_ended_at ON grant_offer (ended_at) WHERE ended_at IS NOT NULL;

-- events and objects count the rows that were ever entered for it in the tables below.
CREATE TABLE migration (
    id BYTEA PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account (id),
    content BYTEA NOT NULL,
    psk BYTEA,
    state TEXT NOT NULL CHECK (
        state IN ('QUEUED', 'CONNECTING', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED')),
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    objects_listed BIGINT NOT NULL DEFAULT 0,
    listing_complete SMALLINT NOT NULL DEFAULT 0,
    objects_done BIGINT NOT NULL DEFAULT 0,
    objects_present BIGINT NOT NULL DEFAULT 0,
    objects_failed BIGINT NOT NULL DEFAULT 0,
    objects_skipped BIGINT NOT NULL DEFAULT 0,
    bytes_listed BIGINT NOT NULL DEFAULT 0,
    bytes_moved BIGINT NOT NULL DEFAULT 0,
    bytes_done BIGINT NOT NULL DEFAULT 0,
    handshake_micros BIGINT,
    own BYTEA,
    peer BYTEA,
    merkle_root BYTEA,
    failure_code TEXT,
    failure_message TEXT,
    crypto_provider TEXT,
    receipt BYTEA,
    retries BIGINT NOT NULL DEFAULT 0,
    retry_at BIGINT NOT NULL DEFAULT 0,
    events BIGINT NOT NULL DEFAULT 0,
    objects BIGINT NOT NULL DEFAULT 0,
    holder TEXT,
    fence BIGINT NOT NULL DEFAULT 0,
    signal SMALLINT NOT NULL DEFAULT 0
);

CREATE INDEX migration_account ON migration (account, created_at, id);
CREATE INDEX migration_holder ON migration (holder, signal) WHERE holder IS NOT NULL;
CREATE INDEX migration_free ON migration (created_at)
    WHERE holder IS NULL AND state IN ('QUEUED', 'CONNECTING', 'RUNNING');
CREATE INDEX migration_live ON migration (state) WHERE state NOT IN ('COMPLETED', 'CANCELLED');
CREATE INDEX migration_finished_at ON migration (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE migration_event (
    migration BYTEA NOT NULL REFERENCES migration (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    failure_code TEXT,
    failure_message TEXT,
    PRIMARY KEY (migration, number)
);

-- path_key is the first half of the SHA-256 of path, which is too long for an index.
CREATE TABLE migration_object (
    migration BYTEA NOT NULL REFERENCES migration (id),
    path_key BYTEA NOT NULL,
    number BIGINT NOT NULL,
    path TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('ARRIVED', 'ALREADY_THERE', 'FAILED', 'SKIPPED')),
    code TEXT,
    size BIGINT,
    sha256 BYTEA,
    PRIMARY KEY (migration, path_key)
);

CREATE INDEX migration_object_number ON migration_object (migration, number);

-- How many objects the reports of an account have together. Whoever changes that updates this row first.
CREATE TABLE report_size (
    account BIGINT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    objects BIGINT NOT NULL CHECK (objects >= 0)
);

-- When an account may begin as many grants and migrations as the limit says again.
CREATE TABLE start_budget (
    account BIGINT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    full_at BIGINT NOT NULL
);

-- What processes have set aside of an account's space and not yet used or given back.
CREATE TABLE space_reservation (
    account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    instance TEXT NOT NULL,
    bytes BIGINT NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (account, instance)
);

-- changes counts what was charged or given back; an account is counted anew from due_at on.
CREATE TABLE space_count (
    account BIGINT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    changes BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT
);

CREATE INDEX account_uncounted ON account (id) WHERE used_bytes IS NULL;
CREATE INDEX space_count_due_at ON space_count (due_at) WHERE due_at IS NOT NULL;

-- An account whose erasing has failed so many times in a row, or could not begin, and when it is tried again.
CREATE TABLE erasure (
    account BIGINT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    failures BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL
);

-- Long jobs of which one process does each: erasing or counting an account.
CREATE TABLE job (
    name TEXT NOT NULL,
    account BIGINT NOT NULL,
    holder TEXT NOT NULL,
    PRIMARY KEY (name, account)
);

-- What the provider's store is known by: its marker holds the same. docs/stores.md.
CREATE TABLE object_store (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    marker TEXT NOT NULL
);
