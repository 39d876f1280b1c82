-- The doors, four: what is to be told is handed to one, who says when it was told.

create function public.claim_alert(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  message uuid := gen_random_uuid();
  turn licensing.alert_turn;
  late jsonb;
  parked integer;
begin
  -- Who waits here for another sees what that one has left.
  perform from licensing.alert_turn for update;
  late := licensing.late_events(at);
  update licensing.alert_turn t set
    asked_at = at,
    tells_late = t.tells_late and late is not null,
    late_told_at = case when late is not null then t.late_told_at end
  returning * into turn;
  if not licensing.alert_is_due(at) then
    return jsonb_build_object('alert', null);
  end if;
  if turn.late_told_at is not null then
    late := null;
  end if;

  -- Whoever has one of these locked is about to settle its event: nobody waits for anybody.
  update licensing.alerts a set token = message
  where a.event_id in (select f.event_id from licensing.alerts f for update skip locked);
  get diagnostics parked = row_count;
  if parked = 0 and late is null then
    return jsonb_build_object('alert', null);
  end if;

  -- A message that does not arrive is begun anew after the same pause.
  update licensing.alert_turn t set
    token = message, quiet_until = at + interval '5 minutes', tells_late = late is not null;
  return jsonb_build_object('alert', jsonb_build_object(
    'token', message,
    'late', late,
    'parked', parked,
    'events', (
      select coalesce(jsonb_agg(to_jsonb(first_few) - 'alert_id' order by first_few.alert_id), '[]')
      from (
        select a.alert_id, e.event_id, e.event_type, e.purchase_id, e.last_error
        from licensing.alerts a join licensing.stripe_events e using (event_id)
        where a.token = message order by a.alert_id limit 5
      ) first_few
    )
  ));
end
$$;
comment on function public.claim_alert is
  'What is to be told now, handed to one for five minutes: how many events were parked and the first few of them, and, once each time it comes to that, the events that wait for over an hour. {"alert": {"token", "parked", "events", "late"} | null}';

create function public.settle_alert(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  message uuid := (request::jsonb ->> 'token')::uuid;
  told integer;
begin
  -- One that is locked is being settled: should that fail, it is told of once more.
  delete from licensing.alerts a
  where a.event_id in (
    select s.event_id from licensing.alerts s where s.token = message for update skip locked
  );
  get diagnostics told = row_count;
  update licensing.alert_turn t set tells_late = false, late_told_at = at
  where t.token = message and t.tells_late;
  return jsonb_build_object('told', told);
end
$$;
comment on function public.settle_alert is
  'Notes that the message with this token arrived. {"told": how many parked events are told of by it}';

revoke all on function public.claim_alert, public.settle_alert
from public, anon, authenticated, service_role;
grant execute on function public.claim_alert, public.settle_alert to service_role;
