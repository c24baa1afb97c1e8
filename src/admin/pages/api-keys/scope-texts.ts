import { msg } from '@lit/localize';
import type { ApiScope } from '../../../protocol/rest/permissions.ts';

/** All scopes, in the order in which the form shows them. */
export const SCOPES: readonly ApiScope[] = [
  'calls:read',
  'recordings:read',
  'directory:read',
  'configuration:read',
  'routing:write',
  'agents:write',
  'rooms:write',
  'reports:read',
  'audit:read',
  'erasure:write',
];

export function scopeText(scope: ApiScope): string {
  switch (scope) {
    case 'calls:read':
      return msg('Read calls and transcripts');
    case 'recordings:read':
      return msg('Read recordings');
    case 'directory:read':
      return msg('Read agents, groups and hours');
    case 'configuration:read':
      return msg('Read the configuration');
    case 'routing:write':
      return msg('Change hours and routing');
    case 'agents:write':
      return msg('Make and change agents');
    case 'rooms:write':
      return msg('Make rooms and invite guests');
    case 'reports:read':
      return msg('Read reports');
    case 'audit:read':
      return msg('Read the audit log');
    case 'erasure:write':
      return msg('Erase visitors’ data');
  }
}
