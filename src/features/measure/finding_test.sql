-- For finding_test.c: what is kept of an account.

-- name: test_found (workspace text, account text) -> one (basis text, found text)
select basis, found from measure_found where workspace_id = :workspace and account_id = :account;
