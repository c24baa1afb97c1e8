import { setTimeout as delay } from 'node:timers/promises';
import type fc from 'fast-check';
import type { Agent } from './clients/agent.ts';
import type { Visitor } from './clients/visitor.ts';
import type { Scene } from './fault-run.ts';
import type { AgentDeed, Step, VisitorDeed } from './steps.ts';

/** What is known beforehand of the machines: enough to leave out what cannot be done. */
export interface Plan {
  visitors: number;
  readonly nodes: ('up' | 'frozen' | 'down')[];
  databaseIsUp: boolean;
  /** What has been done. */
  readonly played: Step[];
}

export const newPlan = (): Plan => ({
  visitors: 0,
  nodes: ['up', 'up', 'up'],
  databaseIsUp: true,
  played: [],
});

/** One step as fast-check’s model runner takes it. */
export class PlayStep implements fc.AsyncCommand<Plan, Scene> {
  constructor(readonly step: Step) {}

  check(plan: Readonly<Plan>): boolean {
    const { step } = this;
    if ('node' in step) {
      const now = plan.nodes[step.node];
      // A server refuses to start without its database.
      if (step.do === 'node-starts') return now === 'down' && plan.databaseIsUp;
      // One node stays, so that there is somebody to keep the promises.
      return now === 'up' && plan.nodes.filter((state) => state === 'up').length > 1;
    }
    if (step.do === 'database-returns') return !plan.databaseIsUp;
    if (step.do === 'database-stops' || step.do === 'database-crashes') return plan.databaseIsUp;
    return isOfVisitor(step) ? plan.visitors > step.who : true;
  }

  async run(plan: Plan, scene: Scene): Promise<void> {
    const { step } = this;
    plan.played.push(step);
    if ('node' in step) playNode(step, plan, scene);
    else if (isOfVisitor(step)) playVisitor(step.do, visitorOf(scene, step.who), step.door);
    else if (isOfAgent(step)) playAgent(step.do, agentOf(scene, step.who), step.door);
    else if (step.do === 'visitor-comes') {
      plan.visitors += 1;
      scene.visitor(step.skill, step.door);
    } else if (step.do !== 'time-passes') await playDatabase(step.do, plan, scene);
    await delay(step.pause);
  }

  toString(): string {
    return JSON.stringify(this.step);
  }
}

type VisitorStep = Extract<Step, { do: VisitorDeed }>;
type AgentStep = Extract<Step, { do: AgentDeed }>;
type NodeStep = Extract<Step, { node: number }>;

function isOfVisitor(step: Step): step is VisitorStep {
  return 'who' in step && step.do.startsWith('visitor');
}

function isOfAgent(step: Step): step is AgentStep {
  return 'who' in step && step.do.startsWith('agent');
}

/** The newest is number 0. */
function visitorOf(scene: Scene, who: number): Visitor {
  return at(scene.visitors, scene.visitors.length - 1 - who);
}

function agentOf(scene: Scene, who: number): Agent {
  return at(scene.agents, who);
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`nobody is number ${index}`);
  return found;
}

function playVisitor(deed: VisitorDeed, visitor: Visitor, door: number): void {
  switch (deed) {
    case 'visitor-loses-socket':
      return visitor.cut();
    case 'visitor-leaves':
      return visitor.leave();
    case 'visitor-returns':
      return visitor.come(door);
    case 'visitor-reloads':
      return visitor.reload(door);
    case 'visitor-asks-again':
      return visitor.askForHelp();
    case 'visitor-hangs-up':
      return visitor.hangUp();
    case 'visitor-writes':
      return visitor.write();
    case 'visitor-dawdles':
      return void (visitor.dawdles = true);
  }
}

function playAgent(deed: AgentDeed, agent: Agent, door: number): void {
  switch (deed) {
    case 'agent-is-available':
      agent.come(door);
      return agent.choose('available');
    case 'agent-takes-a-break':
      return agent.choose('break');
    case 'agent-accepts':
      return agent.accept();
    case 'agent-walks-off':
      return agent.walkOff();
    case 'agent-declines':
      return agent.decline();
    case 'agent-ends-call':
      return agent.endCall();
    case 'agent-finishes-wrap-up':
      return agent.finishWrapUp();
    case 'agent-writes':
      return agent.write();
    case 'agent-dawdles':
      agent.dawdles = !agent.dawdles;
      return agent.look();
    case 'agent-haunts':
      return agent.haunt();
    case 'agent-loses-socket':
      return agent.cut();
    case 'agent-leaves':
      return agent.leave();
    case 'agent-returns':
      return agent.come(door);
    case 'agent-reloads':
      return agent.reload(door);
  }
}

function playNode(step: NodeStep, plan: Plan, scene: Scene): void {
  const node = at(scene.cluster.nodes, step.node);
  scene.trouble(`${step.do}: ${node.name}`);
  switch (step.do) {
    case 'node-is-killed':
      plan.nodes[step.node] = 'down';
      return scene.background(node.end('SIGKILL'));
    case 'node-is-told-to-stop':
      plan.nodes[step.node] = 'down';
      return scene.background(node.end('SIGTERM'));
    case 'node-freezes':
      plan.nodes[step.node] = 'frozen';
      node.freeze();
      return scene.background(
        delay(step.span).then(() => {
          plan.nodes[step.node] = 'up';
          scene.trouble(`node-thaws: ${node.name}`);
          node.thaw();
        }),
      );
    case 'node-starts':
      plan.nodes[step.node] = 'up';
      return scene.background(node.start());
  }
}

async function playDatabase(
  deed: 'database-stops' | 'database-crashes' | 'database-returns',
  plan: Plan,
  scene: Scene,
): Promise<void> {
  scene.trouble(deed);
  plan.databaseIsUp = deed === 'database-returns';
  if (deed === 'database-returns') return scene.cluster.bringDatabaseBack();
  return scene.cluster.takeDatabaseAway(deed === 'database-stops' ? 'stop' : 'crash');
}
