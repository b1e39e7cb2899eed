-- What a post is made of stands beside its network and format: 0 words, 1 words with a link, 2 a picture, 3 an animation, 4 a video. Lists asked for one of them would read every text and file.
alter table measure_post add column made I64 not null default 0;
update measure_post
   set made = coalesce((select max(case v.kind when 'image' then 2 when 'gif' then 3 when 'video' then 4 else 0 end)
                          from plan_v_media p join media_v_media v on v.workspace_id = p.workspace_id and v.id = p.media_id
                         where p.workspace_id = measure_post.workspace_id and p.post_id = measure_post.post_id), 0);
update measure_post
   set made = case when format in (1, 3, 4) then 4 when network = 'instagram' then 2 else 0 end
 where exists (select 1 from measure_outside o where o.workspace_id = measure_post.workspace_id and o.id = measure_post.delivery_id);
update measure_post
   set made = 1
 where made = 0
   and (exists (select 1 from publish_v_delivery d where d.workspace_id = measure_post.workspace_id and d.id = measure_post.delivery_id
                   and (replace(d.text, 'https://', '') <> d.text or replace(d.text, 'http://', '') <> d.text))
        or exists (select 1 from measure_outside o where o.workspace_id = measure_post.workspace_id and o.id = measure_post.delivery_id
                   and (replace(o.text, 'https://', '') <> o.text or replace(o.text, 'http://', '') <> o.text)));
drop index measure_post_line;
create index measure_post_line on measure_post (workspace_id, published_at, account_id, engagements, engagements_48, as_of, delivery_id, network, format, campaign_id, made, numbers);
