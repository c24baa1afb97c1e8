import { msg, str } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { GroupQueueView } from '../../../protocol/views.ts';
import { TickController } from '../../parts/controllers/tick-controller.ts';
import { theme } from '../../parts/styles/theme.ts';
import { clockText } from '../../parts/texts/durations.ts';
import { deskStyles } from '../desk-styles.ts';

/** The agent's groups: how many wait in each, and the longest wait. */
export class QueueList extends LitElement {
  static override styles = [
    theme,
    deskStyles,
    css`
      :host {
        display: block;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 208px), 1fr));
        gap: 8px;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        gap: 0 12px;
        padding: 12px 16px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_raised);
      }
      .name {
        overflow-wrap: anywhere;
        font-weight: 600;
      }
      strong {
        grid-row: span 2;
        font-size: 24px;
        line-height: 32px;
      }
    `,
  ];

  @property({ attribute: false }) queues: readonly GroupQueueView[] = [];

  /** The server's clock less this browser's, in ms. */
  @property({ type: Number }) clockOffset = 0;

  constructor() {
    super();
    new LocaleController(this);
    new TickController(this);
  }

  protected override render() {
    return html`<ul aria-label=${msg('Your groups')}>
      ${this.queues.map((queue) => this.#queue(queue))}
    </ul>`;
  }

  #queue({ skill, waiting, oldest }: GroupQueueView) {
    const longest =
      oldest === null
        ? msg('Nobody is waiting')
        : msg(str`Longest wait ${clockText((Date.now() + this.clockOffset - oldest) / 1000)}`);
    return html`<li>
      <span class="name">${skill.name}</span>
      <strong class="number"
        >${waiting}<span class="visually-hidden"> ${msg('waiting')}</span></strong
      >
      <span class="quiet-text number">${longest}</span>
    </li>`;
  }
}
