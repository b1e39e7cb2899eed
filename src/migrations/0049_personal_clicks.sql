-- Clicks on links made for one person are few among all others; who follows them asks for those since a moment.
create index links_click_personal on links_click (workspace_id, at) where contact_id is not null;
