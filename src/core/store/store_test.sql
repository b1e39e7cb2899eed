-- Statements of the store's own tests, on a table of theirs.

-- name: test_add (workspace text, id text, amount int, share real?, note text?, is_open bool, data bytes?) -> none
-- many: yes
insert into test_item (workspace_id, id, amount, share, note, is_open, data)
values (:workspace, :id, :amount, :share, :note, :is_open, :data);

-- name: test_get (workspace text, id text)
--       -> one TestItem (id text, amount int, share real?, note text?, is_open bool, data bytes?)
select id, amount, share, note, is_open, data from test_item where workspace_id = :workspace and id = :id;

-- name: test_list (workspace text, least int?)
--       -> many TestItem (id text, amount int, share real?, note text?, is_open bool, data bytes?)
select id, amount, share, note, is_open, data from test_item
 where workspace_id = :workspace and (:least is null or amount >= :least) order by amount, id;

-- name: test_raise (workspace text, id text, by int) -> count
update test_item set amount = amount + :by where workspace_id = :workspace and id = :id;

-- name: test_sum (workspace text) -> one (n int, total int)
select count(*), coalesce(sum(amount), 0) from test_item where workspace_id = :workspace;

-- name: test_take (workspace text, id text) -> one (amount int)
delete from test_item where workspace_id = :workspace and id = :id returning amount;

-- name: test_bad_null (workspace text) -> many (note text)
select note from test_item where workspace_id = :workspace;

-- name: test_scan (workspace text, note text) -> many (id text)
select t.id from test_item t where t.note = :note and t.workspace_id || '' = :workspace;

-- name: test_everything () -> one (n int)
-- global: counts over all workspaces
select count(*) from test_item;
