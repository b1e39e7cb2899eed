-- An import: a table of posts that was read and shown, until a person confirms it or a day has passed.
create table bulk_import (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,    -- the file's
    is_sheet     BOOL not null,    -- XLSX
    encoding     I64 not null,     -- as in the contract: 0 utf-8, 1 utf-8 with its mark, …
    schedules    BOOL not null,    -- rows that do not say their state are to be scheduled
    content      BYTES,            -- CSV in UTF-8; null once it is done
    state        I64 not null,     -- 0 open, 1 done
    created_at   I64 not null,
    created_by   TEXT,             -- person or token; null: the system
    expires_at   I64 not null,
    done_at      I64,
    n_posts      I64 not null,     -- stored by it
    n_scheduled  I64 not null,     -- of these
    first_at     I64,              -- the earliest of their times
    primary key (workspace_id, id)
);
