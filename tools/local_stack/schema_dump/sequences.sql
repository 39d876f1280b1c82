-- Those of identity columns, too: their grants are easily forgotten.
select pg_temp.lines(
         format(
           'create sequence %s as %s start %s increment %s minvalue %s maxvalue %s cache %s%s;',
           c.oid::regclass, format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin,
           s.seqmax, s.seqcache, case when s.seqcycle then ' cycle' end),
         pg_temp.grants(c.relacl, c.relowner, format('sequence %s', c.oid::regclass))
       ) as text
  from pg_sequence s
  join pg_class c on c.oid = s.seqrelid
 where c.relnamespace = to_regnamespace('licensing')
 order by c.relname;
