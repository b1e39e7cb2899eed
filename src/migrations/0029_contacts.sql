-- Contacts: people across networks, what they agreed to, what was had to do with them.
--
-- A merge moves nothing: contacts that are one person share person_id, so taking a merge back is exact. contacts_contact and contacts_mark say what is true of each contact;
-- contacts_column holds the same a person a bit or a number, packed, for segments over a million; what is not packed yet stands in contacts_dirty.

create table contacts_state (
    workspace_id TEXT not null,
    next_num     I64 not null,
    version      I64 not null,      -- one taker at a time: who comes second changes nothing
    talk_id      TEXT not null,     -- how far talk was taken in
    taken_at     I64 not null,
    click_at     I64 not null,      -- the same of clicks
    packed       I64 not null,      -- grows with each packing
    primary key (workspace_id)
);

create table contacts_contact (
    workspace_id TEXT not null,
    id           TEXT not null,
    num          I64 not null,      -- its place in the columns; never given again
    person_id    TEXT not null,     -- the contact that stands for the person; itself unless merged
    name         TEXT not null,
    language     TEXT not null,     -- '': not known
    city         TEXT not null,
    first_at     I64 not null,      -- of its own touchpoints
    last_at      I64 not null,
    shown_at     I64 not null,      -- last_at of the whole person: the list's order
    n_messages   I64 not null,
    n_clicks     I64 not null,
    n_conversions I64 not null,
    revenue_minor I64 not null,
    source       I64 not null,      -- 0 talk, 1 follow, 2 import, 3 by hand
    created_at   I64 not null,
    version      I64 not null,
    primary key (workspace_id, id)
);
create unique index contacts_contact_num on contacts_contact (workspace_id, num);
create index contacts_contact_person on contacts_contact (workspace_id, person_id, num);
create index contacts_contact_shown on contacts_contact (workspace_id, shown_at, id) where id = person_id;

-- How a network, a mail server or a shop knows somebody.
create table contacts_identity (
    workspace_id TEXT not null,
    kind         I64 not null,      -- 0 of a network, 1 e-mail, 2 phone, 3 customer code
    network      TEXT not null,     -- '' unless of a network
    scope        TEXT not null,     -- the account whose id it is, where a network gives each account ids of its own
    key          TEXT not null,     -- the author's id; a keyed hash of an address, number or code
    id           TEXT not null,
    contact_id   TEXT not null,
    handle       TEXT not null,
    name         TEXT not null,
    core         TEXT not null,     -- what handles are compared by; '': none
    first_at     I64 not null,
    primary key (workspace_id, kind, network, scope, key)
);
create unique index contacts_identity_id on contacts_identity (workspace_id, id);
create index contacts_identity_contact on contacts_identity (workspace_id, contact_id);
create index contacts_identity_core on contacts_identity (workspace_id, core) where core <> '';

-- Where search begins: each word of names and handles, and Japanese from each character on.
create table contacts_word (
    workspace_id TEXT not null,
    word         TEXT not null,
    num          I64 not null,
    primary key (workspace_id, word, num)
);

create table contacts_touch (
    workspace_id TEXT not null,
    kind         I64 not null,      -- 0 comment, 1 mention, 2 message, 3 follow, 4 unfollow, 5 click, 6 conversion, 7 purchase, 8 coupon, 9 visit
    ref          TEXT not null,     -- of what it is: the talk, the click, the order
    contact_id   TEXT not null,
    at           I64 not null,
    account_id   TEXT,
    network      TEXT not null,     -- '': none
    text         TEXT not null,     -- '' where the talk itself is shown
    amount_minor I64,
    currency     TEXT,
    primary key (workspace_id, kind, ref)
);
create index contacts_touch_contact on contacts_touch (workspace_id, contact_id, at, ref);

-- What can be true of a contact beside numbers: networks, tags, moods and wishes it voiced, links it opened, consents. Each is known by a number.
create table contacts_mark_name (
    workspace_id TEXT not null,
    kind         TEXT not null,     -- tag, network, sentiment, intent, link, campaign, city, language, given, withdrawn
    ref          TEXT not null,
    mark         I64 not null,
    primary key (workspace_id, kind, ref)
);
create unique index contacts_mark_name_mark on contacts_mark_name (workspace_id, mark);
create table contacts_mark (
    workspace_id TEXT not null,
    num          I64 not null,
    mark         I64 not null,
    primary key (workspace_id, num, mark)
);

