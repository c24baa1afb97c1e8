import { localized, msg } from '@lit/localize';
import { html } from 'lit';
import type { Hours } from '../../../protocol/rest/hours.ts';
import type { SkillGroup } from '../../../protocol/rest/skill-groups.ts';
import { FlowRest } from '../../flows/flow-rest.ts';
import { templateFlow, templateOptions, type TemplateName } from '../../flows/flow-templates.ts';
import { selectField } from '../../parts/fields.ts';
import { FormPage } from '../../parts/form-page.ts';
import { RestError } from '../../rest/rest-error.ts';
import { loadAll } from '../load-all.ts';
import { checkNamed, namedFields } from '../named-fields.ts';

interface NewFlow {
  readonly [name: string]: unknown;
  readonly id: string;
  readonly name: string;
  readonly template: TemplateName;
}

/** The page of a new flow: its name, and what it begins with. */
@localized()
export class NewFlowForm extends FormPage<NewFlow> {
  #groups: readonly SkillGroup[] = [];
  #hours: readonly Hours[] = [];

  protected override get heading(): string {
    return msg('New flow');
  }

  protected override blank(): NewFlow {
    return { id: '', name: '', template: 'menu' };
  }

  protected override async readMore(signal: AbortSignal): Promise<void> {
    const { rest, session } = this.context;
    const [groups, hours] = await Promise.all([
      loadAll<SkillGroup>(rest, '/groups', {}, signal),
      loadAll<Hours>(rest, '/hours', {}, signal),
    ]);
    // A supervisor makes flows that lead to own groups.
    const isOwn = ({ id }: SkillGroup): boolean => session.groups.includes(id);
    this.#groups = session.may.routing === 'groups' ? groups.filter(isOwn) : groups;
    this.#hours = hours;
  }

  /** There is nothing to read: the flow is new. */
  protected override read(): Promise<never> {
    return Promise.reject(new RestError('not-found', 'A new flow cannot be read.', 404));
  }

  protected override write(): Promise<never> {
    return this.read();
  }

  protected override async create({ id, name, template }: NewFlow): Promise<string> {
    const [first, second = first] = this.#groups;
    const document = templateFlow(template, {
      group: first?.id ?? '',
      second: second?.id ?? '',
      hours: this.#hours[0]?.id ?? '',
    });
    try {
      await new FlowRest(this.context.rest, id).save(name.trim(), document, null);
    } catch (error) {
      // The server asks for the version of a flow that is there already.
      if (!(error instanceof RestError) || error.code !== 'precondition-required') throw error;
      throw new RestError('taken', error.message, error.status, { cause: error });
    }
    return `/admin/flows/${id}`;
  }

  protected override check(value: NewFlow) {
    const needsGroup = value.template !== 'empty' && this.#groups.length === 0;
    return {
      ...checkNamed(value),
      ...(needsGroup && {
        template: msg('Make a skill group first, or begin with an empty flow.'),
      }),
    };
  }

  protected override label(name: string): string {
    return name;
  }

  protected override fieldOf(code: string): string | null {
    return code === 'taken' ? 'id' : null;
  }

  protected override auditSubject(): string | null {
    return null;
  }

  protected override renderFields() {
    return html`<div class="card section">
      <div class="fields">
        ${namedFields(this)}
        ${selectField(this, {
          name: 'template',
          label: msg('Begin with'),
          options: templateOptions(this.#hours.length > 0),
        })}
      </div>
    </div>`;
  }
}
