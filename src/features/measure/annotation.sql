-- Days the team notes.

-- name: annotation_list (workspace text, from int, until int)
--       -> many AnnotationRow (id text, first_day int, last_day int, kind int, text text, account_id text?, by_name text?, created_at time, updated_at time, removed_at time?, version int)
select a.id, a.first_day, a.last_day, a.kind, a.text, a.account_id, p.name as by_name, a.created_at, a.updated_at, a.removed_at, a.version
  from measure_annotation a left join team_v_person p on p.id = a.created_by
 where a.workspace_id = :workspace and a.first_day < :until and a.last_day >= :from and a.removed_at is null order by a.first_day desc, a.id limit 500;

-- name: annotation_get (workspace text, id text)
--       -> one AnnotationRow (id text, first_day int, last_day int, kind int, text text, account_id text?, by_name text?, created_at time, updated_at time, removed_at time?, version int)
select a.id, a.first_day, a.last_day, a.kind, a.text, a.account_id, p.name as by_name, a.created_at, a.updated_at, a.removed_at, a.version
  from measure_annotation a left join team_v_person p on p.id = a.created_by
 where a.workspace_id = :workspace and a.id = :id;

-- name: annotation_n (workspace text) -> one (n int)
select count(*) as n from measure_annotation where workspace_id = :workspace and removed_at is null;

-- name: annotation_insert (workspace text, id text, first_day int, last_day int, kind int, text text, account_id text?, now time, by text?) -> none
insert into measure_annotation (workspace_id, id, first_day, last_day, kind, text, account_id, created_at, created_by, updated_at, version)
values (:workspace, :id, :first_day, :last_day, :kind, :text, :account_id, :now, :by, :now, 1);

-- name: annotation_update (workspace text, id text, version int, first_day int, last_day int, kind int, text text, account_id text?, now time) -> count
update measure_annotation
   set first_day = :first_day, last_day = :last_day, kind = :kind, text = :text, account_id = :account_id, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: annotation_remove (workspace text, id text, removed_at time?, now time) -> none
update measure_annotation set removed_at = :removed_at, updated_at = :now, version = version + 1 where workspace_id = :workspace and id = :id;
