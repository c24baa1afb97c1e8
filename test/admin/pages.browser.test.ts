import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type { CallSearchPage, FoundCall } from '../../src/protocol/rest/call-search.ts';
import type { CallRecord, Transcript } from '../../src/protocol/rest/calls.ts';
import type { Recording, RecordingSummary } from '../../src/protocol/rest/recordings.ts';
import type { SiteSettings } from '../../src/protocol/rest/site-settings.ts';
import type { GoToEvent } from '../../src/admin/pages/recordings/go-to-event.ts';
import type { RecordingTimeline } from '../../src/admin/pages/recordings/recording-timeline.ts';
import { fakeAgent, refuse, type FakeRest } from '../support/fake-rest.ts';
import { OpenConsole, textOf, until } from '../support/open-console.ts';

const START = Date.UTC(2026, 10, 30, 9);
const CALL = '00000000-0000-4000-9000-000000000001';
const alice = { id: fakeAgent(2).id, username: 'alice', name: 'Alice' };
const bob = { id: fakeAgent(3).id, username: 'bob', name: 'Bob' };

const event = (
  sequence: number,
  type: string,
  change: Partial<CallRecord['events'][number]> = {},
) => ({
  sequence,
  type,
  at: START + sequence * 1000,
  actor: 'system' as const,
  leg: null,
  agent: null,
  data: {},
  ...change,
});

const call: CallRecord = {
  id: CALL,
  state: 'ended',
  skill: { id: 'after-sales', name: 'After sales' },
  visitor: {
    name: 'Ms. Huber',
    verified: true,
    id: 'C-1',
    params: { device: 'METER-0042', fault: 'no-power', lot: '7' },
    paramWords: { fault: { label: { en: 'Problem' }, text: { en: 'No power at all' } } },
    page: null,
    language: null,
  },
  agent: alice,
  requestedAt: START,
  acceptedAt: START + 5000,
  readyAt: START + 6000,
  connectedAt: START + 7000,
  endedAt: START + 67_000,
  reason: 'agent-ended',
  seconds: 60,
  disposition: { code: 'solved', label: { en: 'Solved', 'zh-CN': '已解决' } },
  tags: ['meter', 'urgent'],
  rating: {
    kind: 'stars',
    value: 4,
    reasons: [{ id: 'friendly', label: { en: 'Friendly' } }],
    text: 'Quick help',
    at: START + 70_000,
  },
  consent: { agreed: true, at: START - 1_000, remembered: false, version: 'a'.repeat(64) },
  deviceReport: {
    sentAt: START + 2000,
    report: {
      version: 1,
      at: START,
      agent: 'Browser 1',
      checks: [
        { id: 'camera', status: 'failed', code: 'camera-black', data: { width: 640, height: 480 } },
        { id: 'microphone', status: 'failed', code: 'permission-denied', data: {} },
        { id: 'speaker', status: 'passed', code: null, data: {} },
        { id: 'turn-tls', status: 'skipped', code: 'a-later-code', data: {} },
      ],
    },
  },
  consentText: { text: { en: 'We talk by video.' }, link: 'https://shop.example/privacy' },
  notes: [
    {
      agent: 'alice',
      versions: [
        { version: 1, text: 'The fuse', savedAt: START + 68_000 },
        { version: 2, text: 'The fuse was broken.', savedAt: START + 69_000 },
      ],
    },
  ],
  legalHold: null,
  steps: {
    total: 4_200,
    press: 300,
    queue: 1_000,
    ring: 2_000,
    accept: 400,
    enter: 200,
    visitorFrame: 300,
    agentFrame: 350,
  },
  legs: [
    {
      id: '00000000-0000-4000-9000-0000000000a1',
      kind: 'first',
      state: 'closed',
      agent: 'alice',
      group: 'after-sales',
      reason: {
        code: 'longest-idle',
        params: {
          group: 'After sales',
          rulesVersion: 3,
          idleSeconds: 320,
          level: 1,
          ring: 0,
          candidates: 2,
          passedOver: [{ agentId: bob.id, code: 'declined' }],
        },
      },
      endReason: 'call-ended',
      offeredAt: START,
      acceptedAt: START,
      joinedAt: START,
      leftAt: START,
      closedAt: START,
    },
    {
      id: '00000000-0000-4000-9000-0000000000a2',
      kind: 'transfer',
      state: 'missed',
      agent: 'bob',
      group: 'billing',
      reason: { code: 'transfer', params: { group: null, idleSeconds: null } },
      endReason: 'missed',
      offeredAt: START,
      acceptedAt: null,
      joinedAt: null,
      leftAt: null,
      closedAt: START,
    },
  ],
  events: [
    event(1, 'created'),
    event(2, 'offer-declined', { agent: 'bob' }),
    event(3, 'offered', { agent: 'alice', leg: '00000000-0000-4000-9000-0000000000a1' }),
    event(4, 'ended', { data: { reason: 'agent-ended' } }),
    event(5, 'flow-answered', { actor: 'visitor', data: { node: 'm', value: 'fault' } }),
    event(6, 'flow-answered', { data: { node: 'q', exit: 'nobody' } }),
    event(7, 'consent-agreed', { actor: 'visitor', data: { remembered: false } }),
    event(8, 'handed-over', { actor: 'visitor' }),
  ],
  flow: {
    id: 'help',
    version: 2,
    answers: [
      {
        sequence: 5,
        type: 'menu',
        step: { en: 'What is it about?' },
        answer: { de: 'Störung', en: 'Report a fault' },
      },
      { sequence: 6, type: 'queue', step: null, answer: null },
    ],
  },
  agents: [alice, bob],
};

