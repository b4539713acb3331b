-- Pseudonyms, whom to trust for them, and which key file they are sealed under. docs/keys.md. Times are epoch seconds, except _ms.

-- The key file that everything sealed in this database belongs to, and the newest key of tokens that any copy of it has had.
CREATE TABLE key_file (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    fingerprint BYTEA NOT NULL,
    token_key INTEGER NOT NULL DEFAULT 0
);

-- The key centre's keys, each announced by the one before. mac: sealed under the key file, over the rest of the row.
CREATE TABLE trusted_key (
    number BIGINT PRIMARY KEY CHECK (number >= 1),
    fingerprint BYTEA NOT NULL UNIQUE,
    retires_at BIGINT,
    mac BYTEA NOT NULL
);

-- Updating this row is what serialises its writers. last_number is never given twice; holder asks the key centre until then.
CREATE TABLE credential_head (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    last_number BIGINT NOT NULL,
    holder TEXT,
    held_until_ms BIGINT NOT NULL
);

INSERT INTO credential_head (id, last_number, holder, held_until_ms) VALUES (1, 0, NULL, 0);

-- A row is deleted before its credential is used, except for the one SIGNER of a key, which signs requests for more.
CREATE TABLE credential (
    number BIGINT PRIMARY KEY CHECK (number >= 1),
    kgc BYTEA NOT NULL,
    usage TEXT NOT NULL CHECK (usage IN ('KEY_AGREEMENT', 'SIGNING')),
    role TEXT NOT NULL CHECK (role IN ('STOCK', 'SIGNER')),
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);

CREATE INDEX credential_stock ON credential (kgc, usage, role, number);
CREATE UNIQUE INDEX credential_signer ON credential (kgc) WHERE role = 'SIGNER';
