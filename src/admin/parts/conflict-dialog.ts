import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { consoleStyles } from './console-styles.ts';
import type { FieldDifference } from './merge-changes.ts';
import { dateTimeText } from './time-texts.ts';

/** What the person decides: to take the other version, or to keep their own changes on top of it. */
export class ConflictDecisionEvent extends Event {
  constructor(readonly decision: 'theirs' | 'merge' | 'later') {
    super('conflict-decision');
  }
}

export interface Conflict {
  /** Who saved the other version; null if this person may not read it. */
  readonly who: string | null;
  readonly at: number | null;
  readonly differences: readonly (FieldDifference & { readonly label: string })[];
}

/** Tells that somebody else has changed the same thing, shows both versions, and lets the person choose. */
@localized()
export class ConflictDialog extends LitElement {
  static override styles = [
    consoleStyles,
    css`
      .scroll {
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 14px;
      }
      th,
      td {
        padding: 8px;
        border-bottom: 1px solid var(--wa-color-surface-border);
        text-align: start;
        vertical-align: top;
        overflow-wrap: anywhere;
      }
    `,
  ];

  /** Null: the dialog is closed. */
  @property({ attribute: false }) conflict: Conflict | null = null;

  protected override render() {
    const { conflict } = this;
    return html`<wa-dialog
      label=${msg('Somebody else has changed this')}
      .open=${conflict !== null}
      @wa-hide=${(event: Event) => {
        if (event.target === event.currentTarget && this.conflict) this.#decide('later');
      }}
    >
      ${conflict ? this.#renderBody(conflict) : nothing}
      <wa-button slot="footer" appearance="outlined" @click=${() => this.#decide('theirs')}>
        ${msg('Take the other version')}
      </wa-button>
      <wa-button slot="footer" variant="brand" @click=${() => this.#decide('merge')}>
        ${msg('Keep my changes')}
      </wa-button>
    </wa-dialog>`;
  }

  #renderBody({ who, at, differences }: Conflict) {
    const when = at === null ? '' : dateTimeText(at);
    return html`<div class="stack">
      <p>
        ${
          who
            ? msg(str`${who} saved another version at ${when}. Nothing of it has been overwritten.`)
            : msg('Another version was saved meanwhile. Nothing of it has been overwritten.')
        }
      </p>
      <div class="scroll" tabindex="0" role="group" aria-label=${msg('Comparison')}>
        <table>
          <thead>
            <tr>
              <th scope="col">${msg('Field')}</th>
              <th scope="col">${msg('The other version')}</th>
              <th scope="col">${msg('Yours')}</th>
            </tr>
          </thead>
          <tbody>
            ${differences.map(
              ({ label, theirs, mine }) =>
                html`<tr>
                  <th scope="row">${label}</th>
                  <td>${valueText(theirs)}</td>
                  <td>${mine === undefined ? msg('Not changed') : valueText(mine)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p class="quiet">
        ${msg(
          'If you keep your changes, they are put on top of the other version. Look at the form, and then save.',
        )}
      </p>
    </div>`;
  }

  #decide(decision: ConflictDecisionEvent['decision']): void {
    this.dispatchEvent(new ConflictDecisionEvent(decision));
  }
}

/** A value of a field for a person; lists and objects as JSON. */
function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (value === true) return msg('Yes');
  if (value === false) return msg('No');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
