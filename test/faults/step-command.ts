import { setTimeout as delay } from 'node:timers/promises';
import type fc from 'fast-check';
import type { Agent } from './clients/agent.ts';
import type { Visitor } from './clients/visitor.ts';
import type { FaultRun } from './fault-run.ts';
import type { AgentAction, NodeFault, Step, VisitorAction } from './steps.ts';

/** The model of a run for fast-check: what is known without asking, to leave out steps that are impossible. */
export interface RunModel {
  visitors: number;
  readonly nodes: ('up' | 'frozen' | 'down')[];
  databaseIsUp: boolean;
  /** The steps so far. */
  readonly done: Step[];
}

export const newRunModel = (): RunModel => ({
  visitors: 0,
  nodes: ['up', 'up', 'up'],
  databaseIsUp: true,
  done: [],
});

type VisitorStep = Extract<Step, { do: VisitorAction }>;
type AgentStep = Extract<Step, { do: AgentAction }>;
type NodeStep = Extract<Step, { do: NodeFault | 'node-freezes' }>;

/** One step, as a command of fast-check's model runner. */
export class StepCommand implements fc.AsyncCommand<RunModel, FaultRun> {
  constructor(readonly step: Step) {}

  check(model: Readonly<RunModel>): boolean {
    const { step } = this;
    if (isNodeStep(step)) {
      const state = model.nodes[step.node];
      // A server does not start without its database.
      if (step.do === 'node-starts') return state === 'down' && model.databaseIsUp;
      // At least one node stays up.
      return state === 'up' && model.nodes.filter((other) => other === 'up').length > 1;
    }
    if (step.do === 'database-returns') return !model.databaseIsUp;
    if (step.do === 'database-stops' || step.do === 'database-crashes') return model.databaseIsUp;
    return isVisitorStep(step) ? model.visitors > step.who : true;
  }

  async run(model: RunModel, run: FaultRun): Promise<void> {
    const { step } = this;
    model.done.push(step);
    if (isNodeStep(step)) doNodeStep(step, model, run);
    else if (isVisitorStep(step)) doVisitorStep(step, visitorOf(run, step.who));
    else if (isAgentStep(step)) doAgentStep(step, at(run.agents, step.who));
    else if (step.do === 'visitor-comes') {
      model.visitors += 1;
      run.addVisitor(step.skill, step.node);
    } else if (step.do !== 'time-passes') await doDatabaseStep(step.do, model, run);
    await delay(step.pause);
  }

  toString(): string {
    return JSON.stringify(this.step);
  }
}

function isVisitorStep(step: Step): step is VisitorStep {
  return 'who' in step && step.do.startsWith('visitor');
}

function isAgentStep(step: Step): step is AgentStep {
  return 'who' in step && step.do.startsWith('agent');
}

function isNodeStep(step: Step): step is NodeStep {
  return step.do.startsWith('node');
}

/** The newest visitor is number 0. */
function visitorOf(run: FaultRun, who: number): Visitor {
  return at(run.visitors, run.visitors.length - 1 - who);
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`there is no number ${index}`);
  return found;
}

function doVisitorStep(step: VisitorStep, visitor: Visitor): void {
  switch (step.do) {
    case 'visitor-loses-socket':
      return visitor.cut();
    case 'visitor-leaves':
      return visitor.leave();
    case 'visitor-returns':
      return visitor.connect(step.node);
    case 'visitor-reloads':
      return visitor.reload(step.node);
    case 'visitor-asks-again':
      return visitor.requestCall();
    case 'visitor-hangs-up':
      return visitor.endCall();
    case 'visitor-writes':
      return visitor.write();
    case 'visitor-delays-entering':
      return void (visitor.entersRooms = false);
  }
}

function doAgentStep(step: AgentStep, agent: Agent): void {
  switch (step.do) {
    case 'agent-is-available':
      agent.connect(step.node);
      return agent.setStatus('available');
    case 'agent-takes-a-break':
      return agent.setStatus('break');
    case 'agent-accepts':
      return agent.accept();
    case 'agent-accepts-and-leaves':
      return agent.acceptAndLeave();
    case 'agent-declines':
      return agent.decline();
    case 'agent-ends-call':
      return agent.endCall();
    case 'agent-finishes-wrap-up':
      return agent.finishWrapUp();
    case 'agent-writes':
      return agent.write();
    case 'agent-toggles-entering':
      agent.entersRooms = !agent.entersRooms;
      return agent.reactAgain();
    case 'agent-acts-in-former-calls':
      return agent.actInFormerCalls();
    case 'agent-loses-socket':
      return agent.cut();
    case 'agent-leaves':
      return agent.leave();
    case 'agent-returns':
      return agent.connect(step.node);
    case 'agent-reloads':
      return agent.reload(step.node);
  }
}

function doNodeStep(step: NodeStep, model: RunModel, run: FaultRun): void {
  const node = at(run.cluster.nodes, step.node);
  run.recordFault(`${step.do}: ${node.name}`);
  switch (step.do) {
    case 'node-is-killed':
      model.nodes[step.node] = 'down';
      return run.inBackground(node.end('SIGKILL'));
    case 'node-is-told-to-stop':
      model.nodes[step.node] = 'down';
      return run.inBackground(node.end('SIGTERM'));
    case 'node-freezes':
      model.nodes[step.node] = 'frozen';
      node.freeze();
      return run.inBackground(
        delay(step.duration).then(() => {
          model.nodes[step.node] = 'up';
          run.recordFault(`node-thaws: ${node.name}`);
          node.thaw();
        }),
      );
    case 'node-starts':
      model.nodes[step.node] = 'up';
      return run.inBackground(node.start());
  }
}

async function doDatabaseStep(
  what: 'database-stops' | 'database-crashes' | 'database-returns',
  model: RunModel,
  run: FaultRun,
): Promise<void> {
  run.recordFault(what);
  model.databaseIsUp = what === 'database-returns';
  if (what === 'database-returns') return run.cluster.startDatabase();
  return run.cluster.stopDatabase(what === 'database-stops' ? 'stop' : 'crash');
}
