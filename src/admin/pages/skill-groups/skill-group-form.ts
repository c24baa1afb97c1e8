import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { AgentAccount } from '../../../protocol/rest/agents.ts';
import type { Hours } from '../../../protocol/rest/hours.ts';
import type {
  NewSkillGroup,
  SkillGroup,
  SkillGroupChange,
  SkillGroupMembers,
  SkillGroupMembersChange,
} from '../../../protocol/rest/skill-groups.ts';
import { checkField, numberField, selectField, type Option } from '../../parts/fields.ts';
import { FormPage } from '../../parts/form-page.ts';
import type { Level, LevelsChangedEvent } from '../../parts/membership-editor.ts';
import { errorText } from '../../rest/error-text.ts';
import type { Versioned } from '../../rest/rest-client.ts';
import { loadAll } from '../load-all.ts';
import { checkNamed, namedFields } from '../named-fields.ts';
import { recordingSection } from '../recordings/recording-section.ts';
import type { RulesChangedEvent } from './routing-rules-editor.ts';

/** What the form holds of a group. */
type GroupValue = Omit<SkillGroup, 'members' | 'position' | 'rulesVersion'> & {
  readonly members: readonly Level[];
  /** Null for a new group: after the others. */
  readonly position: number | null;
};

const MAX_POSITION = 10_000;

/** The page of one skill group, and the page that makes one. */
export class SkillGroupForm extends FormPage<GroupValue> {
  #agents: readonly Option[] = [];
  #groups: readonly Option[] = [];
  #hours: readonly Option[] = [];
  #membersEtag = '';
  #name = '';
  #rulesVersion: number | null = null;

  protected get heading(): string {
    return this.key === null ? msg('New skill group') : this.#name;
  }

  protected override get readOnly(): boolean {
    const { may, groups } = this.context.session;
    if (this.key === null) return may.settings === 'none';
    return may.routing !== 'site' && !(may.routing === 'groups' && groups.includes(this.key));
  }

