-- Only indexes: one for each statement that had none. Lists are served in their order, so that a page costs what the page costs.

-- A registration's attempts: each new mail and each claim touches them, and each registration that is forgotten.
CREATE INDEX attempts_by_registration ON attempts (registration_id);

-- What operators list and revoke by, beside account and client.
CREATE INDEX registrations_by_issuer ON registrations (iss, created_at, id) WHERE iss IS NOT NULL;
CREATE INDEX registrations_by_platform ON registrations (agent_platform, created_at, id) WHERE agent_platform IS NOT NULL;
CREATE INDEX registrations_by_context ON registrations (agent_context_id, created_at, id) WHERE agent_context_id IS NOT NULL;
CREATE INDEX registrations_by_actor ON registrations (act, created_at, id) WHERE act IS NOT NULL;
CREATE INDEX registrations_by_status ON registrations (status, created_at, id);

-- What the sweep looks for, of which there is mostly nothing.
DROP INDEX registrations_to_expire;
CREATE INDEX registrations_by_expiry ON registrations (expiry_audited, expires_at) WHERE status = 0;
CREATE INDEX registrations_waiting ON registrations (created_at) WHERE status = 0 AND expiry_audited = 0;
CREATE INDEX registrations_ended ON registrations (coalesce(revoked_at, created_at)) WHERE status = 2;
CREATE INDEX credentials_by_expiry ON credentials (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX revocations_by_age ON revocations (revoked_at);

-- An address's confirmed account comes first.
DROP INDEX accounts_by_email;
CREATE INDEX accounts_by_email ON accounts (email, confirmed);
