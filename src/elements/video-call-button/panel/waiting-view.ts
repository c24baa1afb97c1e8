import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { LocalMediaSnapshot } from '../../../call/room-control.ts';
import type { VisitorCallSnapshot } from '../../../call/visitor-call-control.ts';
import type { WaitEstimate } from '../../../protocol/views.ts';
import { ask } from '../../parts/events/requests.ts';
import { flipIcon, micIcon, micOffIcon, videoIcon, videoOffIcon } from '../../parts/icons.ts';
import { wholeMinutes } from '../../parts/texts/whole-minutes.ts';

/** The state of a waiting call in one line. */
export function placeText({ state, step, position, agentName }: VisitorCallSnapshot): string {
  // The step itself says what it is about.
  if (step) return msg('Video support');
  if (state === 'connecting' && agentName) return msg(str`${agentName} is joining the call`);
  if (state === 'ringing') return msg('Calling an agent…');
  if (position === null) return msg('Connecting…');
  return msg(str`You are number ${position} in line`);
}

/** A waiting visitor's view: the place in the queue, the likely wait, the own camera, and device problems. */
export function waitingView(
  snapshot: VisitorCallSnapshot,
  panel: EventTarget,
  devices: TemplateResult | typeof nothing,
): TemplateResult {
  const { local } = snapshot;
  const place = placeText(snapshot);
  return html`<div class="waiting" part="waiting">
    <div class="place">
      <p class="line" role="status" aria-label=${place}>${place}</p>
      <p class="note">${noteOf(snapshot)}</p>
      <div class="progress" aria-hidden="true"><i></i></div>
    </div>
    <slot name="challenge"></slot>
    ${mirror(local, panel)} ${devices}
    <footer>
      ${
        // A phone needs no other phone.
        snapshot.callId && !matchMedia('(pointer: coarse)').matches
          ? html`<button
              class="button"
              type="button"
              @click=${() => ask(panel, 'hand-over-request')}
            >
              ${msg('Continue on your phone')}
            </button>`
          : nothing
      }
      ${
        snapshot.callId
          ? html`<button
              class="button"
              type="button"
              @click=${() => ask(panel, 'device-test-request')}
            >
              ${msg('Test your devices')}
            </button>`
          : nothing
      }
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
  if (!agentOnline) return msg('No agent is available at the moment. Your place in line is kept.');
  return waitText(estimate) || msg('You can keep reading this page. We’ll let you know.');
}

/** Of the own camera. It is kept, so that the picture goes on while the view is rendered again. */
let stream: MediaStream | null = null;

function streamOf(track: MediaStreamTrack): MediaStream {
  if (stream?.getTracks()[0] !== track) stream = new MediaStream([track]);
  return stream;
}

/** The own camera, muted. Only the camera that looks at the person is mirrored. */
function mirror(local: LocalMediaSnapshot, panel: EventTarget): TemplateResult {
  // Before the call is in the queue they are `idle`, which is not a fault.
  const cameraOn = local.camera.state !== 'off' && !local.camera.error;
  const microphoneOn = local.microphone.state !== 'off' && !local.microphone.error;
  return html`<div class="mirror">
    ${
      local.camera.track
        ? html`<video
            class=${local.camera.track.getSettings().facingMode === 'environment' ? '' : 'mirrored'}
            autoplay
            playsinline
            .muted=${true}
            .srcObject=${streamOf(local.camera.track)}
            aria-hidden="true"
          ></video>`
        : html`<p class="dark">
            ${cameraOn ? videoIcon() : videoOffIcon()}
            ${
              local.camera.state === 'starting'
                ? msg('Please allow camera and microphone')
                : cameraOn
                  ? ''
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

/** The likely wait in whole minutes, as a range in words; '' without an estimate. */
export function waitText(estimate: WaitEstimate | null): string {
  if (!estimate) return '';
  const { min, max } = wholeMinutes(estimate);
  if (max <= 1) return msg('Usually less than a minute');
  if (min < 1) return msg(str`Usually less than ${max} minutes`);
  if (min === max) return msg(str`Usually about ${max} minutes`);
  return msg(str`Usually ${min} to ${max} minutes`);
}
