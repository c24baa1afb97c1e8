import { ms } from '../views/view-columns.ts';

/** For the row `c` of calls: code and label of the last disposition, or null. */
export const DISPOSITION = `(
  select json_build_object('code', d.code, 'label', d.label)
    from legs dl join dispositions d on d.site_id = dl.site_id and d.code = dl.disposition
   where dl.call_id = c.id order by dl.offered_at desc, dl.id limit 1)`;

/** For the row `c` of calls: its tags as a JSON array. */
export const TAGS = `(
  select coalesce(json_agg(t.tag order by t.added_at, t.tag), '[]') from call_tags t where t.call_id = c.id)`;

/** For the row `c` of calls: the newest version of each author's note as a JSON array. */
export const NEWEST_NOTES = `(
  select coalesce(json_agg(json_build_object('agent', n.name, 'text', n.text, 'savedAt', ${ms('n.saved_at')})
                           order by n.saved_at), '[]')
    from (select distinct on (n.agent_id) na.name, n.text, n.saved_at
            from call_notes n join agents na on na.id = n.agent_id
           where n.call_id = c.id order by n.agent_id, n.version desc) n
   where n.text <> '')`;

/** For the row `c` of calls: the notes with all versions, oldest first, as a JSON array. */
export const NOTE_VERSIONS = `(
  select coalesce(json_agg(json_build_object(
           'agent', n.username, 'versions', n.versions) order by n.first_at), '[]')
    from (select na.username, min(n.saved_at) as first_at,
                 json_agg(json_build_object('version', n.version, 'text', n.text, 'savedAt', ${ms('n.saved_at')})
                          order by n.version) as versions
            from call_notes n join agents na on na.id = n.agent_id
           where n.call_id = c.id group by na.id) n)`;
