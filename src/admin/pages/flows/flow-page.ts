import { localized, msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { FlowRecord } from '../../../protocol/rest/flows.ts';
import { serverFaults } from '../../flows/faults-list.ts';
import type { EditorOrderEvent } from '../../flows/flow-editor.ts';
import type { FlowTrialPanel, TrialStepEvent } from '../../flows/flow-trial.ts';
import type { VersionChosenEvent, VersionsDialog } from '../../flows/versions-dialog.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import { chooseDefaultFlow } from './choose-default-flow.ts';
import { FlowDraftPage } from './flow-draft-page.ts';
import { exportFlow, importFlow } from './flow-file.ts';
import { flowHead, flowHeadStyles } from './flow-head.ts';

/** The page of one flow: the editor with its draft, and what the server does with it. */
@localized()
export class FlowPage extends FlowDraftPage {
  static override styles = [consoleStyles, fieldStyles, flowHeadStyles];

  @state() private trying = false;
  @state() private current: string | null = null;

  @query('rtc-versions-dialog') private readonly dialog!: VersionsDialog;
  @query('rtc-flow-trial') private readonly trial!: FlowTrialPanel | null;

  protected override render() {
    if (this.phase === 'loading') {
      return html`<div role="status">
        <wa-spinner></wa-spinner><span class="visually-hidden">${msg('Loading…')}</span>
      </div>`;
    }
    if (this.phase === 'failed') {
      return html`<h1>${msg('Flows')}</h1>
        <p role="alert">${this.problem}</p>
        <wa-button @click=${() => this.load()}>${msg('Try again')}</wa-button>`;
    }
    const mayPublish = this.context.session.may.publish !== 'none';
    const { body } = this.saved;
    return html`${this.#renderHead(body)}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <rtc-flow-editor
        .document=${this.opened}
        .names=${this.site.names}
        .groups=${this.site.groups}
        .hours=${this.site.hours}
        .faults=${this.faults}
        .current=${this.trying ? this.current : null}
        ?trying=${this.trying}
        ?changed=${this.isChanged}
        ?busy=${this.busy}
        ?may-publish=${mayPublish}
        @flow-edited=${this.handleEdit}
        @editor-order=${this.#handleOrder}
      >
        ${this.trying ? this.#renderTrial() : nothing}
      </rtc-flow-editor>
      <rtc-versions-dialog
        .rest=${this.rest}
        .names=${this.site.names}
        .draft=${this.flow}
        .published=${body.publishedVersion}
        ?may-publish=${mayPublish}
        @version-chosen=${this.#handleVersion}
      ></rtc-versions-dialog>
      <rtc-conflict-dialog
        .conflict=${this.conflict}
        @conflict-decision=${this.handleDecision}
      ></rtc-conflict-dialog>`;
  }

  #renderHead(body: FlowRecord) {
    return flowHead({
      record: body,
      name: this.name,
      changed: this.isChanged,
      rename: (name) => {
        this.name = name;
        this.noteChange();
      },
      showVersions: () => void this.dialog.show(),
      exportFile: () => exportFlow(this.key, this.draft),
      importFile: (file) => void this.#import(file),
      makeDefault: this.context.session.may.settings === 'none' ? null : this.#makeDefault,
    });
  }

  #renderTrial() {
    return html`<rtc-flow-trial
      slot="trial"
      .flow=${this.flow}
      .names=${this.site.names}
      .rest=${this.rest}
      @trial-step=${(event: TrialStepEvent) => (this.current = event.node)}
    >
      <wa-button size="s" appearance="outlined" @click=${() => (this.trying = false)}>
        ${msg('Stop')}
      </wa-button>
    </rtc-flow-trial>`;
  }

  readonly #handleOrder = ({ order }: EditorOrderEvent): void => {
    switch (order) {
      case 'try':
        void this.#try();
        return;
      case 'check':
        void this.during(() => this.#check());
        return;
      case 'save':
        void this.during(() => this.save());
        return;
      case 'publish':
        void this.during(() => this.#publish());
    }
  };

  async #check(): Promise<boolean> {
    if (!this.isComplete()) return false;
    const found = await this.rest.check(this.flow);
    this.faults = serverFaults(this.flow, found, this.site.names);
    if (found.length === 0) this.context.notify(msg('No fault. The flow can be published.'));
    return found.length === 0;
  }

  async #publish(): Promise<void> {
    if (!(await this.#check())) return;
    if (this.isChanged && !(await this.save())) return;
    const confirmed = await this.context.confirm({
      title: msg(str`Publish ${this.name}?`),
      text: msg(
        'New calls of this flow begin with this version at once. Calls under way go on with theirs.',
      ),
      action: msg('Publish'),
    });
    if (!confirmed) return;
    const version = await this.rest.publish(this.saved.etag);
    await this.refresh();
    this.context.notify(msg(str`Version ${version} is published.`));
  }

  readonly #makeDefault = (): void => {
    void this.during(async () => {
      const { id, name } = this.saved.body;
      if (await chooseDefaultFlow(this.context, { id, name })) await this.refresh();
    });
  };

  readonly #handleVersion = ({ use, version, document }: VersionChosenEvent): void => {
    this.dialog.close();
    if (use === 'edit') {
      this.editor.replace(document);
      this.context.notify(msg(str`Version ${version} is in the draft. Undo takes it back.`));
      return;
    }
    void this.during(async () => {
      const confirmed = await this.context.confirm({
        title: msg(str`Roll back to version ${version}?`),
        text: msg('New calls begin with this version at once. The draft stays as it is.'),
        action: msg('Roll back'),
      });
      if (!confirmed) return;
      await this.rest.rollBack(version, this.saved.etag);
      await this.refresh();
      this.context.notify(msg(str`Version ${version} is published again.`));
    });
  };

  async #try(): Promise<void> {
    if (!this.isComplete()) return;
    this.trying = true;
    await this.updateComplete;
    await this.trial?.updateComplete;
    this.trial?.focus();
  }

  async #import(file: File): Promise<void> {
    await this.during(async () => {
      const flow = await importFlow(await file.text(), this.rest);
      if (!flow) {
        this.problem = msg(str`“${file.name}” is no flow. Nothing was changed.`);
        return;
      }
      this.editor.replace(flow);
      this.context.notify(msg('The file is in the draft. Undo takes it back.'));
    });
  }
}
