import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { until } from 'lit/directives/until.js';
import { contactLink } from '../../../elements/parts/texts/contact-link.ts';
import type { AgentAccount } from '../../../protocol/rest/agents.ts';
import type { FollowUp, FollowUpChange } from '../../../protocol/rest/follow-ups.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import type { ListDefinition } from '../../parts/list-definition.ts';
import { dateTimeText } from '../../parts/time-texts.ts';
import { errorText } from '../../rest/error-text.ts';
import { groupFilter } from '../list-filters.ts';
import { loadAll } from '../load-all.ts';
import { callbackStateText, followUpKindText } from './follow-up-texts.ts';

const STATUSES = ['open', 'handled'] as const;

/** The page `Messages`: what visitors left, who takes care of it, and how it is answered. */
export const followUpList = (context: ConsoleContext): ListDefinition<FollowUp> => {
  const { rest } = context;
  const agents = loadAll<AgentAccount>(rest, '/agents', {}, new AbortController().signal).catch(
    (error: unknown): readonly AgentAccount[] => {
      context.notify(errorText(error));
      return [];
    },
  );
  return {
    heading: msg('Messages'),
    intro: msg('Messages and callbacks that visitors left in a flow, the newest first.'),
    path: '/follow-ups',
    filters: [
      {
        name: 'status',
        label: msg('State'),
        type: 'select',
        options: STATUSES.map((value) => ({
          value,
          label: value === 'open' ? msg('Open') : msg('Handled'),
        })),
      },
      {
        name: 'kind',
        label: msg('Kind'),
        type: 'select',
        options: (['message', 'callback'] as const).map((value) => ({
          value,
          label: followUpKindText(value),
        })),
      },
      groupFilter(rest),
    ],
    columns: [
      { label: msg('When'), sort: 'leftAt', render: ({ leftAt }) => dateTimeText(leftAt) },
      {
        label: msg('Visitor'),
        render: (row) => html`${row.visitor}<br />${contact(row)}`,
      },
      {
        label: msg('Text'),
        render: ({ text, call }) =>
          html`${text || '–'}<br /><a href="/admin/calls/${call}">${msg('The call')}</a>`,
      },
      { label: msg('Skill group'), render: ({ group }) => group },
      { label: msg('State'), render: renderState },
      {
        label: msg('Who takes care'),
        render: (row, reload) =>
          html`${until(
            agents.then((all) => assigneeSelect(context, row, all, reload)),
            row.assignee?.name ?? '–',
          )}`,
      },
    ],
    rowActions: (row, reload) => actions(context, row, reload),
    empty: {
      title: msg('No messages'),
      text: msg('A flow with the step “Leave a message” or “Callback” collects them.'),
    },
  };
};

function contact(row: FollowUp): TemplateResult | string {
  const link = contactLink(row);
  return link === null ? row.contact : html`<a href=${link}>${row.contact}</a>`;
}

function renderState({ kind, callback, handledAt, handledBy }: FollowUp): TemplateResult {
  return html`${followUpKindText(kind)}${
    callback
      ? html`<br /><wa-badge variant=${callback.state === 'reached' ? 'success' : 'neutral'}
            >${callbackStateText(callback.state)}</wa-badge
          >`
      : nothing
  }${
    handledAt === null
      ? nothing
      : html`<br /><span class="quiet">${msg(str`Handled by ${handledBy ?? ''}`)}</span>`
  }`;
}

function assigneeSelect(
  context: ConsoleContext,
  row: FollowUp,
  all: readonly AgentAccount[],
  reload: () => void,
): TemplateResult | string {
  const members: { readonly id: string; readonly name: string }[] = all.filter(
    ({ groups, disabled }) => !disabled && groups.some(({ id }) => id === row.group),
  );
  const { assignee } = row;
  if (assignee && !members.some(({ id }) => id === assignee.id)) {
    members.push(assignee);
  }
  return html`<select
    aria-label=${msg(str`Who takes care of ${row.visitor}, ${dateTimeText(row.leftAt)}`)}
    @change=${(event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      const request = change({ assignee: value || null });
      // If somebody else was faster, the list shows what that person chose.
      void send(context, row, request, msg('Saved.')).then(reload);
    }}
  >
    <option value="" .selected=${live(assignee === null)}>${msg('Nobody')}</option>
    ${members.map(
      ({ id, name }) =>
        html`<option value=${id} .selected=${live(assignee?.id === id)}>${name}</option>`,
    )}
  </select>`;
}

function actions(context: ConsoleContext, row: FollowUp, reload: () => void): TemplateResult {
  const { handledAt, callback, visitor, leftAt } = row;
  const button = (label: string, press: () => void, variant = 'neutral') =>
    html`<wa-button appearance="outlined" size="s" variant=${variant} @click=${press}>
      ${label}<span class="visually-hidden"> ${visitor}, ${dateTimeText(leftAt)}</span>
    </wa-button>`;
  const act = (request: Request, done: string) => async () => {
    await send(context, row, request, done);
    reload();
  };
  const canCall = callback === null || FAILED.includes(callback.state);
  return html`${
    handledAt === null
      ? button(msg('Done'), act(change({ handled: true }), msg('Marked as answered.')))
      : button(msg('Open again'), act(change({ handled: false }), msg('It is open again.')))
  }
  ${canCall ? button(msg('Call back'), act(CALL_BACK, msg('The visitor will be called back.'))) : nothing}
  ${
    context.session.may['follow-ups'] === 'none'
      ? nothing
      : button(msg('Delete'), () => void remove(context, row, reload), 'danger')
  }`;
}

const FAILED: readonly string[] = ['no-answer', 'expired', 'cancelled'];

interface Request {
  readonly method: 'PATCH' | 'POST' | 'DELETE';
  readonly path?: string;
  readonly body?: FollowUpChange;
}

const CALL_BACK: Request = { method: 'POST', path: '/callback' };
const change = (body: FollowUpChange): Request => ({ method: 'PATCH', body });

async function remove(context: ConsoleContext, row: FollowUp, reload: () => void): Promise<void> {
  const confirmed = await context.confirm({
    title: msg(str`Delete what ${row.visitor} left?`),
    text: msg('An open callback ends. This cannot be undone.'),
    action: msg('Delete'),
    danger: true,
  });
  if (!confirmed) return;
  await send(context, row, { method: 'DELETE' }, msg('Deleted.'));
  reload();
}

/** Sends a change of the version that is shown. The row then holds what the server answered. */
async function send(
  { rest, notify }: ConsoleContext,
  row: FollowUp,
  { method, path = '', body }: Request,
  done: string,
): Promise<void> {
  try {
    const answer = await rest.send<FollowUp | null>(`/follow-ups/${row.id}${path}`, {
      method,
      ifMatch: `"${row.version}"`,
      ...(body && { body }),
    });
    Object.assign(row, answer.body);
    notify(done);
  } catch (error) {
    notify(errorText(error));
  }
}
