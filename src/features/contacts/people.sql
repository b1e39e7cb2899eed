-- What attribution asks of people: what they said, and whose clicks and conversions are.

-- name: people_said (workspace text, kind int, after text, from time, to time, most int) -> many (at time, network text, person_id text)
-- A talk's id is as old as its being stored, so nothing said since `from` has one before `after`: the key is walked from its end, no index by time is kept for it.
select t.at, t.network, c.person_id
  from contacts_touch t join contacts_contact c on c.workspace_id = t.workspace_id and c.id = t.contact_id
 where t.workspace_id = :workspace and t.kind = :kind and t.ref >= :after and t.at >= :from and t.at < :to
 order by t.ref desc limit :most;

-- name: people_clicked (workspace text, from time, to time, most int) -> many (click_id int, person_id text)
select k.id as click_id, c.person_id
  from links_v_click k join contacts_contact c on c.workspace_id = k.workspace_id and c.id = k.contact_id
 where k.workspace_id = :workspace and k.at >= :from and k.at < :to and k.contact_id is not null and not k.is_bot
 order by k.at desc limit :most;

-- name: people_converted (workspace text, from time, to time, most int) -> many (conversion_id text, person_id text)
select v.id as conversion_id, c.person_id
  from links_v_conversion v
  join contacts_touch t on t.workspace_id = v.workspace_id and t.kind in (6, 7, 8, 9) and t.ref = v.id
  join contacts_contact c on c.workspace_id = t.workspace_id and c.id = t.contact_id
 where v.workspace_id = :workspace and v.at >= :from and v.at < :to
 order by v.at desc limit :most;
