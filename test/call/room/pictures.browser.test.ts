import { expect } from '@open-wc/testing';
import type { RoomLink } from '../../../src/call/room/link.ts';
import { RoomPictures } from '../../../src/call/room/pictures.ts';
import { Cancellation } from '../../../src/platform/cancellation.ts';
import type { HttpRequest, HttpResponse } from '../../../src/platform/platform.ts';
import { codeOf } from '../../support/error-code.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { fakePlatform } from '../../support/fake-platform.ts';

const SERVER = 'https://desk.example.com';
const IMAGE = { id: 'i1', width: 2, height: 2 };
const PNG = new Blob(['png'], { type: 'image/png' });

describe('RoomPictures', () => {
  let clock: FakeClock;
  let left: Cancellation;
  let requests: HttpRequest[];
  let answer: (request: HttpRequest) => Promise<HttpResponse>;
  let enter: () => void;
  let pictures: RoomPictures;

  const answerWith = (status: number, body: unknown): HttpResponse => ({
    status,
    json: async () => body,
    picture: async () => PNG,
  });

  beforeEach(() => {
    clock = new FakeClock();
    left = new Cancellation();
    requests = [];
    answer = async () => answerWith(201, IMAGE);
    const entered = new Promise<void>((resolve) => (enter = resolve));
    const request = async (asked: HttpRequest) => {
      requests.push(asked);
      return answer(asked);
    };
    pictures = new RoomPictures({
      platform: { ...fakePlatform(clock), request },
      server: SERVER,
      room: 4711,
      token: () => 'bearer',
      link: { untilEntered: () => entered } as RoomLink,
      left,
    });
  });

  afterEach(() => expect(clock.pending).to.equal(0));

  it('waits with an upload until the room is entered', async () => {
    const uploaded = pictures.upload(PNG);
    await settle();
    expect(requests).to.have.length(0);
    enter();
    expect(await uploaded).to.deep.equal(IMAGE);
    const { method, address, headers, body } = requests[0]!;
    expect([method, address, body]).to.deep.equal([
      ...['POST', `${SERVER}/api/v1/rooms/4711/images`, PNG],
    ]);
    expect(headers).to.deep.equal({
      ...{ 'content-type': 'image/png', authorization: 'Bearer bearer' },
    });
  });

  it('tries an interrupted upload again after 2 s, at most three times', async () => {
    enter();
    answer = async () => {
      throw new TypeError('Failed to fetch');
    };
    const failed = codeOf(pictures.upload(PNG));
    await clock.advance(1_999);
    expect(requests).to.have.length(1);
    await clock.advance(1);
    expect(requests).to.have.length(2);
    await clock.advance(60_000);
    expect(await failed).to.equal('offline');
    expect(requests).to.have.length(4);
  });

  it('does not repeat an upload that the server refuses', async () => {
    enter();
    answer = async () => answerWith(415, { code: 'image-not-supported' });
    expect(await codeOf(pictures.upload(PNG))).to.equal('image-not-supported');
    expect(requests).to.have.length(1);
  });

  for (const [status, code] of [
    [403, 'forbidden'],
    [404, 'not-found'],
    [413, 'image-too-large'],
    [415, 'image-not-supported'],
    [429, 'rate-limited'],
    [502, 'server-error'],
  ] as const) {
    it(`fails with ${code} for ${status} without a code of ours`, async () => {
      answer = async () => answerWith(status, null);
      expect(await codeOf(pictures.download('i1'))).to.equal(code);
    });
  }

  it('cancels an upload when the room is left, and not a download', async () => {
    enter();
    answer = ({ cancellation }) =>
      new Promise((_, reject) => void cancellation.onCancel(() => reject(new Error('aborted'))));
    const upload = codeOf(pictures.upload(PNG));
    const download = codeOf(pictures.download('i1'));
    await settle();
    left.cancel();
    await settle();
    const cancelled = requests.filter(({ cancellation }) => cancellation.cancelled);
    expect(cancelled.map(({ method }) => method)).to.deep.equal(['POST']);
    await clock.advance(120_000);
    expect(await Promise.all([upload, download])).to.deep.equal(['offline', 'offline']);
  });
});
