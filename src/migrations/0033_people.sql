-- What people did (conversions) among their touchpoints; tables of contacts that can be taken back.

alter table contacts_state add column conversion_id TEXT not null default ''; -- how far conversions were taken in

-- An import: which column is what, how it stands, what it made (and nothing else is taken back).
alter table contacts_import add column mapping TEXT not null default '';      -- JSON, as in the contract
alter table contacts_import add column done_at I64;
alter table contacts_import add column undone_at I64;
alter table contacts_import add column n_kept I64 not null default 0;         -- undone: contacts that stayed, since more is known of them now
create index contacts_import_at on contacts_import (workspace_id, created_at);
create table contacts_made (
    workspace_id TEXT not null,
    import_id    TEXT not null,
    contact_id   TEXT not null,
    kind         I64 not null,      -- 0 contact, 1 identity, 2 tag, 3 consent
    ref          TEXT not null,     -- the identity, the tag, the consent; '': the contact itself
    primary key (workspace_id, import_id, contact_id, kind, ref)
);
create index contacts_made_contact on contacts_made (workspace_id, contact_id);

-- Browsers that showed a click, and what a workspace counts in, for the statements of other features.
create index links_touch_visitor on links_touch (workspace_id, visitor);
create view links_v_visit as
    select t.workspace_id, t.visitor, t.click_id, k.contact_id
      from links_touch t join links_click k on k.workspace_id = t.workspace_id and k.id = t.click_id;
create view links_v_currency as select workspace_id, currency from links_conversion_kind where kind = 0;
create view engage_v_answer as select workspace_id, delivery_id, talk_id, thread_id from engage_answer;
