select pg_temp.lines(
         format(e'create %s %s%s as\n%s',
           case c.relkind when 'm' then 'materialized view' else 'view' end, c.oid::regclass,
           ' with (' || array_to_string(c.reloptions, ', ') || ')', pg_get_viewdef(c.oid, true)),
         pg_temp.comment_on(format('view %s', c.oid::regclass), obj_description(c.oid, 'pg_class')),
         columns.comments,
         pg_temp.grants_or_none(c.relacl, c.relowner, format('view %s', c.oid::regclass))
       ) as text
  from pg_class c
 cross join lateral (
   select string_agg(pg_temp.comment_on(format('column %s.%I', c.oid::regclass, a.attname),
                                        col_description(c.oid, a.attnum)),
                     e'\n' order by a.attnum) as comments
     from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 ) columns
 where c.relkind in ('v', 'm') and pg_temp.is_ours(c.oid, 'pg_class', c.relnamespace)
 order by c.oid::regclass::text collate "C";
