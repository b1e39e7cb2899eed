-- Which migrations are applied.

-- name: migration_all () -> many (number int, sha256 text)
-- global: the schema belongs to the whole database
select number, sha256 from store_migration order by number;

-- name: migration_find (number int) -> one (number int)
-- global: the schema belongs to the whole database
select number from store_migration where number = :number;

-- name: migration_add (number int, name text, sha256 text, applied_at time) -> none
-- global: the schema belongs to the whole database
insert into store_migration (number, name, sha256, applied_at) values (:number, :name, :sha256, :applied_at);
