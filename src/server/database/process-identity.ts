import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export type Life = 'alive' | 'dead' | 'unknown';

/**
 * Who a process is, so that it is never taken for another one that got its number later: the machine
 * (its boot and its process namespace, where Linux tells them), the pid, and when it started.
 */
export interface ProcessIdentity {
  readonly machine: string;
  readonly pid: number;
  /** In clock ticks since boot; '0' where the system has no /proc. */
  readonly started: string;
}

export function thisProcess(): ProcessIdentity {
  return {
    machine: createHash('sha256').update(machine()).digest('hex').slice(0, 16),
    pid: process.pid,
    started: readStart(process.pid) ?? '0',
  };
}

/** Whether that process lives. 'unknown' for one on another machine, and where only its pid can be asked. */
export function lifeOf(other: ProcessIdentity): Life {
  const own = thisProcess();
  if (other.machine !== own.machine) return 'unknown';
  if (own.started !== '0') return readStart(other.pid) === other.started ? 'alive' : 'dead';
  if (other.pid === own.pid) return 'alive';
  try {
    process.kill(other.pid, 0);
    return 'unknown';
  } catch (error) {
    // Not permitted means that there is one; it may be another that got the number.
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'dead' : 'unknown';
  }
}

function machine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // No /proc here: the name has to do, and a live heartbeat decides the rest.
    return hostname();
  }
}

/** Null where there is no such process, or only its remains (Z, X), which hold no file any more. */
function readStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the program's name in parentheses, may itself hold spaces and parentheses.
    const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : (rest[18] ?? null);
  } catch {
    // No such process, or no /proc: to the caller both are "not seen".
    return null;
  }
}