  get #mayChangeMembers(): boolean {
    return this.context.session.may.agents !== 'none';
  }

  protected blank(): GroupValue {
    return {
      id: '',
      name: '',
      position: null,
      offerSeconds: 20,
      wrapUpSeconds: 30,
      dispositionRequired: false,
      hours: null,
      priority: 5,
      rules: {},
      recording: null,
      members: [],
    };
  }

  protected override async readMore(signal: AbortSignal): Promise<void> {
    const { rest } = this.context;
    const [agents, groups, hours] = await Promise.all([
      loadAll<AgentAccount>(rest, '/agents', { state: 'enabled' }, signal),
      loadAll<SkillGroup>(rest, '/groups', {}, signal),
      loadAll<Hours>(rest, '/hours', {}, signal),
    ]);
    this.#agents = agents.map(({ id, name, username }) => ({
      value: id,
      label: `${name} (${username})`,
    }));
    const asOption = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });
    this.#groups = groups.filter(({ id }) => id !== this.key).map(asOption);
    this.#hours = hours.map(asOption);
  }

  protected async read(key: string, signal: AbortSignal): Promise<Versioned<GroupValue>> {
    const { rest } = this.context;
    const [group, members] = await Promise.all([
      rest.read<SkillGroup>(`/groups/${key}`, {}, signal),
      rest.read<SkillGroupMembers>(`/groups/${key}/members`, {}, signal),
    ]);
    return this.#hold(group, members);
  }

  #hold(
    group: Versioned<SkillGroup>,
    members: Versioned<SkillGroupMembers>,
  ): Versioned<GroupValue> {
    this.#name = group.body.name;
    this.#membersEtag = members.etag;
    const known = new Set(this.#agents.map(({ value }) => value));
    const unknown = members.body.members.filter(({ id }) => !known.has(id));
    this.#agents = [
      ...this.#agents,
      ...unknown.map(({ id, name, username }) => ({ value: id, label: `${name} (${username})` })),
    ];
    const levels = members.body.members.map(({ id, level }) => ({ id, level }));
    const { rulesVersion, ...settings } = group.body;
    this.#rulesVersion = rulesVersion;
    return { body: { ...settings, members: levels }, etag: group.etag };
  }

  protected async create({ members, position, ...body }: GroupValue): Promise<string> {
    const { rest } = this.context;
    const group: NewSkillGroup = { ...body, ...(position !== null && { position }) };
    await rest.send('/groups', { method: 'POST', body: group });
    const path = `/groups/${body.id}`;
    if (members.length > 0) {
      const { etag } = await rest.read(`${path}/members`);
      const change: SkillGroupMembersChange = { members: [...members] };
      await rest.send(`${path}/members`, { method: 'PUT', body: change, ifMatch: etag });
    }
    return `/admin${path}`;
  }

  protected async write(
    key: string,
    { members, id: _fixed, position, ...others }: Partial<GroupValue>,
    etag: string,
  ): Promise<Versioned<GroupValue>> {
    const { rest } = this.context;
    const path = `/groups/${key}`;
    const changes: SkillGroupChange = {
      ...others,
      ...(typeof position === 'number' && { position }),
    };
    if (Object.keys(changes).length > 0) {
      await rest.send(path, { method: 'PATCH', body: changes, ifMatch: etag });
    }
    if (members) {
      const body: SkillGroupMembersChange = { members: [...members] };
      await rest.send(`${path}/members`, { method: 'PUT', body, ifMatch: this.#membersEtag });
    }
    return this.read(key, new AbortController().signal);
  }

  protected check(value: GroupValue): Record<string, string> {
    const between = (
      name: 'position' | 'offerSeconds' | 'wrapUpSeconds' | 'priority',
      low: number,
      high: number,
    ) => {
      const number = value[name] ?? NaN;
      return Number.isInteger(number) && number >= low && number <= high
        ? {}
        : { [name]: msg(str`Enter a whole number from ${low} to ${high}.`) };
    };
    return {
      ...checkNamed(value),
      ...between('offerSeconds', 5, 120),
      ...between('wrapUpSeconds', 0, 3600),
      ...between('priority', 1, 9),
      ...(this.key !== null && between('position', 0, MAX_POSITION)),
      ...(value.dispositionRequired &&
        value.wrapUpSeconds === 0 && {
          dispositionRequired: msg('Without a wrap-up nobody could choose a disposition.'),
        }),
    };
  }

  protected label(name: string): string {
    const labels: Record<string, string> = {
      name: msg('Name'),
      position: msg('Position'),
      offerSeconds: msg('Ringing time in seconds'),
      wrapUpSeconds: msg('Wrap-up in seconds'),
      dispositionRequired: msg('A disposition is required'),
      hours: msg('Hours'),
      priority: msg('Priority'),
      rules: msg('Routing'),
      recording: msg('Recording'),
      members: msg('Members'),
    };
    return labels[name] ?? name;
  }

  protected override fieldOf(code: string): string | null {
    return code === 'taken' ? 'id' : null;
  }

  protected auditSubject(): string {
    return `group:${this.key}`;
  }

  protected override renderActions(): TemplateResult | typeof nothing {
    if (this.key === null || this.context.session.may.settings === 'none') return nothing;
    return html`<wa-button appearance="outlined" variant="danger" @click=${this.#delete}>
      <wa-icon slot="start" name="trash"></wa-icon>${msg('Delete')}
    </wa-button>`;
  }

  protected renderFields(): TemplateResult {
    const { value } = this;
    return html`
      <div class="card section">
        <div class="fields">
          ${namedFields(this)}
          ${selectField(this, {
            name: 'hours',
            label: this.label('hours'),
            options: [{ value: '', label: msg('Always open') }, ...this.#hours],
          })}
          ${numberField(this, {
            name: 'position',
            label: this.label('position'),
            min: 0,
            max: MAX_POSITION,
            hint:
              this.key === null
                ? msg('The group with the lowest number is the default group. Empty: the last one.')
                : msg('The group with the lowest number is the default group.'),
          })}
        </div>
      </div>
      <div class="card section">
        <h2>${msg('Members')}</h2>
        <p class="quiet">${msg('Level 1 is asked first.')}</p>
        <rtc-membership-editor
          .levels=${value.members}
          .options=${this.#agents}
          add-label=${msg('Add an agent')}
          ?disabled=${!this.#mayChangeMembers}
          @levels-changed=${({ levels }: LevelsChangedEvent) => this.change('members', levels)}
        ></rtc-membership-editor>
      </div>
      <div class="card section">
        <h2>${msg('Calls')}</h2>
        <div class="fields">
          ${numberField(this, {
            name: 'offerSeconds',
            label: this.label('offerSeconds'),
            min: 5,
            max: 120,
            hint: msg('Then the call is offered to the next agent.'),
          })}
          ${numberField(this, {
            name: 'wrapUpSeconds',
            label: this.label('wrapUpSeconds'),
            min: 0,
            max: 3600,
            hint: msg('The time after a call for notes.'),
          })}
          ${checkField(this, {
            name: 'dispositionRequired',
            label: this.label('dispositionRequired'),
            hint: msg('Agents finish the wrap-up only after they have chosen one.'),
          })}
          ${numberField(this, {
            name: 'priority',
            label: this.label('priority'),
            min: 1,
            max: 9,
            hint: msg('From 1 to 9. Calls with 9 are served first.'),
          })}
        </div>
      </div>
      ${
        this.context.session.may.settings === 'none'
          ? nothing
          : recordingSection(this, value.recording, { mayFollowSite: true })
      }
      <div class="card section">
        <h2>${msg('Routing')}</h2>
        <rtc-routing-rules-editor
          .rules=${value.rules}
          .groups=${this.#groups}
          ?disabled=${this.readOnly}
          @rules-changed=${({ rules }: RulesChangedEvent) => this.change('rules', rules)}
        ></rtc-routing-rules-editor>
        ${
          this.#rulesVersion === null
            ? nothing
            : html`<p class="quiet">
                ${msg(str`This is version ${this.#rulesVersion} of the rules. The page of a call says by which version an agent was chosen.`)}
              </p>`
        }
      </div>
    `;
  }

  readonly #delete = async (): Promise<void> => {
    const confirmed = await this.context.confirm({
      title: msg(str`Delete ${this.#name}?`),
      text: msg('Its members are kept. A group that has calls cannot be deleted.'),
      action: msg('Delete'),
      danger: true,
    });
    if (!confirmed) return;
    try {
      const request = { method: 'DELETE', ifMatch: this.etag } as const;
      await this.context.rest.send(`/groups/${this.key}`, request);
      this.context.notify(msg('Deleted.'));
      this.context.go('/admin/groups', { replace: true });
    } catch (error) {
      this.problems = { '': errorText(error) };
    }
  };
}
