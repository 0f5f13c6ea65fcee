-- Where the request for a mail came from, for the person who is asked to confirm. Null in rows from before: only the registration's was kept.
ALTER TABLE attempts ADD COLUMN remote_address TEXT;
