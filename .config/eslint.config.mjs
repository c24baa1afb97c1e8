import boundaries from 'eslint-plugin-boundaries';
import { configs as lit } from 'eslint-plugin-lit';
import tseslint from 'typescript-eslint';

/** The arrows of the house: a folder, and those whose code it may import besides its own. */
const arrows = {
  protocol: [],
  snapshot: [],
  signaling: ['protocol', 'snapshot'],
  media: ['protocol', 'snapshot'],
  chat: ['protocol', 'snapshot'],
  call: ['media', 'chat', 'signaling', 'protocol', 'snapshot'],
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
      'boundaries/element-types': [
        'error',
        {
          default: 'disallow',
          rules: folders.map((from) => ({ from, allow: [from, ...arrows[from]] })),
        },
      ],
    },
  },
);
