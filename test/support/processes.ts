import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface MachineProcess {
  readonly pid: number;
  readonly parent: number;
  /** Tells a process from a later one with the same pid. */
  readonly started: string;
  /** The command line and the environment. */
  readonly text: string;
}

/** The processes of this machine that run; one that has ended and waits for its parent is left out. */
export function listProcesses(): MachineProcess[] {
  return existsSync('/proc/self/stat') ? fromProc() : fromPs();
}

/** The processes below this one, at any depth. */
export function descendantsOf(pid: number, all = listProcesses()): MachineProcess[] {
  const children = all.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, all)]);
}

function fromProc(): MachineProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const read = (file: string) => readFileSync(`/proc/${name}/${file}`, 'utf8');
        const stat = read('stat');
        // The name of the program stands in brackets and may hold spaces: the fields are counted from its end.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const [state, parent] = fields;
        if (state === 'Z' || state === 'X') return [];
        const text = `${read('cmdline')} ${read('environ')}`.replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(parent), started: fields[19] ?? '', text }];
      } catch {
        return []; // it ended in this moment, or belongs to somebody else
      }
    });
}

function fromPs(): MachineProcess[] {
  const table = execFileSync('ps', ['-A', '-E', '-ww', '-o', 'pid=,ppid=,stat=,lstart=,command='], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, state, started = '', text = ''] =
      /^ *(\d+) +(\d+) +(\S+) +((?:\S+ +){4}\S+) +(.*)$/.exec(line) ?? [];
    if (!pid || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), started, text }];
  });
}
