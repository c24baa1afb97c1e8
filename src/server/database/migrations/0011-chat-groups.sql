-- Which of Tencent's services is to be told: TRTC of its rooms, or IM of the groups in which their conversations ran.
-- Each is told by itself, so that one that does not answer holds nobody up.
alter table trtc_removals
  add column service text not null default 'trtc' check (service in ('trtc', 'im'));
drop index trtc_removals_due_at_idx;
create index on trtc_removals (service, due_at);
