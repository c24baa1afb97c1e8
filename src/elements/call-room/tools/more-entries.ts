import { msg } from '@lit/localize';
import type { TemplateResult } from 'lit';
import type { ParticipantRole } from '../../../call/room-control.ts';
import { ask } from '../../parts/events/requests.ts';
import { minimiseIcon } from '../../parts/icons.ts';
import { captionsOf } from '../captions/captions-of.ts';
import { isMessageSoundOn, setMessageSound } from '../chat/message-sound.ts';
import { shortcuts } from '../controls/shortcuts.ts';
import { nextOwnPlace, OWN_PLACES, ownPlace, setOwnPlace } from '../small/own-picture.ts';
import { windowMaker } from '../small/window-maker.ts';
import { canTorch, isTorchOn, zoomRange } from '../phone/camera-capabilities.ts';
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

/** The panel of a button on the page, which can be minimised. */
const inPanel = ({ host }: ToolContext) =>
  (host.getRootNode() as ShadowRoot).host?.localName === 'rtc-call-panel';
const stageOf = ({ host }: ToolContext) => host.renderRoot.querySelector('rtc-room-stage')!;
/** Only a stage of two has a floating own picture. */
const hasOwnPicture = (context: ToolContext) =>
  stageOf(context).renderRoot.querySelector('.floating') !== null;

/** The camera that is on; null if there is none. */
const cameraOf = ({ snapshot }: ToolContext) =>
  snapshot.local.camera.state === 'on' ? snapshot.local.camera.track : null;
const loadCameraTools = () => import('../phone/camera-tools.ts');

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
    id: 'minimise',
    label: () => msg('Minimise'),
    icon: minimiseIcon,
    for: ['visitor'],
    shown: inPanel,
    run: ({ host }) => ask(host, 'minimise-request', { small: true }),
  },
  {
    id: 'hand-over',
    label: () => msg('Continue on your phone'),
    icon: icons.phoneIcon,
    for: ['visitor'],
    // A phone needs no other phone.
    shown: (context) => inPanel(context) && !matchMedia('(pointer: coarse)').matches,
    run: ({ host }) => ask(host, 'hand-over-request'),
  },
  {
    id: 'photo',
    label: () => msg('Send a photo'),
    icon: icons.photoIcon,
    for: EVERYBODY,
    shown: (context) => cameraOf(context) !== null,
    run: async (context) => {
      const track = cameraOf(context);
      if (!track) return;
      const { takeStill } = await loadCameraTools();
      const [still, { sendPicture }] = await Promise.all([
        takeStill(track),
        import('./send-picture.ts'),
      ]);
      await sendPicture(context, still);
    },
  },
  {
    id: 'torch',
    label: (context) =>
      isTorchOn(cameraOf(context)!) ? msg('Turn the torch off') : msg('Turn the torch on'),
    icon: icons.torchIcon,
    for: EVERYBODY,
    shown: (context) => canTorch(cameraOf(context)),
    run: async (context) => {
      const track = cameraOf(context);
      if (track) await (await loadCameraTools()).setTorch(track, !isTorchOn(track));
    },
  },
  {
    id: 'zoom',
    label: () => msg('My camera’s zoom'),
    icon: icons.zoomIcon,
    for: EVERYBODY,
    shown: (context) => zoomRange(cameraOf(context)) !== null,
    run: async (context) => (await import('../phone/camera-zoom.ts')).openCameraZoom(context),
  },
  {
    id: 'small-window',
    label: () => msg('Small window on top'),
    icon: icons.smallWindowIcon,
    for: EVERYBODY,
    shown: (context) => windowMaker() !== null && !inPanel(context),
    run: async (context) => (await import('../small/small-window.ts')).showSmallWindow(context),
  },
  {
    id: 'hide-own-picture',
    label: (context) =>
      ownPlace(stageOf(context)) === 'hidden' ? msg('Show my picture') : msg('Hide my picture'),
    icon: icons.ownPictureIcon,
    for: EVERYBODY,
    shown: hasOwnPicture,
    run: (context) => {
      const stage = stageOf(context);
      setOwnPlace(stage, ownPlace(stage) === 'hidden' ? OWN_PLACES[0] : 'hidden');
    },
  },
  {
    id: 'move-own-picture',
    label: () => msg('Move my picture to the next corner'),
    icon: icons.cornerIcon,
    for: EVERYBODY,
    shown: (context) => hasOwnPicture(context) && ownPlace(stageOf(context)) !== 'hidden',
    run: (context) => {
      const stage = stageOf(context);
      setOwnPlace(stage, nextOwnPlace(ownPlace(stage)));
    },
  },
  {
    id: 'captions',
    label: ({ room }) =>
      captionsOf(room)?.getSnapshot().shown ? msg('Hide captions') : msg('Show captions'),
    icon: icons.captionsIcon,
    for: EVERYBODY,
    // Nobody else's browser can write what is said there.
    shown: ({ room }) => captionsOf(room)?.getSnapshot().offered ?? false,
    run: ({ room }) => {
      const captions = captionsOf(room);
      captions?.setShown(!captions.getSnapshot().shown);
    },
  },
  {
    id: 'message-sound',
    label: () =>
      isMessageSoundOn() ? msg('Mute the sound of messages') : msg('Turn on the sound of messages'),
    icon: icons.messageSoundIcon,
    for: EVERYBODY,
    run: () => setMessageSound(!isMessageSoundOn()),
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
