import { msg } from '@lit/localize';
import type { ReplyScope } from '../../../protocol/rest/canned-replies.ts';

export function replyScopeText(scope: ReplyScope): string {
  switch (scope) {
    case 'personal':
      return msg('Only me');
    case 'group':
      return msg('A skill group');
    case 'site':
      return msg('The whole site');
  }
}
