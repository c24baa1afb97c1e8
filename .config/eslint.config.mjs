import boundaries from 'eslint-plugin-boundaries';
import { configs as lit } from 'eslint-plugin-lit';
import tseslint from 'typescript-eslint';
import { noCircles } from './no-circles.mjs';

/** The implementations of the media's and the chat's interface. */
const adapters = [
  'media/captions',
  'media/device-test',
  'media/devices',
  'media/mesh',
  'media/recorder',
  'media/trtc',
  'chat/desk',
  'chat/tim',
];
/**
 * The files that import adapters: for a call, for a desk, for a device test, and to take a call over. Only they and the devices import
 * the browser's platform.
 */
const COMPOSITIONS = [
  'src/call/compose.ts',
  'src/call/create-agent-desk.ts',
  'src/call/create-captions.ts',
  'src/call/create-device-test.ts',
  'src/call/take-hand-over-here.ts',
];

/** The server's folders that hold its rules and its SQL. */
const domain = [
  'after-call',
  'agents',
  'audit',
  'backup',
  'callbacks',
  'calls',
  'captions',
  'case-files',
  'challenges',
  'chat',
  'cloud-recordings',
  'configuration',
  'consents',
  'database',
  'drawings',
  'flows',
  'follow-ups',
  'hand-overs',
  'history',
  'identity',
  'legs',
  'live-board',
  'matching',
  'object-storage',
  'outbox',
  'outgoing',
  'presence',
  'recordings',
  'reports',
  'retention',
  'rooms',
  'shared-links',
  'sites',
  'sweeps',
  'tencent',
  'webhooks',
  'wrap-up',
  'views',
].map((folder) => `server/${folder}`);
const domainMayImport = ['server/rate-limits', 'server/settings', 'protocol'];

const base = ['platform', 'protocol', 'snapshot'];

/** The arrows: a folder of `src`, and the folders that its code may import besides itself. */
const arrows = {
  protocol: [],
  snapshot: [],
  platform: [],
  signaling: base,
  media: base,
  chat: base,
  ...Object.fromEntries(adapters.map((adapter) => [adapter, [adapter.split('/')[0], ...base]])),
  // The test measures a line with the statistics of a call or by TRTC, and a microphone with its level.
  'media/device-test': ['media', 'media/devices', 'media/mesh', 'media/trtc', ...base],
  // If IM cannot be reached, the desk's own chat goes on.
  'chat/tim': ['chat', 'chat/desk', ...base],
  call: ['media', 'chat', 'signaling', ...base],
  locales: [],
  elements: ['call', 'locales', 'protocol'],
  embed: ['elements', 'call', 'protocol'],
  // The end of the arrows, like embed: nothing imports the console.
  admin: ['elements', 'call', 'locales', 'protocol'],
  ...Object.fromEntries(domain.map((folder) => [folder, [...domain, ...domainMayImport]])),
  'server/http': [...domain, ...domainMayImport, 'server'],
  'server/sockets': [...domain, ...domainMayImport, 'server'],
  'server/rate-limits': ['protocol'],
  'server/settings': [...domain, ...domainMayImport],
};
/** The server's other folders, and its own files, put the parts together. */
const server = ['server', ...Object.keys(arrows).filter((path) => path.startsWith('server/'))];
arrows.server = [...server, 'protocol'];

/** The inner folders first: a file belongs to the first that holds it. */
const folders = Object.keys(arrows).sort((a, b) => b.split('/').length - a.split('/').length);
const inFolder = (...types) => ({ element: { types: { anyOf: types } } });

/** Modules that only some files may import. Each list is whole: of several that fit a file, the last holds. */
const restrict = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});
const schemas = [
  {
    regex:
      '/protocol/(?!(close-codes|device-report|drawing-change|drawing-limits|end-reasons|error-codes|errors|flow-graph|flow-limits|limits|param-texts|version|video-profiles)\\.ts$)',
    allowTypeImports: true,
    message: 'The server compiles the schemas. A browser loads their types alone.',
  },
  { group: ['@sinclair/*'], allowTypeImports: true },
];
const rendering = {
  group: ['lit', 'lit/*', '@lit/*'],
  message: 'Only elements, locales, embed and admin render.',
};
const ws = { group: ['ws'], message: 'Only sockets/ imports ws.' };
const fastify = { group: ['fastify', '@fastify/*'], message: 'Domain folders know no HTTP.' };

