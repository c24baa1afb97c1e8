import { msg } from '@lit/localize';
import type { CannedReply } from '../../../protocol/rest/canned-replies.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import type { ListDefinition } from '../../parts/list-definition.ts';
import { LANGUAGES } from '../languages.ts';
import { groupFilter } from '../list-filters.ts';
import { replyScopeText } from './scope-texts.ts';

const SCOPES = ['personal', 'group', 'site'] as const;
const PREVIEW_LETTERS = 120;

/** The page `Canned replies`. */
export const cannedReplyList = ({ rest }: ConsoleContext): ListDefinition<CannedReply> => ({
  heading: msg('Canned replies'),
  intro: msg('Texts that an agent sends with a shortcut.'),
  path: '/canned-replies',
  filters: [
    { name: 'q', label: msg('Search'), type: 'search' },
    {
      name: 'scope',
      label: msg('For'),
      type: 'select',
      options: SCOPES.map((scope) => ({ value: scope, label: replyScopeText(scope) })),
    },
    groupFilter(rest),
    { name: 'language', label: msg('Language'), type: 'select', options: LANGUAGES },
  ],
  columns: [
    { label: msg('Shortcut'), sort: 'shortcut', render: ({ shortcut }) => `/${shortcut}` },
    {
      label: msg('Text'),
      render: ({ text }) =>
        text.length > PREVIEW_LETTERS ? `${text.slice(0, PREVIEW_LETTERS)}…` : text,
    },
    {
      label: msg('For'),
      render: ({ scope, group }) => (scope === 'group' ? (group ?? '') : replyScopeText(scope)),
    },
    {
      label: msg('Language'),
      render: ({ language }) =>
        LANGUAGES.find(({ value }) => value === language)?.label ?? msg('Any'),
    },
  ],
  create: { label: msg('New canned reply'), path: '/admin/canned-replies/new' },
  rowPath: ({ id }) => `/admin/canned-replies/${id}`,
  empty: {
    title: msg('No canned replies yet'),
    text: msg('Write the answers that your agents give again and again.'),
  },
});
