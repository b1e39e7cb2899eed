-- Roll-ups by what a post is, and days the team notes.

alter table measure_post add column campaign_id TEXT;   -- as it is counted in measure_part; follows plan's in a job
update measure_post
   set campaign_id = (select c.campaign_id from plan_v_campaign_post c where c.workspace_id = measure_post.workspace_id and c.post_id = measure_post.post_id);

-- What came in on a day, week or month of the workspace's zone with the posts of a network, a campaign, a hashtag or a format: sums of measure_post.days, so that a post whose campaign or
-- hashtags change later is taken out here and put in there.
create table measure_part (
    workspace_id TEXT not null,
    part         I64 not null,     -- 0 network, 1 campaign, 2 hashtag (without #, folded), 3 format
    name         TEXT not null,
    metric       I64 not null,     -- id of the dictionary
    grain        I64 not null,     -- as in measure_roll: 1 day, 2 week, 3 month
    at           I64 not null,
    account_id   TEXT not null,
    value        I64 not null,
    primary key (workspace_id, part, name, metric, grain, at, account_id)
);

-- What the overview asks of single posts, without reading their other columns.
create index measure_post_line on measure_post (workspace_id, published_at, account_id, engagements, engagements_48, as_of, delivery_id);
drop index measure_post_published;

-- A day, or some, that the team notes: a campaign began, TV told of us, the shop was down. Charts show them.
create table measure_annotation (
    workspace_id TEXT not null,
    id           TEXT not null,
    first_day    I64 not null,     -- yyyymmdd in the workspace's zone
    last_day     I64 not null,
    kind         I64 not null,     -- as in the contract
    text         TEXT not null,
    account_id   TEXT,             -- null: of all
    created_at   I64 not null,
    created_by   TEXT,             -- person; null: the system
    updated_at   I64 not null,
    removed_at   I64,              -- null: it stands
    version      I64 not null,
    primary key (workspace_id, id)
);
create index measure_annotation_day on measure_annotation (workspace_id, first_day);

-- The roll-ups of what was read before are made in the background.
insert into store_job (workspace_id, id, kind, job_key, payload, state, due_at, attempt, failures, lease_until, changed_at)
select distinct workspace_id, 'measure-part-readings', 'measure.pack', 'parts', '{}', 'waiting', 0, 0, 0, 0, 0 from measure_post;
-- A post's labels changed: its deliveries' sums move.
create index measure_post_of on measure_post (workspace_id, post_id, delivery_id);
