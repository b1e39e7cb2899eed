-- Merges, their undoing, and two that may be one.

-- name: merge_move (workspace text, person_id text, other_id text) -> count
update contacts_contact set person_id = :person_id where workspace_id = :workspace and person_id = :other_id;

-- name: merge_back (workspace text, id text, person_id text, other_id text) -> count
-- One contact of those that came with the other goes back to it, if it still stands with the person.
update contacts_contact set person_id = :other_id where workspace_id = :workspace and id = :id and person_id = :person_id;

-- name: merge_add (workspace text, id text, person_id text, other_id text, members text, reasons text, at time, by_id text?) -> none
insert into contacts_merge (workspace_id, id, person_id, other_id, members, reasons, at, by_id) values (:workspace, :id, :person_id, :other_id, :members, :reasons, :at, :by_id);

-- name: merge_get (workspace text, id text) -> one (person_id text, other_id text, members text, undone_at time?)
select person_id, other_id, members, undone_at from contacts_merge where workspace_id = :workspace and id = :id;

-- name: merge_undone (workspace text, id text, at time, by_id text?) -> count
update contacts_merge set undone_at = :at, undone_by = :by_id where workspace_id = :workspace and id = :id and undone_at is null;

-- name: merges_of (workspace text, person_id text) -> many (id text, other_id text, other_name text, reasons text, at time, by_name text?)
select g.id, g.other_id, c.name as other_name, g.reasons, g.at, p.name as by_name
  from contacts_merge g join contacts_contact c on c.workspace_id = g.workspace_id and c.id = g.other_id left join team_v_person p on p.id = g.by_id
 where g.workspace_id = :workspace and g.person_id = :person_id and g.undone_at is null order by g.at desc, g.id desc;

-- name: pair_put (workspace text, a_id text, b_id text, score int, reasons text, at time) -> none
-- many: yes
insert into contacts_pair (workspace_id, a_id, b_id, score, reasons, at, is_apart) values (:workspace, :a_id, :b_id, :score, :reasons, :at, false)
on conflict (workspace_id, a_id, b_id) do nothing;

-- name: pair_apart (workspace text, a_id text, b_id text) -> count
update contacts_pair set is_apart = true where workspace_id = :workspace and a_id = :a_id and b_id = :b_id;

-- name: pair_list (workspace text, most int) -> many (a_id text, b_id text, score int, reasons text, a_person text, b_person text)
select p.a_id, p.b_id, p.score, p.reasons, a.person_id as a_person, b.person_id as b_person
  from contacts_pair p join contacts_contact a on a.workspace_id = p.workspace_id and a.id = p.a_id join contacts_contact b on b.workspace_id = p.workspace_id and b.id = p.b_id
 where p.workspace_id = :workspace and not p.is_apart and a.person_id <> b.person_id order by p.score desc, p.a_id desc, p.b_id desc limit :most;

-- name: pair_reasons (workspace text, a_id text, b_id text) -> one (reasons text)
select reasons from contacts_pair where workspace_id = :workspace and a_id = :a_id and b_id = :b_id;