const browserGlobals = [
  'window',
  'document',
  'location',
  'navigator',
  'localStorage',
  'sessionStorage',
  'fetch',
  'WebSocket',
  'URL',
  'crypto',
  'setTimeout',
  'setInterval',
];

const SQL = String.raw`/\b(select\s[^]+?\sfrom|insert\s+into|update\s+\w+\s+(\w+\s+)?set|delete\s+from)\s/i`;
const sqlMessage = 'SQL belongs to the domain folders.';

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'data/',
      'data-demo/',
      'src/locales/generated/',
      'src/locales/admin/generated/',
    ],
  },
  ...tseslint.configs.recommended,
  lit['flat/recommended'],
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-console': ['error', { allow: ['error', 'warn'] }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { boundaries, house: { rules: { 'no-circles': noCircles } } },
    settings: {
      'boundaries/elements': folders.map((type) => ({ type, pattern: `src/${type}` })),
      'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export'],
      'boundaries/files': [
        { category: 'composition', pattern: COMPOSITIONS },
        { category: 'browser-platform', pattern: 'src/platform/browser.ts' },
      ],
      'import/resolver': { node: { extensions: ['.ts', '.mjs', '.js'] } },
    },
    rules: {
      'house/no-circles': 'error',
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: [
            ...folders.map((from) => ({
              from: inFolder(from),
              allow: { to: inFolder(from, ...arrows[from]) },
            })),
            {
              from: { element: { type: '!media/devices' } },
              disallow: { to: { file: { categories: 'browser-platform' } } },
            },
            {
              from: { file: { categories: 'composition' } },
              allow: { to: inFolder(...adapters, 'platform') },
            },
            { allow: { to: { module: { origin: ['external', 'core'] } } } },
          ],
        },
      ],
    },
  },
  restrict(['src/{platform,snapshot,signaling,media,chat,call}/**/*.ts'], [...schemas, rendering]),
  {
    // The core also runs where there is no browser: it takes these from its Platform.
    files: ['src/{signaling,call}/**/*.ts', 'src/chat/desk/**/*.ts', 'src/chat/*.ts'],
    ignores: COMPOSITIONS,
    rules: { 'no-restricted-globals': ['error', ...browserGlobals] },
  },
  restrict(['src/{elements,embed,locales,admin}/**/*.ts'], schemas),
  restrict(['src/server/**/*.ts'], [ws], ['src/server/sockets/**']),
  restrict(
    domain.map((folder) => `src/${folder}/**/*.ts`),
    [ws, fastify],
  ),
  {
    files: ['src/server/**/*.ts'],
    ignores: domain.map((folder) => `src/${folder}/**`),
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: `TemplateElement[value.raw=${SQL}]`, message: sqlMessage },
        { selector: `Literal[value=${SQL}]`, message: sqlMessage },
      ],
    },
  },
  {
    // The core also runs where there is no browser: it takes everything else from its Platform.
    files: ['src/{signaling,call}/**/*.ts', 'src/chat/*.ts', 'src/chat/desk/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['window', 'document', 'navigator', 'location', 'localStorage', 'sessionStorage'],
        ...['crypto', 'performance', 'console', 'WebSocket', 'fetch', 'URL', 'Blob', 'File'],
        ...['TextEncoder', 'TextDecoder', 'AbortController', 'AbortSignal', 'Event', 'EventTarget'],
        ...['addEventListener', 'removeEventListener', 'atob', 'btoa', 'structuredClone'],
        ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'queueMicrotask'],
      ],
    },
  },
  {
    // Programs that print to the terminal.
    files: ['test/bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
