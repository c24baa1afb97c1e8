import { decodePicture } from '../../platform/decode-picture.ts';
import type { CommandBody, CommandType, CommandValues } from '../../protocol/client-messages.ts';
import type { PicturePart } from '../../protocol/past-call.ts';
import type { CannedReply } from '../../protocol/rest/canned-replies.ts';
import type { ChatMessage } from '../../protocol/views.ts';
import type { FollowUp } from '../../protocol/rest/follow-ups.ts';
import type {
  DeskRecords,
  DispositionTree,
  FollowUpPage,
  FollowUpStep,
  PastRecording,
} from '../agent-desk-control.ts';
import type { PastCall, ReadCall } from '../../protocol/views.ts';

type Ask = <T extends CommandType>(body: CommandBody<T>) => Promise<CommandValues[T]>;

/** What an agent reads and writes about calls, over signaling. */
export class SignalingRecords implements DeskRecords {
  /** `resolve` makes an address of a path of the server's. */
  constructor(
    private readonly ask: Ask,
    private readonly resolve: (path: string) => string,
  ) {}

  async readDispositions(): Promise<DispositionTree> {
    return (await this.ask<'read-dispositions'>({ type: 'read-dispositions' })).dispositions;
  }

  async readCannedReplies(): Promise<readonly CannedReply[]> {
    const replies: CannedReply[] = [];
    let cursor: string | null = null;
    do {
      const page: CommandValues['canned-replies'] = await this.ask<'canned-replies'>({
        type: 'canned-replies',
        ...(cursor !== null && { cursor }),
      });
      replies.push(...page.replies);
      cursor = page.cursor;
    } while (cursor !== null);
    return replies;
  }

  readReplyPicture(replyId: string): Promise<Blob> {
    return readPicture((offset) =>
      this.ask<'canned-reply-picture'>({ type: 'canned-reply-picture', replyId, offset }),
    );
  }

  async readHistory(callId: string): Promise<readonly PastCall[]> {
    return (await this.ask<'visitor-history'>({ type: 'visitor-history', callId })).calls;
  }

  readPastCall(callId: string): Promise<ReadCall> {
    return this.ask<'read-past-call'>({ type: 'read-past-call', callId });
  }

  async playRecording({ id: recordingId, files }: PastRecording): Promise<readonly string[]> {
    const { code } = await this.ask<'play-recording'>({ type: 'play-recording', recordingId });
    return files.map(({ part }) =>
      this.resolve(`/api/v1/played-recording?code=${code}&part=${part}`),
    );
  }

  async readPastMessages(callId: string): Promise<readonly ChatMessage[]> {
    const messages: ChatMessage[] = [];
    for (;;) {
      const after = messages.at(-1)?.sequence ?? 0;
      const page = await this.ask<'past-messages'>({ type: 'past-messages', callId, after });
      if (page.messages.length === 0) return messages;
      messages.push(...page.messages);
    }
  }

  readPastPicture(callId: string, pictureId: string): Promise<Blob> {
    return readPicture((offset) =>
      this.ask<'past-picture'>({ type: 'past-picture', callId, pictureId, offset }),
    );
  }

  readFollowUps(cursor: string | null): Promise<FollowUpPage> {
    return this.ask<'follow-ups'>({ type: 'follow-ups', ...(cursor !== null && { cursor }) });
  }

  changeFollowUp({ id: followUpId, version }: FollowUp, change: FollowUpStep): Promise<FollowUp> {
    return this.ask<'change-follow-up'>({
      type: 'change-follow-up',
      followUpId,
      version,
      ...change,
    });
  }

  callBack({ id: followUpId, version }: FollowUp): Promise<FollowUp> {
    return this.ask<'call-back'>({ type: 'call-back', followUpId, version });
  }
}

/** Reads a picture part by part. */
async function readPicture(readPart: (offset: number) => Promise<PicturePart>): Promise<Blob> {
  const parts: string[] = [];
  let offset = 0;
  for (;;) {
    const { data, total } = await readPart(offset);
    parts.push(data);
    offset += bytesOf(data);
    if (offset >= total || data === '') return decodePicture(parts);
  }
}

/** How many bytes a text in base64 stands for. */
function bytesOf(data: string): number {
  return (data.length / 4) * 3 - (/=*$/.exec(data)?.[0].length ?? 0);
}
