import type { Credentials, DispositionChoice } from '../../call/agent-desk-control.ts';
import type { ChosenStatus } from '../../protocol/views.ts';

const STATUSES: readonly unknown[] = ['available', 'break', 'offline'] satisfies ChosenStatus[];

/** Whether a value from a CRM's page is a status that an agent can choose. */
export function isChosenStatus(value: unknown): value is ChosenStatus {
  return STATUSES.includes(value);
}

/** Whether a value from a CRM's page has the shape of credentials. */
export function isCredentials(value: unknown): value is Credentials {
  if (typeof value !== 'object' || value === null) return false;
  const { site, username, password, token } = value as Record<string, unknown>;
  if (typeof token === 'string') return true;
  const siteIsText = site === undefined || typeof site === 'string';
  return siteIsText && typeof username === 'string' && typeof password === 'string';
}

/** Whether a value from a CRM's page has the shape of a disposition. */
export function isDispositionChoice(value: unknown): value is DispositionChoice {
  if (typeof value !== 'object' || value === null) return false;
  const { code, note, callId } = value as Record<string, unknown>;
  return (
    (code === null || typeof code === 'string') &&
    [note, callId].every((text) => text === undefined || typeof text === 'string')
  );
}
