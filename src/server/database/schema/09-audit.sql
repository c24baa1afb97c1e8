-- The security log: who did what, from where. Rows of a site form a chain of hashes.

-- The end of each site's chain. Writers of one site wait for each other here until the commit.
create table audit_chains (
  site_id  text primary key references sites on delete cascade,
  sequence bigint not null,
  hash     bytea not null
);

create table audit (
  site_id       text not null references sites on delete cascade,
  -- 1, 2, 3 … without a gap. Retention deletes the oldest.
  sequence      bigint not null,
  at            timestamptz not null default clock_timestamp(),
  type          text not null check (type in (
                  'signed-in', 'sign-in-failed', 'signed-out', 'password-changed', 'password-reset',
                  'second-factor-added', 'second-factor-removed', 'recovery-codes-made', 'recovery-code-used',
                  'agent-disabled', 'agent-enabled', 'secret-rotated',
                  'provisioned', 'configuration-changed', 'record-read', 'recording-read', 'link-made', 'link-revoked', 'message-deleted', 'legal-hold-set', 'legal-hold-lifted',
                  'erasure-ordered', 'erased',
                  'backed-up', 'restored')),
  -- An agent; the operator on the command line; the site's backend by its API token; the server itself; a visitor with
  -- the code of the own call; or somebody who has not proved who they are.
  actor         text not null check (actor in ('agent', 'operator', 'backend', 'system', 'visitor', 'unknown')),
  agent_id      uuid references agents on delete no action deferrable,
  -- The operator's user on the server's machine, or the `sub` of the API token.
  actor_name    text,
  -- Null if nobody came over the network.
  address       text,
  -- To what it was done: `agent:<id>`, `call:<id>`, or null for the site itself.
  subject       text,
  -- What was changed, without secrets.
  before        jsonb,
  after         jsonb,
  -- The hash of the row before, and the hash of this row with it.
  previous_hash bytea not null,
  hash          bytea not null,
  primary key (site_id, sequence),
  check ((actor = 'agent') = (agent_id is not null))
);
create index audit_by_agent on audit (agent_id) where agent_id is not null;
create index audit_by_time on audit (at);
create index audit_by_subject on audit (site_id, subject) where subject is not null;

-- The same text for the same row in every session: the time as a number, the objects as jsonb orders them.
create function audit_hash(a audit) returns bytea language sql stable as $$
  select sha256(a.previous_hash || convert_to(jsonb_build_array(
    a.site_id, a.sequence, extract(epoch from a.at), a.type, a.actor, a.agent_id, a.actor_name, a.address, a.subject,
    a.before, a.after)::text, 'UTF8'))
$$;

create function chain_audit() returns trigger language plpgsql as $$
begin
  insert into audit_chains as c (site_id, sequence, hash) values (new.site_id, 1, '')
    on conflict (site_id) do update set sequence = c.sequence + 1
    returning c.sequence, c.hash into new.sequence, new.previous_hash;
  -- Under the lock, so that times grow with the sequence.
  new.at := clock_timestamp();
  new.hash := audit_hash(new);
  update audit_chains set hash = new.hash where site_id = new.site_id;
  return new;
end
$$;
create trigger audit_chained before insert on audit for each row execute function chain_audit();

-- As for call_events: only retention deletes, and nothing changes a row (refuse_log_change in 04-calls.sql).
create trigger audit_append_only before update or delete on audit
  for each row execute function refuse_log_change();
create trigger audit_never_truncated before truncate on audit
  for each statement execute function refuse_log_change();
