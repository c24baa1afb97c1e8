import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { RoomSnapshot } from '../../call/room-control.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { closeIcon, infoIcon, screenIcon, soundIcon, warningIcon } from '../parts/icons.ts';
import { isChatFailure } from './chat/chat-failure.ts';
import { errorText } from '../parts/texts/error-text.ts';

interface NoticeContext {
  /** Why the last request failed. */
  readonly failure: ErrorCode | null;
  /** The conversation tells by itself why a message was refused. */
  readonly chatOpen: boolean;
  /** The keys of the notices that the person has closed. */
  readonly dismissed: ReadonlySet<string>;
  readonly dismiss: (key: string) => void;
  readonly startAudio: () => void;
  readonly retryMedia: () => void;
  readonly stopScreen: () => void;
}

/** The notices above the picture but that of the connection, the most urgent first. A chunk of its own. */
export function roomNotices(snapshot: RoomSnapshot, context: NoticeContext) {
  const { camera, microphone, screen } = snapshot.local;
  const notices: TemplateResult[] = [];
  if (snapshot.audioBlocked) {
    const text = msg('The browser has blocked the sound.');
    notices.push(withButton(soundIcon(), text, msg('Turn on sound'), context.startAudio));
  }
  if (snapshot.mediaError) {
    const { text, hint } = errorText(snapshot.mediaError);
    notices.push(
      withButton(warningIcon(), `${text} ${hint}`, msg('Try again'), context.retryMedia),
    );
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
  if (snapshot.fellBack) {
    const text = msg(
      'The usual video service could not be reached. The call goes on over a direct connection.',
    );
    notices.push(closable('fell back', infoIcon(), html`${text}`, context));
  }
  if (screen.state === 'on') {
    const text = msg('You are sharing your screen.');
    notices.push(withButton(screenIcon(), text, msg('Stop sharing'), context.stopScreen, 'status'));
  }
  return notices;
}

/** A notice with a button that may solve the problem. */
function withButton(
  icon: TemplateResult,
  text: string,
  label: string,
  press: () => void,
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
