-- Objects on their way that outlive the process that writes them, and the space they hold meanwhile, in the SQL that SQLite and
-- PostgreSQL share. docs/provider.md, Space.

-- token is the store's. bytes is 0 while a process publishes the object, which has set the space aside for that time.
CREATE TABLE kept_object (
    account BIGINT NOT NULL REFERENCES account (id),
    token TEXT NOT NULL,
    path TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    touched_at BIGINT NOT NULL,
    PRIMARY KEY (account, token)
);

CREATE INDEX kept_object_touched_at ON kept_object (touched_at);
