import { once } from 'node:events';
import puppeteer, { type Browser, type Frame, type Page } from 'puppeteer-core';
import { chromeArgs, findChrome } from './chrome.mjs';
import { firefoxPreferences } from './firefox.ts';
import { registerGroup } from './process-group.mjs';

export interface ProfileOptions {
  readonly args?: readonly string[];
  /** True: the browser refuses camera and microphone. Default: it grants them. */
  readonly refuseDevices?: boolean;
  /** True: the machine has no camera and no microphone. */
  readonly withoutDevices?: boolean;
  /** The path of a Firefox, to use it instead of Chrome. The other options work with Chrome only. */
  readonly firefox?: string;
  /** The folder of a profile that outlives the browser, as one on a person's disk. Default: a new one, deleted at the end. */
  readonly userDataDir?: string;
}

/** One person's browser: its own process and profile, with fake devices. */
export class BrowserProfile {
  /** Warnings and errors on the console of any page, and uncaught exceptions. */
  readonly complaints: string[] = [];

  private constructor(readonly browser: Browser) {}

  static async open(options: ProfileOptions = {}): Promise<BrowserProfile> {
    const {
      args = [],
      refuseDevices = false,
      withoutDevices = false,
      firefox,
      userDataDir,
    } = options;
    const flags = chromeArgs.filter(
      (flag) =>
        !(refuseDevices && flag === '--use-fake-ui-for-media-stream') &&
        !(withoutDevices && flag === '--use-fake-device-for-media-stream'),
    );
    const browser = await puppeteer.launch({
      ...(firefox
        ? {
            browser: 'firefox',
            executablePath: firefox,
            extraPrefsFirefox: firefoxPreferences,
          }
        : // Chrome ends by itself when the pipe to this process closes.
          { executablePath: await findChrome(), args: [...flags, ...args], pipe: true }),
      ...(userDataDir !== undefined && { userDataDir }),
      headless: true,
      protocolTimeout: 60_000,
      defaultViewport: { width: 1280, height: 800 },
    });
    registerGroup(browser.process());
    return new BrowserProfile(browser);
  }

  async openPage(url: string, viewport?: { width: number; height: number }): Promise<Page> {
    const page = await this.browser.newPage();
    if (viewport) await page.setViewport(viewport);
    page.on('console', (message) => {
      const type = message.type();
      if (type === 'error' || type === 'warn') this.complaints.push(`${type}: ${message.text()}`);
    });
    // A desk in a call asks before it reloads.
    page.on('dialog', (dialog) => void dialog.accept());
    page.on('pageerror', (error) => this.complaints.push(`exception: ${String(error)}`));
    // tsx wraps functions in a helper that no page has.
    await page.evaluateOnNewDocument('globalThis.__name = (marked) => marked');
    await page.evaluateOnNewDocument(watchPeerConnections);
    await page.goto(url, { waitUntil: 'load' });
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  /** Kills the browser with all its pages at once. Resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.browser.process()!;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}

/** Runs in each page before its scripts: keeps the page's peer connections, so that a test can measure them. */
function watchPeerConnections(): void {
  const kept: RTCPeerConnection[] = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      kept.push(this);
    }
  };
  Object.assign(window, { __peerConnections: kept });
}

/** What a page receives from others, over all its peer connections. */
export interface Inbound {
  readonly frames: number;
  readonly audioEnergy: number;
  readonly connections: number;
}

export function measureInbound(frame: Frame): Promise<Inbound> {
  return frame.evaluate(async () => {
    const { __peerConnections } = window as unknown as { __peerConnections: RTCPeerConnection[] };
    const open = __peerConnections.filter((one) => one.connectionState === 'connected');
    let frames = 0;
    let audioEnergy = 0;
    for (const connection of open) {
      for (const stats of (await connection.getStats()).values()) {
        if (stats.type !== 'inbound-rtp') continue;
        frames += stats.framesDecoded ?? 0;
        audioEnergy += stats.totalAudioEnergy ?? 0;
      }
    }
    return { frames, audioEnergy, connections: open.length };
  });
}
