import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type {
  AgentAccount,
  AgentChange,
  MadeAgent,
  NewAgent,
  PasswordLink,
} from '../../../protocol/rest/agents.ts';
import type { SkillGroup } from '../../../protocol/rest/skill-groups.ts';
import { checkField, selectField, textField, type Option } from '../../parts/fields.ts';
import { FormPage } from '../../parts/form-page.ts';
import type { Level, LevelsChangedEvent } from '../../parts/membership-editor.ts';
import type { SecretDialog } from '../../parts/secret-dialog.ts';
import { dateTimeText } from '../../parts/time-texts.ts';
import { errorText } from '../../rest/error-text.ts';
import type { Versioned } from '../../rest/rest-client.ts';
import { loadAll } from '../load-all.ts';
import { mayManage, roleOptions } from '../role-texts.ts';

/** What the form holds of an agent. */
type AgentValue = Pick<AgentAccount, 'username' | 'name' | 'role' | 'disabled'> & {
  readonly groups: readonly Level[];
};

/** The page of one agent, and the page that makes one. */
export class AgentForm extends FormPage<AgentValue> {
  #groups: readonly Option[] = [];
  #account: AgentAccount | null = null;

  protected get heading(): string {
    return this.key === null ? msg('New agent') : (this.#account?.name ?? '');
  }

  protected override get readOnly(): boolean {
    const { session } = this.context;
    if (this.key === null) return session.may.agents === 'none';
    return !mayManage(session, this.#account?.role ?? 'owner') && !this.#isOneself;
  }

  get #isOneself(): boolean {
    const { agent, may } = this.context.session;
    return this.key === agent.id && may.agents !== 'none';
  }

  protected blank(): AgentValue {
    return { username: '', name: '', role: 'agent', disabled: false, groups: [] };
  }

  protected override async readMore(signal: AbortSignal): Promise<void> {
    const groups = await loadAll<SkillGroup>(this.context.rest, '/groups', {}, signal);
    this.#groups = groups.map(({ id, name }) => ({ value: id, label: name }));
  }

  protected async read(key: string, signal: AbortSignal): Promise<Versioned<AgentValue>> {
    return this.#hold(await this.context.rest.read<AgentAccount>(`/agents/${key}`, {}, signal));
  }

  #hold({ body, etag }: Versioned<AgentAccount>): Versioned<AgentValue> {
    this.#account = body;
    const { username, name, role, disabled, groups } = body;
    return { body: { username, name, role, disabled, groups }, etag };
  }

  protected async create({ username, name, role, groups }: AgentValue): Promise<string> {
    const body: NewAgent = { username, name, role, groups: [...groups] };
    const made = await this.context.rest.send<MadeAgent>('/agents', { method: 'POST', body });
    const { agent, passwordLink } = made.body;
    if (passwordLink) await this.#showLink(passwordLink, agent.name);
    return `/admin/agents/${agent.id}`;
  }

  protected async write(
    key: string,
    { username: _fixed, groups, ...changes }: Partial<AgentValue>,
    etag: string,
  ): Promise<Versioned<AgentValue>> {
    const body: AgentChange = { ...changes, ...(groups && { groups: [...groups] }) };
    const request = { method: 'PATCH', body, ifMatch: etag } as const;
    return this.#hold(await this.context.rest.send<AgentAccount>(`/agents/${key}`, request));
  }

  protected check({ username, name }: AgentValue): Record<string, string> {
    return {
      ...(!/^\S{1,64}$/.test(username) && {
        username: msg('Enter a username without spaces, at most 64 characters.'),
      }),
      ...(name.trim() === '' && { name: msg('Enter a name.') }),
    };
  }

  protected label(name: string): string {
    const labels: Record<string, string> = {
      name: msg('Name'),
      role: msg('Role'),
      disabled: msg('Disabled'),
      groups: msg('Skill groups'),
    };
    return labels[name] ?? name;
  }

  protected override fieldOf(code: string): string | null {
    return code === 'taken' ? 'username' : null;
  }

  protected auditSubject(): string {
    return `agent:${this.key}`;
  }

