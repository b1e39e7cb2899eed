-- The statements of how links are named.

-- name: utm_get (workspace text) -> one (is_on bool, hosts text, medium text, is_lower bool)
select is_on, hosts, medium, is_lower from links_utm where workspace_id = :workspace;

-- name: utm_hosts_set (workspace text, is_on bool, hosts text, medium text) -> none
insert into links_utm (workspace_id, is_on, hosts, medium, is_lower) values (:workspace, :is_on, :hosts, :medium, false)
on conflict (workspace_id) do update set is_on = excluded.is_on, hosts = excluded.hosts, medium = excluded.medium;

-- name: utm_rules (workspace text) -> many (field int, is_required bool, allowed text, pattern text?)
select field, is_required, allowed, pattern from links_utm_rule where workspace_id = :workspace order by field;

-- name: utm_lower_set (workspace text, is_lower bool) -> none
insert into links_utm (workspace_id, is_on, hosts, medium, is_lower) values (:workspace, false, '', 'social', :is_lower)
on conflict (workspace_id) do update set is_lower = excluded.is_lower;

-- name: utm_rules_drop (workspace text) -> none
delete from links_utm_rule where workspace_id = :workspace;

-- name: utm_rule_add (workspace text, field int, is_required bool, allowed text, pattern text?) -> none
insert into links_utm_rule (workspace_id, field, is_required, allowed, pattern) values (:workspace, :field, :is_required, :allowed, :pattern);
