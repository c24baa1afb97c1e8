import { localized, msg, str } from '@lit/localize';
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { BoardDelivery } from '../../../protocol/server-messages.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import { listStyles } from '../../parts/list-styles.ts';
import { durationText } from '../../parts/time-texts.ts';
import { AlertSound } from './alert-sound.ts';
import { readPreferences, writePreferences, type BoardPreferences } from './board-preferences.ts';
import { BoardSocket, type BoardConnection } from './board-socket.ts';
import { alertsOf, withMessage, type Alert, type BoardState, type Sort } from './board-state.ts';
import { agentColumns, allAlerts, boardTable, groupColumns } from './board-tables.ts';
import { answeredWithinText, connectionText } from './board-texts.ts';
import { liveBoardStyles } from './live-board-styles.ts';

const TICK_MS = 1_000;

/** The page `Live board`: what the groups and the agents do now. */
@localized()
export class LiveBoardPage extends LitElement {
  static override styles = [consoleStyles, fieldStyles, listStyles, liveBoardStyles];

  @property({ attribute: false }) context!: ConsoleContext;

  @state() private connection: BoardConnection = 'connecting';
  @state() private board: BoardState | null = null;
  @state() private groupSort: Sort<string> = { field: 'name', down: false };
  @state() private agentSort: Sort<string> = { field: 'status', down: false };
  @state() private preferences!: BoardPreferences;

