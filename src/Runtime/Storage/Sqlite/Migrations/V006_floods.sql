-- Wrong guesses at codes for one mailbox, over all registrations: at codes that were mailed (0) and at codes that a page showed (1), since the
-- first of them. Anybody can have a code mailed to anybody, so a registration's own count is not enough.
CREATE TABLE guesses (
    mailbox TEXT    NOT NULL,
    shown   INTEGER NOT NULL,
    since   INTEGER NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (mailbox, shown)
) STRICT, WITHOUT ROWID;

CREATE INDEX guesses_to_forget ON guesses (since);

-- The mailbox that the address leads to. Null in rows from before: the address itself.
ALTER TABLE attempts ADD COLUMN mailbox TEXT;

-- How many codes a link has shown, and how many attempts a registration has had. Of rows from before nobody counted them.
ALTER TABLE attempts ADD COLUMN codes_shown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registrations ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
