-- The statements of the library's search and of where a media is used. They are plan/'s, because only posts and ideas know that.

-- name: library_search (workspace text, first text, second text, third text, phrase text, kind text?, tag text?, filter int, today text, soon text,
--       before time, before_id text, most int)
--       -> many (id text, created_at time, n_posts int, n_alike int)
-- Newest first, from after (before, before_id). first … third: patterns over the folded words; phrase: a pattern over the alternative texts of posts. filter: 0 all, 1 ends
-- until `soon`, 2 has ended, 3 nobody knows the rights, 4 a consent is missing, 5 unused, 6 looks like another.
select m.id, m.created_at,
       (select count(distinct g.post_id) from plan_media g join plan_post p on p.workspace_id = g.workspace_id and p.id = g.post_id and p.deleted_at is null
         where g.workspace_id = :workspace and g.media_id = m.id) as n_posts,
       (select count(*) from media_v_alike a join media_v_library o on o.workspace_id = a.workspace_id and o.id = a.other_id
         where a.workspace_id = :workspace and a.media_id = m.id) as n_alike
  from media_v_library m
 where m.workspace_id = :workspace and (m.created_at, m.id) < (:before, :before_id)
   and (:kind is null or m.kind = :kind)
   and (:tag is null or exists (select 1 from media_v_tag t where t.workspace_id = :workspace and t.media_id = m.id and t.tag = :tag))
   and ((m.words like :first escape '\' and m.words like :second escape '\' and m.words like :third escape '\')
        or exists (select 1 from plan_media g where g.workspace_id = :workspace and g.media_id = m.id and lower(g.alt) like lower(:phrase) escape '\'))
   and case :filter
         when 1 then (m.expires_on >= :today and m.expires_on <= :soon) or (m.consent = 2 and m.consent_until >= :today and m.consent_until <= :soon)
         when 2 then m.expires_on < :today or (m.consent = 2 and m.consent_until < :today)
         when 3 then m.licence in (0, 8)
         when 4 then m.consent = 3 or (m.consent = 2 and m.consent_until < :today)
         when 5 then not exists (select 1 from plan_media g join plan_post p on p.workspace_id = g.workspace_id and p.id = g.post_id and p.deleted_at is null
                                  where g.workspace_id = :workspace and g.media_id = m.id)
                     and not exists (select 1 from plan_idea i where i.workspace_id = :workspace and i.media_id = m.id)
         when 6 then exists (select 1 from media_v_alike a join media_v_library o on o.workspace_id = a.workspace_id and o.id = a.other_id
                              where a.workspace_id = :workspace and a.media_id = m.id)
         else :filter = 0 end
 order by m.created_at desc, m.id desc limit :most;

-- name: library_uses (workspace text, media_id text, most int)
--       -> many (post_id text, state int, head text, due_at time?, part int)
-- part 0: the post itself shows it. Those without a time first, then the latest.
select p.id as post_id, p.state, substr(p.text, 1, 80) as head, p.due_at, min(g.part) as part
  from plan_media g join plan_post p on p.workspace_id = g.workspace_id and p.id = g.post_id
 where g.workspace_id = :workspace and g.media_id = :media_id and p.deleted_at is null
 group by p.id, p.state, p.text, p.due_at
 order by case when p.due_at is null then 0 else 1 end, p.due_at desc, p.id limit :most;

-- name: library_n_posts (workspace text, media_id text) -> one (n int)
select count(distinct g.post_id) as n from plan_media g join plan_post p on p.workspace_id = g.workspace_id and p.id = g.post_id and p.deleted_at is null
 where g.workspace_id = :workspace and g.media_id = :media_id;

-- name: library_ideas (workspace text, media_id text, most int)
--       -> many (id text, title text)
select id, title from plan_idea where workspace_id = :workspace and media_id = :media_id order by created_at desc, id limit :most;