const transcript: Transcript = {
  call,
  messages: [
    {
      sequence: 1,
      id: '00000000-0000-4000-9000-0000000000b1',
      from: '00000000-0000-4000-9000-0000000000c1',
      name: 'Ms. Huber',
      role: 'visitor',
      sentAt: START + 9000,
      text: 'The display is <b>dark</b>.',
      image: null,
    },
  ],
  captions: [],
};

const site: SiteSettings = {
  id: 'demo',
  name: 'Northwind Power',
  timeZone: 'Europe/Berlin',
  origins: ['https://www.northwind.example'],
  crmOrigins: [],
  queueLimit: 500,
  callsPerAddress: null,
  callsPerAddressPerDay: 1000,
  visitorCheck: 'none',
  socketLimit: 12_000,
  picturesPerRoom: 300,
  pictureMegabytes: 10_000,
  noAgent: 'queue',
  media: 'default',
  mediaFallback: true,
  deviceTestRoom: false,
  mediaProfile: 'standard',
  phoneMediaProfile: null,
  button: { theme: 'auto', placement: 'bottom-end', accent: null, label: {} },
  serviceLevelSeconds: 20,
  shortAbandonSeconds: 5,
  rating: { kind: 'none', reasons: [], text: false },
  captions: { mode: 'off', languages: [] },
  recording: {
    mode: 'off',
    askFirst: false,
    onRefusal: 'continue',
    onFailure: 'continue',
    text: {},
  },
  rejoinSeconds: 60,
  consent: null,
  paramLabels: [],
  challenge: null,
};

const answers = (rest: FakeRest, path: string, body: unknown) =>
  rest.answers.set(`GET ${path}`, () => ({ status: 200, body, etag: '"1"' }));

