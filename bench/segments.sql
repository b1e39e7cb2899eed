-- The same as the figure's rule, as one would write it by hand.

-- name: plain_segment (workspace text, since time, vip int, osaka int, complaint int, given int, withdrawn int) -> one (n int)
select count(*) as n from contacts_contact p
 where p.workspace_id = :workspace and p.id = p.person_id and p.last_at >= :since
   and exists (select 1 from contacts_mark k where k.workspace_id = p.workspace_id and k.num = p.num and k.mark = :vip)
   and (p.n_messages >= 5 or exists (select 1 from contacts_mark k where k.workspace_id = p.workspace_id and k.num = p.num and k.mark = :osaka))
   and not exists (select 1 from contacts_mark k where k.workspace_id = p.workspace_id and k.num = p.num and k.mark = :complaint)
   and exists (select 1 from contacts_mark k where k.workspace_id = p.workspace_id and k.num = p.num and k.mark = :given)
   and not exists (select 1 from contacts_mark k where k.workspace_id = p.workspace_id and k.num = p.num and k.mark = :withdrawn);
