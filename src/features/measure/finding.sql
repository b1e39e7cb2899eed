-- What the numbers of posts may have to do with how they were made.

-- name: finding_kept (workspace text, account text, basis text) -> one (found text)
select found from measure_found where workspace_id = :workspace and account_id = :account and basis = :basis;

-- name: finding_keep (workspace text, account text, basis text, found text, now time) -> none
insert into measure_found (workspace_id, account_id, basis, found, found_at) values (:workspace, :account, :basis, :found, :now)
on conflict (workspace_id, account_id) do update set basis = excluded.basis, found = excluded.found, found_at = excluded.found_at;
