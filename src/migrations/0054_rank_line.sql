-- Posts ranked and put together by what they are read this index alone, not the rows with all their days. Newest numbers are some bytes a metric (the dictionary's of posts: below 1,300 bytes);
-- hashtags may be longer than an index takes and are read from the rows.
drop index measure_post_line;
create index measure_post_line on measure_post (workspace_id, published_at, account_id, engagements, engagements_48, as_of, delivery_id, network, format, campaign_id, numbers);
