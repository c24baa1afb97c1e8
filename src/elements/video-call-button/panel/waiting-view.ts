import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { LocalMediaSnapshot } from '../../../call/room-control.ts';
import type { VisitorCallSnapshot } from '../../../call/visitor-call-control.ts';
import type { WaitEstimate } from '../../../protocol/views.ts';
import { ask } from '../../parts/events/requests.ts';
import {
  flipIcon,
  micIcon,
  micOffIcon,
  videoIcon,
  videoOffIcon,
  warningIcon,
} from '../../parts/icons.ts';
import { errorText } from '../../parts/texts/error-text.ts';

/** The state of a waiting call in one line. */
export function placeText({ state, step, position, agentName }: VisitorCallSnapshot): string {
  // The step itself says what it is about.
  if (step) return msg('Video support');
  if (state === 'connecting' && agentName) return msg(str`Connecting you to ${agentName}`);
  if (state === 'ringing' || state === 'connecting') return msg('Connecting you to an agent');
  if (position === null) return msg('Joining the queue');
  return msg(str`You are number ${position} in line`);
}

/** A waiting visitor's view: the place in the queue, the likely wait, the own camera, and device problems. */
export function waitingView(snapshot: VisitorCallSnapshot, panel: EventTarget): TemplateResult {
  const { local } = snapshot;
  const place = placeText(snapshot);
  return html`<div class="waiting" part="waiting">
    <div class="place">
      <p class="line" role="status" aria-label=${place}>${place}</p>
      <p class="note">${noteOf(snapshot)}</p>
      <div class="progress" aria-hidden="true"><i></i></div>
    </div>
    <slot name="challenge"></slot>
    ${mirror(local, panel)} ${deviceNotes(local)}
    <footer>
      <button class="button" type="button" @click=${() => ask(panel, 'hang-up-request')}>
        ${msg('Cancel')}
      </button>
    </footer>
  </div>`;
}

function noteOf({
  state,
  callId,
  online,
  agentOnline,
  position,
  estimate,
}: VisitorCallSnapshot): string {
  // Without a call there is no place to keep.
  if (!online) return callId ? msg('Reconnecting… Your place is kept.') : msg('Reconnecting…');
  if (state !== 'queued') return msg('Just a moment, please.');
  if (position === null) return '';
  if (!agentOnline) {
    return msg('No one’s available right now. We’ll keep your place.');
  }
  return waitText(estimate) || msg('You can keep browsing this page. We’ll call you.');
}

function mirror(local: LocalMediaSnapshot, panel: EventTarget): TemplateResult {
  const cameraOn = local.camera.state === 'on' || local.camera.state === 'starting';
  const microphoneOn = local.microphone.state === 'on' || local.microphone.state === 'starting';
  return html`<div class="mirror">
    ${
      local.camera.track
        ? html`<rtc-self-preview .track=${local.camera.track}></rtc-self-preview>`
        : html`<p class="dark">
            ${videoOffIcon()}
            ${
              local.camera.state === 'starting'
                ? msg('Allow the camera and the microphone to be used')
                : msg('Your camera is off')
            }
          </p>`
    }
    <div class="toggles">
      <button
        class="icon-button ${microphoneOn ? '' : 'off'}"
        type="button"
        aria-label=${microphoneOn ? msg('Mute microphone') : msg('Unmute microphone')}
        @click=${() => ask(panel, 'microphone-request', { on: !microphoneOn })}
      >
        ${microphoneOn ? micIcon() : micOffIcon()}
      </button>
      <button
        class="icon-button ${cameraOn ? '' : 'off'}"
        type="button"
        aria-label=${cameraOn ? msg('Turn camera off') : msg('Turn camera on')}
        @click=${() => ask(panel, 'camera-request', { on: !cameraOn })}
      >
        ${cameraOn ? videoIcon() : videoOffIcon()}
      </button>
      ${
        local.otherSide
          ? html`<button
              class="icon-button"
              type="button"
              aria-label=${msg('Flip camera')}
              @click=${() => ask(panel, 'use-camera-request', { deviceId: local.otherSide! })}
            >
              ${flipIcon()}
            </button>`
          : nothing
      }
    </div>
  </div>`;
}

function deviceNotes({ camera, microphone }: LocalMediaSnapshot): TemplateResult | typeof nothing {
  const codes = new Set([camera.error, microphone.error].filter((code) => code !== null));
  if (codes.size === 0) return nothing;
  return html`<ul class="notes">
    ${[...codes].map((code) => {
      const { text, hint } = errorText(code);
      return html`<li>${warningIcon()}<span>${text} ${hint}</span></li>`;
    })}
    ${
      camera.error && microphone.error
        ? html`<li class="calm">
            <span>${msg('You can also wait without them and use the chat.')}</span>
          </li>`
        : nothing
    }
  </ul>`;
}

/** The likely wait in whole minutes, as a range in words; '' without an estimate. */
export function waitText(estimate: WaitEstimate | null): string {
  if (!estimate) return '';
  const min = Math.floor(estimate.min / 60);
  const max = Math.ceil(estimate.max / 60);
  if (max <= 1) return msg('Usually less than a minute');
  if (min < 1) return msg(str`Usually less than ${max} minutes`);
  if (min === max) return msg(str`Usually about ${max} minutes`);
  return msg(str`Usually ${min} to ${max} minutes`);
}
