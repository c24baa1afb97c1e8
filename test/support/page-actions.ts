/**
 * What a visitor or an agent does on a page. Tests find everything by role and accessible name, as the contract lists
 * them. So a person with a screen reader can do all that a test does.
 */
import type { ElementHandle, Frame, Page } from 'puppeteer-core';
import { measureInbound } from './browser-profile.ts';
import { byRole, isFirefox } from './by-role.ts';
import { waitUntil } from './wait-until.ts';

/** Brings the tab to the front: a hidden tab draws nothing, and answers no selector. */
async function bringToFront(frame: Frame): Promise<void> {
  if (await frame.evaluate(() => document.hidden)) await frame.page().bringToFront();
}

/** Waits for the first element with this role and name. */
export async function find(frame: Frame, role: string, name?: string): Promise<ElementHandle> {
  await bringToFront(frame);
  return waitUntil(`there is a ${role} named ${name}`, () => byRole(frame, role, name));
}

export async function has(frame: Frame, role: string, name: string): Promise<boolean> {
  await bringToFront(frame);
  const handle = await byRole(frame, role, name);
  await handle?.dispose();
  return handle !== null;
}

export function gone(frame: Frame, role: string, name: string): Promise<boolean> {
  return waitUntil(`${role} ${name} is gone`, async () => !(await has(frame, role, name)));
}

/** Presses a button. If the page has replaced the button, for example because a call rings again, presses the new one. */
export function press(frame: Frame, name: string, role = 'button'): Promise<boolean> {
  return waitUntil(`${name} could be pressed`, async () => {
    const button = await find(frame, role, name);
    try {
      await button.evaluate((one) => (one as HTMLElement).scrollIntoView({ block: 'nearest' }));
      await button.click();
      return true;
    } catch (error) {
      if (/detached/.test(String(error))) return false;
      throw error;
    }
  });
}

export async function type(frame: Frame, name: string, text: string): Promise<void> {
  const box = await find(frame, 'textbox', name);
  await box.focus();
  await box.type(text);
}

/** Sends a chat message. */
export async function write(frame: Frame, text: string): Promise<void> {
  await type(frame, 'Message', text);
  await press(frame, 'Send message');
}

/** The text of the page, shadow trees included. */
export function textOf(frame: Frame): Promise<string> {
  return frame.evaluate(() => {
    const within = (root: Node): string => {
      let all = '';
      for (const child of root.childNodes) {
        if (child instanceof Element && ['STYLE', 'SCRIPT'].includes(child.tagName)) continue;
        all += child.nodeType === Node.TEXT_NODE ? child.textContent : within(child);
        if (child instanceof Element && child.shadowRoot) all += within(child.shadowRoot);
      }
      return all;
    };
    return within(document.body);
  });
}

export async function shows(frame: Frame, text: string): Promise<boolean> {
  return (await textOf(frame)).includes(text);
}

export function sees(frame: Frame, text: string): Promise<boolean> {
  return waitUntil(`the page shows “${text}”`, () => shows(frame, text));
}

/** Waits until `count` further video frames were decoded, and sound was heard. */
export async function seesAndHears(frame: Frame, count = 5): Promise<void> {
  const before = await waitUntil('a peer connection is connected', async () => {
    const now = await measureInbound(frame);
    return now.connections > 0 && now;
  });
  await waitUntil('frames and sound arrive', async () => {
    const now = await measureInbound(frame);
    return now.frames >= before.frames + count && now.audioEnergy > before.audioEnergy;
  });
}

/** Waits until the video in a person's tile has presented `count` further frames. */
export async function watches(frame: Frame, person: string, count = 5): Promise<void> {
  const tile = await find(frame, 'group', person);
  await tile.evaluate(async (group, wanted) => {
    const findVideo = (root: ParentNode): HTMLVideoElement | null => {
      const own = root.querySelector('video');
      if (own) return own;
      for (const element of root.querySelectorAll('*')) {
        const inside = element.shadowRoot && findVideo(element.shadowRoot);
        if (inside) return inside;
      }
      return null;
    };
    const deadline = performance.now() + 20_000;
    let video: HTMLVideoElement | null = null;
    while (!video && performance.now() < deadline) {
      const scope = group as Element;
      video = findVideo(scope) ?? (scope.shadowRoot && findVideo(scope.shadowRoot));
      if (!video) await new Promise(requestAnimationFrame);
    }
    if (!video) throw new Error('no video in the tile');
    const shown = video;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the picture does not move')), 20_000);
      let seen = 0;
      const next = () => {
        seen += 1;
        if (seen < wanted) return void shown.requestVideoFrameCallback(next);
        clearTimeout(late);
        resolve();
      };
      shown.requestVideoFrameCallback(next);
    });
  }, count);
}

