-- The schedule: what waits is worked off although nobody delivers anything. A job of pg_cron looks for
-- something due and posts to the function through pg_net. Nobody has to set it up: the secret is made
-- here, and the function tells its URL.

create table licensing.schedule (
  only_row boolean primary key default true,
  function_url text,
  rehearsal boolean not null default false,
  policy jsonb,
  told_at timestamptz,
  drain_secret text not null
    default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
  -- As the secret has no backslash, its escape format is its own bytes.
  drain_secret_sha256 text not null
    generated always as (encode(sha256(decode(drain_secret, 'escape')), 'hex')) stored,
  constraint one_row_only check (only_row),
  constraint function_url_is_https_or_loopback check (function_url ~
    '^(https://[^/\s?#@]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(/[^\s?#]*)?$'),
  constraint drain_secret_is_long_and_plain check (drain_secret ~ '^[0-9A-Za-z_-]{20,}$')
);
comment on table licensing.schedule is
  'The one row here is what the scheduled drain needs: where the function is, and the secret it opens to.';
comment on column licensing.schedule.only_row is 'Always true: there is one row.';
comment on column licensing.schedule.function_url is
  'Where the function is, without /drain. On Supabase the function tells it; elsewhere a person may. Empty: nothing is posted.';
comment on column licensing.schedule.rehearsal is
  'The function last said that it runs with RECORD_ONLY: what was rehearsed is not due.';
comment on column licensing.schedule.policy is
  'The settings by which the function last said it decides about licenses, by their names. Empty: it never did, as off Supabase.';
comment on column licensing.schedule.told_at is 'When the function last said so.';
comment on column licensing.schedule.drain_secret is
  'What the job shows the function, made here. Change it when you like: within a minute the function knows.';
comment on column licensing.schedule.drain_secret_sha256 is
  'What the function is told of it: enough to recognise it, not to show it.';
insert into licensing.schedule default values;

alter table licensing.schedule enable row level security;
revoke all on licensing.schedule from public, anon, authenticated, service_role;
grant
  select (function_url, rehearsal, policy, told_at, drain_secret_sha256),
  update (function_url, rehearsal, policy, told_at)
on licensing.schedule to service_role;

create function public.announce_function(request text, at timestamptz default now())
returns jsonb
language sql set search_path = ''
as $$
  update licensing.schedule s set
    function_url = coalesce(request::jsonb ->> 'function_url', s.function_url),
    rehearsal = coalesce((request::jsonb ->> 'rehearsal')::boolean, s.rehearsal),
    policy = coalesce(request::jsonb -> 'policy', s.policy),
    told_at = at
  returning jsonb_build_object('drain_secret_sha256', s.drain_secret_sha256)
$$;
comment on function public.announce_function is
  'The function says where it is, {"function_url": null} if it cannot, and whether it rehearses, by which policy it decides, {"policy": {…}}, and learns what opens it: {"drain_secret_sha256": hex}';

create function licensing.post_drain(at timestamptz default now()) returns bigint
language plpgsql set search_path = ''
as $$
declare
  here licensing.schedule;
begin
  select * into here from licensing.schedule;
  if here.function_url is null
    or exists (select from licensing.cryptlex_limit l where l.paused_until > at)
  then
    return null;
  end if;
  if not exists (
    select from licensing.waiting w
    where w.due_at <= at and not (
      (w.held or w.looks_again)
      -- It may be off by now: whoever is posted to says so anew.
      and here.rehearsal and here.told_at > at - interval '10 minutes'
    )
  ) and not exists (
    -- What could not be read is read again.
    select from licensing.stripe_events e
    where e.status = 'pending' and e.purchase_id is null and e.payload is not null
  ) and not licensing.alert_is_due(at) then
    return null;
  end if;
  -- While pg_net waits for an answer it sends nobody else's requests, so it is not to wait for the
  -- drain's end: the function goes on without a listener.
  return net.http_post(
    url := rtrim(here.function_url, '/') || '/drain',
    body := '{}',
    headers := jsonb_build_object(
      'Content-Type', 'application/json', 'Authorization', 'Bearer ' || here.drain_secret
    ),
    timeout_milliseconds := 5000
  );
end
$$;
comment on function licensing.post_drain is
  'Has the function work off what is due; the id of the request (see net._http_response), null if nothing is due or the function''s URL is not known.';

create function licensing.prune_job_runs(at timestamptz default now()) returns void
language plpgsql set search_path = ''
as $$
begin
  delete from cron.job_run_details d
  where d.command like 'select licensing.%' and d.start_time < at - interval '3 days';
end
$$;
comment on function licensing.prune_job_runs is
  'Deletes what pg_cron noted of our jobs'' runs more than three days ago; it would keep it for ever.';

create function licensing.schedule_job(name text, schedule text, command text) returns text
language plpgsql set search_path = ''
as $$
begin
  perform cron.schedule(name, schedule, command);
  return schedule;
exception when others then
  if schedule like '% seconds' then
    -- Before pg_cron 1.5 a minute is the shortest.
    return licensing.schedule_job(name, '* * * * *', command);
  end if;
  return 'not scheduled: ' || sqlerrm;
end
$$;
comment on function licensing.schedule_job is
  'Schedules a job of pg_cron, or changes the one of that name; returns when it runs, or why it does not.';

create function licensing.schedule_jobs() returns setof text
language plpgsql set search_path = ''
as $$
declare
  extension record;
begin
  for extension in
    select a.name, wanted.schema_name
    from (values ('pg_cron', 'pg_catalog'), ('pg_net', 'extensions')) wanted (name, schema_name)
    join pg_available_extensions a using (name)
  loop
    begin
      execute format(
        'create extension if not exists %I with schema %I', extension.name, extension.schema_name
      );
    exception when others then
      raise warning '% is available and cannot be created: %', extension.name, sqlerrm;
    end;
  end loop;

  return query
  select format('%s: %s', job.name, case
    when to_regnamespace(job.needs_schema) is null
      then format('not scheduled: there is no schema %s', job.needs_schema)
    else licensing.schedule_job(job.name, job.schedule, job.command)
  end)
  from (values
    ('stripe-cryptlex-drain', '15 seconds', 'select licensing.post_drain()', 'net'),
    ('stripe-cryptlex-prune-job-runs', '17 3 * * *', 'select licensing.prune_job_runs()', 'cron'),
    ('stripe-cryptlex-prune', '43 * * * *', 'select licensing.prune()', 'cron')
  ) job (name, schedule, command, needs_schema);
end
$$;
comment on function licensing.schedule_jobs is
  'Schedules all that runs by itself, where pg_cron and pg_net are to be had; returns what became of each job. Run it again after enabling them later: no job is there twice.';

revoke all on function
  public.announce_function,
  licensing.post_drain,
  licensing.prune_job_runs,
  licensing.schedule_job,
  licensing.schedule_jobs
from public, anon, authenticated, service_role;
grant execute on function public.announce_function to service_role;

select licensing.schedule_jobs();
