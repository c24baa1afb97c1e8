-- Rooms that are no call's and still open: few, among all that ever were.
create index rooms_open on rooms (created_at) where call_id is null and closed_at is null;
