import { msg } from '@lit/localize';
import { html } from 'lit';
import type { AgentAccount } from '../../../protocol/rest/agents.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import type { ListDefinition } from '../../parts/list-definition.ts';
import { groupFilter } from '../list-filters.ts';
import { roleOptions, roleText } from '../role-texts.ts';

/** The page `Agents`. */
export const agentList = ({ rest, session }: ConsoleContext): ListDefinition<AgentAccount> => ({
  heading: msg('Agents'),
  intro: msg('Everybody who takes calls, watches over groups or runs the site.'),
  path: '/agents',
  filters: [
    { name: 'q', label: msg('Search by name or username'), type: 'search' },
    { name: 'role', label: msg('Role'), type: 'select', options: roleOptions() },
    groupFilter(rest),
    {
      name: 'state',
      label: msg('Account'),
      type: 'select',
      options: [
        { value: 'enabled', label: msg('Enabled') },
        { value: 'disabled', label: msg('Disabled') },
      ],
    },
  ],
  columns: [
    { label: msg('Name'), sort: 'name', render: ({ name }) => name },
    { label: msg('Username'), sort: 'username', render: ({ username }) => username },
    { label: msg('Role'), sort: 'role', render: ({ role }) => roleText(role) },
    {
      label: msg('Skill groups'),
      render: ({ groups }) => groups.map(({ id }) => id).join(', ') || '–',
    },
    { label: msg('Account'), render: accountText },
  ],
  ...(session.may.agents !== 'none' && {
    create: { label: msg('New agent'), path: '/admin/agents/new' },
  }),
  rowPath: ({ id }) => `/admin/agents/${id}`,
  empty: {
    title: msg('No agents yet'),
    text: msg('Make the first agent, and send the link with which they choose a password.'),
  },
});

function accountText({ disabled, linkExpiresAt, password }: AgentAccount) {
  if (disabled) return html`<wa-badge variant="neutral">${msg('Disabled')}</wa-badge>`;
  if (linkExpiresAt !== null) return html`<wa-badge variant="warning">${msg('Invited')}</wa-badge>`;
  if (!password) return msg('By the CRM only');
  return html`<wa-badge variant="success">${msg('Enabled')}</wa-badge>`;
}
