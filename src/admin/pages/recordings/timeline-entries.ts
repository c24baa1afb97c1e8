/** What the time line of a recording shows: events, chat lines, pictures and captions, each at its place. */
import type { CallRecord, Transcript } from '../../../protocol/rest/calls.ts';
import type { RecordingManifest } from '../../../protocol/rest/recordings.ts';
import { agentText, visitorText } from '../calls/call-texts.ts';
import { eventText } from '../calls/event-texts.ts';
import { placeOf, type FoundPlace } from './recording-clock.ts';

export const ENTRY_KINDS = ['event', 'chat', 'picture', 'caption'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface TimelineEntry {
  readonly id: string;
  readonly kind: EntryKind;
  /** Ms since 1970. */
  readonly at: number;
  readonly place: FoundPlace;
  /** Who wrote or spoke; '' for an event. */
  readonly from: string;
  readonly text: string;
  /** The language of the text, where it is known. */
  readonly language: string | null;
  /** The id of a picture of the conversation. */
  readonly picture: string | null;
}

/** In the order of time. What is not near the recording is left out. */
export function timelineEntries(
  call: CallRecord,
  { messages, captions }: Pick<Transcript, 'messages' | 'captions'>,
  { segments }: RecordingManifest,
): readonly TimelineEntry[] {
  const nameOf = ({ role, name }: { readonly role: string; readonly name: string }) =>
    role === 'visitor' ? visitorText(call.visitor) : agentText(call, name);
  const none = { from: '', text: '', language: null, picture: null };
  const all = [
    ...call.events.map((event) => ({
      ...none,
      id: `e${event.sequence}`,
      kind: 'event' as const,
      at: event.at,
      text: eventText(call, event),
    })),
    ...messages.map((message) => ({
      ...none,
      id: `m${message.sequence}`,
      kind: message.image ? ('picture' as const) : ('chat' as const),
      at: message.sentAt,
      from: nameOf(message),
      text: message.text ?? '',
      picture: message.image?.id ?? null,
    })),
    ...captions.map((line) => ({
      ...none,
      id: `c${line.id}`,
      kind: 'caption' as const,
      at: line.at,
      from: nameOf(line),
      text: line.text,
      language: line.language,
    })),
  ];
  return all
    .flatMap((entry) => {
      const place = placeOf(segments, entry.at);
      return place ? [{ ...entry, place }] : [];
    })
    .sort((a, b) => a.at - b.at);
}

/** The entry that was the last to come at this place; null before the first one. */
export function currentEntry(
  entries: readonly TimelineEntry[],
  moment: number | null,
): TimelineEntry | null {
  if (moment === null) return null;
  // Players stop a little before the place to which they were sent.
  return entries.findLast(({ at }) => at <= moment + 50) ?? null;
}
