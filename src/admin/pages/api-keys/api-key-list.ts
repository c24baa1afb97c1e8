import { msg, str } from '@lit/localize';
import { html } from 'lit';
import type { ApiKey } from '../../../protocol/rest/api-keys.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import type { ListDefinition } from '../../parts/list-definition.ts';
import { dateTimeText } from '../../parts/time-texts.ts';
import { errorText } from '../../rest/error-text.ts';
import { scopeText } from './scope-texts.ts';

/** The page `API keys`. */
export const apiKeyList = (context: ConsoleContext): ListDefinition<ApiKey> => ({
  heading: msg('API keys'),
  intro: msg(
    'With a key, a program of yours uses the REST interface. Each key may do only what its scopes say.',
  ),
  path: '/api-keys',
  filters: [
    { name: 'q', label: msg('Search by name'), type: 'search' },
    {
      name: 'state',
      label: msg('State'),
      type: 'select',
      options: [
        { value: 'active', label: msg('In force') },
        { value: 'revoked', label: msg('Revoked') },
      ],
    },
  ],
  columns: [
    { label: msg('Name'), sort: 'name', render: ({ name }) => name },
    { label: msg('Key'), render: ({ start }) => html`<code>${start}…</code>` },
    { label: msg('Scopes'), render: ({ scopes }) => scopes.map(scopeText).join(', ') },
    {
      label: msg('Made'),
      sort: 'createdAt',
      render: ({ createdAt, createdBy }) =>
        createdBy ? `${dateTimeText(createdAt)}, ${createdBy}` : dateTimeText(createdAt),
    },
    {
      label: msg('Last used'),
      sort: 'lastUsedAt',
      render: ({ lastUsedAt }) => (lastUsedAt === null ? msg('Never') : dateTimeText(lastUsedAt)),
    },
  ],
  create: { label: msg('New API key'), path: '/admin/api-keys/new' },
  rowActions: (key, reload) =>
    key.revokedAt === null
      ? html`<wa-button
          appearance="outlined"
          variant="danger"
          size="s"
          @click=${() => revoke(context, key, reload)}
        >
          ${msg('Revoke')}<span class="visually-hidden"> ${key.name}</span>
        </wa-button>`
      : html`<wa-badge variant="neutral">${msg('Revoked')}</wa-badge>`,
  empty: {
    title: msg('No API keys yet'),
    text: msg('Make a key for each program, so that you can revoke one alone.'),
  },
});

async function revoke(context: ConsoleContext, key: ApiKey, reload: () => void): Promise<void> {
  const confirmed = await context.confirm({
    title: msg(str`Revoke ${key.name}?`),
    text: msg('The program that uses this key is refused from now on. This cannot be undone.'),
    action: msg('Revoke'),
    danger: true,
  });
  if (!confirmed) return;
  try {
    await context.rest.send(`/api-keys/${key.id}`, { method: 'DELETE' });
    context.notify(msg('Revoked.'));
    reload();
  } catch (error) {
    context.notify(errorText(error));
  }
}
