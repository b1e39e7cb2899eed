-- A channel may hide how many follow it; that is not the same as a network that tells nothing.
alter table measure_rival add column hides_followers BOOL not null default false;

-- What looking at others was paid for, a day of UTC (as networks count it); stays when a competitor is removed.
create table measure_rival_cost (
    workspace_id TEXT not null,
    network      TEXT not null,
    day          I64 not null,      -- yyyymmdd
    n_accounts   I64 not null,
    n_posts      I64 not null,
    micros       I64 not null,      -- of the network's currency, at that day's price
    primary key (workspace_id, network, day)
);
