-- A function nobody granted or revoked has no list of its own: then its default says PUBLIC.
select pg_temp.lines(
         rtrim(pg_get_functiondef(p.oid), e'\n') || ';',
         pg_temp.comment_on(format('function %s', p.oid::regprocedure),
                            obj_description(p.oid, 'pg_proc')),
         pg_temp.grants_or_none(coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner,
                                format('function %s', p.oid::regprocedure))
       ) as text
  from pg_proc p
 where p.prokind in ('f', 'p') and pg_temp.is_ours(p.oid, 'pg_proc', p.pronamespace)
 order by p.oid::regprocedure::text collate "C";
