-- A database of schema version 3, as the service of that time wrote it: an anonymous registration, one whose claim shows its code, one by email that
-- waits, one by ID-JAG, one that was claimed and one that was revoked. Written by sqlite3's dump; never to be changed. Its key, credentials and tokens
-- are in SqliteUpgradeTests and good for nothing else.
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
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
CREATE TABLE accounts (
    id         TEXT    NOT NULL PRIMARY KEY,
    email      TEXT,
    confirmed  INTEGER NOT NULL,
    iss        TEXT,
    sub        TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "accounts" VALUES('acc_VNvCMliMbifHtJl7Y1HoRw','alice@example.com',1,'http://127.0.0.1:45259','user-alice',1795521603000);
INSERT INTO "accounts" VALUES('acc_zXclChkxNDiBpOMsssEqVo','erin@customer.example',1,NULL,NULL,1795521604000);
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
INSERT INTO "attempts" VALUES('cla_24j4VYzQpTdNwf62rG5Sx0','reg_kyLjyWEBY253ShgZEbhRbW',X'F6C4949AB3C1B920529D18DBBFC94CE3BF691E356E824D4F9AEF13D4F8448441','bob@customer.example',1795521601000,1795522201000,0,X'504400C819E0DADD003AFD0893B24C29924A0ED178936FDBE23D97CCDC4F6E6E',1795522201000);
INSERT INTO "attempts" VALUES('cla_JNn0MjyT59bY4Y7q5uzUWb','reg_hkp18CAtUiC6odm24bAGfJ',X'A35AA8ED7AFF32787753D4083369F9DBC81F10D3A099F4F211B76516BE64D018','erin@customer.example',1795521604000,1795522204000,1,NULL,NULL);
INSERT INTO "attempts" VALUES('cla_ndJCRz9320FEvDKBN420mq','reg_JpdihsyxdMAcpsPDpGUUsT',X'C557019B337D3AE019DF3BDC7FD3256FE7A84CFDB05C3554A14AD80389BE14A5','carol@customer.example',1795521602000,1795522202000,0,NULL,NULL);
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
, revoked_by TEXT, reason TEXT) STRICT;
INSERT INTO "audit" VALUES(1,'registration.created',1795521600000,'success','reg_rZWs8Bpn1CLZcAEzxYKIg6',0,NULL,'127.0.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(2,'registration.created',1795521601000,'success','reg_kyLjyWEBY253ShgZEbhRbW',0,NULL,'127.0.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(3,'claim.requested',1795521601000,'success','reg_kyLjyWEBY253ShgZEbhRbW',0,NULL,'127.0.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(4,'otp.generated',1795521601000,'success','reg_kyLjyWEBY253ShgZEbhRbW',0,NULL,'127.0.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(5,'registration.created',1795521602000,'success','reg_JpdihsyxdMAcpsPDpGUUsT',1,NULL,'127.0.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(6,'claim.requested',1795521602000,'success','reg_JpdihsyxdMAcpsPDpGUUsT',1,NULL,'127.0.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(7,'registration.created',1795521603000,'success','reg_svSEVZvNYdKjPqep44YnTw',2,'acc_VNvCMliMbifHtJl7Y1HoRw','127.0.0.1','http://127.0.0.1:45259','user-alice','http://127.0.0.1:45259','0701a7c2e8764effbbcb9f7e3d2eb73e',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(8,'registration.created',1795521604000,'success','reg_hkp18CAtUiC6odm24bAGfJ',0,NULL,'127.0.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(9,'claim.requested',1795521604000,'success','reg_hkp18CAtUiC6odm24bAGfJ',0,NULL,'127.0.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(10,'otp.generated',1795521604000,'success','reg_hkp18CAtUiC6odm24bAGfJ',0,NULL,'127.0.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(11,'claim.confirmed',1795521604000,'success','reg_hkp18CAtUiC6odm24bAGfJ',0,'acc_zXclChkxNDiBpOMsssEqVo','127.0.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(12,'registration.created',1795521605000,'success','reg_2gXuSXsUACrkcJudtbSyy0',0,NULL,'127.0.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "audit" VALUES(13,'registration.revoked',1795521605000,'success','reg_2gXuSXsUACrkcJudtbSyy0',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'olga','a lost laptop');
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
INSERT INTO "credentials" VALUES(X'0653AF697945832C6260F261D2752E5ACA538FEF4618A14B5839EEE78D1CA9D0','cred_Vt04GpXkjdF3t3V6GurxCj','reg_2gXuSXsUACrkcJudtbSyy0',1,'tickets.read',1795521605000,NULL,1,0);
INSERT INTO "credentials" VALUES(X'3ED35970091FB28CDF81A8BC700CCF321B31872297558450DBB61F48DA5DE6C3','cred_vJelb81iVmqZpLWCAhcgpk','reg_hkp18CAtUiC6odm24bAGfJ',1,'tickets.read tickets.write',1795521604000,NULL,0,0);
INSERT INTO "credentials" VALUES(X'7353A593D186BE90368EEC9B518C34BC9FB7E9893F27F4AB0648626DB703D970','cred_rILRhvJkCsEkAKThgj63QW','reg_svSEVZvNYdKjPqep44YnTw',1,'tickets.read tickets.write',1795521603000,NULL,0,0);
INSERT INTO "credentials" VALUES(X'CBF1D5F15F970C01ACF64379A428E223D8189FBAA34F0F36B03B591687F94D4E','cred_6LKtZ4Am4MPnUrtbt2w2G8','reg_kyLjyWEBY253ShgZEbhRbW',1,'tickets.read',1795521601000,NULL,0,0);
INSERT INTO "credentials" VALUES(X'F66874970BED89BFE62B62B1CF081FE8BC64924657525E48AC123B6330035E97','cred_WX8Wl2TT6Nqeiz6IBJ7J15','reg_rZWs8Bpn1CLZcAEzxYKIg6',1,'tickets.read',1795521600000,NULL,0,0);
CREATE TABLE delegations (
    iss        TEXT    NOT NULL,
    sub        TEXT    NOT NULL,
    account_id TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (iss, sub)
) STRICT, WITHOUT ROWID;
INSERT INTO "delegations" VALUES('http://127.0.0.1:45259','user-alice','acc_VNvCMliMbifHtJl7Y1HoRw',1795521603000);
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
, claimed_at INTEGER, revoked_at INTEGER, auth_time INTEGER, acr TEXT, amr TEXT) STRICT, WITHOUT ROWID;
INSERT INTO "registrations" VALUES('reg_2gXuSXsUACrkcJudtbSyy0',0,2,1795521605000,1795608005000,NULL,NULL,'127.0.0.1',X'E9B34FE98BF7349C0B2ABA1EB702D0D7427CA182B43777B4A669BE781C4077B0',1,'tickets.read tickets.write',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,1795521605000,NULL,NULL,NULL);
INSERT INTO "registrations" VALUES('reg_JpdihsyxdMAcpsPDpGUUsT',1,0,1795521602000,1795608002000,NULL,'carol@customer.example','127.0.0.1',X'81F559563AC8A7D0982BD8011A9936A9BD176A53F191B1A1E788221EA307AA49',1,'tickets.read tickets.write',0,'cla_ndJCRz9320FEvDKBN420mq',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "registrations" VALUES('reg_hkp18CAtUiC6odm24bAGfJ',0,1,1795521604000,1795608004000,'acc_zXclChkxNDiBpOMsssEqVo',NULL,'127.0.0.1',X'1B6E74B217A92D89E31AE5F550203C9C2A2D034874C278950B4785F478FFCECC',1,'tickets.read tickets.write',1,'cla_JNn0MjyT59bY4Y7q5uzUWb',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,1795521604000,NULL,NULL,NULL,NULL);
INSERT INTO "registrations" VALUES('reg_kyLjyWEBY253ShgZEbhRbW',0,0,1795521601000,1795608001000,NULL,NULL,'127.0.0.1',X'1F4E4A4160E840944AD31A58DB1A8230CBF12543396377E4E5781C4B2E020DA1',1,'tickets.read tickets.write',0,'cla_24j4VYzQpTdNwf62rG5Sx0',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "registrations" VALUES('reg_rZWs8Bpn1CLZcAEzxYKIg6',0,0,1795521600000,1795608000000,NULL,NULL,'127.0.0.1',X'9D3AA7C6D979D36062783207E379856DC5786EAAAE2434749D4DC5AF0CC67E6F',1,'tickets.read tickets.write',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "registrations" VALUES('reg_svSEVZvNYdKjPqep44YnTw',2,1,1795521603000,NULL,'acc_VNvCMliMbifHtJl7Y1HoRw',NULL,'127.0.0.1',NULL,1,'tickets.read tickets.write',0,NULL,'http://127.0.0.1:45259','user-alice','http://127.0.0.1:45259','0701a7c2e8764effbbcb9f7e3d2eb73e',NULL,NULL,NULL,0,1795521603000,NULL,NULL,NULL,'');
CREATE TABLE replays (
    kind           INTEGER NOT NULL,
    iss            TEXT    NOT NULL,
    jti            TEXT    NOT NULL,
    remember_until INTEGER NOT NULL,
    PRIMARY KEY (kind, iss, jti)
) STRICT, WITHOUT ROWID;
INSERT INTO "replays" VALUES(0,'http://127.0.0.1:45259','0701a7c2e8764effbbcb9f7e3d2eb73e',1795521963000);
CREATE TABLE revocations (
    iss             TEXT    NOT NULL,
    sub             TEXT    NOT NULL,
    revoked_at      INTEGER NOT NULL,
    token_issued_at INTEGER NOT NULL,
    PRIMARY KEY (iss, sub)
) STRICT, WITHOUT ROWID;
CREATE INDEX registrations_by_identity ON registrations (iss, sub) WHERE iss IS NOT NULL;
CREATE INDEX registrations_to_expire ON registrations (expires_at) WHERE status = 0 AND expiry_audited = 0;
CREATE INDEX credentials_by_registration ON credentials (registration_id);
CREATE INDEX replays_to_forget ON replays (remember_until);
CREATE UNIQUE INDEX accounts_by_confirmed_email ON accounts (email) WHERE confirmed = 1;
CREATE UNIQUE INDEX accounts_by_identity ON accounts (iss, sub) WHERE confirmed = 0;
CREATE INDEX accounts_by_email ON accounts (email);
CREATE INDEX audit_by_registration ON audit (registration_id, seq);
CREATE INDEX registrations_by_age ON registrations (created_at, id);
CREATE INDEX registrations_by_account ON registrations (account_id, created_at, id) WHERE account_id IS NOT NULL;
CREATE INDEX registrations_by_client ON registrations (client_id, created_at, id) WHERE client_id IS NOT NULL;
CREATE INDEX delegations_by_account ON delegations (account_id);
CREATE INDEX access_revocations_by_age ON access_revocations (revoked_at);
COMMIT;
PRAGMA user_version = 3;