/** Signs an agent in at a desk (the page `/desk`, or its frame in a CRM), and sets the status to available. */
export async function signIn(desk: Frame, username: string, password = 'demo'): Promise<void> {
  await type(desk, 'Username', username);
  await type(desk, 'Password', password);
  await press(desk, 'Sign in');
  await setStatus(desk, 'Available');
}

export const setStatus = (desk: Frame, option: string): Promise<void> =>
  choose(desk, 'Status', option);

/** Chooses the option of this text as soon as the list has it. */
export async function choose(frame: Frame, name: string, option: string): Promise<void> {
  const list = await find(frame, 'combobox', name);
  await waitUntil(`${name} has the option ${option}`, () =>
    list.evaluate(
      (element, label) =>
        [...(element as HTMLSelectElement).options].some((one) => one.label.trim() === label),
      option,
    ),
  );
  await list.evaluate((element, label) => {
    const select = element as HTMLSelectElement;
    const chosen = [...select.options].find((one) => one.label.trim() === label);
    if (!chosen) throw new Error(`no option ${label}`);
    select.value = chosen.value;
    select.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    select.dispatchEvent(new Event('change', { bubbles: true, composed: true }));
  }, option);
}

export async function accept(desk: Frame): Promise<void> {
  await find(desk, 'alertdialog', 'Incoming call');
  await press(desk, 'Accept');
}

/** Accepts the call that rings, and waits until each side sees and hears the other. */
export async function meet(desk: Frame, visitor: Frame): Promise<void> {
  await accept(desk);
  await Promise.all([seesAndHears(visitor), seesAndHears(desk)]);
  // The server hears of the connection after the media flow. A call that ends before that never connected.
  await find(visitor, 'timer', 'Length of the call');
}

/** The visitor leaves the call, and does not come back to it. */
export async function leaveForGood(visitor: Frame): Promise<void> {
  await press(visitor, 'Leave call');
  await find(visitor, 'button', 'Back to the call');
  await press(visitor, 'Close');
}

/** Finishes the wrap-up of a call that has ended. */
export async function wrapUp(desk: Frame): Promise<void> {
  await press(desk, 'Finish wrap-up');
  await gone(desk, 'button', 'Finish wrap-up');
}

/** The desk's frame in a CRM page. */
export async function deskFrame(crm: Page): Promise<Frame> {
  return crm.waitForFrame((frame) =>
    /^\/desk(\/|$)/.test(new URL(frame.url(), 'http://none').pathname),
  );
}

/** Opens the conversation, if it is closed. */
export async function openChat(frame: Frame): Promise<void> {
  await find(frame, 'toolbar', 'Call controls');
  if (!(await has(frame, 'log', 'Conversation'))) await press(frame, 'Chat');
  await find(frame, 'log', 'Conversation');
}

/** Sends a picture file, by the file chooser. */
export async function sendPicture(frame: Frame, path: string): Promise<void> {
  if (await isFirefox(frame)) {
    // Firefox reports no file chooser to its driver. The file goes directly into the input.
    await find(frame, 'button', 'Send image');
    const input = await waitUntil('there is a file input', () => frame.$('>>> input[type="file"]'));
    return (input as ElementHandle<HTMLInputElement>).uploadFile(path);
  }
  const [chooser] = await Promise.all([
    frame.page().waitForFileChooser(),
    press(frame, 'Send image'),
  ]);
  await chooser.accept([path]);
}

/** Waits until the conversation shows a picture of these proportions. */
export async function seesPicture(
  frame: Frame,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<void> {
  await waitUntil('the picture is drawn in the conversation', async () => {
    const log = await find(frame, 'log', 'Conversation');
    return log.evaluate((element, proportion) => {
      const canvases = (root: ParentNode): HTMLCanvasElement[] => [
        ...root.querySelectorAll('canvas'),
        ...[...root.querySelectorAll('*')].flatMap((one) =>
          one.shadowRoot ? canvases(one.shadowRoot) : [],
        ),
      ];
      return canvases(element as Element).some(
        (canvas) => canvas.width / canvas.height === proportion,
      );
    }, width / height);
  });
}
