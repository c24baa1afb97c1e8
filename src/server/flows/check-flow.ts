import { exitsOf, nextOf, stepOf, waitsForVisitor } from '../../protocol/flow-graph.ts';
import { MAX_FLOW_STEPS } from '../../protocol/flow-limits.ts';
import type { Flow, FlowStep } from '../../protocol/flow.ts';
import type { FaultCode, FlowFault } from '../../protocol/rest/flows.ts';
import { MAX_SILENT_STEPS } from './step-flow.ts';

/** What a flow may refer to on its site. */
export interface FlowReferences {
  readonly groups: ReadonlySet<string>;
  /** The named hours. */
  readonly hours: ReadonlySet<string>;
  /** Hosts to which a `request` may go. */
  readonly requestHosts: ReadonlySet<string>;
}

/** Every fault that forbids to publish the flow, in the order of its steps. Empty: it can be published. */
export function checkFlow(flow: Flow, references: FlowReferences): FlowFault[] {
  const faults: FlowFault[] = [];
  const steps = Object.entries(flow.nodes);
  const add = (code: FaultCode, node: string | null = null, params: FlowFault['params'] = {}) =>
    faults.push({ code, node, params });
  if (steps.length > MAX_FLOW_STEPS) add('too-many-steps', null, { most: MAX_FLOW_STEPS });
  if (stepOf(flow, flow.start)?.type !== 'start') add('no-start');
  const reachable = reach([flow.start], (id) => targets(flow, id));
  const sources = reverse(flow);
  const exits = steps.filter(([, { type }]) => ['queue', 'callback', 'end'].includes(type));
  const leaving = reach(
    exits.map(([id]) => id),
    (id) => sources.get(id) ?? [],
  );
  const circle = silentCircle(flow);
  // In a circle there is no longest path.
  const silent = circle.size > 0 ? new Map<string, number>() : longestSilentPaths(flow);
  for (const [id, step] of steps) {
    const own = (code: FaultCode, params?: FlowFault['params']) => add(code, id, params);
    if (step.type === 'start' && id !== flow.start) own('second-start');
    checkExits(flow, step, own);
    checkSettings(step, references, own);
    if (!reachable.has(id)) own('unreachable');
    if (!leaving.has(id)) own('no-way-out');
    if (circle.has(id)) own('silent-circle');
    if ((silent.get(id) ?? 0) > MAX_SILENT_STEPS) {
      own('too-many-silent-steps', { most: MAX_SILENT_STEPS });
    }
  }
  return faults;
}

type Own = (code: FaultCode, params?: FlowFault['params']) => void;

function checkExits(flow: Flow, step: FlowStep, fault: Own): void {
  const exits = exitsOf(step);
  for (const exit of exits) {
    const to = nextOf(step, exit);
    if (to === undefined) fault('exit-unwired', { exit });
    else if (!stepOf(flow, to)) fault('unknown-step', { exit, to });
  }
  for (const exit of Object.keys(step.next ?? {})) {
    if (!exits.includes(exit)) fault('unknown-exit', { exit });
  }
  for (const id of duplicates(exits)) fault('duplicate-id', { id });
}

function checkSettings(step: FlowStep, references: FlowReferences, fault: Own): void {
  const group = (id: string | undefined): void => {
    if (id !== undefined && !references.groups.has(id)) fault('unknown-group', { group: id });
  };
  switch (step.type) {
    case 'queue':
    case 'callback':
    case 'leave-message':
      return group(step.group);
    case 'hours':
      if (!references.hours.has(step.hours)) fault('unknown-hours', { hours: step.hours });
      return;
    case 'request': {
      const host = URL.canParse(step.url) ? new URL(step.url).host : '';
      if (!references.requestHosts.has(host)) fault('host-not-allowed', { host });
      return;
    }
    case 'set':
      if ((step.param === undefined) === (step.priority === undefined)) fault('set-incomplete');
      else if ((step.param === undefined) !== (step.value === undefined)) fault('set-incomplete');
      return;
    case 'condition':
      for (const one of step.cases) {
        if (one.fact === 'wait') group(one.group);
        if (one.fact === 'param' && one.test !== 'present' && one.value === undefined) {
          fault('case-without-value', { case: one.id });
        }
      }
      return;
    case 'form':
      for (const id of duplicates(step.fields.map((field) => field.id))) {
        fault('duplicate-id', { id });
      }
      for (const { id, type, options } of step.fields) {
        if (type === 'choice' && !options) fault('choice-without-options', { field: id });
      }
  }
}

function duplicates(ids: readonly string[]): Set<string> {
  return new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
}

/** The steps to which the exits of a step lead. */
function targets(flow: Flow, id: string): string[] {
  const step = stepOf(flow, id);
  if (!step) return [];
  return exitsOf(step).flatMap((exit) => {
    const to = nextOf(step, exit);
    return to !== undefined && stepOf(flow, to) ? [to] : [];
  });
}

function reverse(flow: Flow): Map<string, string[]> {
  const sources = new Map<string, string[]>();
  for (const id of Object.keys(flow.nodes)) {
    for (const to of targets(flow, id)) sources.set(to, [...(sources.get(to) ?? []), id]);
  }
  return sources;
}

function reach(from: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const found = new Set(from);
  for (const id of found) for (const to of next(id)) found.add(to);
  return found;
}

/** The exits of a step that lead to steps that do not wait for the visitor; none if the step waits itself. */
function silentTargets(flow: Flow, id: string): string[] {
  const isSilent = (one: string): boolean => {
    const step = stepOf(flow, one);
    return step !== undefined && !waitsForVisitor(step);
  };
  return isSilent(id) ? targets(flow, id).filter(isSilent) : [];
}

/** The steps from which silent steps lead back to the same step. */
function silentCircle(flow: Flow): Set<string> {
  const silent = (id: string): string[] => silentTargets(flow, id);
  return new Set(Object.keys(flow.nodes).filter((id) => reach(silent(id), silent).has(id)));
}

/** For each silent step the longest path of silent steps that begins with it. The flow has no silent circle. */
function longestSilentPaths(flow: Flow): Map<string, number> {
  const lengths = new Map<string, number>();
  const length = (id: string): number => {
    const known = lengths.get(id);
    if (known !== undefined) return known;
    const longest = 1 + Math.max(0, ...silentTargets(flow, id).map(length));
    lengths.set(id, longest);
    return longest;
  };
  for (const id of Object.keys(flow.nodes)) length(id);
  return lengths;
}
