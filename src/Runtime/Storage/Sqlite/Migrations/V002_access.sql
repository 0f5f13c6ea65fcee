-- What an operator lists. Null in rows from before: nobody wrote down when.
ALTER TABLE registrations ADD COLUMN claimed_at INTEGER;
ALTER TABLE registrations ADD COLUMN revoked_at INTEGER;

CREATE INDEX registrations_by_age ON registrations (created_at, id);
CREATE INDEX registrations_by_account ON registrations (account_id, created_at, id) WHERE account_id IS NOT NULL;
CREATE INDEX registrations_by_client ON registrations (client_id, created_at, id) WHERE client_id IS NOT NULL;
CREATE INDEX delegations_by_account ON delegations (account_id);

-- Actors were kept as the provider wrote them; they are compared now. White space goes, and the order of members stays what it was.
UPDATE registrations SET act = json(act) WHERE json_valid(act);

-- Revocations by operators of more than one identity: what was begun before one, and all that it names fits, is refused. Null fits everything.
CREATE TABLE access_revocations (
    seq              INTEGER PRIMARY KEY,
    revoked_at       INTEGER NOT NULL,
    account_id       TEXT,
    iss              TEXT,
    client_id        TEXT,
    agent_platform   TEXT,
    agent_context_id TEXT,
    act              TEXT
) STRICT;

CREATE INDEX access_revocations_by_age ON access_revocations (revoked_at);

-- Who ended it, and why, where a person did.
ALTER TABLE audit ADD COLUMN revoked_by TEXT;
ALTER TABLE audit ADD COLUMN reason TEXT;
