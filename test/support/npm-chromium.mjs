import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve('node_modules/.cache/rtc-desk/chromium');

/** Runs `work` with these environment variables, then restores the old values. */
async function withEnvironment(variables, work) {
  const before = Object.keys(variables).map((name) => [name, process.env[name]]);
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** The package's own file names folders of a cloud function. Without any font Chromium aborts at a form field. */
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
</fontconfig>
`;

/**
 * Unpacks the Chromium that npm installed, once, below node_modules. Unpacks also the libraries that a bare system
 * lacks; the package does so only if it believes that it runs in a cloud function.
 * Returns a script that starts Chromium with those libraries.
 * @returns {Promise<string>}
 */
export async function unpackChromium() {
  const program = join(folder, 'chrome');
  if (existsSync(program)) return program;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('no Chrome found: install Chrome or Chromium, or set CHROME_PATH to one');
  }
  // Several test processes may do this at once. Each unpacks into its own folder; the first that finishes is kept.
  const own = `${folder}-${process.pid}`;
  mkdirSync(own, { recursive: true });
  const { default: chromium } = await import('@sparticuz/chromium');
  await withEnvironment({ TMPDIR: own, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' }, () =>
    chromium.executablePath(),
  );
  writeFileSync(join(own, 'fonts', 'fonts.conf'), fontsConf);
  writeFileSync(
    join(own, 'chrome'),
    `#!/bin/sh
here=$(dirname "$0")
FONTCONFIG_PATH="$here/fonts" \\
LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" \\
exec "$here/chromium" "$@"
`,
    { mode: 0o755 },
  );
  try {
    renameSync(own, folder);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(program)) throw error;
  }
  return program;
}
