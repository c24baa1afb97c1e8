import { msg } from '@lit/localize';
import { render } from 'lit';
import type { RoomControl } from '../../../call/room-control.ts';
import type { RecordingState } from '../../../protocol/views.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { chipStyles } from '../../parts/styles/chip-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { recordingMarkStyles } from '../../recording/recording-mark.ts';
import type { ToolContext } from '../tools/tool-context.ts';
import { smallViewStyles } from './small-view-styles.ts';
import { smallView } from './small-view.ts';
import { windowMaker } from './window-maker.ts';

const SIZE = { width: 320, height: 260 };

export interface SmallWindow {
  /** Shows the present state of the recording. */
  update(): void;
  close(): void;
}

interface SmallWindowOptions {
  readonly room: RoomControl;
  readonly title: string;
  readonly lang: string;
  readonly theme: string | null;
  /** The present state of the recording; undefined if nobody has begun one. */
  readonly recording?: () => RecordingState | undefined;
  /** The person wants the call back in the page. */
  readonly restore: () => void;
  /** The window is closed, by whomever. */
  readonly closed: () => void;
}

/**
 * Shows the call in a window above all others, within a press. The window has a view of its own: elements that move into
 * another document lose their style sheets. Null where the browser has no such window, or refuses it.
 */
export async function openSmallWindow(options: SmallWindowOptions): Promise<SmallWindow | null> {
  const { room, title, lang, recording, restore, closed } = options;
  let opened: Window;
  try {
    const maker = windowMaker();
    if (!maker) return null;
    opened = await maker.requestWindow(SIZE);
  } catch (error) {
    console.warn('rtc-desk', error);
    return null;
  }
  const { document } = opened;
  document.title = title;
  document.documentElement.lang = lang;
  document.body.style.margin = '0';
  const host = document.createElement('div');
  if (options.theme) host.setAttribute('theme', options.theme);
  Object.assign(host.style, { display: 'block', height: '100vh' });
  const root = host.attachShadow({ mode: 'open' });
  const { CSSStyleSheet } = opened as Window & typeof globalThis;
  const styles = [theme, buttonStyles, chipStyles, recordingMarkStyles, smallViewStyles];
  root.adoptedStyleSheets = styles.map(({ cssText }) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(cssText);
    return sheet;
  });
  document.body.append(host);
  const close = () => opened.close();
  const show = () => {
    const { state } = room.getSnapshot();
    if (state === 'left' || state === 'failed') close();
    else render(smallView(room, { restore, recording: recording?.() }), root);
  };
  const unsubscribe = room.subscribe(show);
  opened.addEventListener('pagehide', () => {
    unsubscribe();
    closed();
  });
  show();
  root.querySelector<HTMLElement>('.restore')?.focus();
  return { update: show, close };
}

/** Shows the room of an element that stays in the page in such a window, too. */
export async function showSmallWindow({ host, room }: ToolContext): Promise<void> {
  const opened = await openSmallWindow({
    room,
    title: msg('Video support'),
    lang: host.lang || document.documentElement.lang,
    theme: host.getAttribute('theme'),
    restore: () => {
      opened?.close();
      window.focus();
    },
    closed: () => undefined,
  });
}
