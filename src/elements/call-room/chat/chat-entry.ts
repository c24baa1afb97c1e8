import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ChatEntry } from '../../../call/room-control.ts';
import { checkIcon, clockIcon, warningIcon } from '../../parts/icons.ts';
import { errorText } from '../../parts/texts/error-text.ts';
import { linkedText } from '../../parts/texts/linked-text.ts';
import { shownName } from '../../parts/texts/names.ts';
import { dayText, timeText } from '../../parts/texts/time-texts.ts';
import { retryIcon, seenIcon } from './chat-icons.ts';
import type { LoadImage } from './chat-image.ts';

/** Messages of one person within this time have one common name line. */
const GROUP_MS = 5 * 60_000;

interface EntryContext {
  readonly before: ChatEntry | undefined;
  /** Whether the entry shows its status. */
  readonly marked: boolean;
  readonly loadImage: LoadImage | null;
  readonly retry: () => void;
}

/** One message. */
export function chatEntry(entry: ChatEntry, { before, marked, loadImage, retry }: EntryContext) {
  const newDay = !before || !sameDay(before.sentAt, entry.sentAt);
  const follows = !newDay && before.from === entry.from && entry.sentAt - before.sentAt < GROUP_MS;
  const emojiOnly = entry.text !== null && /^\p{Extended_Pictographic}{1,3}$/u.test(entry.text);
  return html`${newDay ? html`<p class="day"><span>${dayText(entry.sentAt)}</span></p>` : nothing}
    <div class="entry ${entry.mine ? 'mine' : ''} ${entry.status} ${follows ? 'follows' : ''}">
      ${
        follows
          ? nothing
          : html`<p class="who">
              <span class="from" dir="auto"
                >${entry.mine ? msg('You') : shownName(entry.name)}</span
              >
              <time datetime=${new Date(entry.sentAt).toISOString()}
                >${timeText(entry.sentAt)}</time
              >
            </p>`
      }
      ${
        entry.image
          ? html`<rtc-chat-image
              .image=${entry.image}
              .sender=${shownName(entry.name)}
              .load=${loadImage}
            ></rtc-chat-image>`
          : html`<p class="bubble ${emojiOnly ? 'emoji' : ''}" dir="auto">
              <span>${linkedText(entry.text ?? '')}</span>
            </p>`
      }
      ${entry.mine && marked ? mark(entry, retry) : nothing}
    </div>`;
}

function mark(entry: ChatEntry, retry: () => void) {
  switch (entry.status) {
    case 'pending':
      return html`<p class="mark">${clockIcon()} ${msg('Sending…')}</p>`;
    case 'sent':
      return html`<p class="mark">${checkIcon()} ${msg('Sent')}</p>`;
    case 'seen':
      return html`<p class="mark">${seenIcon()} ${msg('Seen')}</p>`;
    case 'failed': {
      const why = entry.error ? errorText(entry.error).text : '';
      return html`<p class="mark failed">
        ${warningIcon()}<span>${msg('Not sent.')} ${why}</span>
        <button
          class="again"
          type="button"
          aria-label=${entry.text ? msg(str`Send again: ${entry.text}`) : msg('Send the picture again')}
          @click=${retry}
        >
          ${retryIcon()} ${msg('Send again')}
        </button>
      </p>`;
    }
  }
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
