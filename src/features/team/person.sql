-- People: one row a person, whatever number of workspaces they belong to.

-- name: person_add (id text, email text, name text, locale text, password_hash text, at time) -> none
-- global: a person exists once for all workspaces
insert into team_person (id, email, name, locale, theme, password_hash, totp_sealed, totp_pending, totp_step, created_at)
values (:id, :email, :name, :locale, 'auto', :password_hash, null, null, 0, :at);

-- name: person_by_email (email text)
--       -> one PersonRow (id text, email text, name text, locale text, theme text, password_hash text, totp_sealed text?,
--                         totp_pending text?, totp_step int)
-- global: see person_add
select id, email, name, locale, theme, password_hash, totp_sealed, totp_pending, totp_step from team_person where email = :email;

-- name: person_by_id (id text)
--       -> one PersonRow (id text, email text, name text, locale text, theme text, password_hash text, totp_sealed text?,
--                         totp_pending text?, totp_step int)
-- global: see person_add
select id, email, name, locale, theme, password_hash, totp_sealed, totp_pending, totp_step from team_person where id = :id;

-- name: person_first () -> one (id text)
-- global: the demo signs in whoever was there first
select id from team_person order by created_at, id limit 1;

-- name: person_name (id text) -> one (name text)
-- global: see person_add
select name from team_person where id = :id;

-- name: person_change (id text, name text?, locale text?, theme text?) -> count
-- global: see person_add
update team_person set name = coalesce(:name, name), locale = coalesce(:locale, locale), theme = coalesce(:theme, theme)
 where id = :id;

-- name: person_set_password (id text, password_hash text) -> count
-- global: see person_add
update team_person set password_hash = :password_hash where id = :id;

-- name: person_renew_password (id text, was text, password_hash text) -> count
-- The same password, hashed as is done now; 0: it was changed meanwhile.
-- global: see person_add
update team_person set password_hash = :password_hash where id = :id and password_hash = :was;

-- name: person_set_totp_pending (id text, sealed text) -> count
-- global: see person_add
update team_person set totp_pending = :sealed where id = :id and totp_sealed is null;

-- name: person_totp_on (id text, pending text, step int) -> count
-- global: see person_add
-- No row changes when it is on already or another start has replaced the seed.
update team_person set totp_sealed = totp_pending, totp_pending = null, totp_step = :step
 where id = :id and totp_sealed is null and totp_pending = :pending;

-- name: person_totp_off (id text) -> count
-- global: see person_add
update team_person set totp_sealed = null, totp_pending = null where id = :id and totp_sealed is not null;

-- name: person_totp_use (id text, step int) -> count
-- global: see person_add
-- A code is good once: no row changes when this step, or a later one, was used.
update team_person set totp_step = :step where id = :id and totp_step < :step;

-- name: recovery_add (person text, code_hash text) -> none
-- global: see person_add
-- many: yes
insert into team_recovery (person_id, code_hash, used_at) values (:person, :code_hash, null);

-- name: recovery_use (person text, code_hash text, at time) -> count
-- global: see person_add
update team_recovery set used_at = :at where person_id = :person and code_hash = :code_hash and used_at is null;

-- name: recovery_clear (person text) -> none
-- global: see person_add
delete from team_recovery where person_id = :person;

-- name: founded_claim (at time) -> count
-- global: happens once in the life of an instance
insert into team_founded (only_row, at) values (1, :at) on conflict (only_row) do nothing;

-- name: founded () -> one (at time)
-- global: happens once in the life of an instance
select at from team_founded where only_row = 1;
