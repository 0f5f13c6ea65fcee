-- Instants are Unix milliseconds. Secrets are 32-byte hashes. Nothing here needs a secret to be read.

CREATE TABLE registrations (
    id                   TEXT    NOT NULL PRIMARY KEY,
    type                 INTEGER NOT NULL,
    status               INTEGER NOT NULL,
    created_at           INTEGER NOT NULL,
    expires_at           INTEGER,
    account_id           TEXT,
    email                TEXT,
    remote_address       TEXT,
    claim_token          BLOB UNIQUE,
    requested_credential INTEGER NOT NULL,
    scopes               TEXT    NOT NULL,
    guesses              INTEGER NOT NULL DEFAULT 0,
    attempt_id           TEXT,
    iss                  TEXT,
    sub                  TEXT,
    client_id            TEXT,
    jti                  TEXT,
    agent_platform       TEXT,
    agent_context_id     TEXT,
    act                  TEXT,
    expiry_audited       INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX registrations_by_identity ON registrations (iss, sub) WHERE iss IS NOT NULL;
CREATE INDEX registrations_to_expire ON registrations (expires_at) WHERE status = 0 AND expiry_audited = 0;

CREATE TABLE attempts (
    id              TEXT    NOT NULL PRIMARY KEY,
    registration_id TEXT    NOT NULL REFERENCES registrations (id),
    token           BLOB    NOT NULL UNIQUE,
    email           TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    guesses         INTEGER NOT NULL DEFAULT 0,
    code            BLOB,
    code_expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE credentials (
    hash            BLOB    NOT NULL PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    registration_id TEXT    NOT NULL REFERENCES registrations (id),
    type            INTEGER NOT NULL,
    scopes          TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER,
    revoked         INTEGER NOT NULL DEFAULT 0,
    late_use        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX credentials_by_registration ON credentials (registration_id);

CREATE TABLE delegations (
    iss        TEXT    NOT NULL,
    sub        TEXT    NOT NULL,
    account_id TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (iss, sub)
) STRICT, WITHOUT ROWID;

-- A token is used once for its kind and issuer.
CREATE TABLE replays (
    kind           INTEGER NOT NULL,
    iss            TEXT    NOT NULL,
    jti            TEXT    NOT NULL,
    remember_until INTEGER NOT NULL,
    PRIMARY KEY (kind, iss, jti)
) STRICT, WITHOUT ROWID;

CREATE INDEX replays_to_forget ON replays (remember_until);

-- The newest revocation of an identity: what was begun before it is refused.
CREATE TABLE revocations (
    iss             TEXT    NOT NULL,
    sub             TEXT    NOT NULL,
    revoked_at      INTEGER NOT NULL,
    token_issued_at INTEGER NOT NULL,
    PRIMARY KEY (iss, sub)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    id         TEXT    NOT NULL PRIMARY KEY,
    email      TEXT,
    confirmed  INTEGER NOT NULL,
    iss        TEXT,
    sub        TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One account for a confirmed address, one for an identity whose address nobody confirmed. The two never meet.
CREATE UNIQUE INDEX accounts_by_confirmed_email ON accounts (email) WHERE confirmed = 1;
CREATE UNIQUE INDEX accounts_by_identity ON accounts (iss, sub) WHERE confirmed = 0;
CREATE INDEX accounts_by_email ON accounts (email);

CREATE TABLE audit (
    seq               INTEGER PRIMARY KEY,
    name              TEXT    NOT NULL,
    at                INTEGER NOT NULL,
    outcome           TEXT    NOT NULL,
    registration_id   TEXT,
    registration_type INTEGER,
    account_id        TEXT,
    remote_address    TEXT,
    iss               TEXT,
    sub               TEXT,
    client_id         TEXT,
    jti               TEXT,
    agent_platform    TEXT,
    agent_context_id  TEXT,
    act               TEXT
) STRICT;

CREATE INDEX audit_by_registration ON audit (registration_id, seq);
