-- Words that the other queries share; they live in this session only.

-- What is ours: schema licensing, and what no extension put into schema public.
create function pg_temp.is_ours(object oid, class regclass, namespace oid) returns boolean
language sql as $$
  select $3 = to_regnamespace('licensing')
      or $3 = 'public'::regnamespace and not exists (
           select from pg_depend d where d.classid = $2 and d.objid = $1 and d.deptype = 'e')
$$;

-- One grant statement for each grantee, the owner left out, in alphabetical order.
create function pg_temp.grants(acl aclitem[], owner oid, target text) returns text
language sql as $$
  select string_agg(format('grant %s on %s to %s;', privileges, $3, grantee), e'\n'
                    order by grantee collate "C")
    from (
      select case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee,
             string_agg(lower(a.privilege_type) || case when a.is_grantable then '*' else '' end,
                        ', ' order by a.privilege_type collate "C") as privileges
        from aclexplode($1) a
       -- New in PostgreSQL 17 and part of ALL there.
       where a.grantee <> $2 and a.privilege_type <> 'MAINTAIN'
       group by a.grantee
    ) granted
$$;

-- The same, telling also that there is none.
create function pg_temp.grants_or_none(acl aclitem[], owner oid, target text) returns text
language sql as $$
  select coalesce(pg_temp.grants($1, $2, $3), format('-- no grants on %s', $3))
$$;

create function pg_temp.comment_on(target text, comment text) returns text
language sql as $$
  select format('comment on %s is %L;', $1, $2) where $2 is not null
$$;

-- The lines that are there, one under the other.
create function pg_temp.lines(variadic texts text[]) returns text
language sql as $$
  select string_agg(line, e'\n' order by position)
    from unnest($1) with ordinality as given (line, position)
   where line <> ''
$$;
