-- Reports of device and network tests that visitors have sent with their calls.

create table call_device_reports (
  call_id uuid primary key references calls on delete cascade,
  -- DeviceReport (protocol/device-report.ts), checked against its schema.
  report  jsonb not null,
  sent_at timestamptz not null default now()
);

alter table erasures add column device_reports int not null default 0;
