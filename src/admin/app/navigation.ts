import { msg } from '@lit/localize';
import type { Permissions } from '../../protocol/rest/permissions.ts';

export interface NavigationLink {
  readonly path: string;
  readonly label: string;
  /** In the sprite (page/admin-icons.svg). */
  readonly icon: string;
}

/** The console's pages that a person may use, in their order. */
export function navigationFor(may: Permissions): readonly NavigationLink[] {
  const links: (NavigationLink & { readonly shown: boolean })[] = [
    {
      path: '/admin/live-board',
      label: msg('Live board'),
      icon: 'board',
      shown: may.reports !== 'none',
    },
    { path: '/admin/calls', label: msg('Calls'), icon: 'calls', shown: may.records !== 'none' },
    {
      path: '/admin/recordings',
      label: msg('Recordings'),
      icon: 'recordings',
      shown: may.recordings !== 'none',
    },
    {
      path: '/admin/follow-ups',
      label: msg('Messages'),
      icon: 'messages',
      shown: may.records !== 'none',
    },
    {
      path: '/admin/reports',
      label: msg('Reports'),
      icon: 'reports',
      shown: may.reports !== 'none',
    },
    {
      path: '/admin/agents',
      label: msg('Agents'),
      icon: 'agents',
      shown: may['agents-read'] !== 'none',
    },
    {
      path: '/admin/groups',
      label: msg('Skill groups'),
      icon: 'groups',
      shown: may.directory !== 'none',
    },
    { path: '/admin/hours', label: msg('Hours'), icon: 'hours', shown: may.routing !== 'none' },
    { path: '/admin/flows', label: msg('Flows'), icon: 'flows', shown: may.routing !== 'none' },
    {
      path: '/admin/dispositions',
      label: msg('Dispositions'),
      icon: 'dispositions',
      shown: may.settings !== 'none',
    },
    {
      path: '/admin/canned-replies',
      label: msg('Canned replies'),
      icon: 'replies',
      shown: may.replies !== 'none',
    },
    {
      path: '/admin/webhooks',
      label: msg('Webhooks'),
      icon: 'webhooks',
      shown: may.settings !== 'none',
    },
    {
      path: '/admin/api-keys',
      label: msg('API keys'),
      icon: 'keys',
      shown: may['api-keys'] !== 'none',
    },
    { path: '/admin/site', label: msg('Site'), icon: 'site', shown: may.settings !== 'none' },
    { path: '/admin/audit', label: msg('Audit log'), icon: 'audit', shown: may.audit !== 'none' },
  ];
  return links.filter(({ shown }) => shown);
}
