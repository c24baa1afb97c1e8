import { userInfo } from 'node:os';

/** Who types the command: the user on this machine, for the security log. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number without a name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
