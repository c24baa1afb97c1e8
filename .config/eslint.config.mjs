import boundaries from 'eslint-plugin-boundaries';
import { configs as lit } from 'eslint-plugin-lit';
import tseslint from 'typescript-eslint';

/** The arrows of the house: a folder, and those whose code it may import besides its own. */
const arrows = {
  protocol: [],
  snapshot: [],
  platform: [],
  signaling: ['platform', 'protocol', 'snapshot'],
  media: ['platform', 'protocol', 'snapshot'],
  chat: ['platform', 'protocol', 'snapshot'],
  call: ['media', 'chat', 'signaling', 'platform', 'protocol', 'snapshot'],
  locales: [],
  elements: ['call', 'locales'],
  embed: ['elements'],
  server: ['protocol'],
};
const folders = Object.keys(arrows);

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'data/', 'src/locales/generated/'] },
  ...tseslint.configs.recommended,
  lit['flat/recommended'],
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-console': ['error', { allow: ['error', 'warn'] }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': folders.map((type) => ({ type, pattern: `src/${type}` })),
      'import/resolver': { node: { extensions: ['.ts', '.mjs', '.js'] } },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: [
            ...folders.map((from) => ({
              from: { element: { type: from } },
              allow: { to: { element: { types: { anyOf: [from, ...arrows[from]] } } } },
            })),
            { allow: { to: { module: { origin: ['external', 'core'] } } } },
          ],
        },
      ],
    },
  },
  {
    // The server compiles the schemas; a browser's bundle carries the types alone.
    files: ['src/{signaling,media,chat,call,elements,embed}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/protocol/client-messages.ts'], allowTypeImports: true },
            { group: ['@sinclair/*'], allowTypeImports: true },
          ],
        },
      ],
    },
  },
  {
    files: ['src/call/**/*.ts'],
    ignores: ['src/call/compose.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/protocol/client-messages.ts'], allowTypeImports: true },
            {
              group: [
                '**/media/mesh/**',
                '**/media/trtc/**',
                '**/media/devices/**',
                '**/chat/desk/**',
                '**/chat/tim/**',
              ],
              message: 'compose.ts alone names the concrete adapters.',
            },
            { group: ['lit', 'lit/*', '@lit/*'], message: 'The headless logic renders nothing.' },
          ],
        },
      ],
    },
  },
  {
    files: ['src/server/**/*.ts'],
    ignores: ['src/server/sockets/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: ['ws'], message: 'sockets/ alone sees ws.' }] },
      ],
    },
  },
  {
    files: ['src/server/queue/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['fastify', '@fastify/*', 'ws', '**/http/**', '**/sockets/**', '**/rooms/**'],
              message: 'queue/ sees only the database.',
            },
          ],
        },
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
    // Programs that speak to whoever started them.
    files: ['test/bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
