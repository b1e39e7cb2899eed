-- Files of numbers that networks export: read, confirmed, stored beside what is collected, and taken back whole.

create table measure_import (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,
    bytes        I64 not null,
    received     I64 not null,
    hashing      BYTES not null,   -- how far the hash is
    sha256       TEXT,             -- once all of it is here
    state        I64 not null,     -- 0 coming in, 1 being looked through, 2 looked through, 3 being stored, 4 stored, 5 being taken back, 6 taken back, 7 unreadable
    reason       TEXT,             -- why it could not be read or stored
    account_id   TEXT,             -- whose numbers; null: not chosen
    mapping      TEXT,             -- what its columns are (import_format.c)
    head         TEXT,             -- which heads: what a mapping is remembered by
    look         TEXT,             -- what was found
    without_wrong BOOL not null,   -- rows that are wrong are left out
    n_rows       I64 not null,     -- good ones
    row_stored   I64 not null,     -- the last row of the file that is stored
    n_stored     I64 not null,     -- rows
    n_readings   I64 not null,
    n_ours       I64 not null,     -- rows of posts that Hibiki published
    n_others     I64 not null,     -- rows of other posts
    created_at   I64 not null,
    created_by   TEXT,             -- person
    changed_at   I64 not null,
    done_at      I64,
    undone_at    I64,
    primary key (workspace_id, id)
);
create index measure_import_at on measure_import (workspace_id, created_at);
create index measure_import_sha on measure_import (workspace_id, sha256);

-- What a person said of columns, by their heads.
create table measure_import_head (
    workspace_id TEXT not null,
    head         TEXT not null,
    mapping      TEXT not null,
    said_at      I64 not null,
    primary key (workspace_id, head)
);

-- What an import told numbers of: by it, it is taken back.
create table measure_import_subject (
    workspace_id TEXT not null,
    import_id    TEXT not null,
    subject      TEXT not null,    -- as in measure_pack
    is_own       BOOL not null,    -- the account itself
    primary key (workspace_id, import_id, subject)
);

-- Posts that were not published here, known by a file: measure_post has their numbers under the same id.
create table measure_outside (
    workspace_id TEXT not null,
    id           TEXT not null,
    account_id   TEXT not null,
    remote       TEXT not null,    -- what the file knows it by: the network's id, its address, or what does not change of its row
    network      TEXT not null,
    url          TEXT,
    text         TEXT not null,
    primary key (workspace_id, id)
);
create unique index measure_outside_remote on measure_outside (workspace_id, account_id, remote);
