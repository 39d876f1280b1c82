-- Whether Stripe lets itself be read: STRIPE_SECRET_KEY is a person's to mend.

create table licensing.stripe_access (
  only_row boolean primary key default true,
  refused_since timestamptz,
  not_found_since timestamptz,
  constraint one_row_only check (only_row)
);
comment on table licensing.stripe_access is
  'The one row here says whether Stripe is read as it should be, with STRIPE_SECRET_KEY.';
comment on column licensing.stripe_access.only_row is 'Always true: there is one row.';
comment on column licensing.stripe_access.refused_since is
  'Since when Stripe refuses the key, or what it may not read; null: it does not.';
comment on column licensing.stripe_access.not_found_since is
  'Since when Stripe does not know what its own events told of: the key is of another account or mode; null: it does.';
insert into licensing.stripe_access default values;

alter table licensing.stripe_access enable row level security;
revoke all on licensing.stripe_access from public, anon, authenticated, service_role;
grant select, update on licensing.stripe_access to service_role;

create function licensing.note_stripe_read(result text, at timestamptz) returns void
language sql strict set search_path = ''
as $$
  -- Only what changes is written: nobody waits here for anybody while all goes well.
  update licensing.stripe_access s set
    refused_since = case result
      when 'refused' then coalesce(s.refused_since, at)
      when 'not_found' then s.refused_since
    end,
    not_found_since = case result
      when 'not_found' then coalesce(s.not_found_since, at)
      when 'refused' then s.not_found_since
    end
  where result = 'refused' and s.refused_since is null
    or result = 'not_found' and s.not_found_since is null
    or result = 'found' and (s.refused_since is not null or s.not_found_since is not null)
$$;
comment on function licensing.note_stripe_read is
  'Notes what came of a read of Stripe: found, not_found or refused; null: there was none.';

revoke all on function licensing.note_stripe_read from public, anon, authenticated, service_role;
grant execute on function licensing.note_stripe_read to service_role;
