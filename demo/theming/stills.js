/**
 * Rooms, desks and tests that stand still: what a server would tell them, without one. An element gets one in its
 * property `session` or `control`.
 */
const now = Date.now();
const skill = { id: 'after-sales', name: 'After-sales' };

/** Requests of rooms, desks and tests, which do nothing here. */
const REQUESTS = [
  ...['setMicrophoneOn', 'setCameraOn', 'useCamera', 'useMicrophone', 'useSpeaker'],
  ...['startScreen', 'stopScreen', 'startAudio', 'retryMedia', 'setPictureSize', 'openChat'],
  ...['sendText', 'sendImage', 'retryMessage', 'notifyTyping', 'markRead', 'loadImage'],
  ...['sendToTool', 'reportFirstFrame', 'leave', 'signIn', 'resume', 'signOut', 'changePassword'],
  ...['setStatus', 'accept', 'decline', 'endCall', 'finishWrapUp', 'extendWrapUp'],
  ...['setDisposition', 'saveNote', 'setTags', 'activateTab', 'sendMediaTo', 'disconnect'],
  ...['start', 'answer', 'repeatTone', 'stop'],
];

/** A state that never changes. */
const still = (snapshot, more = {}) => ({
  ...Object.fromEntries(REQUESTS.map((name) => [name, async () => {}])),
  getSnapshot: () => snapshot,
  subscribe: () => () => {},
  ...more,
});

/** A picture instead of a camera's. */
function picture(colour) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [320, 240];
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 320, 240);
  context.fillStyle = '#ffffff60';
  context.beginPath();
  context.arc(160, 120, 60, 0, 7);
  context.fill();
  return canvas.captureStream(1).getVideoTracks()[0];
}

const source = (state) => ({ state, error: null, deviceId: '', track: null });
const person = (id, name, role, more) => ({
  id,
  name,
  role,
  verified: true,
  self: false,
  camera: null,
  screen: null,
  cameraOn: false,
  microphoneOn: true,
  speaking: false,
  quality: 5,
  state: 'connected',
  ...more,
});
const message = (id, name, role, text) => ({
  id,
  from: role,
  name,
  role,
  mine: role === 'visitor',
  sentAt: now - 60_000,
  text,
  image: null,
  status: 'sent',
  error: null,
});

/** A room with both people, a conversation and a notice. `self`: `visitor` or `agent`. */
export function stillRoom(self) {
  const clara = person('visitor', 'Clara Whitfield', 'visitor', {
    camera: picture('#35546b'),
    cameraOn: true,
  });
  const alice = person('agent', 'Alice Chen', 'agent', { speaking: true, microphoneOn: false });
  const people = self === 'visitor' ? [clara, alice] : [alice, clara];
  return still({
    state: 'joined',
    error: null,
    room: 7,
    people: people.map((one, index) => ({ ...one, self: index === 0 })),
    local: {
      camera: source('on'),
      microphone: source('off'),
      screen: source('off'),
      cameras: [],
      microphones: [],
      speakers: [],
      level: 0,
    },
    chat: {
      state: 'ready',
      entries: [
        message('1', 'Alice Chen', 'agent', 'Which lamp is red?'),
        message('2', 'Clara Whitfield', 'visitor', 'The one at the top.'),
      ],
      typing: [],
      unread: 0,
    },
    audioBlocked: true,
    mediaError: null,
    signaling: 'online',
    connectedAt: now - 125_000,
  });
}

const visitor = {
  name: 'Clara Whitfield',
  verified: true,
  id: 'C-1042',
  params: { device: 'METER-0042', fault: 'no-power' },
  page: null,
  language: 'en',
};
const leg = {
  id: 'leg',
  kind: 'first',
  state: 'joined',
  owner: true,
  call: {
    id: 'call',
    state: 'connected',
    visitor,
    skill,
    requestedAt: now - 200_000,
    connectedAt: now - 125_000,
    visitorOnline: true,
    visitorHidden: false,
    ended: null,
  },
  reason: {
    code: 'longest-idle',
    params: {
      group: skill.name,
      rulesVersion: 1,
      idleSeconds: 65,
      level: 1,
      ring: 0,
      candidates: 2,
      passedOver: [],
    },
  },
  offeredAt: now - 140_000,
  deadline: null,
  acceptedAt: now - 130_000,
  wrapUpUntil: null,
  wrapUp: null,
  rooms: [{ number: 7, kind: 'call', ticket: null, participants: [] }],
};
const pastCall = (name, outcome, seconds) => ({
  id: name,
  visitorName: name,
  skill,
  at: now - 900_000,
  outcome,
  reason: null,
  seconds,
  disposition: null,
});

/** A desk of an agent who is signed in: free, or in a call. */
export function stillDesk(inCall) {
  const room = inCall ? stillRoom('agent') : null;
  const view = {
    role: 'agent',
    agent: {
      id: 'alice',
      username: 'alice',
      name: 'Alice Chen',
      role: 'agent',
      site: { id: 'demo', name: 'Northlight Power', media: 'mesh' },
      groups: [skill],
    },
    status: inCall ? 'busy' : 'available',
    statusSince: now - 65_000,
    statusReason: null,
    chosen: 'available',
    missedInRow: 0,
    activeTab: true,
    tabs: 1,
    legs: inCall ? [leg] : [],
    waiting: [
      {
        id: 'waiting',
        visitor: { name: 'Jonas Berg', verified: false, params: { device: 'METER-0007' } },
        skill,
        requestedAt: now - 200_000,
        state: 'queued',
        position: 1,
      },
    ],
    queues: [{ skill, waiting: 1, oldest: now - 200_000 }],
    today: {
      talked: 1,
      missed: 1,
      declined: 0,
      talkSeconds: 185,
      handlingSeconds: 210,
      calls: [pastCall('Ines Novak', 'talked', 185), pastCall('Wei Zhang', 'missed', 0)],
    },
  };
  const snapshot = {
    state: 'signed-in',
    error: null,
    online: true,
    view,
    clockOffset: 0,
    rooms: room ? [room] : [],
    room,
  };
  const nothing = async () => [];
  const records = {
    readDispositions: nothing,
    readCannedReplies: nothing,
    readHistory: nothing,
    readPastMessages: nothing,
    readFollowUps: async () => ({ items: [], cursor: null }),
  };
  return still(snapshot, { records });
}

/** A device test that is over, with one result of each kind. */
export function stillTest() {
  const check = (id, status, code) => ({ id, status, code, data: {} });
  const checks = [
    check('browser', 'passed', null),
    check('camera', 'warning', 'camera-black'),
    check('microphone', 'failed', 'no-microphone'),
    check('speaker', 'skipped', null),
  ];
  const report = { version: 1, at: now, agent: navigator.userAgent, checks };
  return still({ state: 'ended', current: null, checks, level: 0, camera: null, report });
}
