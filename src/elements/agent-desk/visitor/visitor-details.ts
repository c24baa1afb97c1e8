import { msg } from '@lit/localize';
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { LegCallView, SkillGroupName, VisitorCard } from '../../../protocol/views.ts';
import { theme } from '../../parts/styles/theme.ts';
import { shownName, initials } from '../../parts/texts/names.ts';
import { timeText } from '../../parts/texts/time-texts.ts';
import { deskStyles } from '../desk-styles.ts';
import { deviceReportView } from './device-report.ts';
import { languageText, nameChip } from './visitor-texts.ts';

/** What an agent knows about the visitor of a call. */
export class VisitorDetails extends LitElement {
  static override styles = [
    theme,
    deskStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 16px;
        padding: 16px;
      }
      .who {
        display: flex;
        align-items: center;
        gap: 12px;
      }
      .who > div {
        min-width: 0;
      }
      .avatar {
        width: 48px;
        height: 48px;
        font-size: 18px;
      }
      h2 {
        margin-bottom: 4px;
        font-size: 18px;
        overflow-wrap: anywhere;
      }
      h3 {
        margin-bottom: 8px;
        color: var(--_quiet);
        font-size: 13px;
        line-height: 16px;
        font-weight: 600;
      }
      section {
        padding-top: 16px;
        border-top: 1px solid var(--_line);
      }
      .plain {
        margin: 0;
        padding-inline-start: 20px;
        overflow-wrap: anywhere;
      }
      .facts {
        display: grid;
        grid-template-columns: minmax(80px, 34%) minmax(0, 1fr);
        gap: 8px 12px;
      }
      dt {
        color: var(--_quiet);
        font-size: 14px;
        line-height: 24px;
      }
      .facts dd {
        line-height: 24px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) visitor!: VisitorCard;
  @property({ attribute: false }) skill!: SkillGroupName;

  /** If the server calls the visitor back. */
  @property({ attribute: false }) callback: LegCallView['callback'] = undefined;

  /** If the visitor has sent one. */
  @property({ attribute: false }) deviceReport: LegCallView['deviceReport'] = undefined;

  /** By the server's clock, ms since 1970. */
  @property({ type: Number }) requestedAt = 0;
  @property({ type: Number }) acceptedAt: number | null = null;
  @property({ type: Number }) connectedAt: number | null = null;
  @property({ type: Number }) clockOffset = 0;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    const { visitor } = this;
    const name = shownName(visitor.name);
    return html`<div class="who">
        <span class="avatar" aria-hidden="true">${initials(name)}</span>
        <div>
          <h2>${name}</h2>
          ${nameChip(visitor)}
        </div>
      </div>
      ${
        Object.keys(visitor.params).length > 0
          ? html`<section>
              <h3>${msg('From the visitor’s page')}</h3>
              <rtc-params-list
                copyable
                .params=${visitor.params}
                .words=${visitor.paramWords}
              ></rtc-params-list>
            </section>`
          : nothing
      }
      <section>
        <h3>${msg('About the call')}</h3>
        <dl class="facts">
          ${fact(msg('Customer ID'), visitor.id)} ${fact(msg('Department'), this.skill.name)}
          ${fact(msg('Page'), visitor.page)}
          ${fact(msg('Language'), visitor.language && languageText(visitor.language))}
          ${fact(msg('Callback'), this.callback?.contact ?? null)}
          ${fact(msg('Message'), this.callback?.text || null)}
          ${fact(msg('Requested'), this.#time(this.requestedAt))}
          ${fact(msg('Accepted'), this.#time(this.acceptedAt))}
          ${fact(msg('Connected'), this.#time(this.connectedAt))}
        </dl>
      </section>
      ${
        this.deviceReport
          ? html`<section>
              <h3>${msg('Device test')}</h3>
              ${deviceReportView(this.deviceReport)}
            </section>`
          : nothing
      }`;
  }

  #time(at: number | null): string | null {
    return at ? timeText(at - this.clockOffset) : null;
  }
}

function fact(name: string, value: string | null): TemplateResult | typeof nothing {
  if (!value) return nothing;
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}
