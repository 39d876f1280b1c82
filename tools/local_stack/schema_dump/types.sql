-- Enums and domains; a table's own row type comes with the table.
select pg_temp.lines(
         definition.text,
         pg_temp.comment_on(format('type %s', t.oid::regtype), obj_description(t.oid, 'pg_type')),
         pg_temp.grants(t.typacl, t.typowner, format('type %s', t.oid::regtype))
       ) as text
  from pg_type t
 cross join lateral (
   select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) as text
     from pg_enum e where e.enumtypid = t.oid
 ) labels
 cross join lateral (
   select string_agg(format(' constraint %I %s', c.conname, pg_get_constraintdef(c.oid, true)), ''
                     order by c.conname) as text
     from pg_constraint c where c.contypid = t.oid and c.contype = 'c'
 ) checks
 cross join lateral (
   select case t.typtype
            when 'e' then format('create type %s as enum (%s);', t.oid::regtype, labels.text)
            else format('create domain %s as %s%s%s%s;',
                   t.oid::regtype, format_type(t.typbasetype, t.typtypmod),
                   ' default ' || t.typdefault, case when t.typnotnull then ' not null' end,
                   checks.text)
          end as text
 ) definition
 where t.typtype in ('e', 'd') and pg_temp.is_ours(t.oid, 'pg_type', t.typnamespace)
 order by t.oid::regtype::text collate "C";
