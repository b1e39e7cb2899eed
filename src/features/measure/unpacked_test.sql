-- For unpacked_test.c: readings as they were kept before packs.

-- name: test_snapshot (workspace text, account text, delivery text, metric text, as_of time, value int) -> none
-- many: yes
insert into measure_snapshot (workspace_id, account_id, delivery_id, metric, as_of, value) values (:workspace, :account, :delivery, :metric, :as_of, :value);
