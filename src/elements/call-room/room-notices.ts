import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { MediaModeSnapshot, RoomSnapshot } from '../../call/room-control.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { ask } from '../parts/events/requests.ts';
import { closeIcon, infoIcon, screenIcon, soundIcon, warningIcon } from '../parts/icons.ts';
import type { RunInRoom } from './room-request-handlers.ts';
import { isChatFailure } from './chat/chat-failure.ts';
import { errorText } from '../parts/texts/error-text.ts';

export { roomOver } from './room-over.ts';

interface NoticeContext {
  /** Why the last request failed. */
  readonly failure: ErrorCode | null;
  /** The conversation tells by itself why a message was refused. */
  readonly chatOpen: boolean;
  /** The keys of the notices that the person has closed. */
  readonly dismissed: ReadonlySet<string>;
  readonly dismiss: (key: string) => void;
  readonly run: RunInRoom;
}

/** The notices above the picture but that of the connection, the most urgent first. A chunk of its own, with the end of the room. */
export function roomNotices(snapshot: RoomSnapshot, context: NoticeContext) {
  const { camera, microphone, screen } = snapshot.local;
  const { run } = context;
  const notices: TemplateResult[] = [];
  if (snapshot.audioBlocked) {
    const text = msg('The browser has blocked the sound.');
    const press = () => run((room) => room.startAudio());
    notices.push(withButton(soundIcon(), text, msg('Turn on sound'), press));
  }
  if (snapshot.mediaError) {
    const { text, hint } = errorText(snapshot.mediaError);
    const press = () => run((room) => room.retryMedia());
    notices.push(withButton(warningIcon(), `${text} ${hint}`, msg('Try again'), press));
  }
  if (context.failure && !(context.chatOpen && isChatFailure(context.failure))) {
    notices.push(failed('failure', context.failure, context));
  }
  for (const [source, { state, error }] of Object.entries({ camera, microphone })) {
    // One notice if both devices failed for the same reason.
    if (state !== 'failed' || !error) continue;
    if (source === 'microphone' && camera.error === error && camera.state === 'failed') continue;
    notices.push(failed(`${source} ${error}`, error, context));
  }
  notices.push(...networkNotices(snapshot, context));
  if (snapshot.fellBack) {
    const text = msg(
      'The usual video service could not be reached. The call goes on over a direct connection.',
    );
    notices.push(closable('fell back', infoIcon(), html`${text}`, context));
  }
  if (screen.state === 'on') {
    const text = msg('You are sharing your screen.');
    const press = () => run((room) => room.stopScreen());
    notices.push(withButton(screenIcon(), text, msg('Stop sharing'), press, 'status'));
  }
  return notices;
}

/** What is not sent for the network's sake, and the callback where nothing helps. */
function networkNotices(
  { mediaMode, people }: RoomSnapshot,
  context: NoticeContext,
): readonly TemplateResult[] {
  if (!mediaMode) return [];
  const { mode, improved, callback } = mediaMode;
  const notices: TemplateResult[] = [];
  if (mode === 'chat') {
    const text = msg('The network is too slow for sound, so please go on in the chat.');
    notices.push(
      context.chatOpen
        ? said(warningIcon(), text)
        : withButton(warningIcon(), text, msg('Chat'), openChat, 'status'),
    );
  } else if (mode === 'audio' || improved) {
    notices.push(
      said(mode === 'audio' && !improved ? warningIcon() : infoIcon(), modeText(mediaMode)),
    );
  }
  const agent = people[0]?.role === 'agent';
  const callBack = () =>
    context.run(async (room) => (await room.openAdaptation?.())?.askForCallback());
  if (callback === 'offered') {
    const text = agent
      ? msg('The visitor can also be called back, and keeps the place in line.')
      : msg('We can also call you back, and you keep your place in line.');
    const label = agent ? msg('End and call back') : msg('Call me back');
    notices.push(withButton(infoIcon(), text, label, callBack, 'status'));
  } else if (callback === 'asked') {
    const text = msg('The callback is arranged as soon as there is a connection.');
    notices.push(said(infoIcon(), text));
  } else if (callback === 'failed') {
    const text = msg('The callback could not be arranged.');
    notices.push(withButton(warningIcon(), text, msg('Try again'), callBack));
  }
  return notices;
}

function modeText({ mode, improved }: MediaModeSnapshot): string {
  if (mode === 'video') return msg('The network is better, and the video is back.');
  return improved
    ? msg('The network is better, and the sound is back.')
    : msg('The network is too slow for video, so the call goes on with sound only.');
}

const openChat = ({ currentTarget }: Event) => ask(currentTarget!, 'chat-request', { open: true });

const said = (icon: TemplateResult, text: string) =>
  html`<div class="notice" role="status">
    ${icon}
    <p>${text}</p>
  </div>`;

/** A notice with a button that may solve the problem. */
function withButton(
  icon: TemplateResult,
  text: string,
  label: string,
  press: (event: Event) => unknown,
  role: 'alert' | 'status' = 'alert',
) {
  return html`<div class="notice" role=${role}>
    ${icon}
    <p>${text}</p>
    <button class="button primary" type="button" @click=${press}>${label}</button>
  </div>`;
}

function failed(key: string, code: ErrorCode, context: NoticeContext) {
  const { text, hint } = errorText(code);
  const icon = key === 'failure' ? warningIcon() : infoIcon();
  return closable(key, icon, html`<strong>${text}</strong> ${hint}`, context);
}

function closable(
  key: string,
  icon: TemplateResult,
  said: TemplateResult,
  context: NoticeContext,
): TemplateResult {
  if (context.dismissed.has(key)) return html``;
  return html`<div class="notice" role="alert">
    ${icon}
    <p>${said}</p>
    <button
      class="icon-button"
      type="button"
      aria-label=${msg('Dismiss')}
      @click=${() => context.dismiss(key)}
    >
      ${closeIcon()}
    </button>
  </div>`;
}