create table contacts_column (
    workspace_id TEXT not null,
    col          I64 not null,      -- 0 who is a person; 1..6 numbers; 16 + mark
    block        I64 not null,      -- 4,096 contacts
    data         BYTES not null,
    primary key (workspace_id, col, block)
);
create table contacts_dirty (
    workspace_id TEXT not null,
    num          I64 not null,
    stamp        TEXT not null,     -- another with each change: what changed while it was packed stays
    primary key (workspace_id, num)
);

create table contacts_consent (
    workspace_id TEXT not null,
    id           TEXT not null,
    contact_id   TEXT not null,
    channel      TEXT not null,     -- email, sms, line, dm, phone, post
    purpose      TEXT not null,     -- news, offers, survey, research, …
    is_given     BOOL not null,     -- else withdrawn
    at           I64 not null,
    source       TEXT not null,     -- where and how it was said
    recorded_at  I64 not null,
    recorded_by  TEXT,              -- person; null: an import's
    primary key (workspace_id, id)
);
create index contacts_consent_contact on contacts_consent (workspace_id, contact_id, at, id);

create table contacts_note (
    workspace_id TEXT not null,
    id           TEXT not null,
    contact_id   TEXT not null,
    text         TEXT not null,
    at           I64 not null,
    person_id    TEXT,              -- who wrote it
    primary key (workspace_id, id)
);
create index contacts_note_contact on contacts_note (workspace_id, contact_id, at, id);

create table contacts_merge (
    workspace_id TEXT not null,
    id           TEXT not null,
    person_id    TEXT not null,     -- the contact that stands for both
    other_id     TEXT not null,     -- that stood for itself before
    members      TEXT not null,     -- contacts that came with it, one a line
    reasons      TEXT not null,     -- why it was suggested; '': by hand
    at           I64 not null,
    by_id        TEXT,
    undone_at    I64,
    undone_by    TEXT,
    primary key (workspace_id, id)
);
create index contacts_merge_person on contacts_merge (workspace_id, person_id, at, id);
create index contacts_merge_other on contacts_merge (workspace_id, other_id);

-- Two that may be one.
create table contacts_pair (
    workspace_id TEXT not null,
    a_id         TEXT not null,     -- a < b
    b_id         TEXT not null,
    score        I64 not null,      -- 0..100
    reasons      TEXT not null,     -- a comma between
    at           I64 not null,
    is_apart     BOOL not null,     -- a person said that they are two
    primary key (workspace_id, a_id, b_id)
);
create index contacts_pair_open on contacts_pair (workspace_id, score, a_id, b_id) where not is_apart;
create index contacts_pair_b on contacts_pair (workspace_id, b_id);

create table contacts_segment (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,
    rule         TEXT not null,     -- JSON, as in the contract
    created_at   I64 not null,
    updated_at   I64 not null,
    version      I64 not null,
    primary key (workspace_id, id)
);

create table contacts_import (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,
    content      BYTES,             -- CSV in UTF-8; null once it is done
    is_done      BOOL not null,
    created_at   I64 not null,
    created_by   TEXT,
    expires_at   I64 not null,
    n_new        I64 not null,
    n_known      I64 not null,
    n_refused    I64 not null,      -- of people who were deleted
    primary key (workspace_id, id)
);

-- A deletion, and what is left as proof of it: nothing about the person.
create table contacts_deletion (
    workspace_id TEXT not null,
    id           TEXT not null,
    subject_id   TEXT,              -- while it runs
    reason       I64 not null,      -- 0 the person asked, 1 consent ended, 2 kept long enough, 3 other
    asked_at     I64 not null,
    asked_by     TEXT,
    done_at      I64,
    counts       TEXT not null,     -- JSON: what, how many
    checks       TEXT not null,     -- JSON: what was looked for afterwards, how many were left
    seal         TEXT not null,     -- keyed hash of the lines above
    primary key (workspace_id, id)
);
create index contacts_deletion_at on contacts_deletion (workspace_id, asked_at, id);
create table contacts_gone (
    workspace_id TEXT not null,
    hash         TEXT not null,     -- keyed and salted, of an identity: known again, never read
    primary key (workspace_id, hash)
);

-- For the statements of other features.
create view contacts_v_identity as
    select i.workspace_id, i.kind, i.network, i.scope, i.key, i.contact_id, c.person_id
      from contacts_identity i join contacts_contact c on c.workspace_id = i.workspace_id and c.id = i.contact_id;
create view accounts_v_account as select workspace_id, id, network from accounts_account;
create unique index contacts_deletion_subject on contacts_deletion (workspace_id, subject_id) where subject_id is not null;
