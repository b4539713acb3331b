-- A moving grant is due by a column of its own: a process of a version that does not know what a move is looks at retry_at alone, and
-- would make a copy of it.
ALTER TABLE grant_offer ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;

UPDATE grant_offer SET due_at = retry_at, retry_at = 9223372036854775807 WHERE moves = 1;

-- From when a run of it lists what will be erased until it is, nothing arrives in the account: the run that has it, or had it when it
-- completed.
ALTER TABLE grant_offer ADD COLUMN leaving_fence BIGINT;
ALTER TABLE grant_offer ADD COLUMN leaving_session BIGINT;

UPDATE grant_offer SET leaving_fence = move_fence, leaving_session = move_session WHERE move_fence IS NOT NULL;

-- Since when objects of it are to be erased.
ALTER TABLE grant_offer ADD COLUMN move_since BIGINT;

UPDATE grant_offer SET move_since = COALESCE(ended_at, created_at) WHERE move_fence IS NOT NULL;

CREATE INDEX grant_offer_moved_failed ON grant_offer (moved_failed) WHERE moved_failed > 0;
CREATE INDEX grant_offer_leaving ON grant_offer (account) WHERE leaving_fence IS NOT NULL;
CREATE INDEX grant_offer_erasing ON grant_offer (account) WHERE move_fence IS NOT NULL;

-- When a grant of the account last asked in vain to leave, and since when what is to arrive has waited for that.
ALTER TABLE account ADD COLUMN leaving_asked_at BIGINT;
ALTER TABLE account ADD COLUMN leaving_wanted_at BIGINT;

-- Since when a mirror has done nothing but fail.
ALTER TABLE migration ADD COLUMN mirror_failing_since BIGINT;
