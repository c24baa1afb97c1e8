/**
 * `npm run smoke:trtc`: one whole call through Tencent's real cloud, between two headless browsers, told step by
 * step. Wants TRTC_SDK_APP_ID and TRTC_SECRET_KEY in the environment; with TENCENTCLOUD_SECRET_ID and
 * TENCENTCLOUD_SECRET_KEY the room is closed by the cloud's API, too. Ends with 0 where every step held, 1 at
 * the first that did not, 2 where the settings are missing.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { ChatGroups } from '../../src/server/tencent/chat-groups.ts';
import { readSettings } from '../../src/server/settings/read-settings.ts';
import {
  SettingsError,
  type Settings,
  type TrtcSettings,
} from '../../src/server/settings/settings.ts';
import { SmokeCall } from './smoke-call.ts';

const settings = wantedSettings();
if (settings) process.exitCode = (await run(settings)) ? 0 : 1;
else process.exitCode = 2;

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function wantedSettings(): Settings | null {
  const { TRTC_SDK_APP_ID, TRTC_SECRET_KEY } = process.env;
  if (!TRTC_SDK_APP_ID || !TRTC_SECRET_KEY) {
    console.error(
      'Set TRTC_SDK_APP_ID and TRTC_SECRET_KEY in the environment: both stand in the TRTC console under\n' +
        'Application Management, in the overview of your application. Then run this again.',
    );
    return null;
  }
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    return null;
  }
}

async function run({ trtc }: Settings): Promise<boolean> {
  tell(`One call through TRTC and IM, SDKAppID ${trtc?.sdkAppId}`);
  if (trtc?.callbackKey) {
    tell('  (TRTC_CALLBACK_KEY is left out: the cloud cannot reach a server on this machine)');
  }
  execFileSync(process.execPath, ['.config/build.mjs', '--stale', 'browser', 'server']);
  const call = new SmokeCall();
  try {
    for (const [name, step] of call.steps()) {
      const started = performance.now();
      const saw = await step();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      tell(`✓ ${name} (${seconds} s)${saw ? `: ${saw}` : ''}`);
    }
    if (trtc) await seeGroupGone(call, trtc);
    if (trtc?.cloud) await seeRoomClosed(call);
    tell('Everything held.');
    return true;
  } catch (error) {
    console.error(`✗ ${call.step}: ${(error as Error).message}`);
    console.error(call.evidence());
    return false;
  } finally {
    await call.dispose();
  }
}

/** What the server does half a minute after the end; whether IM's host is the right one shows here alone. */
async function seeGroupGone(call: SmokeCall, trtc: TrtcSettings): Promise<void> {
  call.step = `the conversation's group is gone, says ${trtc.imHost} to the administrator`;
  if (call.room === null) throw new Error('the call had no room');
  await new ChatGroups(trtc).remove({ room: call.room }, new AbortController().signal);
  tell(`✓ ${call.step}`);
}

/** The server tells the cloud a few seconds after the end, and says so only where the cloud refused. */
async function seeRoomClosed(call: SmokeCall): Promise<void> {
  call.step = 'the room is closed by the cloud’s API';
  await delay(8_000);
  if (/could not be told/.test(call.serverOutput)) throw new Error('the API refused; see below');
  tell(`✓ ${call.step}`);
}
