import type { Command, CommandType } from '../../../protocol/client-messages.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { Viewer } from '../viewer.ts';
import { acceptOffer } from './accept-offer.ts';
import { activateTab } from './activate-tab.ts';
import { addCaption } from './add-caption.ts';
import { answerDeviceRequest } from './answer-device-request.ts';
import { answerRecording } from './answer-recording.ts';
import { callBack } from './call-back.ts';
import { cannedReplies } from './canned-replies.ts';
import { cannedReplyPicture } from './canned-reply-picture.ts';
import { changeDrawing } from './change-drawing.ts';
import { changeFollowUp } from './change-follow-up.ts';
import { chatHistory } from './chat-history.ts';
import { chatRead } from './chat-read.ts';
import { chatSend } from './chat-send.ts';
import { declineOffer } from './decline-offer.ts';
import { endCall } from './end-call.ts';
import { endWithCallback } from './end-with-callback.ts';
import { enterRoom } from './enter-room.ts';
import { extendWrapUp } from './extend-wrap-up.ts';
import { fallBack } from './fall-back.ts';
import { finishWrapUp } from './finish-wrap-up.ts';
import { flowAnswer } from './flow-answer.ts';
import { followUps } from './follow-ups.ts';
import { leaveRoom } from './leave-room.ts';
import { offerHandOver } from './offer-hand-over.ts';
import { pastMessages } from './past-messages.ts';
import { pastPicture } from './past-picture.ts';
import { readDispositions } from './read-dispositions.ts';
import { playRecording } from './play-recording.ts';
import { readPastCall } from './read-past-call.ts';
import { renewTicket } from './renew-ticket.ts';
import { renewToken } from './renew-token.ts';
import { reportFirstFrame } from './report-first-frame.ts';
import { reportHidden } from './report-hidden.ts';
import { requestCall } from './request-call.ts';
import { requestDeviceAction } from './request-device-action.ts';
import { saveNote } from './save-note.ts';
import {
  pauseRecording,
  recordingFailed,
  resumeRecording,
  startRecording,
  stopRecording,
} from './change-recording.ts';
import { setDisposition } from './set-disposition.ts';
import { setStatus } from './set-status.ts';
import { setTags } from './set-tags.ts';
import { takeHandOver } from './take-hand-over.ts';
import { visitorHistory } from './visitor-history.ts';
import type { CommandHandler } from './command-handler.ts';

const EVERYBODY = ['visitor', 'agent', 'guest'] as const;

interface CommandRule<T extends CommandType> {
  /** Who may send it. The handler checks whose call, leg or room it is. */
  readonly roles: readonly Viewer['role'][];
  readonly handle: CommandHandler<T>;
  /** Whether the sender's view shows the effect. Then the changed view is sent before the result. */
  readonly changesView: boolean;
}

const COMMANDS: { readonly [T in CommandType]: CommandRule<T> } = {
  'request-call': { roles: ['visitor'], handle: requestCall, changesView: true },
  'end-call': { roles: ['visitor', 'agent'], handle: endCall, changesView: true },
  'flow-answer': { roles: ['visitor'], handle: flowAnswer, changesView: true },
  'report-hidden': { roles: ['visitor'], handle: reportHidden, changesView: false },
  'offer-hand-over': { roles: ['visitor'], handle: offerHandOver, changesView: false },
  'take-hand-over': { roles: ['visitor'], handle: takeHandOver, changesView: false },
  'set-status': { roles: ['agent'], handle: setStatus, changesView: true },
  'accept-offer': { roles: ['agent'], handle: acceptOffer, changesView: true },
  'decline-offer': { roles: ['agent'], handle: declineOffer, changesView: true },
  'finish-wrap-up': { roles: ['agent'], handle: finishWrapUp, changesView: true },
  'extend-wrap-up': { roles: ['agent'], handle: extendWrapUp, changesView: true },
  'set-disposition': { roles: ['agent'], handle: setDisposition, changesView: true },
  'save-note': { roles: ['agent'], handle: saveNote, changesView: true },
  'set-tags': { roles: ['agent'], handle: setTags, changesView: true },
  'read-dispositions': { roles: ['agent'], handle: readDispositions, changesView: false },
  'canned-replies': { roles: ['agent'], handle: cannedReplies, changesView: false },
  'canned-reply-picture': { roles: ['agent'], handle: cannedReplyPicture, changesView: false },
  'visitor-history': { roles: ['agent'], handle: visitorHistory, changesView: false },
  'read-past-call': { roles: ['agent'], handle: readPastCall, changesView: false },
  'play-recording': { roles: ['agent'], handle: playRecording, changesView: false },
  'past-messages': { roles: ['agent'], handle: pastMessages, changesView: false },
  'past-picture': { roles: ['agent'], handle: pastPicture, changesView: false },
  'follow-ups': { roles: ['agent'], handle: followUps, changesView: false },
  'change-follow-up': { roles: ['agent'], handle: changeFollowUp, changesView: false },
  'call-back': { roles: ['agent'], handle: callBack, changesView: false },
  'activate-tab': { roles: ['agent'], handle: activateTab, changesView: true },
  'enter-room': { roles: EVERYBODY, handle: enterRoom, changesView: true },
  'leave-room': { roles: EVERYBODY, handle: leaveRoom, changesView: true },
  'report-first-frame': { roles: EVERYBODY, handle: reportFirstFrame, changesView: false },
  'renew-ticket': { roles: EVERYBODY, handle: renewTicket, changesView: false },
  'renew-token': { roles: ['agent'], handle: renewToken, changesView: false },
  'fall-back': { roles: EVERYBODY, handle: fallBack, changesView: true },
  'end-with-callback': { roles: ['visitor', 'agent'], handle: endWithCallback, changesView: true },
  'chat-send': { roles: EVERYBODY, handle: chatSend, changesView: false },
  'chat-history': { roles: EVERYBODY, handle: chatHistory, changesView: false },
  'chat-read': { roles: EVERYBODY, handle: chatRead, changesView: false },
  'change-drawing': { roles: ['agent'], handle: changeDrawing, changesView: false },
  'request-device-action': { roles: ['agent'], handle: requestDeviceAction, changesView: false },
  'answer-device-request': { roles: EVERYBODY, handle: answerDeviceRequest, changesView: false },
  'add-caption': { roles: EVERYBODY, handle: addCaption, changesView: false },
  'start-recording': { roles: ['agent'], handle: startRecording, changesView: true },
  'pause-recording': { roles: ['agent'], handle: pauseRecording, changesView: true },
  'resume-recording': { roles: ['agent'], handle: resumeRecording, changesView: true },
  'stop-recording': { roles: ['agent'], handle: stopRecording, changesView: true },
  'recording-failed': { roles: ['agent'], handle: recordingFailed, changesView: true },
  'answer-recording': { roles: ['visitor'], handle: answerRecording, changesView: true },
};

export const changesOwnView = (type: CommandType): boolean => COMMANDS[type].changesView;

/** Rejects with `forbidden` if the connection's role has no such command. */
export async function runCommand(
  node: NodeContext,
  connection: Connection,
  command: Command,
): Promise<unknown> {
  const { roles, handle } = COMMANDS[command.type];
  const role = connection.viewer?.role;
  if (!role || !roles.includes(role)) {
    throw new RtcDeskError('forbidden', 'This command is not yours.');
  }
  return (handle as CommandHandler<CommandType>)(node, connection, command);
}
