-- Imports: what was read and waits for a person, and what came of those that were confirmed.

-- name: import_add (workspace text, id text, name text, is_sheet bool, encoding int, schedules bool, content bytes, created_at time,
--       created_by text?, expires_at time) -> none
insert into bulk_import (workspace_id, id, name, is_sheet, encoding, schedules, content, state, created_at, created_by, expires_at, n_posts, n_scheduled)
values (:workspace, :id, :name, :is_sheet, :encoding, :schedules, :content, 0, :created_at, :created_by, :expires_at, 0, 0);

-- name: import_get (workspace text, id text)
--       -> one (id text, name text, is_sheet bool, encoding int, schedules bool, content bytes?, state int, created_at time, expires_at time,
--          done_at time?, n_posts int, n_scheduled int, first_at time?)
select id, name, is_sheet, encoding, schedules, content, state, created_at, expires_at, done_at, n_posts, n_scheduled, first_at
  from bulk_import where workspace_id = :workspace and id = :id;

-- name: import_done (workspace text, id text, now time, n_posts int, n_scheduled int, first_at time?) -> count
-- The claim: who comes second changes nothing and sees it.
update bulk_import set state = 1, content = null, done_at = :now, n_posts = :n_posts, n_scheduled = :n_scheduled, first_at = :first_at
 where workspace_id = :workspace and id = :id and state = 0;

-- name: import_drop (workspace text, id text) -> count
delete from bulk_import where workspace_id = :workspace and id = :id and state = 0;

-- name: import_drop_others (workspace text, person text?) -> none
-- What the same person left open.
delete from bulk_import where workspace_id = :workspace and state = 0 and created_by is not distinct from :person;
