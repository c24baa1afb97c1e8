/**
 * `npm run smoke:trtc`: makes one whole call through Tencent's real cloud, between two headless browsers, and prints
 * each step. Needs TRTC_SDK_APP_ID and TRTC_SECRET_KEY in the environment. With TENCENTCLOUD_SECRET_ID and
 * TENCENTCLOUD_SECRET_KEY the room is also closed by the cloud's API. The exit code is 0 if every step worked, 1 at
 * the first step that failed, 2 if settings are missing.
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

const settings = requiredSettings();
if (settings) process.exitCode = (await run(settings)) ? 0 : 1;
else process.exitCode = 2;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function requiredSettings(): Settings | null {
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
  print(`One call through TRTC and IM, SDKAppID ${trtc?.sdkAppId}`);
  if (trtc?.callbackKey) {
    print('  (TRTC_CALLBACK_KEY is left out: the cloud cannot reach a server on this machine)');
  }
  execFileSync(process.execPath, ['.config/build.mjs', '--stale', 'browser', 'server']);
  const call = new SmokeCall();
  try {
    for (const [name, step] of call.steps()) {
      const started = performance.now();
      const saw = await step();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      print(`✓ ${name} (${seconds} s)${saw ? `: ${saw}` : ''}`);
    }
    if (trtc) await checkGroupRemoved(call, trtc);
    if (trtc?.cloud) await checkRoomClosed(call);
    print('Everything worked.');
    return true;
  } catch (error) {
    console.error(`✗ ${call.step}: ${(error as Error).message}`);
    console.error(call.evidence());
    return false;
  } finally {
    await call.dispose();
  }
}

/** The server does the same half a minute after the end. Only this step shows whether IM's host is the right one. */
async function checkGroupRemoved(call: SmokeCall, trtc: TrtcSettings): Promise<void> {
  call.step = `the administrator can remove the conversation's group at ${trtc.imHost}`;
  if (call.room === null) throw new Error('the call had no room');
  const payload = { room: call.room };
  await new ChatGroups(trtc).deliver({ payload }, new AbortController().signal);
  print(`✓ ${call.step}`);
}

/** The server tells the cloud a few seconds after the end. It logs a line only if the cloud refuses. */
async function checkRoomClosed(call: SmokeCall): Promise<void> {
  call.step = 'the room is closed by the cloud’s API';
  await delay(8_000);
  if (/could not be told/.test(call.serverOutput)) throw new Error('the API refused; see below');
  print(`✓ ${call.step}`);
}