describe('the pages of the console', () => {
  let open: OpenConsole;

  before(() => setViewport({ width: 1280, height: 800 }));
  afterEach(() => open.close());

  const last = (method: string) => open.rest.requests.filter((one) => one.method === method).at(-1);

  describe('of one call', () => {
    beforeEach(async () => {
      open = await OpenConsole.at(`/admin/calls/${CALL}`, {
        prepare: (rest) => {
          answers(rest, `/calls/${CALL}`, call);
          answers(rest, `/calls/${CALL}/transcript`, transcript);
        },
      });
      await open.says('What happened');
    });

    it('is accessible', async () => {
      await expect(await open.shows('rtc-call-page')).to.be.accessible();
    });

    it('tells what happened in words, by the names of the people', async () => {
      await open.says('Bob declined.');
      await open.says('It rings at Alice.');
      await open.says('The call ended: The agent ended it.');
      await open.says('METER-0042');
    });

    it('shows the params in the order of the page, in the site’s words', async () => {
      const facts = await open.shows('section[aria-label="Facts"]');
      const rows = [...facts.querySelectorAll('dl > div')].map(textOf).slice(-3);
      expect(rows).to.deep.equal(['device METER-0042', 'Problem No power at all', 'lot 7']);
    });

    it('tells what the visitor chose in the flow, and how it went on', async () => {
      await open.says('What is it about? The visitor chose “Report a fault”.');
      await open.says('No agent was there for the queue. The flow went on.');
    });

    it('tells what the visitor agreed to, and that another device went on', async () => {
      await open.says('The visitor agreed to the site’s text.');
      await open.says('The visitor went on on another device.');
      await open.says('We talk by video.');
      const facts = await open.shows('[aria-label="Facts"]');
      expect(textOf(facts)).to.contain('Consent Agreed,');
    });

    it('shows the visitor’s device test, with what helps', async () => {
      await open.shows('.checks');
      expect(open.all('.checks > li').map(textOf)).to.deep.equal([
        'Camera · Failed · 640 × 480 The camera’s picture is black. Open the cover of the camera, or switch on a light.',
        'Microphone · Failed The browser does not let this page use the camera or the microphone. Allow both in the browser’s address bar, then switch them on again.',
        'Speaker · Passed',
        'Relay over TLS · Not tested This could not be tested.',
      ]);
      await open.says('Browser 1');
    });

    it('lists the part of each agent with its times', async () => {
      await open.shows('.legs');
      const [first, second] = open.all('.legs > li');
      expect(textOf(first!)).to.contain('Alice · Offered from the queue · After sales · Finished');
      expect(textOf(first!)).to.contain('The call ended.');
      expect(textOf(second!)).to.contain('Bob · Handed over · billing · Not answered');
      const names = (leg: Element) => [...leg.querySelectorAll('dt')].map(textOf);
      expect(names(first!)).to.deep.equal(['Rang', 'Accepted', 'In the room', 'Left', 'Finished']);
      expect(names(second!)).to.deep.equal(['Rang', 'Finished']);
    });

    it('tells why the call came to an agent, and who was passed over', async () => {
      const details = await open.shows<HTMLDetailsElement>('.event details');
      details.open = true;
      const text = textOf(details);
      expect(text).to.contain('Chosen because this agent had been free the longest.');
      expect(text).to.contain('2 agents were candidates.');
      expect(text).to.contain('Version 3 of the routing rules of the call’s group decided.');
      expect(text).to.contain('Bob was passed over: had declined this call.');
    });

    it('shows a message as text, whatever is in it', async () => {
      await open.says('The display is <b>dark</b>.');
      expect(open.all('.message b')).to.have.length(0);
    });
  });

  describe('of recordings', () => {
    const recording: RecordingSummary = {
      id: '00000000-0000-4000-9000-0000000000c1',
      call: CALL,
      skill: { id: 'after-sales', name: 'After sales' },
      visitor: 'Frau Huber',
      agent: { id: '00000000-0000-4000-8000-000000000001', username: 'alice', name: 'Alice' },
      state: 'ready',
      failure: null,
      startedAt: START,
      files: [
        { part: 1, mime: 'video/mp4', bytes: 1_000, seconds: 61 },
        { part: 2, mime: 'video/webm', bytes: 500, seconds: 30 },
      ],
      readyAt: START + 200_000,
      moveFailure: null,
      hold: true,
    };
    // The first part has a pause of 20 s after half a minute; another browser went on with the second one.
    const segment = (
      ordinal: number,
      second: number,
      part: number,
      start: number,
      length: number,
    ) => ({
      id: `00000000-0000-4000-9000-0000000000d${ordinal}`,
      ordinal,
      startedAt: START + second * 1000,
      part,
      startMs: start * 1000,
      durationMs: length * 1000,
      bytes: 1,
      slices: 1,
      chain: null,
      complete: true,
    });
    const whole: Recording = {
      ...recording,
      manifest: {
        recording: recording.id,
        call: CALL,
        site: 'demo',
        files: recording.files.map(({ part, mime, bytes, seconds }) => ({
          ...{ part, mime, bytes: bytes ?? 0, sha256: 'a'.repeat(64), durationMs: seconds * 1000 },
        })),
        madeAt: START + 200_000,
        segments: [segment(1, 7, 1, 0, 30), segment(2, 57, 1, 30, 31), segment(3, 90, 2, 0, 30)],
      },
      signature: 'ey.signed',
    };
    const said = (id: number, second: number, text: string): Transcript['captions'][number] => ({
      id: `00000000-0000-4000-9000-0000000000e${id}`,
      from: 'p1',
      name: 'Alice',
      role: 'agent',
      at: START + second * 1000,
      language: 'en',
      text,
      translations: [{ language: 'zh', text: `中文：${text}` }],
    });
    const spoken: Transcript = {
      ...transcript,
      captions: [
        said(1, 10, 'Which <b>lamp</b> is on?'),
        said(2, 45, 'My card is 4111.'),
        said(3, 95, 'Good bye.'),
      ],
    };
    const prepare = (rest: FakeRest) => {
      rest.recordings = [recording];
      answers(rest, `/calls/${CALL}`, call);
      answers(rest, `/calls/${CALL}/transcript`, spoken);
      answers(rest, `/recordings/${recording.id}`, whole);
    };

    it('lists them accessibly, with the way to their calls', async () => {
      open = await OpenConsole.at('/admin/recordings', { prepare });
      await open.says('Legal hold');
      await open.says('Ready');
      const link = await open.shows<HTMLAnchorElement>(`a[href="/admin/calls/${CALL}"]`);
      expect(textOf(link)).to.contain('Frau Huber');
      await expect(await open.shows('rtc-list-page')).to.be.accessible();
    });

    it('plays the parts of a recording in the page of its call', async () => {
      open = await OpenConsole.at(`/admin/calls/${CALL}`, { prepare });
      const video = await open.shows<HTMLVideoElement>('video');
      const address = `/api/v1/recordings/${recording.id}/file`;
      expect(video.getAttribute('src')).to.equal(`${address}?part=1`);
      (await open.shows<HTMLButtonElement>('.parts button[aria-pressed="false"]')).click();
      await until('the second part', () => video.getAttribute('src') === `${address}?part=2`);
    });

    const entry = (text: string) =>
      open.all<HTMLButtonElement>('.entry').find((one) => textOf(one).includes(text))!;

    it('shows on a time line what happened, was written and was said, each at its moment', async () => {
      open = await OpenConsole.at(`/admin/calls/${CALL}`, { prepare });
      await open.shows('.entry');
      const moments = open.all('.entry').map((one) => textOf(one));
      expect(moments).to.include('0:02 Chat: Ms. Huber The display is <b>dark</b>.');
      expect(moments).to.include('0:03 Captions: Alice Which <b>lamp</b> is on?');
      // An event during the pause: its place is where the recording goes on.
      expect(moments).to.include('0:30 Captions: Alice My card is 4111. (not recorded)');
      expect(moments).to.include('1:06 Captions: Alice Good bye.');
      await expect(await open.shows('rtc-recording-player')).to.be.accessible();
    });

    it('goes to a moment of the time line, also in another part', async () => {
      open = await OpenConsole.at(`/admin/calls/${CALL}`, { prepare });
      const video = await open.shows<HTMLVideoElement>('video');
      await open.shows('.entry');
      entry('Good bye.').click();
      const address = `/api/v1/recordings/${recording.id}/file`;
      await until('the second part', () => video.getAttribute('src') === `${address}?part=2`);
    });

    it('has a track that keys move, and that says where it is', async () => {
      open = await OpenConsole.at(`/admin/calls/${CALL}`, { prepare });
      const track = await open.shows<HTMLElement>('[role=slider]');
      expect(track.getAttribute('aria-valuemax')).to.equal('91');
      expect(track.getAttribute('aria-valuetext')).to.contain('0:00 of 1:31');
      const asked: unknown[] = [];
      (await open.shows('rtc-recording-timeline')).addEventListener('go-to', (event) =>
        asked.push((event as GoToEvent).place),
      );
      for (const key of ['ArrowRight', 'End', 'Home', 'PageUp']) {
        track.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      }
      expect(asked).to.deep.equal([
        { part: 1, seconds: 5 },
        { part: 2, seconds: 30 },
        { part: 1, seconds: 0 },
        { part: 1, seconds: 30 },
      ]);
    });

    it('marks the moment that is played, and hides what is not wanted', async () => {
      open = await OpenConsole.at(`/admin/calls/${CALL}`, { prepare });
      const timeline = await open.shows<RecordingTimeline>('rtc-recording-timeline');
      await open.shows('.entry');
      timeline.position = { part: 2, seconds: 6 };
      await timeline.updateComplete;
      expect(entry('Good bye.').getAttribute('aria-current')).to.equal('true');
      expect(open.all('.entry[aria-current]')).to.have.length(1);
      const boxes = open.all<HTMLInputElement>('.kinds input');
      boxes.at(-1)!.click();
      await timeline.updateComplete;
      expect(entry('Good bye.')).to.equal(undefined);
    });

    it('plays parts that were recorded at the same time side by side', async () => {
      const streams: Recording = {
        ...whole,
        manifest: {
          ...whole.manifest!,
          segments: [segment(1, 7, 1, 0, 61), segment(2, 17, 2, 0, 30)],
        },
      };
      open = await OpenConsole.at(`/admin/calls/${CALL}`, {
        prepare: (rest) => {
          prepare(rest);
          answers(rest, `/recordings/${recording.id}`, streams);
        },
      });
      await open.shows('.videos.several');
      const videos = open.all<HTMLVideoElement>('video');
      expect(videos.map(({ controls }) => controls)).to.deep.equal([true, false]);
      expect(open.all('.parts button')).to.have.length(0);
      // The second stream began 10 s later.
      videos[0]!.volume = 0.5;
      Object.defineProperty(videos[0]!, 'currentTime', { value: 25 });
      videos[0]!.dispatchEvent(new Event('timeupdate'));
      expect(videos[1]!.currentTime).to.equal(15);
      expect(videos[1]!.volume).to.equal(0.5);
    });
  });

  describe('the search in conversations', () => {
    const page = (change: Partial<CallSearchPage>): CallSearchPage => ({
      items: [],
      cursor: null,
      searchedTo: START,
      ...change,
    });
    const found: FoundCall = {
      call,
      lines: [
        { kind: 'chat', at: START, name: 'Ms. Huber', role: 'visitor', text: 'The METER <i>' },
        { kind: 'caption', at: START, name: 'Alice', role: 'agent', text: 'Your meter?' },
      ],
      total: 7,
    };

    it('is reached from the calls, looks until it has found something, and marks the words', async () => {
      open = await OpenConsole.at('/admin/calls/search', {
        prepare: (rest) => {
          const pages = [page({ cursor: 'next' }), page({ items: [found] })];
          rest.answers.set('GET /calls/search', () => ({ status: 200, body: pages.shift() }));
        },
      });
      const field = await open.shows<HTMLInputElement>('input[type=search]');
      await expect(await open.shows('rtc-call-search')).to.be.accessible();
      field.value = 'meter';
      (await open.shows<HTMLFormElement>('form[role=search]')).requestSubmit();
      await open.says('All calls have been searched.');
      const asked = open.rest.requests.filter(({ path }) => path === '/calls/search');
      expect(asked.map(({ query }) => query.toString())).to.deep.equal([
        'text=meter',
        'text=meter&cursor=next',
      ]);
      expect(open.all('mark').map((mark) => textOf(mark))).to.deep.equal(['METER', 'meter']);
      await open.says('5 more lines of this call');
      expect(open.all('.found i')).to.have.length(0);
      expect(location.search).to.equal('?text=meter');
    });

    it('says that nothing was found', async () => {
      open = await OpenConsole.at('/admin/calls/search?text=abc', {
        prepare: (rest) => answers(rest, '/calls/search', page({})),
      });
      await open.says('Nothing was found.');
    });
  });

  it('exports what the filters of the calls show', async () => {
    open = await OpenConsole.at('/admin/calls?visitor=huber&sort=-requestedAt', {
      prepare: (rest) => answers(rest, '/calls', { calls: [call], cursor: null }),
    });
    await open.field('At most (minutes)');
    const link = await open.shows('wa-button[download]');
    expect(link.getAttribute('href')).to.equal(
      '/api/v1/calls/export?visitor=huber&format=csv&language=en',
    );
    expect(textOf(await open.shows('tbody th'))).to.equal('Ms. Huber');
  });

  it('puts a new skill group after the others', async () => {
    open = await OpenConsole.at('/admin/groups/new');
    await open.says('Empty: the last one.');
    await open.enter('Name', 'Billing');
    await open.press('Create');
    await until('the made group', () => last('POST'));
    expect(last('POST')?.body).to.include({ id: 'billing', name: 'Billing' });
    expect(last('POST')?.body).not.to.have.property('position');
  });

  it('builds the tree of dispositions, with a code that follows the text', async () => {
    open = await OpenConsole.at('/admin/dispositions', {
      prepare: (rest) => {
        answers(rest, '/dispositions', { dispositions: [] });
        rest.answers.set('PUT /dispositions', ({ body }) => ({ status: 200, body, etag: '"2"' }));
      },
    });
    await open.press('New disposition');
    await open.press('Save');
    await open.says('Enter a text for each disposition');
    await open.enter('English', 'Solved on site');
    await open.press('Save');
    await open.says('Saved.');
    expect(last('PUT')?.body).to.deep.equal({
      dispositions: [{ code: 'solved-on-site', label: { en: 'Solved on site' } }],
    });
    expect(last('PUT')?.ifMatch).to.equal('"1"');
  });

  it('shows a new API key once', async () => {
    const apiKey = { id: '1', name: 'CRM', start: 'rtcd_ab', scopes: [], createdAt: START };
    open = await OpenConsole.at('/admin/api-keys/new', {
      prepare: (rest) =>
        rest.answers.set('POST /api-keys', () => ({
          status: 201,
          body: { apiKey, key: 'rtcd_secret' },
        })),
    });
    await open.enter('Name', 'CRM');
    await open.press('Create');
    await open.says('Choose at least one scope.');
    (await open.shows<HTMLInputElement>('input[id="calls:read"]')).click();
    await open.press('Create');
    await open.says('rtcd_secret');
    await open.press('Done');
    await until('the list of keys', () => location.pathname === '/admin/api-keys');
    expect(open.text).not.to.contain('rtcd_secret');
    expect(last('POST')?.body).to.deep.equal({ name: 'CRM', scopes: ['calls:read'] });
  });

  describe('of the site', () => {
    beforeEach(async () => {
      open = await OpenConsole.at('/admin/site', {
        prepare: (rest) => answers(rest, '/site', site),
      });
      await open.says('Paste this into your page');
    });

    it('shows the line to paste, and follows each choice', async () => {
      expect(open.text).to.contain('data-site="demo"></script>');
      await open.enter('Place', 'inline');
      await open.says('<video-call-button site="demo" placement="inline">');
      const frame = await open.shows<HTMLIFrameElement>('iframe');
      expect(frame.getAttribute('src')).to.contain('placement=inline');
    });

    it('asks visitors for a rating with reasons, each in at least one language', async () => {
      await open.enter('Rating', 'stars');
      await open.press('Add a reason');
      await open.press('Save');
      await open.says('Write each reason in at least one language.');
      await open.enter('Reason 1 (English)', 'Friendly');
      await open.press('Save');
      await until('the change', () => last('PATCH'));
      expect(last('PATCH')?.body).to.deep.equal({
        rating: {
          kind: 'stars',
          reasons: [{ id: 'reason-1', label: { en: 'Friendly' } }],
          text: false,
        },
      });
    });

    it('asks visitors for consent, with a text and an address', async () => {
      (await open.shows<HTMLInputElement>('input#consent')).click();
      await open.press('Save');
      await open.says('Write the text in at least one language.');
      await open.enter('Text (English)', 'We talk by video.');
      await open.enter('Address of more information(optional)', 'http://shop.example');
      await open.press('Save');
      await open.says('http://shop.example is no address.');
      await open.enter('Address of more information(optional)', 'https://shop.example/privacy');
      await expect(await open.shows('rtc-site-page')).to.be.accessible();
      await open.press('Save');
      await until('the change', () => last('PATCH'));
      expect(last('PATCH')?.body).to.deep.equal({
        consent: { text: { en: 'We talk by video.' }, link: 'https://shop.example/privacy' },
      });
    });

    it('names facts from the page and their values, each as the page writes it', async () => {
      await open.press('Add a fact');
      await open.press('Save');
      await open.says('Write the name that the page uses for each fact.');
      await open.enter('Name in the page', 'fault');
      await open.enter('Shown as (English)', 'Problem');
      await open.press('Add a value');
      await open.enter('Value 1 in the page', 'no-power');
      const group = await open.shows('[role="group"][aria-label="Value 1"]');
      const text = group.querySelectorAll('input')[2]!;
      text.value = '完全没电';
      text.dispatchEvent(new Event('input'));
      await expect(await open.shows('rtc-site-page')).to.be.accessible();
      await open.press('Save');
      await until('the change', () => last('PATCH'));
      expect(last('PATCH')?.body).to.deep.equal({
        paramLabels: [
          {
            name: 'fault',
            label: { en: 'Problem' },
            values: [{ value: 'no-power', text: { 'zh-CN': '完全没电' } }],
          },
        ],
      });
    });

    it('has captions written by the browsers or by TRTC, and translated by TRTC only', async () => {
      const mayTranslate = () => open.all('#captions-translate').length > 0;
      expect(open.all('#captions-by')).to.have.length(0);
      await open.enter('What is said is shown in writing', 'shown');
      await open.says('On the device itself.');
      expect(mayTranslate()).to.equal(false);
      await open.enter('Who writes', 'cloud');
      await open.says('which charges for it');
      (await open.shows<HTMLInputElement>('#captions-translate')).click();
      await expect(await open.shows('rtc-site-page')).to.be.accessible();
      // Only TRTC translates.
      await open.enter('Who writes', 'browser');
      await until('no translation', () => !mayTranslate());
      await open.enter('Who writes', 'cloud');
      expect((await open.shows<HTMLInputElement>('#captions-translate')).checked).to.equal(false);
      (await open.shows<HTMLInputElement>('#captions-translate')).click();
      await open.press('Save');
      await until('the change', () => last('PATCH'));
      expect(last('PATCH')?.body).to.deep.equal({
        captions: { mode: 'shown', languages: [], by: 'cloud', translate: true },
      });
    });

    it('refuses a fact or a value that is there twice', async () => {
      await open.press('Add a fact');
      await open.enter('Name in the page', 'fault');
      await open.press('Add a value');
      await open.press('Add a value');
      await open.enter('Value 1 in the page', 'a');
      await open.enter('Value 2 in the page', 'a');
      await open.press('Save');
      await open.says('The value a of fault is there twice.');
      expect(last('PATCH')).to.equal(undefined);
    });

    it('refuses what is no origin, before anything is sent', async () => {
      await open.enter('Pages that may show the button', 'www.northwind.example');
      await open.press('Save');
      await open.says('www.northwind.example is no origin.');
      expect(last('PATCH')).to.equal(undefined);
    });
  });

  describe('of the periods for which data are kept', () => {
    const periods = {
      chatDays: 90,
      pictureDays: 30,
      recordingDays: 180,
      callDays: 365,
      auditDays: 730,
    };

    beforeEach(async () => {
      open = await OpenConsole.at('/admin/site', {
        prepare: (rest) => {
          answers(rest, '/site', site);
          answers(rest, '/retention', periods);
          const done = { kind: 'call', requestedAt: START, finishedAt: START, calls: 1 };
          answers(rest, '/erasures', {
            erasures: [
              { ...done, id: '1', requestedBy: 'visitor' },
              { ...done, id: '2', requestedBy: 'owner olivia', finishedAt: null },
            ],
          });
        },
      });
      (await open.shows('wa-button[href="/admin/site/retention"]')).click();
      await open.says('cannot be brought back');
    });

    it('is reached from the site, accessible, and saves what was changed', async () => {
      await expect(await open.shows('rtc-retention-page')).to.be.accessible();
      open.rest.answers.set('PATCH /retention', () => ({
        status: 200,
        body: { ...periods, callDays: 180 },
        etag: '"2"',
      }));
      await open.enter('Calls (days)', '180');
      await open.press('Save');
      await open.says('Saved.');
      expect(last('PATCH')).to.deep.include({ path: '/retention', body: { callDays: 180 } });
    });

    it('lists who has ordered an erasure', async () => {
      await open.says('A call, ordered by the visitor');
      await open.says('done, calls erased: 1');
      await open.says('A call, ordered by owner olivia');
    });

    it('refuses a period out of bounds, before anything is sent', async () => {
      await open.enter('Messages (days)', '0');
      await open.press('Save');
      await open.says('Enter a whole number from 1 to 3650.');
      expect(last('PATCH')).to.equal(undefined);
    });
  });

  it('says that a password link has been used', async () => {
    open = await OpenConsole.at('/admin/password', {
      prepare: (rest) =>
        rest.answers.set('POST /password-links/current', () => refuse(410, 'link-expired')),
    });
    await open.says('This link has been used, or its time is over.');
  });
});
