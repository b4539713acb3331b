-- Accounts, how their owners prove who they are, and sessions, in the SQL that SQLite and PostgreSQL share. docs/accounts.md.
-- Times are epoch milliseconds. No row holds a password, a token, or a client's address: hashes and MACs under keys of the key file.

CREATE TABLE counter (
    name TEXT PRIMARY KEY CHECK (name IN ('account')),
    value BIGINT NOT NULL
);

INSERT INTO counter (name, value) VALUES ('account', 0);

-- An account that is ERASING keeps its name until its row is deleted, after its objects.
-- password is null for one with passkeys only; quota_bytes is null for the provider's default, used_bytes until it was counted.
CREATE TABLE account (
    id BIGINT PRIMARY KEY CHECK (id >= 1),
    name TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'ERASING')),
    locked_at BIGINT,
    password TEXT,
    user_handle BYTEA NOT NULL UNIQUE,
    quota_bytes BIGINT CHECK (quota_bytes >= 0),
    used_bytes BIGINT,
    created_at BIGINT NOT NULL,
    erasing_at BIGINT
);

CREATE INDEX account_erasing ON account (id) WHERE state = 'ERASING';

-- previous_sha256 is the refresh token before the current one, as long as it may be used once more because an answer was lost.
CREATE TABLE session (
    id TEXT PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    method TEXT NOT NULL CHECK (method IN ('password', 'passkey')),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    refresh_sha256 BYTEA NOT NULL,
    previous_sha256 BYTEA
);

CREATE INDEX session_account ON session (account);
CREATE INDEX session_expires_at ON session (expires_at);
CREATE INDEX session_last_used_at ON session (last_used_at);

CREATE TABLE passkey (
    credential_id BYTEA PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    backup_eligible SMALLINT NOT NULL CHECK (backup_eligible IN (0, 1)),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);

CREATE INDEX passkey_account ON passkey (account);

-- Challenges that were used, as long as they could come again. One that was not used has no row anywhere.
CREATE TABLE spent_challenge (
    sha256 BYTEA PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE INDEX spent_challenge_expires_at ON spent_challenge (expires_at);

-- Attempts that failed, or have not succeeded yet, of an account, a network, both together, or a session.
CREATE TABLE throttle (
    mac BYTEA PRIMARY KEY,
    attempts BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX throttle_expires_at ON throttle (expires_at);

-- Networks that an account's owner logged in from.
CREATE TABLE known_network (
    mac BYTEA PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    last_used_at BIGINT NOT NULL
);

CREATE INDEX known_network_account ON known_network (account);
