select pg_temp.lines(
         format('create schema %I;', n.nspname),
         pg_temp.comment_on(format('schema %I', n.nspname), obj_description(n.oid, 'pg_namespace')),
         pg_temp.grants(n.nspacl, n.nspowner, format('schema %I', n.nspname)),
         future.grants
       ) as text
  from pg_namespace n
 cross join lateral (
   select string_agg(
            pg_temp.grants(d.defaclacl, d.defaclrole,
              format('future %s in schema %I',
                case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
                  when 'f' then 'functions' else 'types' end,
                n.nspname)),
            e'\n' order by d.defaclobjtype) as grants
     from pg_default_acl d where d.defaclnamespace = n.oid
 ) future
 where n.nspname = 'licensing';
