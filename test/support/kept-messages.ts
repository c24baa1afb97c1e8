import type { ChatDraft, ChatServer } from '../../src/chat/chat.ts';
import { RtcDeskError, type ErrorCode } from '../../src/protocol/errors.ts';
import type { ChatMessage } from '../../src/protocol/views.ts';
import { message } from './fake-views.ts';

/** Keeps messages as the desk does: by id once, counted from 1. */
export class KeptMessages implements ChatServer {
  readonly reads: number[] = [];
  readonly histories: number[] = [];
  readonly uploads: Blob[] = [];
  typings = 0;
  /** The most messages that were under way at the same time. */
  mostAtOnce = 0;
  #atOnce = 0;
  downloads = 0;
  refuse: ErrorCode | null = null;
  refuseUpload: ErrorCode | null = null;
  /** Answers wait for this. */
  gate: Promise<void> = Promise.resolve();

  /** The record may be one that several people write into. */
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
  async upload(image: Blob) {
    if (this.refuseUpload) throw new RtcDeskError(this.refuseUpload);
    this.uploads.push(image);
    return { id: `image-${this.uploads.length}`, width: 2, height: 2 };
  }
  async download() {
    this.downloads++;
    if (this.refuse) throw new RtcDeskError(this.refuse);
    return new Blob(['picture'], { type: 'image/png' });
  }
  /** Somebody else writes. */
  write(text: string): ChatMessage {
    const kept = message(this.messages.length + 1, 'agent-1', text);
    this.messages.push(kept);
    return kept;
  }
}