  readonly #socket = new BoardSocket({
    handleConnection: (connection) => this.#handleConnection(connection),
    handleBoard: (message) => this.#handleBoard(message),
  });
  readonly #sound = new AlertSound();
  /** The server's clock less the browser's, in ms. */
  #clockAhead = 0;
  #alerts = new Set<string>();
  #ticking: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.preferences = readPreferences(this.context.session.agent.id);
    this.#socket.open();
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
    this.#socket.close();
    this.#sound.close();
  }

  #handleConnection(connection: BoardConnection): void {
    if (connection === 'signed-out' && this.connection !== connection) {
      this.context.rest.onSessionLost();
    }
    this.connection = connection;
  }

  #handleBoard(message: BoardDelivery): void {
    this.#clockAhead = message.now - Date.now();
    this.board = withMessage(this.board, message);
    this.#tick();
  }

  get #now(): number {
    return Date.now() + this.#clockAhead;
  }

  /** Clocks go on between messages, and a wait may pass its threshold. */
  #tick(): void {
    this.requestUpdate();
    if (!this.board || this.connection !== 'online') return;
    const alerts = allAlerts(this.board.groups, this.preferences.thresholds, this.#now);
    if (this.preferences.sound && alerts.some((alert) => !this.#alerts.has(alert))) {
      this.#sound.play();
    }
    this.#alerts = new Set(alerts);
  }

  #set(change: Partial<BoardPreferences>): void {
    this.preferences = { ...this.preferences, ...change };
    writePreferences(this.context.session.agent.id, this.preferences);
  }

  protected override render() {
    return html`<div class="page-head"><h1 tabindex="-1">${msg('Live board')}</h1></div>
      ${this.#renderConnection()} ${this.board ? this.#renderBoard(this.board) : nothing}`;
  }

  #renderConnection() {
    const text = connectionText(this.connection);
    const isFinal = this.connection === 'signed-out' || this.connection === 'forbidden';
    return html`<div role="status">
      ${
        text === ''
          ? nothing
          : html`<div class="connection">
              <wa-icon name="info"></wa-icon><span>${text}</span>
              ${
                isFinal
                  ? html`<wa-button size="s" @click=${() => this.#socket.open()}>
                      ${msg('Connect again')}
                    </wa-button>`
                  : nothing
              }
            </div>`
      }
    </div>`;
  }

  #renderBoard(board: BoardState) {
    return html`${this.#renderPreferences()}
      <div class=${this.connection === 'online' ? '' : 'old'}>
        ${this.#renderGroups(board)} ${this.#renderAgents(board)}
      </div>`;
  }

  #renderGroups({ groups, flow, serviceLevelSeconds }: BoardState) {
    const now = this.#now;
    const { thresholds } = this.preferences;
    return html`<section aria-labelledby="groups">
      <h2 id="groups">${msg('Skill groups')}</h2>
      <p class="quiet flow">
        ${
          flow
            ? html`<span>
                ${msg(str`In the flow: ${flow.choosing}`)}${
                  flow.since === null ? '' : ` · ${durationText((now - flow.since) / 1000)}`
                }
              </span>`
            : nothing
        }
        <span>${answeredWithinText(serviceLevelSeconds)}</span>
      </p>
      ${
        groups.length === 0
          ? this.#renderNoGroups()
          : html`<div class="list" tabindex="0" role="group" aria-labelledby="groups">
              ${boardTable({
                label: msg('Skill groups'),
                rows: groups,
                columns: groupColumns(now),
                sort: this.groupSort,
                setSort: (sort) => (this.groupSort = sort),
                alerts: (group) => alertsOf(group, thresholds, now),
              })}
            </div>`
      }
    </section>`;
  }

  #renderAgents({ agents, groups }: BoardState) {
    const { showsOffline } = this.preferences;
    const shown = agents.filter(({ status }) => showsOffline || status !== 'offline');
    const names = new Map(groups.map(({ id, name }) => [id, name]));
    return html`<section aria-labelledby="agents">
      <div class="row between">
        <h2 id="agents">${msg('Agents')}</h2>
        <label class="check">
          <input
            type="checkbox"
            .checked=${live(showsOffline)}
            @change=${(event: Event) =>
              this.#set({ showsOffline: (event.target as HTMLInputElement).checked })}
          />
          ${msg('Show those who are offline')}
        </label>
      </div>
      ${
        shown.length === 0
          ? this.#renderEmpty(
              msg('Nobody is here'),
              msg('An agent appears here once the desk is open.'),
            )
          : html`<div class="list" tabindex="0" role="group" aria-labelledby="agents">
              ${boardTable({
                label: msg('Agents'),
                rows: shown,
                columns: agentColumns(this.#now, names),
                sort: this.agentSort,
                setSort: (sort) => (this.agentSort = sort),
                alerts: () => [],
              })}
            </div>`
      }
    </section>`;
  }

  #renderNoGroups() {
    const { may } = this.context.session;
    if (may.reports !== 'site') {
      return this.#renderEmpty(
        msg('No groups'),
        msg('You see the groups of which you are a member. There is none yet.'),
      );
    }
    return this.#renderEmpty(
      msg('No groups'),
      html`${msg('Calls wait in skill groups.')}
        <a href="/admin/groups/new">${msg('Make the first skill group')}</a>`,
    );
  }

  #renderEmpty(title: string, text: string | TemplateResult) {
    return html`<div class="list">
      <div class="message">
        <wa-icon name="empty"></wa-icon>
        <h3>${title}</h3>
        <p class="quiet">${text}</p>
      </div>
    </div>`;
  }

  #renderPreferences() {
    const { sound } = this.preferences;
    return html`<details class="card">
      <summary>${msg('Alerts')}</summary>
      <div class="fields">
        ${this.#threshold('waiting', msg('More wait than'))}
        ${this.#threshold('longestWait', msg('Somebody waits longer than (seconds)'))}
        ${this.#threshold('serviceLevel', msg('Service level below (%)'))}
        <label class="check">
          <input
            type="checkbox"
            .checked=${live(sound)}
            @change=${(event: Event) => this.#setSound((event.target as HTMLInputElement).checked)}
          />
          ${msg('Sound when a group goes over a limit')}
        </label>
      </div>
      <p class="hint">${msg('Empty: no alert. They are kept for you on this browser.')}</p>
    </details>`;
  }

  /** The first sound tells how it is, and lets the browser allow the later ones. */
  #setSound(sound: boolean): void {
    this.#set({ sound });
    if (sound) this.#sound.play();
  }

  #threshold(name: Alert, label: string) {
    const { thresholds } = this.preferences;
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <input
        id=${name}
        type="number"
        min="0"
        inputmode="numeric"
        .value=${live(String(thresholds[name] ?? ''))}
        @change=${(event: Event) => {
          const { valueAsNumber } = event.target as HTMLInputElement;
          const value = Number.isNaN(valueAsNumber) ? null : valueAsNumber;
          this.#set({ thresholds: { ...thresholds, [name]: value } });
        }}
      />
    </div>`;
  }
}
