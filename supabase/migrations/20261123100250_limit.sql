-- How much may be asked of Cryptlex now, by all workers together: a token bucket. It is charged where a
-- purchase is claimed and put right where it is settled, so that it costs no round trip.
--
-- It has two halves, one for what has just come, one for what waits. Each may use what the other has
-- no need of: alone either has all, and a flood of either leaves the other its half.

create table licensing.cryptlex_limit (
  only_row boolean primary key default true,
  fresh_calls numeric not null default 0,
  older_calls numeric not null default 0,
  refilled_at timestamptz not null default 'epoch',
  low_since timestamptz,
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
comment on column licensing.cryptlex_limit.low_since is
  'Since when both halves together hold so little that no burst is left in them; null: they hold more.';
comment on column licensing.cryptlex_limit.paused_until is
  'Cryptlex told us to slow down: no worker calls it before this.';
comment on column licensing.cryptlex_limit.token_refused_since is
  'Since when Cryptlex refuses the access token; null: it does not.';
insert into licensing.cryptlex_limit default values;

alter table licensing.cryptlex_limit enable row level security;
revoke all on licensing.cryptlex_limit from public, anon, authenticated, service_role;
grant select, update on licensing.cryptlex_limit to service_role;

-- In no stretch of `seconds` there are more than `calls`: what is held at its beginning and what comes
-- in meanwhile are no more together. In quiet times half of them may be held for a burst, and half
-- comes in. In a flood nothing is left for bursts anyway: when little was held for all of the last
-- `seconds`, a quarter is the most that is held, three quarters come in, and more gets done.
create function licensing.refilled(
  fresh numeric, older numeric, cap numeric, gained numeric,
  out now_fresh numeric, out now_older numeric
)
language plpgsql immutable set search_path = ''
as $$
begin
  -- What one half cannot hold any more goes to the other.
  -- A millionth of a call is lost each time, and no number grows longer and longer.
  now_fresh := trunc(least(cap, fresh + gained + greatest(0, older + gained - cap)), 6);
  now_older := trunc(least(cap, older + gained + greatest(0, fresh + gained - cap)), 6);
end
$$;
comment on function licensing.refilled is
  'Both halves after each gained as many calls; neither holds more than cap.';

create function licensing.calls_left(
  held licensing.cryptlex_limit, rate jsonb, at timestamptz,
  out fresh numeric, out older numeric, out cap numeric, out low_cap numeric,
  out low_since timestamptz, out borrowed_from numeric, out enough numeric,
  out wait_seconds numeric
)
language plpgsql immutable set search_path = ''
as $$
declare
  calls constant numeric := (rate ->> 'calls')::numeric;
  seconds constant numeric := (rate ->> 'seconds')::numeric;
  gain numeric;
  since numeric := greatest(extract(epoch from at - held.refilled_at), 0);
  filling numeric;
  floods boolean;
begin
  fresh := held.fresh_calls;
  older := held.older_calls;
  low_since := held.low_since;
  low_cap := calls / 8;
  -- A read, and what it leads to.
  enough := least(4, calls / 4);
  floods := low_cap >= enough
    and coalesce(low_since <= held.refilled_at - seconds * interval '1 second', false);
  if floods then
    cap := low_cap;
    gain := (calls / 2 - cap) / seconds;
    filling := greatest(0, (2 * cap - fresh - older) / (2 * gain));
    select r.* into fresh, older
    from licensing.refilled(fresh, older, cap, gain * least(since, filling)) r;
    -- Both are full: the flood is over.
    floods := since <= filling;
    since := greatest(0, since - filling);
  end if;
  if not floods then
    cap := calls / 4;
    gain := cap / seconds;
    select r.* into fresh, older from licensing.refilled(fresh, older, cap, gain * since) r;
  end if;
  low_since := case when fresh + older <= 2 * low_cap then low_since end;
  -- What waits may have of the fresh half what it holds beyond that: buyers wait for a key, a
  -- renewal can wait. In a flood it has no need of it: it gets what the fresh half cannot hold.
  borrowed_from := case when low_cap < enough then enough + cap / 2 when not floods then low_cap end;
  -- In whole milliseconds, as everybody waits: less would be asked for again and again.
  wait_seconds := ceil(1000 * greatest(
    0,
    extract(epoch from held.paused_until - at),
    least(
      enough - older, (enough - older + cap - fresh) / 2, borrowed_from - fresh
    ) / gain
  )) / 1000;
end
$$;
comment on function licensing.calls_left is
  'What both halves of that row hold at that time, how much is enough to begin with a purchase that waits, and how many seconds off that is. rate: {"calls": n, "seconds": n}, what Cryptlex allows.';

create function licensing.half_for(
  held licensing.cryptlex_limit, kind text, calls integer, rate jsonb, at timestamptz,
  out half text, out fresh numeric, out older numeric, out low_cap numeric,
  out low_since timestamptz
)
language plpgsql immutable set search_path = ''
as $$
declare
  here record := licensing.calls_left(held, rate, at);
begin
  fresh := here.fresh;
  older := here.older;
  low_cap := here.low_cap;
  low_since := here.low_since;
  half := case
    when held.paused_until > at then null
    when kind = 'older' and here.older >= here.enough then 'older'
    when kind = 'older' and here.fresh >= here.borrowed_from then 'fresh'
    when kind = 'sale' and here.fresh >= least(calls, here.cap) then 'fresh'
    -- Half of the fresh half is kept for buyers.
    when kind = 'fresh' and here.fresh >= least(calls + here.cap / 2, here.cap) then 'fresh'
    when kind <> 'older' and here.older >= here.enough + calls then 'older'
  end;
end
$$;
comment on function licensing.half_for is
  'Which half has so many calls for a sale, for other fresh work or for older work, null: neither, or there is a pause; and what both hold.';

create function licensing.charge_calls(kind text, calls integer, rate jsonb, at timestamptz)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  held licensing.cryptlex_limit;
  here record;
begin
  -- Everybody locks this row last: who waits for it holds nothing that its holder waits for.
  select * into held from licensing.cryptlex_limit for update;
  here := licensing.half_for(held, kind, calls, rate, at);
  if here.half is null then
    return null;
  end if;
  update licensing.cryptlex_limit l set
    fresh_calls = here.fresh - case here.half when 'fresh' then calls else 0 end,
    older_calls = here.older - case here.half when 'older' then calls else 0 end,
    low_since = case when here.fresh + here.older - calls <= 2 * here.low_cap
      then coalesce(here.low_since, at) end,
    refilled_at = greatest(at, l.refilled_at);
  return jsonb_build_object('half', here.half, 'calls', calls);
end
$$;
comment on function licensing.charge_calls is
  'Takes calls for a sale, for other fresh work or for older work. What was taken from which half, {"half": …, "calls": n}; null: there are not enough.';

create function licensing.correct_calls(
  charged jsonb, actions jsonb, rate jsonb, pause_seconds numeric, at timestamptz
) returns void
language plpgsql set search_path = ''
as $$
declare
  held licensing.cryptlex_limit;
begin
  -- A sale makes the calls it was charged: nothing is to be put right, and nobody waits for the row.
  if pause_seconds is null
    and jsonb_array_length(actions) = coalesce((charged ->> 'calls')::numeric, 0)
    and not exists (
      select from jsonb_array_elements(actions) a where (a ->> 'status')::integer in (401, 403)
    )
    and not exists (
      select from licensing.cryptlex_limit l where l.token_refused_since is not null
    )
  then
    return;
  end if;

  select * into held from licensing.cryptlex_limit for update;
  update licensing.cryptlex_limit l set
    -- What Cryptlex refuses as too much was too much of everything: begin anew after the pause.
    -- Until its end nothing is given back either.
    fresh_calls = d.fresh,
    older_calls = d.older,
    low_since = case when pause_seconds is null and d.fresh + d.older <= 2 * d.low_cap
      then d.low_since end,
    refilled_at = case when pause_seconds is null then greatest(at, l.refilled_at)
      else greatest(l.paused_until, at + pause_seconds * interval '1 second') end,
    paused_until = greatest(l.paused_until, at + pause_seconds * interval '1 second'),
    token_refused_since = case
      when d.refused then coalesce(l.token_refused_since, at)
      when not d.accepted then l.token_refused_since
    end
  from (
    select s.*, here.low_cap, here.low_since,
      case when pause_seconds is not null then 0 when s.half = 'fresh'
        then least(here.cap, here.fresh + s.back) else here.fresh end as fresh,
      case when pause_seconds is not null then 0 when s.half = 'older'
        then least(here.cap, here.older + s.back) else here.older end as older
    from licensing.calls_left(held, rate, at) here, (
      select charged ->> 'half' as half,
        least(
          (charged ->> 'calls')::numeric - jsonb_array_length(actions),
          case when held.paused_until > at then 0 end
        ) as back,
        coalesce(bool_or((a ->> 'status')::integer in (401, 403)), false) as refused,
        coalesce(bool_or((a ->> 'status')::integer between 200 and 299), false) as accepted
      from (select) one left join jsonb_array_elements(actions) a on true
    ) s
  ) d;
end
$$;
comment on function licensing.correct_calls is
  'Once it is known which calls were made: gives back or takes what the charge missed, and notes a pause and a refused token.';

revoke all on function
  licensing.refilled,
  licensing.calls_left,
  licensing.half_for,
  licensing.charge_calls,
  licensing.correct_calls
from public, anon, authenticated, service_role;
grant execute on function
  licensing.refilled,
  licensing.calls_left,
  licensing.half_for,
  licensing.charge_calls,
  licensing.correct_calls
to service_role;
