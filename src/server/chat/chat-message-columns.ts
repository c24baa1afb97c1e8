/** The columns of a `ChatMessage`, for the rows `m` of messages, `p` of participants, `i` of images. */
export const CHAT_MESSAGE = `
  m.sequence, m.id, m.participant_id as "from", p.name, p.role,
  floor(extract(epoch from m.sent_at) * 1000)::float8 as "sentAt", m.text,
  case when i.id is not null
       then json_build_object('id', i.id, 'width', i.width, 'height', i.height) end as image`;
