-- Which purchase Stripe's ids lead to, and the order in which everybody locks purchases.

create function licensing.link_rank(stripe_id text) returns integer
language plpgsql immutable set search_path = ''
as $$
begin
  return coalesce(
    array_position(array['cus', 'in', 'cs', 'pi', 'sub'], split_part(stripe_id, '_', 1)), 0
  );
end
$$;
comment on function licensing.link_rank is
  'How good an id is for naming a purchase: sub_ before pi_ before cs_ before in_; 0: it names none.';

create function licensing.members_of(roots text[]) returns text[]
language plpgsql set search_path = ''
as $$
begin
  -- Each found by its index: a plan kept from when there were few would read all purchases.
  return array(
    select m.purchase_id from (
      select unnest(roots) as purchase_id
      union
      select j.purchase_id from unnest(roots) as root cross join lateral (
        select p.purchase_id from licensing.purchases p where p.joined_to = root offset 0
      ) j
    ) m
    order by licensing.link_rank(m.purchase_id), m.purchase_id
  );
end
$$;
comment on function licensing.members_of is
  'These purchases and what is joined to them, lesser ids first: everybody locks in this order, so nobody waits in a circle.';

create function licensing.lock_purchases(roots text[]) returns void
language plpgsql set search_path = ''
as $$
declare
  member text;
begin
  foreach member in array licensing.members_of(roots) loop
    perform from licensing.purchases p where p.purchase_id = member for update;
  end loop;
end
$$;
comment on function licensing.lock_purchases is
  'Locks these purchases and what is joined to them; what is joined while it waits is not among them.';

create function licensing.lock_root(member text) returns text
language plpgsql set search_path = ''
as $$
declare
  root text;
  members text[];
begin
  loop
    root := (
      select coalesce(p.joined_to, p.purchase_id) from licensing.purchases p
      where p.purchase_id = member
    );
    members := licensing.members_of(array[root]);
    begin
      perform licensing.lock_purchases(array[root]);
      exit when members = licensing.members_of(array[root]) and root is not distinct from (
        select coalesce(p.joined_to, p.purchase_id) from licensing.purchases p
        where p.purchase_id = member
      );
      raise exception using errcode = 'LC001', message = 'joined meanwhile';
    exception when sqlstate 'LC001' then
      -- Its locks are let go, to be taken in their order.
    end;
  end loop;
  return root;
end
$$;
comment on function licensing.lock_root is
  'Locks the purchase that this one is part of, with all that is joined to it, and returns it; null: there is none.';

create function licensing.link_ids(ids text[]) returns text
language plpgsql set search_path = ''
as $$
declare
  best text := (select id from unnest(ids) id order by licensing.link_rank(id) desc, id limit 1);
  roots text[];
  made integer;
begin
  -- Every id has a row: what two events share is where they queue up.
  insert into licensing.purchase_links (stripe_id, purchase_id)
  select id, best from unnest(ids) as id order by id
  on conflict (stripe_id) do nothing;
  get diagnostics made = row_count;
  if made = cardinality(ids) then
    -- All are new, and whoever has one of them too waits for the rows just written.
    return best;
  end if;

  -- Mostly all lead to the best of them already: whoever would lead it on must wait for its lock.
  -- Each looked up by its key: a plan kept from when there were few would read all links.
  if not exists (
    select from unnest(ids) as id where (
      select l.purchase_id from licensing.purchase_links l where l.stripe_id = id
    ) <> best
  ) then
    begin
      perform from licensing.purchase_links l
      where l.stripe_id = best and l.purchase_id = best for update;
      if found then
        return best;
      end if;
      raise exception using errcode = 'LC001', message = 'led on meanwhile';
    exception when sqlstate 'LC001' then
      -- Its lock is let go, to be taken in its turn.
    end;
  end if;

  loop
    with recursive chain as (
      select l.stripe_id, l.purchase_id
      from licensing.purchase_links l where l.stripe_id = any (ids)
      union
      select l.stripe_id, l.purchase_id
      from licensing.purchase_links l join chain c on l.stripe_id = c.purchase_id
    )
    select array_agg(c.stripe_id order by licensing.link_rank(c.stripe_id) desc, c.stripe_id)
    into roots
    from chain c where c.stripe_id = c.purchase_id;

    perform from licensing.purchase_links l
    where l.stripe_id = any (ids || roots) order by l.stripe_id for update;

    -- Somebody may have led a root on while we waited for its lock.
    exit when not exists (
      select from licensing.purchase_links l
      where l.stripe_id = any (roots) and l.purchase_id <> l.stripe_id
    );
  end loop;

  update licensing.purchase_links l set purchase_id = roots[1]
  where l.stripe_id = any (ids || roots) and l.purchase_id <> roots[1];

  if cardinality(roots) > 1 then
    perform licensing.lock_purchases(roots);
    update licensing.purchases p set joined_to = roots[1]
    where (p.purchase_id = any (roots) or p.joined_to = any (roots)) and p.purchase_id <> roots[1];
  end if;
  return roots[1];
end
$$;
comment on function licensing.link_ids is
  'Notes that these Stripe ids are one purchase; returns its best id. Purchases that prove to be one are joined at the next claim.';

create function licensing.root_of(ids text[]) returns text
language sql stable set search_path = ''
as $$
  with recursive chain as (
    select unnest(ids) as stripe_id
    union
    select l.purchase_id
    from licensing.purchase_links l join chain c using (stripe_id)
  )
  select c.stripe_id from chain c
  order by licensing.link_rank(c.stripe_id) desc, c.stripe_id limit 1
$$;
comment on function licensing.root_of is
  'The best id these Stripe ids lead to, as far as is known; nothing is noted or locked.';

revoke all on function
  licensing.link_rank,
  licensing.members_of,
  licensing.lock_purchases,
  licensing.lock_root,
  licensing.link_ids,
  licensing.root_of
from public, anon, authenticated, service_role;
grant execute on function
  licensing.link_rank,
  licensing.members_of,
  licensing.lock_purchases,
  licensing.lock_root,
  licensing.link_ids,
  licensing.root_of
to service_role;
