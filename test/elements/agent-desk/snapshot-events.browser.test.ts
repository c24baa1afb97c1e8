import { expect } from '@open-wc/testing';
import type { AgentDeskSnapshot } from '../../../src/call/agent-desk-control.ts';
import { snapshotEvents } from '../../../src/elements/agent-desk/snapshot-events.ts';
import type { AgentView } from '../../../src/protocol/views.ts';
import {
  agentView,
  busyToday,
  joined,
  offered,
  signedOut,
  left,
} from '../../support/fake-agent-desk-control.ts';

const desk = (change: Partial<AgentView> = {}, clockOffset = 0): AgentDeskSnapshot => ({
  ...signedOut,
  state: 'signed-in',
  view: { ...agentView, ...change },
  clockOffset,
});

const told = (before: AgentDeskSnapshot | null, after: AgentDeskSnapshot) =>
  snapshotEvents(before, after).map((event) => event.type);

const detail = (before: AgentDeskSnapshot, after: AgentDeskSnapshot, type: string) =>
  (
    snapshotEvents(before, after).find((event) => event.type === type) as unknown as {
      detail: Record<string, unknown>;
    }
  ).detail;

describe('snapshotEvents', () => {
  const ringing = desk({ status: 'ringing', legs: [offered()] });
  const accepted = desk({
    status: 'busy',
    legs: [joined({ state: 'accepted' }, { state: 'accepted', connectedAt: null })],
  });
  const connected = desk({ status: 'busy', legs: [joined()] });
  const wrapping = desk({ status: 'wrap-up', legs: [left()] });

  it('tell each step of a call once', () => {
    expect(told(signedOut, desk())).to.deep.equal(['desk-ready', 'desk-status']);
    expect(told(desk(), desk({ tabs: 2 }))).to.deep.equal([]);
    expect(told(desk(), ringing)).to.deep.equal(['desk-status', 'call-offered']);
    expect(told(ringing, accepted)).to.deep.equal(['desk-status', 'call-accepted']);
    expect(told(accepted, connected)).to.deep.equal(['call-connected']);
    expect(told(connected, wrapping)).to.deep.equal(['desk-status', 'call-ended']);
    expect(told(wrapping, desk())).to.deep.equal(['desk-status']);
    expect(told(desk(), signedOut)).to.deep.equal(['desk-status']);
  });

  it('tell an offer only in the active tab, also when a tab becomes active while it rings', () => {
    const beside = desk({ status: 'ringing', activeTab: false, legs: [offered()] });
    expect(told(desk({ activeTab: false }), beside)).to.deep.equal(['desk-status']);
    expect(told(beside, desk({ activeTab: false }))).to.deep.equal(['desk-status']);
    expect(told(beside, ringing)).to.deep.equal(['call-offered']);
    expect(told(ringing, beside)).to.deep.equal(['call-withdrawn']);
  });

  it("have the params and a deadline by this browser's clock", () => {
    const deadline = Date.now() + 60_000;
    const later = desk({ status: 'ringing', legs: [offered({ deadline })] }, 40_000);
    expect(detail(desk(), later, 'call-offered')).to.deep.include({
      callId: 'call-1',
      params: { device: 'METER-0042', fault: 'no-power', customer_no: '1042' },
      deadline: deadline - 40_000,
    });
  });

  it('tell why the call ended, and how long it was', () => {
    expect(detail(connected, wrapping, 'call-ended')).to.deep.equal({
      callId: 'call-1',
      reason: 'visitor-ended',
      seconds: 185,
    });
  });

  it('tell the end if there is no wrap-up', () => {
    const past = { ...busyToday.calls[0]!, id: 'call-1', reason: 'agent-ended' as const };
    const after = desk({ today: { ...busyToday, calls: [past] } });
    expect(detail(connected, after, 'call-ended')).to.include({ reason: 'agent-ended' });
  });

  it('tell that an offer was withdrawn, and that another one replaced it', () => {
    expect(told(ringing, desk())).to.deep.equal(['desk-status', 'call-withdrawn']);
    const other = desk({ status: 'ringing', legs: [offered({ id: 'leg-2' }, { id: 'call-2' })] });
    expect(told(ringing, other)).to.deep.equal(['call-withdrawn', 'call-offered']);
  });

  it('tell that a call goes on without this agent', () => {
    const gone = desk({ status: 'wrap-up', legs: [left({}, { state: 'connected', ended: null })] });
    expect(told(connected, gone)).to.deep.equal(['desk-status', 'call-withdrawn']);
  });

  it('tell that a call went back to the queue', () => {
    expect(told(accepted, desk())).to.deep.equal(['desk-status', 'call-withdrawn']);
  });

  it('tell the end of a call also if the snapshots between were missed', () => {
    expect(told(ringing, wrapping)).to.deep.equal(['desk-status', 'call-ended']);
  });

  it('tell a call that runs when the page is opened, but no earlier end', () => {
    expect(told(null, connected)).to.deep.equal([
      'desk-ready',
      'desk-status',
      'call-accepted',
      'call-connected',
    ]);
    expect(told(null, wrapping)).to.deep.equal(['desk-ready', 'desk-status']);
  });
});
