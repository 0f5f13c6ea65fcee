-- How the user behind an ID-JAG signed in, for endpoints that ask for it. Null in rows from before: it was looked at, and not kept.
ALTER TABLE registrations ADD COLUMN auth_time INTEGER;
ALTER TABLE registrations ADD COLUMN acr TEXT;
ALTER TABLE registrations ADD COLUMN amr TEXT;
