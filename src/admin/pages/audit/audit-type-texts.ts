import { msg } from '@lit/localize';
import type { AuditType } from '../../../protocol/rest/audit.ts';
import type { Option } from '../../parts/fields.ts';

const TYPES: readonly AuditType[] = [
  'configuration-changed',
  'signed-in',
  'signed-out',
  'sign-in-failed',
  'password-changed',
  'password-reset',
  'second-factor-added',
  'second-factor-removed',
  'recovery-codes-made',
  'recovery-code-used',
  'agent-enabled',
  'agent-disabled',
  'record-read',
  'recording-read',
  'link-made',
  'link-revoked',
  'message-deleted',
  'legal-hold-set',
  'legal-hold-lifted',
  'erasure-ordered',
  'erased',
  'secret-rotated',
  'provisioned',
  'backed-up',
  'restored',
];

export const auditTypeOptions = (): Option[] =>
  TYPES.map((type) => ({ value: type, label: auditTypeText(type) }));

export function auditTypeText(type: AuditType): string {
  switch (type) {
    case 'configuration-changed':
      return msg('Changed the configuration');
    case 'signed-in':
      return msg('Signed in');
    case 'signed-out':
      return msg('Signed out');
    case 'sign-in-failed':
      return msg('Failed to sign in');
    case 'password-changed':
      return msg('Changed a password');
    case 'password-reset':
      return msg('Reset a password');
    case 'second-factor-added':
      return msg('Added a second factor');
    case 'second-factor-removed':
      return msg('Removed a second factor');
    case 'recovery-codes-made':
      return msg('Made new recovery codes');
    case 'recovery-code-used':
      return msg('Used a recovery code');
    case 'agent-enabled':
      return msg('Enabled an agent');
    case 'agent-disabled':
      return msg('Disabled an agent');
    case 'record-read':
      return msg('Read calls');
    case 'recording-read':
      return msg('Played a recording');
    case 'link-made':
      return msg('Made a link to a recording or case file');
    case 'link-revoked':
      return msg('Revoked a link');
    case 'message-deleted':
      return msg('Deleted a message or callback');
    case 'legal-hold-set':
      return msg('Set a legal hold');
    case 'legal-hold-lifted':
      return msg('Lifted a legal hold');
    case 'erasure-ordered':
      return msg('Ordered an erasure');
    case 'erased':
      return msg('Erased data');
    case 'secret-rotated':
      return msg('Rotated the secret');
    case 'provisioned':
      return msg('Applied a configuration file');
    case 'backed-up':
      return msg('Made a backup');
    case 'restored':
      return msg('Restored a backup');
  }
}
