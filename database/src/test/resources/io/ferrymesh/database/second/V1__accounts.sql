CREATE TABLE account (name TEXT PRIMARY KEY, balance BIGINT NOT NULL CHECK (balance >= 0), secret BYTEA);
CREATE TABLE entry (number BIGINT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (name));
