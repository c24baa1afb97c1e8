/** The agent's tools for the visitor's picture. A chunk of its own, loaded when the call is connected. */
import type { CallRoom } from '../../call-room/call-room.ts';
import { DrawingSurface } from '../../call-room/drawing/drawing-surface.ts';
import { toolLayer } from '../../call-room/tools/tool-context.ts';
import { PictureToolbar } from './picture-toolbar.ts';

const elements = { 'rtc-drawing-surface': DrawingSurface, 'rtc-picture-toolbar': PictureToolbar };
for (const [tag, element] of Object.entries(elements)) {
  if (!customElements.get(tag)) customElements.define(tag, element);
}

/** Puts the toolbar over the pictures of the room, once. Rejects with `offline` if a part of it cannot be loaded. */
export async function showPictureToolbar(host: CallRoom): Promise<void> {
  await host.room?.openPictureTools?.();
  const layer = toolLayer(host);
  const existing = layer.querySelector('rtc-picture-toolbar');
  if (existing) return existing.requestUpdate();
  const toolbar = document.createElement('rtc-picture-toolbar');
  toolbar.host = host;
  layer.append(toolbar);
}
