-- When some node last wrote that it is there; one row. A gap is time in which nobody could reach a server.
create table service (
  one      boolean primary key default true check (one),
  alive_at timestamptz not null default clock_timestamp()
);
insert into service default values;
