-- Instants are Unix milliseconds, flags are 0 and 1. Secrets are 32-byte hashes. Nothing here needs a secret to be read. Texts are compared byte by byte.

CREATE TABLE registrations (
    id                   text COLLATE "C" NOT NULL PRIMARY KEY,
    type                 integer NOT NULL,
    status               integer NOT NULL,
    created_at           bigint  NOT NULL,
    expires_at           bigint,
    account_id           text COLLATE "C",
    email                text COLLATE "C",
    remote_address       text COLLATE "C",
    claim_token          bytea UNIQUE,
    requested_credential integer NOT NULL,
    scopes               text COLLATE "C" NOT NULL,
    guesses              integer NOT NULL DEFAULT 0,
    attempt_id           text COLLATE "C",
    attempts             integer NOT NULL DEFAULT 0,
    iss                  text COLLATE "C",
    sub                  text COLLATE "C",
    client_id            text COLLATE "C",
    jti                  text COLLATE "C",
    agent_platform       text COLLATE "C",
    agent_context_id     text COLLATE "C",
    act                  text COLLATE "C",
    auth_time            bigint,
    acr                  text COLLATE "C",
    amr                  text COLLATE "C",
    expiry_audited       integer NOT NULL DEFAULT 0,
    claimed_at           bigint,
    revoked_at           bigint
);

CREATE INDEX registrations_by_identity ON registrations (iss, sub) WHERE iss IS NOT NULL;
CREATE INDEX registrations_by_age ON registrations (created_at, id);
CREATE INDEX registrations_by_account ON registrations (account_id, created_at, id) WHERE account_id IS NOT NULL;
CREATE INDEX registrations_by_client ON registrations (client_id, created_at, id) WHERE client_id IS NOT NULL;
CREATE INDEX registrations_by_issuer ON registrations (iss, created_at, id) WHERE iss IS NOT NULL;
CREATE INDEX registrations_by_platform ON registrations (agent_platform, created_at, id) WHERE agent_platform IS NOT NULL;
CREATE INDEX registrations_by_context ON registrations (agent_context_id, created_at, id) WHERE agent_context_id IS NOT NULL;
CREATE INDEX registrations_by_actor ON registrations (act, created_at, id) WHERE act IS NOT NULL;
CREATE INDEX registrations_by_status ON registrations (status, created_at, id);
CREATE INDEX registrations_by_expiry ON registrations (expiry_audited, expires_at) WHERE status = 0;
CREATE INDEX registrations_waiting ON registrations (created_at) WHERE status = 0 AND expiry_audited = 0;
CREATE INDEX registrations_ended ON registrations (coalesce(revoked_at, created_at)) WHERE status = 2;

CREATE TABLE attempts (
    id              text COLLATE "C" NOT NULL PRIMARY KEY,
    registration_id text COLLATE "C" NOT NULL REFERENCES registrations (id),
    token           bytea   NOT NULL UNIQUE,
    email           text COLLATE "C" NOT NULL,
    mailbox         text COLLATE "C",
    created_at      bigint  NOT NULL,
    expires_at      bigint  NOT NULL,
    guesses         integer NOT NULL DEFAULT 0,
    code            bytea,
    code_expires_at bigint,
    codes_shown     integer NOT NULL DEFAULT 0,
    remote_address  text COLLATE "C"
);

CREATE INDEX attempts_by_registration ON attempts (registration_id);

CREATE TABLE credentials (
    hash            bytea   NOT NULL PRIMARY KEY,
    id              text COLLATE "C" NOT NULL UNIQUE,
    registration_id text COLLATE "C" NOT NULL REFERENCES registrations (id),
    type            integer NOT NULL,
    scopes          text COLLATE "C" NOT NULL,
    created_at      bigint  NOT NULL,
    expires_at      bigint,
    revoked         integer NOT NULL DEFAULT 0,
    late_use        integer NOT NULL DEFAULT 0
);

CREATE INDEX credentials_by_registration ON credentials (registration_id);
CREATE INDEX credentials_by_expiry ON credentials (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE delegations (
    iss        text COLLATE "C" NOT NULL,
    sub        text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (iss, sub)
);

CREATE INDEX delegations_by_account ON delegations (account_id);

-- A token is used once for its kind and issuer.
CREATE TABLE replays (
    kind           integer NOT NULL,
    iss            text COLLATE "C" NOT NULL,
    jti            text COLLATE "C" NOT NULL,
    remember_until bigint  NOT NULL,
    PRIMARY KEY (kind, iss, jti)
);

CREATE INDEX replays_to_forget ON replays (remember_until);

-- The newest revocation of an identity: what was begun before it is refused.
CREATE TABLE revocations (
    iss             text COLLATE "C" NOT NULL,
    sub             text COLLATE "C" NOT NULL,
    revoked_at      bigint NOT NULL,
    token_issued_at bigint NOT NULL,
    PRIMARY KEY (iss, sub)
);

CREATE INDEX revocations_by_age ON revocations (revoked_at);

-- Revocations by operators of more than one identity: what was begun before one, and all that it names fits, is refused. Null fits everything.
CREATE TABLE access_revocations (
    seq              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    revoked_at       bigint NOT NULL,
    account_id       text COLLATE "C",
    iss              text COLLATE "C",
    client_id        text COLLATE "C",
    agent_platform   text COLLATE "C",
    agent_context_id text COLLATE "C",
    act              text COLLATE "C"
);

CREATE INDEX access_revocations_by_age ON access_revocations (revoked_at);

-- Wrong guesses at codes for one mailbox, over all registrations: at codes that were mailed (0) and at codes that a page showed (1).
CREATE TABLE guesses (
    mailbox text COLLATE "C" NOT NULL,
    shown   integer NOT NULL,
    since   bigint  NOT NULL,
    count   integer NOT NULL,
    PRIMARY KEY (mailbox, shown)
);

CREATE INDEX guesses_to_forget ON guesses (since);

CREATE TABLE accounts (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    email      text COLLATE "C",
    confirmed  integer NOT NULL,
    iss        text COLLATE "C",
    sub        text COLLATE "C",
    created_at bigint  NOT NULL
);

-- One account for a confirmed address, one for an identity whose address nobody confirmed. The two never meet.
CREATE UNIQUE INDEX accounts_by_confirmed_email ON accounts (email) WHERE confirmed = 1;
CREATE UNIQUE INDEX accounts_by_identity ON accounts (iss, sub) WHERE confirmed = 0;
CREATE INDEX accounts_by_email ON accounts (email, confirmed);

CREATE TABLE audit (
    seq               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name              text COLLATE "C" NOT NULL,
    at                bigint  NOT NULL,
    outcome           text COLLATE "C" NOT NULL,
    registration_id   text COLLATE "C",
    registration_type integer,
    account_id        text COLLATE "C",
    remote_address    text COLLATE "C",
    iss               text COLLATE "C",
    sub               text COLLATE "C",
    client_id         text COLLATE "C",
    jti               text COLLATE "C",
    agent_platform    text COLLATE "C",
    agent_context_id  text COLLATE "C",
    act               text COLLATE "C",
    revoked_by        text COLLATE "C",
    reason            text COLLATE "C"
);

CREATE INDEX audit_by_registration ON audit (registration_id, seq);