  protected override renderActions(): TemplateResult | typeof nothing {
    const account = this.#account;
    if (!account || !mayManage(this.context.session, account.role)) return nothing;
    return html`<wa-button appearance="outlined" @click=${this.#reset}>
        <wa-icon slot="start" name="link"></wa-icon>
        ${account.password ? msg('Reset password') : msg('Make a password link')}
      </wa-button>
      ${
        account.secondFactor && !this.#isOneself
          ? html`<wa-button appearance="outlined" @click=${this.#removeSecondFactor}>
              ${msg('Remove second factor')}
            </wa-button>`
          : nothing
      }`;
  }

  protected renderFields(): TemplateResult {
    const { session } = this.context;
    const account = this.#account;
    const roles = roleOptions().filter(
      ({ value }) => value === this.value.role || mayManage(session, value as AgentAccount['role']),
    );
    return html`
      <div class="card section">
        <div class="fields">
          ${textField(this, { name: 'name', label: msg('Name'), maxLength: 80, hint: msg('Visitors see it.') })}
          ${textField(this, {
            name: 'username',
            label: msg('Username'),
            maxLength: 64,
            disabled: this.key !== null,
            hint: msg('For signing in. It cannot be changed later.'),
          })}
          ${selectField(this, {
            name: 'role',
            label: msg('Role'),
            options: roles,
            disabled: this.#isOneself,
          })}
        </div>
        ${account ? this.#renderAccount(account) : nothing}
      </div>
      <div class="card section">
        <h2>${msg('Skill groups')}</h2>
        <rtc-membership-editor
          .levels=${this.value.groups}
          .options=${this.#groups}
          add-label=${msg('Add a skill group')}
          ?disabled=${this.readOnly}
          @levels-changed=${({ levels }: LevelsChangedEvent) => this.change('groups', levels)}
        ></rtc-membership-editor>
      </div>
      <rtc-secret-dialog></rtc-secret-dialog>
    `;
  }

  #renderAccount({ secondFactor, linkExpiresAt }: AgentAccount) {
    return html`${checkField(this, {
        name: 'disabled',
        label: msg('Disabled'),
        hint: msg('A disabled agent is signed out, and gets no more calls.'),
        disabled: this.#isOneself,
      })}
      <p class="quiet">
        ${secondFactor ? msg('Signs in with a second factor.') : msg('Signs in without a second factor.')}
        ${
          linkExpiresAt === null
            ? nothing
            : msg(str`The password link is valid until ${dateTimeText(linkExpiresAt)}.`)
        }
      </p>`;
  }

  readonly #reset = async (): Promise<void> => {
    const account = this.#account;
    if (!account) return;
    const confirmed = await this.context.confirm({
      title: msg('Make a password link?'),
      text: msg(
        str`The present password of ${account.name} and their sessions end at once. You get a link with which they choose a new password.`,
      ),
      action: msg('Make the link'),
      danger: true,
    });
    if (!confirmed) return;
    try {
      const body = {};
      const path = `/agents/${account.id}/password-link`;
      const made = await this.context.rest.send<PasswordLink>(path, { method: 'POST', body });
      await this.#showLink(made.body, account.name);
      if (!this.isChanged) await this.load();
    } catch (error) {
      this.problems = { '': errorText(error) };
    }
  };

  readonly #removeSecondFactor = async (): Promise<void> => {
    const account = this.#account;
    if (!account) return;
    const confirmed = await this.context.confirm({
      title: msg('Remove the second factor?'),
      text: msg(
        str`${account.name} is signed out, and signs in with the password alone from then on. Make sure that it is really them who ask.`,
      ),
      action: msg('Remove second factor'),
      danger: true,
    });
    if (!confirmed) return;
    try {
      await this.context.rest.send(`/agents/${account.id}/second-factor`, { method: 'DELETE' });
      this.context.notify(msg('The second factor was removed.'));
      if (!this.isChanged) await this.load();
    } catch (error) {
      this.problems = { '': errorText(error) };
    }
  };

  #showLink({ link, expiresAt }: PasswordLink, name: string): Promise<void> {
    const dialog = this.renderRoot.querySelector<SecretDialog>('rtc-secret-dialog');
    return dialog!.show({
      title: msg(str`Link for ${name}`),
      text: msg(
        str`Send this link. It works once, until ${dateTimeText(expiresAt)}, and is not shown again.`,
      ),
      value: link,
    });
  }
}
