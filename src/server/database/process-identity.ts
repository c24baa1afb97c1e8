import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export type Liveness = 'alive' | 'dead' | 'unknown';

/**
 * Identifies a process, so that it is never mistaken for a later one with the same pid: by its machine (boot id and
 * process namespace on Linux), its pid, and its start time.
 */
export interface ProcessIdentity {
  readonly machine: string;
  readonly pid: number;
  /** In clock ticks since boot. '0' on a system without /proc. */
  readonly started: string;
}

export function thisProcess(): ProcessIdentity {
  return {
    machine: createHash('sha256').update(machine()).digest('hex').slice(0, 16),
    pid: process.pid,
    started: readStart(process.pid) ?? '0',
  };
}

/** 'unknown' for a process on another machine, and on a system on which only the pid can be checked. */
export function livenessOf(other: ProcessIdentity): Liveness {
  const own = thisProcess();
  if (other.machine !== own.machine) return 'unknown';
  if (own.started !== '0') return readStart(other.pid) === other.started ? 'alive' : 'dead';
  if (other.pid === own.pid) return 'alive';
  try {
    process.kill(other.pid, 0);
    return 'unknown';
  } catch (error) {
    // Not permitted means that a process has this pid. It may be a later one.
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'dead' : 'unknown';
  }
}

function machine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Without /proc the host name has to do. The heartbeat decides the rest.
    return hostname();
  }
}

/** Null if there is no such process, or it is a zombie (Z, X), which holds no file any more. */
function readStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses. It may contain spaces and parentheses itself.
    const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : (rest[18] ?? null);
  } catch {
    // No such process, or no /proc.
    return null;
  }
}
