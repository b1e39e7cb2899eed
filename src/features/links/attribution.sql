-- What paths are made of: people's clicks with the browser that showed them, and conversions.

-- name: path_clicks (workspace text, from time, to time, limit int)
--       -> many PathClick (id int, at time, link_id text, title text, network text, post_id text?, campaign_id text?, day_visitor int, visitor text?)
-- Newest first, so that a limit leaves out the oldest.
select c.id, c.at, c.link_id, l.title, c.network, l.post_id, l.campaign_id, c.visitor as day_visitor, t.visitor
  from links_click c
  join links_link l on l.workspace_id = c.workspace_id and l.id = c.link_id
  left join links_touch t on t.workspace_id = c.workspace_id and t.click_id = c.id
 where c.workspace_id = :workspace and c.at >= :from and c.at < :to and not c.is_bot
 order by c.at desc, c.id desc limit :limit;

-- name: path_conversions (workspace text, from time, to time, kind int?, limit int)
--       -> many PathConversion (id text, at time, net_minor int, currency text, click_id int?, visitor text?, contact_key text?)
select id, at, net_minor, currency, click_id, visitor, contact_key from links_conversion
 where workspace_id = :workspace and at >= :from and at < :to and (:kind is null or kind = :kind)
 order by at desc, id desc limit :limit;
