import { expect } from '@open-wc/testing';
import type { ChatRoom, ChatSnapshot } from '../../src/chat/chat.ts';
import type { RtcDeskError } from '../../src/protocol/errors.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { message, room } from '../support/fake-views.ts';
import { InMemoryChatServer } from '../support/in-memory-chat-server.ts';

const PNG = () => new Blob(['png'], { type: 'image/png' });

/**
 * What every chat of a room does, over any carrier. `make` makes one for the visitor `visitor-1`.
 * `offlineState` is its state while signaling is interrupted.
 */
export function chatRoomSuite(
  name: string,
  make: (server: InMemoryChatServer, clock: FakeClock) => ChatRoom,
  offlineState: ChatSnapshot['state'],
): void {
  describe(name, () => {
    let clock: FakeClock;
    let server: InMemoryChatServer;
    let chat: ChatRoom;

    beforeEach(() => {
      clock = new FakeClock();
      server = new InMemoryChatServer();
      chat = make(server, clock);
    });

    afterEach(async () => {
      chat.close();
      await settle();
      expect(clock.pending).to.equal(0);
    });

    const texts = () => chat.getSnapshot().entries.map(({ text }) => text);
    const statuses = () => chat.getSnapshot().entries.map(({ status }) => status);
    const connect = async () => {
      chat.handleParticipants(room(['agent-1', 'visitor-1']).participants);
      chat.handleEntered(server.entered);
      await settle();
    };
    const codeOf = (run: () => void) => {
      try {
        run();
      } catch (error) {
        return (error as RtcDeskError).code;
      }
      return null;
    };

    it('is ready once all earlier messages are there', async () => {
      for (let i = 1; i <= 250; i++) server.write(`${i}`);
      expect(chat.getSnapshot().state).to.equal('connecting');
      await connect();
      expect(chat.getSnapshot().state).to.equal('ready');
      expect(texts()).to.deep.equal(server.messages.map(({ text }) => text));
    });

    it('shows a text at once as pending, then as sent, and as seen when the other person has read it', async () => {
      await connect();
      chat.sendText('hello');
      expect(statuses()).to.deep.equal(['pending']);
      await settle();
      expect(statuses()).to.deep.equal(['sent']);
      chat.handleReadMarks([{ participant: 'agent-1', sequence: 1 }]);
      expect(statuses()).to.deep.equal(['seen']);
    });

    it('delivers messages in the order of writing, each once, although delivery and answer bring both', async () => {
      await connect();
      for (const text of ['a', 'b', 'c']) chat.sendText(text);
      await settle();
      chat.handleMessages(server.messages);
      await settle();
      expect(texts()).to.deep.equal(['a', 'b', 'c']);
      expect(server.maxConcurrentSends).to.equal(1);
      const asked = server.histories.length;
      await clock.advance(10_000);
      expect(server.histories.length).to.equal(asked);
      expect(server.messages.map(({ text }) => text)).to.deep.equal(['a', 'b', 'c']);
    });

    it('shows a message once that is delivered before its answer', async () => {
      await connect();
      let open = () => {};
      server.gate = new Promise((resolve) => (open = resolve));
      chat.sendText('hello');
      const id = chat.getSnapshot().entries[0]!.id;
      chat.handleMessages([message(1, 'visitor-1', 'hello', id)]);
      expect(statuses()).to.deep.equal(['sent']);
      server.messages.push(message(1, 'visitor-1', 'hello', id));
      open();
      await settle();
      expect(texts()).to.deep.equal(['hello']);
    });

    it('asks for what is missing in a gap, and shows nothing out of order', async () => {
      await connect();
      const [, second] = [server.write('one'), server.write('two')];
      chat.handleMessages([second]);
      expect(texts()).to.deep.equal([]);
      await clock.advance(250);
      expect(texts()).to.deep.equal(['one', 'two']);
    });

    it('asks for no history if the room has no message that is missing', async () => {
      await connect();
      expect(chat.getSnapshot().state).to.equal('ready');
      chat.handleMessages([server.write('delivered')]);
      chat.handleInterrupted();
      chat.handleEntered(server.entered);
      await settle();
      expect(texts()).to.deep.equal(['delivered']);
      expect(server.histories).to.deep.equal([]);
    });

    it('asks once more only if the answer left something missing', async () => {
      for (let i = 1; i <= 150; i++) server.write(`${i}`);
      await connect();
      expect(server.histories).to.deep.equal([0, 100]);
    });

    it('stops asking if the server has no more messages', async () => {
      await connect();
      chat.handleEntered({ ...server.entered, lastSequence: 9 });
      await clock.advance(60_000);
      expect(server.histories.length).to.be.lessThan(4);
    });

    it('catches up after a reconnect', async () => {
      await connect();
      chat.handleInterrupted();
      expect(chat.getSnapshot().state).to.equal(offlineState);
      server.write('while you were away');
      chat.handleEntered(server.entered);
      await settle();
      expect(texts()).to.deep.equal(['while you were away']);
      expect(chat.getSnapshot().state).to.equal('ready');
    });

    it('marks a refused message as failed, goes on with the next, and sends it again on request', async () => {
      await connect();
      server.refuse = 'rate-limited';
      chat.sendText('first');
      await settle();
      server.refuse = null;
      chat.sendText('second');
      await settle();
      const failed = chat.getSnapshot().entries.find(({ status }) => status === 'failed')!;
      expect(failed).to.include({ text: 'first', error: 'rate-limited' });
      chat.retry(failed.id);
      await settle();
      expect(texts()).to.deep.equal(['second', 'first']);
      expect(statuses()).to.deep.equal(['sent', 'sent']);
    });

    it('refuses an empty and a too long text', async () => {
      await connect();
      expect(codeOf(() => chat.sendText(' \n'))).to.equal('message-empty');
      expect(codeOf(() => chat.sendText('x'.repeat(4_001)))).to.equal('message-too-long');
      expect(texts()).to.deep.equal([]);
      expect(codeOf(() => chat.sendText('x'.repeat(4_000)))).to.equal(null);
    });

    it('refuses a file that is no picture, an SVG, and a too large picture', async () => {
      await connect();
      const refusal = (parts: BlobPart[], type: string) =>
        codeOf(() => chat.sendImage(new Blob(parts, { type })));
      expect(refusal(['x'], 'text/html')).to.equal('image-not-supported');
      expect(refusal(['x'], 'image/svg+xml')).to.equal('image-not-supported');
      expect(refusal([], 'image/png')).to.equal('image-not-supported');
      expect(refusal([new Uint8Array(10 * 1024 * 1024 + 1)], 'image/png')).to.equal(
        'image-too-large',
      );
      expect(chat.getSnapshot().entries).to.deep.equal([]);
    });

    it('shows a picture while it is sent, and needs no download afterwards', async () => {
      await connect();
      const picture = PNG();
      chat.sendImage(picture);
      expect(chat.getSnapshot().entries[0]!.image!.local).to.equal(picture);
      await settle();
      expect(server.messages[0]!.image!.id).to.equal('image-1');
      expect(await chat.loadImage('image-1')).to.equal(picture);
      expect(server.downloads).to.equal(0);
    });

    it('marks a picture as failed if its upload fails, and sends it again', async () => {
      await connect();
      server.refuseUpload = 'offline';
      chat.sendImage(PNG());
      await settle();
      const [failed] = chat.getSnapshot().entries;
      expect(failed).to.include({ status: 'failed', error: 'offline' });
      server.refuseUpload = null;
      chat.retry(failed!.id);
      await settle();
      expect(statuses()).to.deep.equal(['sent']);
    });

    it('uploads a picture once although its message has to be sent again', async () => {
      await connect();
      server.refuse = 'server-error';
      chat.sendImage(PNG());
      await settle();
      const [failed] = chat.getSnapshot().entries;
      expect(failed!.status).to.equal('failed');
      server.refuse = null;
      chat.retry(failed!.id);
      await settle();
      expect(statuses()).to.deep.equal(['sent']);
      expect(server.uploads).to.have.length(1);
    });

    it('loads a picture once, and again only after a failure', async () => {
      await connect();
      server.refuse = 'not-found';
      let failure: unknown;
      await chat.loadImage('x').catch((error) => (failure = error));
      expect((failure as RtcDeskError).code).to.equal('not-found');
      server.refuse = null;
      await Promise.all([chat.loadImage('x'), chat.loadImage('x')]);
      expect(server.downloads).to.equal(2);
    });

    it('shows for 5 s that somebody types, or until their message comes', async () => {
      await connect();
      chat.handleTyping('agent-1');
      expect(chat.getSnapshot().typing).to.deep.equal(['Alice']);
      await clock.advance(4_999);
      expect(chat.getSnapshot().typing).to.deep.equal(['Alice']);
      await clock.advance(1);
      expect(chat.getSnapshot().typing).to.deep.equal([]);
      chat.handleTyping('agent-1');
      chat.handleMessages([server.write('there')]);
      expect(chat.getSnapshot().typing).to.deep.equal([]);
    });

    it('sends at most one typing notice in 3 s', async () => {
      await connect();
      for (let i = 0; i < 5; i++) chat.notifyTyping();
      expect(server.typings).to.equal(1);
      await clock.advance(3_000);
      chat.notifyTyping();
      expect(server.typings).to.equal(2);
    });

    it('counts messages of others as unread until they are marked, and tells the server', async () => {
      await connect();
      chat.handleMessages([server.write('a'), server.write('b')]);
      expect(chat.getSnapshot().unread).to.equal(2);
      chat.markRead();
      expect(chat.getSnapshot().unread).to.equal(0);
      await settle();
      expect(server.reads).to.deep.equal([2]);
      chat.markRead();
      await settle();
      expect(server.reads).to.deep.equal([2]);
    });

    it('reports after the reconnect what was read while offline', async () => {
      await connect();
      chat.handleMessages([server.write('a')]);
      chat.handleInterrupted();
      chat.markRead();
      await settle();
      expect(server.reads).to.deep.equal([]);
      chat.handleEntered(server.entered);
      await settle();
      expect(server.reads).to.deep.equal([1]);
    });

    it('knows its own messages from before a reload', async () => {
      server.messages.push(message(1, 'visitor-0', 'before'), message(2, 'agent-1', 'hi'));
      chat.handleEntered({ ...server.entered, ownParticipants: ['visitor-0', 'visitor-1'] });
      await settle();
      expect(chat.getSnapshot().entries.map(({ mine }) => mine)).to.deep.equal([true, false]);
    });

    it('tells two people of one name and role apart', async () => {
      const namesake = { ...message(1, 'visitor-2', 'I am another Vera') };
      server.messages.push(namesake);
      await connect();
      const [entry] = chat.getSnapshot().entries;
      expect(entry).to.include({ name: 'Vera', role: 'visitor', mine: false });
      expect(chat.getSnapshot().unread).to.equal(1);
      chat.sendText('hello');
      await settle();
      chat.handleReadMarks([{ participant: 'visitor-2', sequence: 2 }]);
      expect(statuses()).to.deep.equal(['sent', 'seen']);
    });

    it('stays readable when closed, sends nothing more, and marks pending messages as failed', async () => {
      await connect();
      chat.handleMessages([server.write('a')]);
      server.gate = new Promise(() => {});
      chat.sendText('too late');
      chat.handleTyping('agent-1');
      chat.close();
      expect(chat.getSnapshot().typing).to.deep.equal([]);
      expect(chat.getSnapshot().state).to.equal('closed');
      expect(texts()).to.deep.equal(['a', 'too late']);
      expect(statuses()).to.deep.equal(['sent', 'failed']);
      expect(codeOf(() => chat.sendText('more'))).to.equal('conflict');
      chat.close();
    });
  });
}
