import type { Transcript } from '../../protocol/rest/calls.ts';
import type { CaptionLine } from '../../protocol/rest/captions.ts';
import type { ChatMessage } from '../../protocol/views.ts';
import { readCaptions } from '../captions/read-captions.ts';
import { readMessagePage } from '../chat/read-messages.ts';
import type { Queryable } from '../database/database.ts';
import { readCallRoom, readCallSummary, type CallScope } from './call-record.ts';

/** The whole conversation of a call. Null if there is no such call in the scope. */
export async function readTranscript(
  db: Queryable,
  scope: CallScope,
  id: string,
): Promise<Transcript | null> {
  const call = await readCallSummary(db, scope, id);
  const room = await readCallRoom(db, scope, id);
  if (!call || room === undefined) return null;
  const messages = room === null ? [] : await readConversation(db, room);
  return { call, messages, captions: await readCaptions(db, id) };
}

/** All messages of a room. */
export async function readConversation(db: Queryable, room: number): Promise<ChatMessage[]> {
  const messages: ChatMessage[] = [];
  for (;;) {
    const after = messages.at(-1)?.sequence ?? 0;
    const page = await readMessagePage(db, { room, after });
    messages.push(...page.messages);
    if (!page.more || page.messages.length === 0) return messages;
  }
}

/** A page without style or script. `pictureAddress`: where a picture is; by default beside the page, at `pictures/<id>`. */
export function transcriptHtml(
  { call, messages, captions }: Transcript,
  pictureAddress = (id: string): string => `pictures/${id}`,
): string {
  const title = `${[call.visitor.name, call.skill?.name, iso(call.requestedAt)].filter(Boolean).join(' · ')}`;
  const lines = inOrder(messages, captions).map((line) =>
    'sequence' in line
      ? transcriptLine(line, line.image && pictureAddress(line.image.id))
      : spokenLine(line),
  );
  return `${transcriptStart(title)}${lines.join('')}${TRANSCRIPT_END}`;
}

/** What was written and what was said, in the order of time. */
export function inOrder(
  messages: readonly ChatMessage[],
  captions: readonly CaptionLine[],
): readonly (ChatMessage | CaptionLine)[] {
  const time = (line: ChatMessage | CaptionLine) => ('sequence' in line ? line.sentAt : line.at);
  return [...messages, ...captions].sort((a, b) => time(a) - time(b));
}

/** The beginning of a page of a conversation, up to its first line. */
export const transcriptStart = (title: string): string => `<!doctype html>
<html>
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>${escape(title)}</title>
  </head>
  <body>
    <h1>${escape(title)}</h1>
    <ol>
`;

export const TRANSCRIPT_END = `    </ol>
  </body>
</html>
`;

/** One message. `picture`: the address of its picture; null where the message has none. */
export const transcriptLine = (message: ChatMessage, picture: string | null): string =>
  `    <li id="m${message.sequence}">
      <p>${time(message.sentAt)} <strong>${escape(message.name)}</strong></p>
${content(message, picture)}
    </li>
`;

/** One line of what was said. */
export const spokenLine = ({ id, at, name, language, text, translations }: CaptionLine): string =>
  `    <li id="c${id}" lang="${escape(language)}">
      <p>${time(at)} <strong>${escape(name)}</strong> (spoken)</p>
      <p>${escape(text)}</p>
${translations.map((one) => `      <p lang="${escape(one.language)}">${escape(one.text)} (translation)</p>\n`).join('')}    </li>
`;

function content({ text, image }: ChatMessage, picture: string | null): string {
  if (image && picture !== null) {
    return `      <p><img src="${escape(picture)}" width="${image.width}" height="${image.height}" alt="" /></p>`;
  }
  return `      <p>${escape(text ?? '').replaceAll('\n', '<br />')}</p>`;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const time = (ms: number): string => `<time datetime="${iso(ms)}">${iso(ms)}</time>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
