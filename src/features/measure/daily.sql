-- One number a day, for forecasts and charts.

-- name: measure_daily_clicks (workspace text, from time, until time, account text?) -> many (hour time, clicks int)
select hour, cast(sum(clicks) as bigint) as clicks from links_v_hour
 where workspace_id = :workspace and hour >= :from and hour < :until and (:account is null or account_id = :account)
 group by hour order by hour;

-- name: measure_first_click (workspace text, account text?) -> one (hour time)
select hour from links_v_hour where workspace_id = :workspace and (:account is null or account_id = :account) order by hour limit 1;
