import type { Page } from 'puppeteer-core';
import type { AgentView, Ticket, VisitorView } from '../../src/protocol/views.ts';

/** Which clouds a page's call uses, by its connections. */
export interface SeenConnections {
  /** The hosts to which the page opened WebSockets, without the desk's. */
  readonly hosts: ReadonlySet<string>;
  /** The providers of the newest ticket. */
  readonly media: string | null;
  readonly chat: string | null;
  /** The room of the newest ticket. */
  readonly room: number | null;
}

/** Records from now on which sockets a page opens, and the tickets in the desk's snapshots. */
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

function ticketIn(frame: string): Ticket | null {
  if (!frame.startsWith('{"type":"snapshot"')) return null;
  const { view } = JSON.parse(frame) as { view: AgentView | VisitorView };
  const rooms =
    view.role === 'agent' ? view.legs.flatMap((leg) => leg.rooms) : (view.call?.rooms ?? []);
  return rooms.find(({ ticket }) => ticket)?.ticket ?? null;
}
