-- How much may be asked of Cryptlex now, by all workers together: a token bucket. It is charged where a
-- purchase is claimed and put right where it is settled, so that it costs no round trip.
--
-- It has two halves, one for what has just come, one for what waits: a flood of either leaves the
-- other its half, and what one half cannot hold flows into the other, so that alone either has all.

create table licensing.cryptlex_limit (
  only_row boolean primary key default true,
  fresh_calls numeric not null default 0,
  older_calls numeric not null default 0,
  refilled_at timestamptz not null default 'epoch',
  paused_until timestamptz,
  token_refused_since timestamptz,
  constraint one_row_only check (only_row)
);
comment on table licensing.cryptlex_limit is
  'The one row here says how many calls to Cryptlex all workers together may make now.';
comment on column licensing.cryptlex_limit.only_row is 'Always true: there is one row.';
comment on column licensing.cryptlex_limit.fresh_calls is
  'Calls left, at refilled_at, for purchases whose event has just come; below 0: more were made than foreseen.';
comment on column licensing.cryptlex_limit.older_calls is 'Calls left for purchases that wait.';
comment on column licensing.cryptlex_limit.refilled_at is 'When both were last reckoned.';
comment on column licensing.cryptlex_limit.paused_until is
  'Cryptlex told us to slow down: no worker calls it before this.';
comment on column licensing.cryptlex_limit.token_refused_since is
  'Since when Cryptlex refuses the access token; null: it does not.';
insert into licensing.cryptlex_limit default values;

alter table licensing.cryptlex_limit enable row level security;
revoke all on licensing.cryptlex_limit from public, anon, authenticated, service_role;
grant select, update on licensing.cryptlex_limit to service_role;

-- Half of what Cryptlex allows may come in a burst and half trickles in meanwhile: in no stretch of
-- `seconds` are there more than `calls`.
create function licensing.calls_left(rate jsonb, at timestamptz)
returns table (
  fresh numeric, older numeric, cap numeric, enough numeric, wait_seconds numeric
)
language sql stable set search_path = ''
as $$
  with half as (
    select l.fresh_calls, l.older_calls,
      greatest(extract(epoch from l.paused_until - at), 0) as pause,
      (rate ->> 'calls')::numeric / 4 as cap,
      (rate ->> 'calls')::numeric / 4 / (rate ->> 'seconds')::numeric as gain,
      greatest(extract(epoch from at - l.refilled_at), 0) as seconds
    from licensing.cryptlex_limit l
  ), filled as (
    select h.*, h.fresh_calls + h.gain * h.seconds as fresh_full,
      h.older_calls + h.gain * h.seconds as older_full
    from half h
  ), spilled as (
    select f.*,
      least(f.cap, least(f.cap, f.fresh_full) + greatest(f.older_full - f.cap, 0)) as fresh,
      least(f.cap, least(f.cap, f.older_full) + greatest(f.fresh_full - f.cap, 0)) as older,
      -- A read, and what it leads to.
      least(4, f.cap) as enough
    from filled f
  )
  select s.fresh, s.older, s.cap, s.enough, greatest(s.pause, (s.enough - s.older) / s.gain)
  from spilled s
$$;
comment on function licensing.calls_left is
  'What both halves hold at that time, how much is enough to begin with a purchase, and how long older work has to wait for it at most. rate: {"calls": n, "seconds": n}, what Cryptlex allows.';

create function licensing.charge_calls(
  charged jsonb, rate jsonb, at timestamptz
) returns boolean
language plpgsql set search_path = ''
as $$
declare
  is_fresh boolean := charged ->> 'half' = 'fresh';
  cost numeric := (charged ->> 'calls')::numeric;
  kept numeric := (charged ->> 'kept')::numeric;
  here record;
  is_paused boolean;
begin
  -- Everybody locks this row last: who waits for it holds nothing that its holder waits for.
  select coalesce(l.paused_until > at, false) into is_paused
  from licensing.cryptlex_limit l for update;
  select * into here from licensing.calls_left(rate, at);
  if is_paused or (case when is_fresh then here.fresh else here.older end)
    < least(here.cap, here.enough + kept * here.cap)
  then
    return false;
  end if;
  update licensing.cryptlex_limit l set
    fresh_calls = here.fresh - case when is_fresh then cost else 0 end,
    older_calls = here.older - case when is_fresh then 0 else cost end,
    refilled_at = greatest(at, l.refilled_at);
  return true;
end
$$;
comment on function licensing.charge_calls is
  'Takes calls from a half, if it has them: {"half": "fresh" | "older", "calls": n, "kept": part of the half that must stay}.';

create function licensing.correct_calls(
  charged jsonb, actions jsonb, rate jsonb, pause_seconds numeric, at timestamptz
) returns void
language sql set search_path = ''
as $$
  select from licensing.cryptlex_limit for update;
  update licensing.cryptlex_limit l set
    -- What Cryptlex refuses as too much was too much of everything: begin anew after the pause.
    fresh_calls = case when pause_seconds is not null then 0 when d.half = 'fresh'
      then least(here.cap, here.fresh + d.calls) else here.fresh end,
    older_calls = case when pause_seconds is not null then 0 when d.half = 'older'
      then least(here.cap, here.older + d.calls) else here.older end,
    refilled_at = coalesce(
      at + pause_seconds * interval '1 second', greatest(at, l.refilled_at)
    ),
    paused_until = greatest(l.paused_until, at + pause_seconds * interval '1 second'),
    token_refused_since = case
      when d.refused then coalesce(l.token_refused_since, at)
      when not d.accepted then l.token_refused_since
    end
  from licensing.calls_left(rate, at) here, (
    select charged ->> 'half' as half,
      (charged ->> 'calls')::numeric - jsonb_array_length(actions) as calls,
      coalesce(bool_or((a ->> 'status')::integer in (401, 403)), false) as refused,
      coalesce(bool_or((a ->> 'status')::integer between 200 and 299), false) as accepted
    from (select) one left join jsonb_array_elements(actions) a on true
  ) d
$$;
comment on function licensing.correct_calls is
  'Once it is known which calls were made: gives back or takes what the charge missed, and notes a pause and a refused token.';

revoke all on function
  licensing.calls_left,
  licensing.charge_calls,
  licensing.correct_calls
from public, anon, authenticated, service_role;
grant execute on function
  licensing.calls_left,
  licensing.charge_calls,
  licensing.correct_calls
to service_role;
