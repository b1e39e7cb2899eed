-- Full text, with a text for each database: FTS5 on SQLite, arrays of bigrams on PostgreSQL.

-- name: search_number (workspace text, kind text, subject text) -> one (number int)
select number from store_search_doc where workspace_id = :workspace and kind = :kind and subject = :subject;

-- name: search_add (workspace text, kind text, subject text, words text, grams text) -> one (number int)
insert into store_search_doc (workspace_id, kind, subject, words, grams) values (:workspace, :kind, :subject, :words, :grams) returning number;
-- postgres:
insert into store_search_doc (workspace_id, kind, subject, words, grams)
values (:workspace, :kind, :subject, :words, string_to_array(:grams, chr(31))) returning number;

-- name: search_index (number int, words text) -> none
-- global: the number was just given
insert into store_search (rowid, words) values (:number, :words);
-- postgres:
select where :number < 0 and :words = '';

-- name: search_unindex (number int) -> none
-- global: the number was just read
insert into store_search (store_search, rowid, words) select 'delete', number, words from store_search_doc where number = :number;
-- postgres:
select where :number < 0;

-- name: search_drop (workspace text, kind text, subject text) -> none
delete from store_search_doc where workspace_id = :workspace and kind = :kind and subject = :subject;

-- name: search_find (workspace text, kind text, question text, grams text, pattern text, before int, most int) -> many (number int, subject text)
select d.number, d.subject from store_search s join store_search_doc d on d.number = s.rowid
 where s.store_search match :question and s.rowid < :before and d.workspace_id = :workspace and d.kind = :kind and :grams <> '' and :pattern <> ''
 order by s.rowid desc limit :most;
-- postgres:
with found as materialized (
    select number, subject from store_search_doc
     where grams @> string_to_array(:grams, chr(31)) and words like :pattern and workspace_id = :workspace and kind = :kind and number < :before and :question <> '')
select number, subject from found order by number desc limit :most;

-- name: search_near (workspace text, kind text, question text, grams text, pattern text, before int, most int) -> many (number int, subject text, is_ours bool)
-- SQLite: the newest that have the words, whoever's they are. PostgreSQL: those of the workspace among the newest there are.
select d.number, d.subject, d.workspace_id = :workspace and d.kind = :kind as is_ours
  from (select rowid as number from store_search where store_search match :question and rowid < :before order by rowid desc limit :most) s
  join store_search_doc d on d.number = s.number
 where :grams <> '' and :pattern <> '' order by s.number desc;
-- postgres:
select number, subject, true as is_ours
  from (select number, workspace_id, kind, subject, words, grams from store_search_doc where number < :before order by number desc limit :most * 40) newest
 where workspace_id = :workspace and kind = :kind and grams @> string_to_array(:grams, chr(31)) and words like :pattern and :question <> '' order by number desc limit :most;
