-- Conversions: what visitors did on own sites and in shops, and which clicks of theirs led there.

-- How a workspace takes conversions.
create table links_site (
    workspace_id  TEXT not null,
    site_key      TEXT not null,    -- in the address of its script; public
    secret_sealed TEXT not null,    -- its server signs with it
    asks_consent  BOOL not null,    -- nothing is stored or sent before hibiki('consent', true)
    takes_script  BOOL not null,    -- conversions that a page tells count; anybody could tell them
    window_days   I64 not null,     -- how long a click counts towards a conversion
    window_at     I64 not null,     -- calls of the running minute
    window_n      I64 not null,
    taken_at      I64,              -- the last call that was taken
    n_refused     I64 not null,
    refused_at    I64,
    primary key (workspace_id)
);
create unique index links_site_key on links_site (site_key);

-- What a conversion of a kind is worth where nothing is said.
create table links_conversion_kind (
    workspace_id TEXT not null,
    kind         I64 not null,      -- HibConversionKind
    value_minor  I64 not null,
    currency     TEXT not null,
    primary key (workspace_id, kind)
);

create table links_conversion (
    workspace_id TEXT not null,
    id           TEXT not null,
    kind         I64 not null,
    external_id  TEXT not null,     -- an order's number: the same one is stored once
    at           I64 not null,
    received_at  I64 not null,
    source       I64 not null,      -- HibConversionSource
    value_minor  I64 not null,
    net_minor    I64 not null,      -- after corrections
    currency     TEXT not null,
    click_id     I64,               -- links_click.id, as hib_click said
    visitor      TEXT,              -- the script's own number of a browser that consented
    contact_key  TEXT,              -- SHA-256 of an address; never the address
    import_id    TEXT,
    primary key (workspace_id, id)
);
create unique index links_conversion_external on links_conversion (workspace_id, kind, external_id);
create index links_conversion_at on links_conversion (workspace_id, at, id);
create index links_conversion_of_import on links_conversion (workspace_id, import_id) where import_id is not null;
create index links_conversion_contact on links_conversion (workspace_id, contact_key, at) where contact_key is not null;

-- Refunds and other changes of value, each once under its own number.
create table links_correction (
    workspace_id  TEXT not null,
    conversion_id TEXT not null,
    external_id   TEXT not null,
    at            I64 not null,
    value_minor   I64 not null,     -- added; negative for a refund
    primary key (workspace_id, conversion_id, external_id)
);

-- Whose click it was: the first consenting browser that showed it.
create table links_touch (
    workspace_id TEXT not null,
    click_id     I64 not null,
    visitor      TEXT not null,
    at           I64 not null,
    primary key (workspace_id, click_id)
);
create index links_touch_at on links_touch (at);

-- Signed calls of the last minutes: none counts twice.
create table links_call (
    workspace_id TEXT not null,
    signature    TEXT not null,
    at           I64 not null,
    primary key (workspace_id, signature)
);
create index links_call_at on links_call (at);

-- A table of conversions that was read and waits to be confirmed, or what came of it.
create table links_conversion_import (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,
    content      BYTES,             -- CSV in UTF-8; null once it is done
    state        I64 not null,      -- 0 open, 1 done, 2 undone
    created_at   I64 not null,
    created_by   TEXT,
    done_at      I64,
    n_rows       I64 not null,      -- stored by it
    n_known      I64 not null,      -- that were there before
    primary key (workspace_id, id)
);
create index links_conversion_import_at on links_conversion_import (workspace_id, created_at);

-- For the statements of other features.
create view links_v_conversion as
    select c.workspace_id, c.id, c.kind, c.external_id, c.at, c.received_at, c.source, c.value_minor, c.net_minor, c.currency, c.click_id, c.visitor, c.contact_key,
           k.link_id, k.network, k.contact_id
      from links_conversion c left join links_click k on k.workspace_id = c.workspace_id and k.id = c.click_id;
create index links_click_id on links_click (workspace_id, id);
