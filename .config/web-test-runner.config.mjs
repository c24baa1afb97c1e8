import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { defaultReporter } from '@web/test-runner';
import { countReporter } from '../test/support/browser-count-reporter.mjs';
import { chromeArgs, findChrome } from '../test/support/chrome.mjs';
import { registerGroup } from '../test/support/process-group.mjs';

const countFile = process.env.RTC_DESK_TEST_COUNT;

export default {
  rootDir: '.',
  files: ['test/**/*.browser.test.ts'],
  nodeResolve: { exportConditions: ['browser', 'production'] },
  concurrency: 2,
  // A busy machine takes its time; what hangs is found by the tests' own limit.
  browserStartTimeout: 120_000,
  testsStartTimeout: 120_000,
  testsFinishTimeout: 300_000,
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: 'tsconfig.json' })],
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: await findChrome(),
        args: chromeArgs,
        headless: true,
        pipe: true,
      },
      createBrowserContext: ({ browser }) => {
        registerGroup(browser.process());
        return browser.defaultBrowserContext();
      },
      // Two files run at a time: the one whose tab lay behind the other would get no frames.
      createPage: ({ context }) => context.newPage({ type: 'window' }),
    }),
  ],
  reporters: [
    defaultReporter({ reportTestProgress: process.stdout.isTTY }),
    ...(countFile ? [countReporter(countFile)] : []),
  ],
  testFramework: { config: { timeout: '20000' } },
  testRunnerHtml: (testFramework) =>
    `<!doctype html><html lang="en"><head><title>test</title></head><body><script type="module" src="${testFramework}"></script></body></html>`,
};
