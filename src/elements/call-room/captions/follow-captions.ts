/** The captions of a room. A chunk of its own, loaded in rooms that may have them. */
import { createCaptions } from '../../../call/create-captions.ts';
import type { CaptionsControl } from '../../../call/captions-control.ts';
import type { RoomControl, ToolMessage } from '../../../call/room-control.ts';
import { getLocale } from '../../../locales/locales.ts';
import { toolLayer, type ToolHost } from '../tools/tool-context.ts';
import { CaptionsView } from './captions-view.ts';
import { captionsOf, setCaptions } from './captions-of.ts';

if (!customElements.get('rtc-captions')) customElements.define('rtc-captions', CaptionsView);

/** Makes the captions of the host's room, once, and shows them. */
export function followCaptions(host: ToolHost): CaptionsControl | null {
  const { room } = host;
  if (!room?.getSnapshot().captions) return null;
  const captions = captionsOf(room) ?? begin(room);
  const layer = toolLayer(host);
  let view = layer.querySelector('rtc-captions');
  if (!view) {
    view = document.createElement('rtc-captions');
    layer.append(view);
  }
  Object.assign(view, { room, captions });
  return captions;
}

/** A message of the captions of somebody else. */
export function handleCaptions(
  { host }: { readonly host: ToolHost },
  message: ToolMessage,
  from: string,
): void {
  followCaptions(host)?.handleMessage(message, from);
}

function begin(room: RoomControl): CaptionsControl {
  const locale = getLocale();
  // The person's own region, for example en-GB, says more than the language of the texts.
  const language =
    navigator.languages.find((tag) => tag.split('-')[0] === locale.split('-')[0]) ?? locale;
  return setCaptions(room, createCaptions(room, language));
}
