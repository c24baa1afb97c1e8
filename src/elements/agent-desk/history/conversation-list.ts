import { msg } from '@lit/localize';
import { css, html, type TemplateResult } from 'lit';
import type { LoadImage } from '../../call-room/chat/chat-image.ts';
import { linkedText } from '../../parts/texts/linked-text.ts';
import { timeText } from '../../parts/texts/time-texts.ts';

/** A message of a conversation that is over, to read. */
interface ReadMessage {
  readonly sender: string;
  /** By this browser's clock, ms since 1970. */
  readonly sentAt: number;
  readonly text: string | null;
  readonly image: { readonly id: string; readonly width: number; readonly height: number } | null;
}

export const conversationListStyles = css`
  li {
    padding: 8px 0;
  }
  li + li {
    border-top: 1px solid var(--_line);
  }
  .text {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  a {
    color: var(--_accent);
  }
  rtc-chat-image {
    margin-top: 4px;
  }
`;

/** The messages of a conversation in their order, or a sentence that there are none. */
export function conversationList(
  messages: readonly ReadMessage[],
  loadImage: LoadImage,
): TemplateResult {
  if (messages.length === 0)
    return html`<p class="quiet-text">${msg('There are no messages.')}</p>`;
  return html`<ol>
    ${messages.map(
      ({ sender, sentAt, text, image }) =>
        html`<li>
          <p class="quiet-text number">${sender} · ${timeText(sentAt)}</p>
          ${
            image
              ? html`<rtc-chat-image
                  .image=${image}
                  .sender=${sender}
                  .load=${loadImage}
                ></rtc-chat-image>`
              : html`<p class="text">${linkedText(text ?? '')}</p>`
          }
        </li>`,
    )}
  </ol>`;
}
