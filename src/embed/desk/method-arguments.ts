import type { Credentials } from '../../call/agent-desk-control.ts';
import type { ChosenStatus } from '../../protocol/views.ts';

const STATUSES: readonly unknown[] = ['available', 'break', 'offline'] satisfies ChosenStatus[];

/** Whether what a CRM's page sent is one of the statuses an agent can choose. */
export function isChosenStatus(value: unknown): value is ChosenStatus {
  return STATUSES.includes(value);
}

/** Whether what a CRM's page sent is something to sign in with. */
export function isCredentials(value: unknown): value is Credentials {
  if (typeof value !== 'object' || value === null) return false;
  const { username, password, token } = value as Record<string, unknown>;
  return (
    typeof token === 'string' || (typeof username === 'string' && typeof password === 'string')
  );
}
