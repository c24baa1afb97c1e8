import { msg } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { property } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { paramTexts } from '../../../protocol/param-texts.ts';
import type { AgentStatus, WaitingCallView } from '../../../protocol/views.ts';
import { TickController } from '../../parts/controllers/tick-controller.ts';
import { checkIcon, clockIcon } from '../../parts/icons.ts';
import { theme } from '../../parts/styles/theme.ts';
import { shownName } from '../../parts/texts/names.ts';
import { clockText } from '../../parts/texts/durations.ts';
import { deskStyles } from '../desk-styles.ts';
import { labelText } from '../label-text.ts';

/** The calls that wait in the agent's groups, in the order of the queue. */
export class WaitingList extends LitElement {
  static override styles = [
    theme,
    deskStyles,
    css`
      :host,
      .card {
        height: 100%;
      }
      :host {
        display: block;
      }
      h3 {
        margin: 0;
        padding: 4px 16px;
        color: var(--_quiet);
        font-size: 14px;
        font-weight: 600;
      }
      ol {
        padding: 0 8px 8px;
      }
      .about {
        display: block;
        overflow-wrap: anywhere;
      }
      li {
        display: grid;
        grid-template-columns: 32px minmax(0, 1fr) auto;
        align-items: center;
        gap: 0 12px;
        padding: 8px;
        border-radius: var(--_radius-small);
      }
      li + li {
        border-top: 1px solid var(--_line);
        border-radius: 0;
      }
      .place {
        display: grid;
        place-items: center;
        width: 32px;
        height: 32px;
        border-radius: 50%;
        background: var(--_sunken);
        font-size: 14px;
        font-weight: 650;
      }
      .name {
        font-weight: 600;
        line-height: 22px;
        overflow-wrap: anywhere;
      }
      .waited {
        font-weight: 600;
      }
      .waited.long {
        color: var(--_warn);
      }
    `,
  ];

  @property({ attribute: false }) calls: readonly WaitingCallView[] = [];
  @property({ attribute: false }) status: AgentStatus = 'offline';

  /** Whether the next call would ring in this tab. */
  @property({ type: Boolean }) ringsHere = true;

  /** The server's clock less this browser's, in ms. */
  @property({ type: Number }) clockOffset = 0;

  constructor() {
    super();
    new LocaleController(this);
    new TickController(this);
  }

  protected override render() {
    const { calls } = this;
    return html`<section class="card" aria-labelledby="title">
      <div class="card-head">
        <h2 id="title">${msg('Waiting')}</h2>
        <span class="chip number">${calls.length}</span>
      </div>
      ${calls.length === 0 ? this.#empty() : byGroup(calls).map((group) => this.#group(group))}
    </section>`;
  }

  /** The calls of one group, whose places count from 1. */
  #group(calls: readonly WaitingCallView[]) {
    const { skill } = calls[0]!;
    return html`<h3 id=${`group-${skill.id}`}>${skill.name}</h3>
      <ol aria-labelledby=${`group-${skill.id}`}>
        ${repeat(
          calls,
          (call) => call.id,
          (call) => this.#call(call),
        )}
      </ol>`;
  }

  #call({ visitor, requestedAt, position, state }: WaitingCallView) {
    const seconds = (Date.now() + this.clockOffset - requestedAt) / 1000;
    return html`<li>
      <span class="place number">${position}</span>
      <span>
        <span class="name">${shownName(visitor.name)}</span>
        <span class="quiet-text about">
          ${[...paramTexts(visitor.params, visitor.paramWords, labelText).map(({ text }) => text), ...(state === 'offered' ? [msg('Ringing at an agent')] : [])].join(' · ')}
        </span>
      </span>
      <span class="waited number ${seconds >= 120 ? 'long' : ''}">${clockText(seconds)}</span>
    </li>`;
  }

  #empty() {
    const available = this.status === 'available' && this.ringsHere;
    return html`<div class="empty ${available ? 'good' : ''}">
      ${available ? checkIcon() : clockIcon()}
      <p><strong>${msg('No calls waiting.')}</strong></p>
      <p class="quiet-text">${emptyHint(this.status, this.ringsHere)}</p>
    </div>`;
  }
}

/** The calls by their groups, in the order of each group's first call. */
function byGroup(calls: readonly WaitingCallView[]): readonly WaitingCallView[][] {
  const groups = new Map<string, WaitingCallView[]>();
  for (const call of calls) groups.set(call.skill.id, [...(groups.get(call.skill.id) ?? []), call]);
  return [...groups.values()];
}

function emptyHint(status: AgentStatus, ringsHere: boolean): string {
  switch (status) {
    case 'available':
      return ringsHere
        ? msg('You are available. The next call rings here.')
        : msg('The next call does not ring in this tab.');
    case 'break':
      return msg('You are on a break. Calls ring here when you are available again.');
    case 'offline':
      return msg('You are offline. Choose “Available” to take calls.');
    case 'away':
      return msg('You are away. Calls go to others until you are available again.');
    case 'ringing':
    case 'busy':
    case 'wrap-up':
      return msg('Everyone is being helped.');
  }
}
