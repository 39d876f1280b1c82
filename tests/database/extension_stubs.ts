// Stand-ins for pg_cron and pg_net, which write down what they are asked: neither comes with Postgres.

/** pg_cron: `cron.job` has what was scheduled, one row a name, as the real one. */
export const cronStub = `
  create schema cron;
  create table cron.job (
    jobid bigint generated always as identity,
    jobname text primary key, schedule text not null, command text not null,
    active boolean not null default true
  );
  create function cron.schedule(job_name text, schedule text, command text) returns bigint
  language sql as $$
    insert into cron.job (jobname, schedule, command) values (job_name, schedule, command)
    on conflict (jobname) do update set schedule = excluded.schedule, command = excluded.command
    returning 1
  $$;
  create table cron.job_run_details (
    jobid bigint, runid bigint generated always as identity,
    command text not null, status text, start_time timestamptz
  );`;

/** pg_cron before 1.5: refuses to run anything more often than once a minute. */
export const oldCronStub = `${cronStub}
  alter table cron.job add constraint schedule_is_known check (schedule !~ 'seconds');`;

/** pg_net: `net.posted` has what was posted, `net._http_response` what a test had answered. */
export const netStub = `
  create schema net;
  create table net.posted (
    id bigint generated always as identity, url text, body jsonb, headers jsonb, timeout integer
  );
  create table net._http_response (
    id bigint, status_code integer, content text, timed_out boolean, error_msg text,
    created timestamptz not null default now()
  );
  create function net.http_post(
    url text, body jsonb default '{}', params jsonb default '{}',
    headers jsonb default '{"Content-Type": "application/json"}',
    timeout_milliseconds integer default 5000
  ) returns bigint
  language sql as $$
    insert into net.posted (url, body, headers, timeout)
    values (url, body, headers, timeout_milliseconds) returning id
  $$;`;
