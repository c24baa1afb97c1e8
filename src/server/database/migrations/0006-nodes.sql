-- What one node hands to another: a media signal, a typing mark. Nothing that would have to outlive a crash.
create unlogged table parcels (
  id      bigint generated always as identity primary key,
  node_id text not null,
  payload text not null,
  sent_at timestamptz not null default now()
);
create index on parcels (node_id, id);
