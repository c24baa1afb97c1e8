import type { Page } from 'puppeteer-core';
import type { AgentView, VisitorView } from '../../src/protocol/views.ts';

/** What a page's connections showed of the clouds that its call runs on. */
export interface SeenConnections {
  /** The hosts to which the page opened WebSockets, the desk's own left out. */
  readonly hosts: ReadonlySet<string>;
  /** The providers of the ticket in the last snapshot that had one. */
  readonly media: string | null;
  readonly chat: string | null;
  /** Of the same ticket. */
  readonly room: number | null;
}

/** Listens in on a page from now on: which sockets it opens, and what the desk's snapshots tell it. */
export async function watchConnections(page: Page, desk: string): Promise<SeenConnections> {
  const seen = { hosts: new Set<string>(), media: null, chat: null, room: null } as {
    hosts: Set<string>;
    media: string | null;
    chat: string | null;
    room: number | null;
  };
  const own = new URL(desk).host;
  const session = await page.createCDPSession();
  session.on('Network.webSocketCreated', ({ url }) => {
    const { host } = new URL(url);
    if (host !== own) seen.hosts.add(host);
  });
  session.on('Network.webSocketFrameReceived', ({ response }) => {
    const ticket = ticketIn(response.payloadData);
    if (!ticket) return;
    seen.media = ticket.media.provider;
    seen.chat = ticket.chat.provider;
    seen.room = ticket.room;
  });
  await session.send('Network.enable');
  return seen;
}

function ticketIn(frame: string) {
  if (!frame.startsWith('{"type":"snapshot"')) return null;
  const { view } = JSON.parse(frame) as { view: AgentView | VisitorView };
  return view.call?.ticket ?? null;
}
