import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type {
  CannedReply,
  CannedReplyChange,
  NewCannedReply,
  ReplyScope,
} from '../../../protocol/rest/canned-replies.ts';
import type { SkillGroup } from '../../../protocol/rest/skill-groups.ts';
import { selectField, textArea, textField, type Option } from '../../parts/fields.ts';
import { FormPage } from '../../parts/form-page.ts';
import { errorText } from '../../rest/error-text.ts';
import type { Versioned } from '../../rest/rest-client.ts';
import { LANGUAGES } from '../languages.ts';
import { loadAll } from '../load-all.ts';
import { replyScopeText } from './scope-texts.ts';

/** What the form holds of a canned reply. */
type ReplyValue = Pick<CannedReply, 'scope' | 'group' | 'shortcut' | 'language' | 'text'>;

const PICTURE_TYPES = 'image/png,image/jpeg,image/webp';

/** The page of one canned reply, and the page that makes one. */
export class CannedReplyForm extends FormPage<ReplyValue> {
  #groups: readonly Option[] = [];
  #reply: CannedReply | null = null;

  protected get heading(): string {
    return this.key === null ? msg('New canned reply') : `/${this.#reply?.shortcut ?? ''}`;
  }

  /** The scopes in which the person may write. */
  get #scopes(): readonly ReplyScope[] {
    const { replies } = this.context.session.may;
    if (replies === 'site') return ['personal', 'group', 'site'];
    return replies === 'groups' ? ['personal', 'group'] : ['personal'];
  }

  protected override get readOnly(): boolean {
    if (this.#reply === null) return false;
    const { scope, group } = this.#reply;
    const { may, groups } = this.context.session;
    if (scope === 'group' && may.replies === 'groups') return !groups.includes(group ?? '');
    return !this.#scopes.includes(scope);
  }

  protected blank(): ReplyValue {
    return { scope: 'personal', group: null, shortcut: '', language: null, text: '' };
  }

  protected override async readMore(signal: AbortSignal): Promise<void> {
    const groups = await loadAll<SkillGroup>(this.context.rest, '/groups', {}, signal);
    this.#groups = groups.map(({ id, name }) => ({ value: id, label: name }));
  }

  protected async read(key: string, signal: AbortSignal): Promise<Versioned<ReplyValue>> {
    const path = `/canned-replies/${key}`;
    return this.#hold(await this.context.rest.read<CannedReply>(path, {}, signal));
  }

  #hold({ body, etag }: Versioned<CannedReply>): Versioned<ReplyValue> {
    this.#reply = body;
    const { scope, group, shortcut, language, text } = body;
    return { body: { scope, group, shortcut, language, text }, etag };
  }

  protected async create({ group, ...value }: ReplyValue): Promise<string> {
    const body: NewCannedReply = { ...value, ...(value.scope === 'group' && group && { group }) };
    const made = await this.context.rest.send<CannedReply>('/canned-replies', {
      method: 'POST',
      body,
    });
    return `/admin/canned-replies/${made.body.id}`;
  }

  protected async write(
    key: string,
    { scope: _scope, group: _group, ...body }: Partial<ReplyValue>,
    etag: string,
  ): Promise<Versioned<ReplyValue>> {
    const change: CannedReplyChange = body;
    const request = { method: 'PATCH', body: change, ifMatch: etag } as const;
    const path = `/canned-replies/${key}`;
    return this.#hold(await this.context.rest.send<CannedReply>(path, request));
  }

  protected check({ shortcut, text, scope, group }: ReplyValue): Record<string, string> {
    return {
      ...(!/^[\p{L}\p{N}_-]{1,32}$/u.test(shortcut) && {
        shortcut: msg('Enter at most 32 letters, digits, hyphens or underscores.'),
      }),
      ...(text.trim() === '' && { text: msg('Enter a text.') }),
      ...(scope === 'group' && !group && { group: msg('Choose a skill group.') }),
    };
  }

  protected label(name: string): string {
    const labels: Record<string, string> = {
      shortcut: msg('Shortcut'),
      language: msg('Language'),
      text: msg('Text'),
    };
    return labels[name] ?? name;
  }

  protected override fieldOf(code: string): string | null {
    return code === 'taken' ? 'shortcut' : null;
  }

  protected auditSubject(): string {
    return `canned-reply:${this.key}`;
  }

  protected override renderActions(): TemplateResult | typeof nothing {
    if (this.key === null || this.readOnly) return nothing;
    return html`<wa-button appearance="outlined" variant="danger" @click=${this.#delete}>
      <wa-icon slot="start" name="trash"></wa-icon>${msg('Delete')}
    </wa-button>`;
  }

  protected renderFields(): TemplateResult {
    const isNew = this.key === null;
    const scopes = new Set([...this.#scopes, this.value.scope]);
    return html`<div class="card section">
        <div class="fields">
          ${textField(this, {
            name: 'shortcut',
            label: this.label('shortcut'),
            maxLength: 32,
            hint: msg('An agent types it after a slash.'),
          })}
          ${selectField(this, {
            name: 'language',
            label: this.label('language'),
            options: [{ value: '', label: msg('Any') }, ...LANGUAGES],
          })}
          ${selectField(this, {
            name: 'scope',
            label: msg('For'),
            disabled: !isNew,
            options: [...scopes].map((scope) => ({ value: scope, label: replyScopeText(scope) })),
          })}
          ${
            this.value.scope === 'group'
              ? selectField(this, {
                  name: 'group',
                  label: msg('Skill group'),
                  disabled: !isNew,
                  options: [{ value: '', label: msg('Choose…') }, ...this.#groups],
                })
              : nothing
          }
        </div>
        ${textArea(this, {
          name: 'text',
          label: this.label('text'),
          maxLength: 2000,
          hint: msg(
            'The desk fills in {visitor}, {agent}, {site}, {group} and {param:NAME} when the agent sends it.',
          ),
        })}
      </div>
      ${isNew ? nothing : this.#renderPicture()}`;
  }

  #renderPicture() {
    const picture = this.#reply?.picture;
    const path = this.context.rest.address(`/canned-replies/${this.key}/picture`, {
      version: this.etag,
    });
    return html`<div class="card section">
      <h2>${msg('Picture')}</h2>
      ${
        picture
          ? html`<img
              src=${path}
              width=${Math.min(320, picture.width)}
              alt=${msg('The picture of this reply')}
            />`
          : html`<p class="quiet">${msg('This reply has no picture.')}</p>`
      }
      ${
        this.readOnly
          ? nothing
          : html`<div class="line">
              <div class="field">
                <label for="picture">${msg('Choose a picture')}</label>
                <input id="picture" type="file" accept=${PICTURE_TYPES} @change=${this.#upload} />
              </div>
              ${
                picture
                  ? html`<wa-button appearance="outlined" @click=${this.#removePicture}>
                      ${msg('Remove the picture')}
                    </wa-button>`
                  : nothing
              }
            </div>`
      }
    </div>`;
  }

  readonly #upload = async (event: Event): Promise<void> => {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file) await this.#changePicture({ method: 'PUT', body: file });
  };

  readonly #removePicture = (): Promise<void> => this.#changePicture({ method: 'DELETE' });

  /** The picture is saved at once; the entered text stays as it is. */
  async #changePicture(request: { method: 'PUT' | 'DELETE'; body?: Blob }): Promise<void> {
    try {
      const path = `/canned-replies/${this.key}/picture`;
      const made = await this.context.rest.send<CannedReply>(path, {
        ...request,
        ifMatch: this.etag,
      });
      this.rebase(this.#hold(made));
      this.context.notify(msg('Saved.'));
    } catch (error) {
      this.problems = { '': errorText(error) };
    }
  }

  readonly #delete = async (): Promise<void> => {
    const confirmed = await this.context.confirm({
      title: msg(str`Delete ${this.heading}?`),
      text: msg('Agents can no longer send it.'),
      action: msg('Delete'),
      danger: true,
    });
    if (!confirmed) return;
    try {
      const request = { method: 'DELETE', ifMatch: this.etag } as const;
      await this.context.rest.send(`/canned-replies/${this.key}`, request);
      this.context.notify(msg('Deleted.'));
      this.context.go('/admin/canned-replies', { replace: true });
    } catch (error) {
      this.problems = { '': errorText(error) };
    }
  };
}
