import { msg } from '@lit/localize';
import type { SkillGroup } from '../../../protocol/rest/skill-groups.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import type { ListDefinition } from '../../parts/list-definition.ts';

/** The page `Skill groups`. */
export const skillGroupList = ({ session }: ConsoleContext): ListDefinition<SkillGroup> => ({
  heading: msg('Skill groups'),
  intro: msg('Agents who can take the same kind of call. Each group has its own queue.'),
  path: '/groups',
  filters: [{ name: 'q', label: msg('Search by name'), type: 'search' }],
  columns: [
    { label: msg('Name'), sort: 'name', render: ({ name }) => name },
    { label: msg('Short name'), render: ({ id }) => id },
    {
      label: msg('Members'),
      sort: 'members',
      align: 'end',
      render: ({ members }) => String(members),
    },
    { label: msg('Hours'), render: ({ hours }) => hours ?? msg('Always open') },
    { label: msg('Priority'), align: 'end', render: ({ priority }) => String(priority) },
  ],
  ...(session.may.settings !== 'none' && {
    create: { label: msg('New skill group'), path: '/admin/groups/new' },
  }),
  rowPath: ({ id }) => `/admin/groups/${id}`,
  empty: {
    title: msg('No skill groups yet'),
    text: msg('Make a group, and add the agents who take its calls.'),
  },
});
