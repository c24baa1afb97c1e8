import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';

async function smoke(environment: NodeJS.ProcessEnv) {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, ['--import=tsx', 'test/smoke/trtc.ts'], {
    env: { PATH, HOME, TMPDIR, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return { code: code as number, said };
}

it('the smoke test of TRTC names the missing settings and starts nothing when there is no account', async () => {
  const missing = await smoke({});
  assert.equal(missing.code, 2);
  assert.match(missing.said, /TRTC_SDK_APP_ID and TRTC_SECRET_KEY .*console/);
  const half = await smoke({ TRTC_SDK_APP_ID: '1400000000' });
  assert.deepEqual([half.code, half.said], [2, missing.said]);
  const wrong = await smoke({ TRTC_SDK_APP_ID: 'my-app', TRTC_SECRET_KEY: 'x' });
  assert.equal(wrong.code, 2);
  assert.match(wrong.said, /^TRTC_SDK_APP_ID must be the number/);
});
