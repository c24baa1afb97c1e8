import { msg, str } from '@lit/localize';
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Person, RoomControl } from '../../../call/room-control.ts';
import type { RecordingState } from '../../../protocol/views.ts';
import { draw, hangUpIcon, micIcon, micOffIcon } from '../../parts/icons.ts';
import { classNames } from '../../parts/styles/template-bindings.ts';
import { recordingMark, textForVisitor } from '../../recording/recording-mark.ts';
import { initials, shownName } from '../../parts/texts/names.ts';

const restoreIcon = () => draw(svg`<path d="M13.5 10.5 20 4M15 4h5v5M10.5 13.5 4 20M9 20H4v-5" />`);

/** A stream for each track, so that a video keeps playing when the view renders again. */
const streams = new WeakMap<MediaStreamTrack, MediaStream>();

function streamOf(track: MediaStreamTrack): MediaStream {
  const stream = streams.get(track) ?? new MediaStream([track]);
  streams.set(track, stream);
  return stream;
}

/** What the small view shows of the room: a shared screen, else somebody else's camera, else the first of the others. */
export function smallPicture(
  people: readonly Person[],
): { person: Person; track: MediaStreamTrack | null } | null {
  const others = people.filter(({ self }) => !self);
  const cameraOf = ({ cameraOn, camera }: Person) => (cameraOn ? camera : null);
  const person =
    others.find(({ screen }) => screen) ?? others.find((one) => cameraOf(one)) ?? others[0];
  return person ? { person, track: person.screen ?? cameraOf(person) } : null;
}

/** The question itself stands in the page. */
const recordingText = (recording: RecordingState) =>
  recording === 'asked' ? msg('May we record this call?') : textForVisitor(recording);

/** A call in a few centimetres: one picture, the microphone, the way back, and the end. */
export function smallView(
  room: RoomControl,
  {
    restore,
    handle,
    recording,
  }: {
    restore: () => void;
    handle?: TemplateResult;
    recording?: RecordingState | undefined;
  },
): TemplateResult {
  const { people, local, chat, state } = room.getSnapshot();
  const shown = smallPicture(people);
  const on = local.microphone.state === 'on';
  const name = shown && shownName(shown.person.name);
  const said =
    state === 'reconnecting'
      ? msg('Reconnecting…')
      : chat.unread === 1
        ? msg('1 new message')
        : chat.unread
          ? msg(str`${chat.unread} new messages`)
          : name;
  return html`<div class="small" role="group" aria-label=${msg('Video support')}>
    <div class="picture">
      ${
        shown?.track
          ? html`<video
              .srcObject=${streamOf(shown.track)}
              .muted=${true}
              autoplay
              playsinline
            ></video>`
          : html`<span class="initials" aria-hidden="true">${name ? initials(name) : ''}</span>`
      }
      <span class="said" role="status">${said}</span>
      <div class="recorded" role="status">
        ${recording ? recordingMark(recording, recordingText(recording)) : nothing}
      </div>
    </div>
    <div class="buttons">
      ${handle}
      <button
        type="button"
        class=${classNames({ 'icon-button': true, off: !on })}
        aria-label=${on ? msg('Mute microphone') : msg('Unmute microphone')}
        @click=${() => tell(room.setMicrophoneOn(!on))}
      >
        ${on ? micIcon() : micOffIcon()}
      </button>
      <button
        type="button"
        class="icon-button restore"
        aria-label=${msg('Back to the call')}
        title=${msg('Back to the call')}
        @click=${restore}
      >
        ${restoreIcon()}
      </button>
      ${
        people[0]?.role === 'agent'
          ? nothing
          : html`<button
              type="button"
              class="icon-button danger"
              aria-label=${msg('Leave call')}
              @click=${() => tell(room.leave())}
            >
              ${hangUpIcon()}
            </button>`
      }
    </div>
  </div>`;
}

/** The room's snapshot shows the failure of a device or of leaving. */
function tell(asked: Promise<void>): void {
  asked.catch((error: unknown) => console.warn('rtc-desk', error));
}
