import { msg } from '@lit/localize';
import type { TemplateResult } from 'lit';
import type { ParticipantRole } from '../../../call/room-control.ts';
import { shortcuts } from '../controls/shortcuts.ts';
import type { ToolContext } from './tool-context.ts';
import * as icons from './tool-icons.ts';

/** One line of the menu behind More. */
export interface MoreEntry {
  /** Unique. Where it is a name of the attribute `controls`, that attribute can leave the entry out. */
  readonly id: string;
  readonly label: (context: ToolContext) => string;
  readonly icon: (context: ToolContext) => TemplateResult;
  /** Who has it. */
  readonly for: readonly ParticipantRole[];
  /** Whether it is possible at this moment. Default: always. */
  readonly shown?: (context: ToolContext) => boolean;
  /** The key that does the same; see shortcuts.ts. */
  readonly key?: string;
  /** Called at the press, when the menu is closed and the button More has the focus. Loads the tool's own chunk. */
  readonly run: (context: ToolContext) => unknown;
}

const EVERYBODY = ['visitor', 'agent', 'guest'] as const;

const isFullScreen = ({ host }: ToolContext) => host.matches(':fullscreen');
const loadDisplayModes = () => import('./display-modes.ts');

/** The menu, from top to bottom. Each tool is a chunk of its own. */
export const MORE_ENTRIES: readonly MoreEntry[] = [
  {
    id: 'devices',
    label: () => msg('Camera and sound'),
    icon: icons.settingsIcon,
    for: EVERYBODY,
    run: async (context) => (await import('./open-device-menu.ts')).openDeviceMenu(context),
  },
  {
    id: 'picture-in-picture',
    label: () => msg('Picture in picture'),
    icon: icons.pictureInPictureIcon,
    for: EVERYBODY,
    shown: ({ snapshot }) =>
      document.pictureInPictureEnabled &&
      snapshot.people.some(
        ({ self, camera, cameraOn, screen }) => !self && ((cameraOn && camera) || screen),
      ),
    run: async ({ host }) =>
      (await loadDisplayModes()).togglePictureInPicture(
        host.renderRoot.querySelector('rtc-room-stage')?.mainVideo ?? null,
      ),
  },
  {
    id: 'fullscreen',
    label: (context) => (isFullScreen(context) ? msg('Exit full screen') : msg('Full screen')),
    icon: (context) =>
      isFullScreen(context) ? icons.exitFullscreenIcon() : icons.fullscreenIcon(),
    for: EVERYBODY,
    shown: () => document.fullscreenEnabled,
    key: shortcuts.fullscreen,
    run: async ({ host }) => (await loadDisplayModes()).toggleFullScreen(host),
  },
];
