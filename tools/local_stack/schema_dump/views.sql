select pg_temp.lines(
         format(e'create %s %s%s as\n%s',
           case c.relkind when 'm' then 'materialized view' else 'view' end, c.oid::regclass,
           ' with (' || array_to_string(c.reloptions, ', ') || ')', pg_get_viewdef(c.oid, true)),
         pg_temp.comment_on(format('view %s', c.oid::regclass), obj_description(c.oid, 'pg_class')),
         pg_temp.grants_or_none(c.relacl, c.relowner, format('view %s', c.oid::regclass))
       ) as text
  from pg_class c
 where c.relkind in ('v', 'm') and pg_temp.is_ours(c.oid, 'pg_class', c.relnamespace)
 order by c.oid::regclass::text collate "C";
