-- What users want of how a migration goes, and what they are told, in the SQL that SQLite and PostgreSQL share.
-- docs/provider.md. Times are epoch milliseconds.

-- Of an object: the fence of the run that decided on it last. Of a migration: that of the run its receipt is of, which is over
-- exactly the objects that this run decided on.
ALTER TABLE migration ADD COLUMN receipt_run BIGINT;

-- options and bandwidth are JSON as the API has it, null for the defaults; changed is 1 while the holder has not noticed that the
-- bandwidth is another one now. A migration whose start is yet to come is QUEUED. dry_run is what a dry run has found, as JSON.
ALTER TABLE migration ADD COLUMN options TEXT;
ALTER TABLE migration ADD COLUMN bandwidth TEXT;
ALTER TABLE migration ADD COLUMN start_at BIGINT;
ALTER TABLE migration ADD COLUMN deadline BIGINT;
ALTER TABLE migration ADD COLUMN changed SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE migration ADD COLUMN dry_run TEXT;
ALTER TABLE migration ADD COLUMN objects_excluded BIGINT NOT NULL DEFAULT 0;

CREATE INDEX migration_deadline ON migration (deadline) WHERE deadline IS NOT NULL AND finished_at IS NULL;

-- What accounts are told, numbered from 1 each; how many there were of each is in event_count. details is JSON.
CREATE TABLE account_event (
    account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    type TEXT NOT NULL,
    migration BYTEA,
    details TEXT NOT NULL,
    PRIMARY KEY (account, number)
);

CREATE INDEX account_event_at ON account_event (at);

CREATE TABLE event_count (
    account BIGINT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    events BIGINT NOT NULL
);

-- The same for who runs the provider, and who did it. Outlives the account, whose number is never used again. Rows are entered and,
-- when they are old, removed; none is ever changed.
CREATE TABLE audit_entry (
    account BIGINT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    type TEXT NOT NULL,
    migration BYTEA,
    details TEXT NOT NULL,
    PRIMARY KEY (account, number)
);

CREATE INDEX audit_entry_at ON audit_entry (at, account, number);

-- Where accounts want to be told too. secret is sealed; types are the events that are wanted, with a comma around each, and empty
-- for all. last_error is why the last try failed, and null after one that did not.
CREATE TABLE webhook (
    account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    secret BYTEA NOT NULL,
    types TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    delivered_at BIGINT,
    last_error TEXT,
    PRIMARY KEY (account, name)
);

-- What they have not been told yet: number is the event's, body is what is sent, due_at is when it is tried next. Whoever tries sets
-- that to when another may.
CREATE TABLE webhook_delivery (
    account BIGINT NOT NULL,
    name TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (account, name, number),
    FOREIGN KEY (account, name) REFERENCES webhook (account, name) ON DELETE CASCADE
);

CREATE INDEX webhook_delivery_due_at ON webhook_delivery (due_at);
CREATE INDEX webhook_delivery_at ON webhook_delivery (at);

-- Every receipt of a grant or a migration, numbered from 1 as they came; objects is how many one covers. None is ever changed. The
-- newest is in the row of the grant or migration too.
CREATE TABLE grant_receipt (
    id BYTEA NOT NULL REFERENCES grant_offer (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    objects BIGINT NOT NULL,
    receipt BYTEA NOT NULL,
    PRIMARY KEY (id, number)
);

CREATE TABLE migration_receipt (
    id BYTEA NOT NULL REFERENCES migration (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    objects BIGINT NOT NULL,
    receipt BYTEA NOT NULL,
    PRIMARY KEY (id, number)
);

INSERT INTO grant_receipt (id, number, objects, receipt)
    SELECT id, 1, objects_sent, receipt FROM grant_offer WHERE receipt IS NOT NULL;
INSERT INTO migration_receipt (id, number, objects, receipt)
    SELECT id, 1, objects_done + objects_present, receipt FROM migration WHERE receipt IS NOT NULL;
