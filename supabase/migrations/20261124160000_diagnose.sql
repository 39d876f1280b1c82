-- The doors, five: what a check of the whole set-up has to know of the database.

create function licensing.schedule_state(at timestamptz default now()) returns jsonb
-- Jobs and answers show only to the role that scheduled them, hence its rights; it takes no names,
-- changes nothing, and tells nothing of others' jobs or of what was sent.
language plpgsql stable security definer set search_path = ''
as $$
declare
  has_cron boolean := to_regclass('cron.job') is not null;
  has_net boolean := to_regclass('net._http_response') is not null;
  jobs jsonb;
  answers jsonb;
begin
  begin
    if has_cron then
      select coalesce(jsonb_agg(jsonb_build_object(
        'name', j.jobname,
        'schedule', j.schedule,
        'active', j.active,
        'last_run_at', r.start_time,
        'last_status', r.status
      ) order by j.jobname), '[]') into jobs
      from cron.job j
      left join lateral (
        select d.start_time, d.status from cron.job_run_details d
        where d.jobid = j.jobid order by d.runid desc limit 1
      ) r on true
      where j.jobname like 'stripe-cryptlex-%';
    end if;
    if has_net then
      select coalesce(jsonb_agg(to_jsonb(a) order by a.created desc), '[]') into answers
      from (
        select a.created, a.status_code, coalesce(a.timed_out, false) as timed_out,
          coalesce(a.content like '{"settled":%', false) as is_drain
        from net._http_response a
        where a.created > at - interval '1 hour'
        order by a.created desc limit 20
      ) a;
    end if;
  exception when insufficient_privilege or undefined_table or undefined_column then
    -- Another version than we know: what cannot be looked at is not told.
    null;
  end;
  return jsonb_build_object(
    'has_cron', has_cron, 'has_net', has_net, 'jobs', jobs, 'answers', answers
  );
end
$$;
comment on function licensing.schedule_state is
  'Whether pg_cron and pg_net are there, our jobs with their last runs, and how the requests of the last hour were answered (is_drain: as a drain answers); null: it cannot be looked at.';

create function public.diagnose(request text, at timestamptz default now()) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'now', clock_timestamp(),
    'function_url', s.function_url,
    'rehearsal', s.rehearsal,
    'policy', s.policy,
    'told_at', s.told_at,
    'schedule', licensing.schedule_state(at),
    'oldest_parked', (
      select min(coalesce(e.status_since, e.received_at)) from licensing.stripe_events e
      where e.status = 'parked'
    ),
    'modes', (
      select jsonb_build_object(
        'live', count(*) filter (where e.livemode),
        'test', count(*) filter (where not e.livemode)
      )
      from licensing.stripe_events e
      where e.received_at > at - interval '1 day'
        -- A set-up's own test event is no sign of what Stripe sends.
        and not starts_with(e.event_id, 'evt_setup_')
    ),
    'plans', (
      select coalesce(jsonb_agg(to_jsonb(p) order by p.stripe_id), '[]') from licensing.plans p
    )
  )
  from licensing.schedule s
$$;
comment on function public.diagnose is
  'What a check of the set-up looks at besides licensing_health: the clock, the schedule, of which mode the events that Stripe sent in the last day are, and the plans. Changes nothing.';

revoke all on function licensing.schedule_state, public.diagnose
from public, anon, authenticated, service_role;
grant execute on function licensing.schedule_state, public.diagnose to service_role;
