import type { ChatDraft, ChatServer, EnteredRoom } from '../../src/chat/chat.ts';
import type { Picture } from '../../src/platform/platform.ts';
import { RtcDeskError, type ErrorCode } from '../../src/protocol/errors.ts';
import type { ChatMessage } from '../../src/protocol/views.ts';
import { message } from './fake-views.ts';

/** Stores messages as the desk does: once for each id, numbered from 1. */
export class KeptMessages implements ChatServer {
  readonly reads: number[] = [];
  readonly histories: number[] = [];
  readonly uploads: Picture[] = [];
  typings = 0;
  /** The largest number of messages that were under way at the same time. */
  mostAtOnce = 0;
  #atOnce = 0;
  downloads = 0;
  refuse: ErrorCode | null = null;
  refuseUpload: ErrorCode | null = null;
  /** Answers wait for this. */
  gate: Promise<void> = Promise.resolve();

  /** Several people may write into the same `messages`. */
  constructor(
    private readonly self = 'visitor-1',
    readonly messages: ChatMessage[] = [],
  ) {}

  async send(draft: ChatDraft): Promise<ChatMessage> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    await this.gate;
    this.#atOnce--;
    if (this.refuse) throw new RtcDeskError(this.refuse);
    const known = this.messages.find(({ id }) => id === draft.messageId);
    if (known) return known;
    const kept = {
      ...message(this.messages.length + 1, this.self, draft.text ?? '', draft.messageId),
      text: draft.text ?? null,
      image: draft.imageId ? { id: draft.imageId, width: 2, height: 2 } : null,
    };
    this.messages.push(kept);
    return kept;
  }
  async history(after: number) {
    this.histories.push(after);
    return this.messages.slice(after, after + 100);
  }
  async read(sequence: number) {
    this.reads.push(sequence);
  }
  typing() {
    this.typings++;
  }
  async upload(image: Picture) {
    if (this.refuseUpload) throw new RtcDeskError(this.refuseUpload);
    this.uploads.push(image);
    return { id: `image-${this.uploads.length}`, width: 2, height: 2 };
  }
  async download() {
    this.downloads++;
    if (this.refuse) throw new RtcDeskError(this.refuse);
    return new Blob(['picture'], { type: 'image/png' });
  }
  /** What `enter-room` answers. */
  get entered(): EnteredRoom {
    return { lastSequence: this.messages.length, readMarks: [] };
  }
  /** Somebody else writes. */
  write(text: string): ChatMessage {
    const kept = message(this.messages.length + 1, 'agent-1', text);
    this.messages.push(kept);
    return kept;
  }
}
