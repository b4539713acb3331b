-- The registry of a key centre, in the SQL that SQLite and PostgreSQL share. docs/kgc.md, Tables.
-- Times are epoch seconds, except at_ms. On purpose no row holds a pseudonym beside a provider: only the trace key, which is
-- not in here, leads from one to the other.

CREATE TABLE centre (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    fingerprint BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- Where each row that is counted or chained stands. Updating a row is what serialises its writers.
CREATE TABLE head (
    name TEXT PRIMARY KEY CHECK (name IN ('audit', 'revocation', 'serial', 'provider')),
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

-- What the options that matter were when a node last started.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

-- sealed_secrets is null for the first epoch, whose secrets are in every node's key file only.
CREATE TABLE key_epoch (
    number BIGINT PRIMARY KEY CHECK (number >= 1),
    public_key BYTEA NOT NULL UNIQUE,
    hpke_public_key BYTEA NOT NULL,
    announced_at BIGINT NOT NULL,
    active_from BIGINT NOT NULL,
    retires_at BIGINT,
    sealed_secrets BYTEA
);

CREATE TABLE operator (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    token_sha256 BYTEA NOT NULL UNIQUE,
    mac BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    added BIGINT NOT NULL
);

CREATE TABLE provider (
    number BIGINT PRIMARY KEY CHECK (number >= 1),
    name TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'REVOKED')),
    quota BIGINT CHECK (quota >= 0),
    created_at BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    used BIGINT NOT NULL CHECK (used >= 0)
);

CREATE TABLE enrolment_token (
    token_sha256 BYTEA PRIMARY KEY,
    provider BIGINT NOT NULL REFERENCES provider (number),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    mac BYTEA NOT NULL,
    spent_at BIGINT
);

CREATE INDEX enrolment_token_expires_at ON enrolment_token (expires_at);

-- Provider 0 is the key centre itself.
CREATE TABLE certificate (
    serial BIGINT PRIMARY KEY,
    provider BIGINT NOT NULL,
    usage SMALLINT NOT NULL CHECK (usage IN (1, 2, 3)),
    key_epoch BIGINT NOT NULL REFERENCES key_epoch (number),
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    commitment BYTEA NOT NULL,
    audit_seq BIGINT NOT NULL
);

CREATE INDEX certificate_provider_not_after ON certificate (provider, not_after);
CREATE INDEX certificate_audit_seq ON certificate (audit_seq);

CREATE TABLE revocation (
    number BIGINT PRIMARY KEY CHECK (number >= 1),
    pseudonym BYTEA NOT NULL UNIQUE,
    until BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    revoked_at BIGINT NOT NULL
);

-- Replies, sealed for the requester, for as long as the same request could come again.
CREATE TABLE issuance (
    request_sha256 BYTEA PRIMARY KEY,
    provider BIGINT NOT NULL REFERENCES provider (number),
    request_id BYTEA NOT NULL,
    answered_at BIGINT NOT NULL,
    reply BYTEA NOT NULL,
    UNIQUE (provider, request_id)
);

CREATE INDEX issuance_answered_at ON issuance (answered_at);

CREATE TABLE audit (
    seq BIGINT PRIMARY KEY CHECK (seq >= 1),
    at_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    details TEXT NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL
);

-- Who was removed: asked whenever an operator shows a token.
CREATE INDEX audit_operator_removed ON audit (details, seq) WHERE action = 'operator.removed';

-- Signed bulletins that vouch for the entry.
CREATE TABLE audit_signature (
    seq BIGINT NOT NULL REFERENCES audit (seq),
    key_epoch BIGINT NOT NULL REFERENCES key_epoch (number),
    bulletin BYTEA NOT NULL,
    PRIMARY KEY (seq, key_epoch)
);
