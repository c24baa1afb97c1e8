import { expect } from '@open-wc/testing';
import { AgentDesk } from '../../../src/call/agent/desk.ts';
import type { RecordingState } from '../../../src/protocol/views.ts';
import { FakeCall } from '../../support/fake-call.ts';
import { settle } from '../../support/fake-clock.ts';
import { agentView, CALL_ID, leg, room, ticket } from '../../support/fake-views.ts';
import { forgetStorage } from '../../support/forget-storage.ts';

const SERVER = 'https://desk.example.com';
const RECORDING = '7f1c2a34-0000-4000-8000-000000000001';
const TOKEN = `h.${btoa(JSON.stringify({ iss: 'demo', sub: 'alice' }))}.s`;

describe('AgentDesk with a recording', () => {
  let fake: FakeCall;
  let desk: AgentDesk;

  beforeEach(async () => {
    fake = new FakeCall();
    fake.server.view = agentView();
    desk = new AgentDesk({ server: SERVER, findSite: () => null }, fake.parts);
  });
  afterEach(async () => {
    desk.disconnect();
    await settle();
    expect(fake.leftovers).to.deep.equal([]);
    forgetStorage('rtc-desk:');
  });

  const connected = (state: RecordingState | null) =>
    leg(
      {
        state: 'joined',
        acceptedAt: 1_800_000_000_000,
        rooms: [room(['agent-1', 'visitor-1'], { ticket: ticket('agent-1') })],
      },
      {
        state: 'connected',
        connectedAt: 1_800_000_001_000,
        mayRecord: true,
        ...(state && { recording: { id: RECORDING, state, since: 1_800_000_002_000 } }),
      },
    );
  const show = async (state: RecordingState | null) => {
    fake.server.show(agentView({ legs: [connected(state)] }));
    await settle();
  };
  const signIn = async () => {
    await desk.signIn({ token: TOKEN });
    await settle();
  };
  const recorders = () => fake.recordings.recorders;
  const asked = () =>
    fake.server.commands.filter(({ type }) => type.includes('recording')).map(({ type }) => type);

  it('records only while the server’s view says so', async () => {
    await signIn();
    await show(null);
    await show('asked');
    expect(recorders()).to.deep.equal([]);
    await show('recording');
    const [recorder] = recorders();
    expect(recorder!.state).to.equal('recording');
    expect(recorder!.options).to.include({ recording: RECORDING, callNumber: CALL_ID });
    expect(recorder!.people.map(({ id }) => id)).to.deep.equal(['agent-1', 'visitor-1']);
    await show('paused');
    expect(recorder!.state).to.equal('paused');
    await show('recording');
    expect([recorder!.state, recorder!.segments]).to.deep.equal(['recording', 2]);
    await show('stopped');
    expect(recorder!.state).to.equal('closed');
    expect(recorders()).to.have.length(1);
  });

  it('leaves to TRTC’s cloud what that records, until it is the browser’s', async () => {
    await signIn();
    const { call, ...rest } = connected('recording');
    const recording = { ...call.recording!, by: 'cloud' as const };
    fake.server.show(agentView({ legs: [{ ...rest, call: { ...call, recording } }] }));
    await settle();
    expect(recorders()).to.deep.equal([]);
    // The room has fallen back to the built-in media.
    await show('recording');
    expect(recorders()).to.have.length(1);
  });

  it('sends as the agent who is signed in', async () => {
    await signIn();
    await show('recording');
    expect(fake.recordings.server).to.include({ address: SERVER, agent: 'a' });
    expect(fake.recordings.server!.headers()).to.deep.equal({ authorization: `Bearer ${TOKEN}` });
  });

  it('stops when the call ends here, before the server knows it', async () => {
    await signIn();
    await show('recording');
    // No answer arrives.
    fake.server.on('end-call', () => undefined);
    void desk.endCall().catch(() => undefined);
    await settle();
    expect(recorders()[0]!.state).to.equal('closed');
  });

  it('stops when the agent leaves the desk', async () => {
    await signIn();
    await show('recording');
    desk.disconnect();
    await settle();
    expect(recorders()[0]!.state).to.equal('closed');
    expect(fake.recordings.closed).to.equal(1);
  });

  it('records nothing in a tab that is not the active one', async () => {
    await signIn();
    const { rooms, ...other } = connected('recording');
    const without = { ...other, rooms: rooms.map((one) => ({ ...one, ticket: null })) };
    fake.server.show(agentView({ activeTab: false, legs: [without] }));
    await settle();
    expect(recorders()).to.deep.equal([]);
  });

  it('tells the server why it cannot go on, and does not try again by itself', async () => {
    await signIn();
    await show('recording');
    recorders()[0]!.options.onFailure('no-space');
    await settle();
    expect(fake.server.commands.at(-1)).to.include({
      type: 'recording-failed',
      callId: CALL_ID,
      reason: 'no-space',
    });
    await show('recording');
    await show('failed');
    expect(recorders()).to.have.length(1);
    expect(asked()).to.deep.equal(['recording-failed']);
    // The agent presses the button again.
    await show('recording');
    expect(recorders()).to.have.length(2);
  });

  it('tells that its code could not be loaded', async () => {
    fake.recordings.refuse = true;
    await signIn();
    await show('recording');
    expect(fake.server.sent('recording-failed').map(({ reason }) => reason)).to.deep.equal([
      'unsupported',
    ]);
  });

  it('goes on recording while nothing arrives', async () => {
    await signIn();
    await show('recording');
    await show('failed');
    expect(recorders()[0]!.state).to.equal('recording');
    expect(asked()).to.deep.equal([]);
  });

  it('begins again, once, what an earlier page has lost', async () => {
    await signIn();
    await show('failed');
    expect(asked()).to.deep.equal(['start-recording']);
    expect(recorders()).to.deep.equal([]);
    await show('failed');
    expect(asked()).to.deep.equal(['start-recording']);
  });

  it('sends at the next sign-in what an earlier page has left, and loads nothing otherwise', async () => {
    await signIn();
    expect(fake.recordings.server).to.equal(null);
    desk.disconnect();
    await settle();
    fake.recordings.hasStored = true;
    await signIn();
    expect(fake.recordings.server).not.to.equal(null);
    expect(fake.recordings.sent).to.equal(1);
  });

  it('sends what an earlier page has left before it records itself', async () => {
    await signIn();
    await show('recording');
    expect(fake.recordings.sent).to.equal(1);
    expect(recorders()).to.have.length(1);
  });

  for (const step of ['start', 'pause', 'resume', 'stop'] as const) {
    it(`asks the server to ${step}`, async () => {
      await signIn();
      await show(step === 'start' ? null : 'recording');
      await desk.changeRecording(step);
      expect(fake.server.commands.at(-1)).to.include({
        type: `${step}-recording`,
        callId: CALL_ID,
      });
    });
  }
});
