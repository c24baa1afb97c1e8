import type { Frame } from 'puppeteer-core';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import {
  accept,
  find,
  gone,
  openChat,
  press,
  sees,
  seesAndHears,
  seesPicture,
  sendPicture,
  signIn,
  watches,
  wrapUp,
  write,
} from '../support/page-actions.ts';
import { writePicture } from '../support/picture.ts';
import { waitUntil } from '../support/wait-until.ts';
import { watchConnections, type SeenConnections } from './watch-connections.ts';

type Side = {
  readonly frame: Frame;
  readonly seen: SeenConnections;
};

/** One call, from the server's start to the wrap-up, in steps. Each step answers with what it found. */
export class SmokeCall {
  /** The name of the step that runs, for the report of a failure. */
  step = '';
  #server: DeskProcess | null = null;
  readonly #browsers = new Browsers();
  readonly #sides: Side[] = [];

  *steps(): Iterable<readonly [name: string, run: () => Promise<string | void>]> {
    let agent!: Side;
    let visitor!: Side;
    const both = () => [agent, visitor];
    const step = (name: string, run: () => Promise<string | void>) => {
      return [name, () => ((this.step = name), run())] as const;
    };

    yield step('the server starts', async () => {
      this.#server = await DeskProcess.start({
        environment: { TRTC_CALLBACK_KEY: '', LOG_LEVEL: 'warn' },
      });
      return this.#server.url;
    });
    yield step('an agent signs in at the desk', async () => {
      agent = await this.#watch(await this.#browsers.desk(this.#server!.url));
      await signIn(agent.frame, 'alice');
    });
    yield step('a visitor presses the button', async () => {
      visitor = await this.#watch(await this.#browsers.visitor(this.#server!.url));
      await press(visitor.frame, 'Video call');
      await find(visitor.frame, 'dialog', 'Video support');
    });
    yield step('the desk rings', async () => {
      await find(agent.frame, 'alertdialog', 'Incoming call');
    });
    yield step('the agent accepts, and is in the TRTC room', async () => {
      await accept(agent.frame);
      await find(agent.frame, 'toolbar', 'Call controls');
      await waitUntil(
        'the visitor has a ticket, so the agent is in the room',
        () => visitor.seen.media,
      );
      return requireCloud(agent);
    });
    yield step('the visitor is told, and is in the room too', async () => {
      await find(visitor.frame, 'toolbar', 'Call controls');
      return requireCloud(visitor);
    });
    yield step('picture and sound arrive on both sides', async () => {
      await Promise.all(both().map(({ frame }) => seesAndHears(frame)));
      await watches(visitor.frame, 'Alice Chen');
      await watches(agent.frame, 'Visitor');
    });
    yield step('text goes both ways through IM', async () => {
      for (const { frame } of both()) await openChat(frame);
      await write(visitor.frame, 'The display is dark');
      await sees(agent.frame, 'The display is dark');
      await write(agent.frame, 'Show me the fuse box, please');
      await sees(visitor.frame, 'Show me the fuse box, please');
    });
    yield step('a picture goes through', async () => {
      const picture = await writePicture();
      try {
        await sendPicture(visitor.frame, picture.path);
        await seesPicture(agent.frame, picture);
      } finally {
        picture.remove();
      }
    });
    yield step(
      'nothing fell back to the built-in media, and no policy refused a host',
      async () => {
        const refused = this.#sides
          .flatMap(({ frame }) => this.#browsers.complaints(frame))
          .filter((complaint) => /Content.Security.Policy/i.test(complaint));
        if (refused.length > 0) throw new Error(refused.join('; '));
        for (const side of both()) requireCloud(side);
        const hosts = new Set(both().flatMap(({ seen }) => [...seen.hosts]));
        if (hosts.size === 0) throw new Error('neither browser had a socket to the cloud');
        return `sockets to ${[...hosts].sort().join(', ')}`;
      },
    );
    yield step('the agent ends the call, and the visitor is told', async () => {
      await press(agent.frame, 'End call');
      await wrapUp(agent.frame);
      await gone(visitor.frame, 'toolbar', 'Call controls');
    });
  }

  /** The call's room; null before the agent has a ticket. */
  get room(): number | null {
    return this.#sides[0]?.seen.room ?? null;
  }

  get serverOutput(): string {
    return this.#server?.output ?? '';
  }

  /** The output of the browsers' consoles and the server, for the report of a failure. */
  evidence(): string {
    const sides = this.#sides.flatMap(({ frame, seen }) => [
      `${frame.url()}: media ${seen.media}, chat ${seen.chat}, sockets to ${[...seen.hosts].join(', ') || 'no other host'}`,
      ...this.#browsers.complaints(frame),
    ]);
    const all = [...sides, this.serverOutput].join('\n');
    // The SDK prints its parameters on the console. Signatures must not get into a report.
    return all.replace(/"(userSig|privateMapKey)":"[^"]*"/g, '"$1":"…"').slice(-8_000);
  }

  async dispose(): Promise<void> {
    await this.#browsers.close();
    await this.#server?.dispose();
  }

  async #watch(frame: Frame): Promise<Side> {
    const seen = await watchConnections(frame.page(), this.#server!.url);
    const side = { frame, seen };
    this.#sides.push(side);
    return side;
  }
}

/** Throws if the ticket of this side is not for Tencent's media and chat. */
function requireCloud({ seen: { media, chat } }: Side): string {
  if (media === 'trtc' && chat === 'tim') return 'TRTC and IM';
  throw new Error(
    `the call is on ${media} media and ${chat} chat: this browser cannot have TRTC’s`,
  );
}
