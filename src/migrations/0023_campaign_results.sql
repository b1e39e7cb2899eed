-- What a campaign's posts came to: their numbers by post.
create index measure_post_post on measure_post (workspace_id, post_id);
