/**
 * The bundles. `dist/browser`: the files that a page loads from the server. `dist/lib`: the same entries for
 * sites with a bundler of their own. `dist/server` with `dist/protocol`: the server, module by module.
 * `.config/build.mjs` runs this, and adds the files that are not bundles.
 */
import { builtinModules } from 'node:module';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild, { minify } from 'rollup-plugin-esbuild';
import { minifyTemplateLiterals } from 'rollup-plugin-minify-template-literals';
import { chunkLoader } from './.config/chunk-loader.mjs';
import { litDecorators } from './.config/lit-decorators.mjs';
import { pinnedCopy } from './.config/pinned-copy.mjs';
import { exceptSdks, sdkOf, sdksForStrictPages } from './.config/sdk-chunks.mjs';
import { trtcAssets } from './.config/trtc-assets.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const inSource = (path) => join(root, 'src', path);

const transpile = () =>
  esbuild({ target: 'es2022', tsconfig: join(root, 'tsconfig.json'), sourceMap: false });

/**
 * Fails if a browser's bundle imports the server's folder or one of Node's modules.
 * @returns {import('rollup').Plugin}
 */
export function browserOnly(serverFolder = inSource('server')) {
  const nodeModules = new Set(builtinModules);
  return {
    name: 'browser-only',
    resolveId: {
      order: 'pre',
      handler(source, importer) {
        if (source.startsWith('node:') || nodeModules.has(source)) {
          this.error(`the browser's graph reaches ${source} through ${importer}`);
        }
        const target =
          importer && source.startsWith('.') ? resolve(importer, '..', source) : source;
        if (target.startsWith(serverFolder + sep)) {
          this.error(`the browser's graph reaches ${relative(root, target)} through ${importer}`);
        }
        return null;
      },
    },
  };
}

const entries = {
  'rtc-desk': inSource('embed/rtc-desk.ts'),
  'call-room': inSource('embed/call-room.ts'),
  'agent-desk': inSource('embed/agent-desk.ts'),
  'crm-bridge': inSource('embed/crm-bridge.ts'),
  'call-test': inSource('embed/call-test.ts'),
};

/**
 * The base class of Lit's elements is in rtc-desk.js itself, so that the button is one request. Chunks that are
 * loaded later import it from there, so that a page has one Lit.
 */
const ELEMENT_BASE = /node_modules\/@lit\/reactive-element\/(reactive-element|css-tag)\.js$/;
const BUTTON = [
  entries['rtc-desk'],
  inSource('call/resume-key.ts'),
  inSource('elements/parts/events/call-error-event.ts'),
];

/**
 * The order of modules in the call's chunk. gzip finds repetitions within 32 KiB, so that similar modules are
 * together: first the style sheets, then the templates. It saves 3 % of the call after gzip.
 */
const CALL_ORDER = [
  'elements/parts/styles/theme',
  'elements/parts/styles/button-styles',
  'elements/call-room/controls/call-controls-styles',
  'elements/call-room/call-room-styles',
  'elements/call-room/stage/participant-tile-styles',
  'elements/video-call-button/panel/call-panel-styles',
  'elements/video-call-button/panel/waiting-view',
  'elements/call-room/room-state',
  'elements/video-call-button/panel/define-panel',
  'elements/call-room/define',
  'media/devices/devices',
  'media/mesh/room',
].map((name) => inSource(`${name}.ts`));

/**
 * Makes these modules the first imports of the entries that load that chunk.
 * @returns {import('rollup').Plugin}
 */
const callInOrder = () => ({
  name: 'call-in-order',
  transform(code, id) {
    if (id !== entries['agent-desk'] && id !== entries['call-room']) return null;
    const imports = CALL_ORDER.map((file) => `import ${JSON.stringify(file)};`);
    return { code: `${imports.join('')}${code}`, map: null };
  },
});

/**
 * The code that every visitor's call on the built-in media needs is one chunk, because many small chunks
 * compress worse. These are its roots; their imports follow them. English texts need only `msg` of
 * @lit/localize; the rest of it is loaded with the other languages.
 */
const CALL_ROOTS = [
  'elements/video-call-button/button-call.ts',
  'elements/call-room/define.ts',
  'elements/parts/texts/durations.ts',
  'media/mesh/room.ts',
  'protocol/version.ts',
].map(inSource);
const MESSAGES =
  /@lit\/localize\/(init\/install|internal\/(default-msg|str-tag|locale-status-event))\.js$/;
const TRANSLATION =
  /@lit\/localize\/(init\/runtime|internal\/(deferred|fnv1a64|id-generation|runtime-msg))\.js$/;

function homeOf(id) {
  const path = id.split(sep).join('/');
  if (BUTTON.includes(id) || ELEMENT_BASE.test(path)) return 'rtc-desk';
  if (CALL_ROOTS.includes(id) || MESSAGES.test(path)) return 'call';
  if (id === inSource('locales/translation.ts') || TRANSLATION.test(path)) return 'translation';
  return sdkOf(path);
}

/**
 * Runs esbuild's minifier after terser. It saves 0.5 % of the call after gzip, but makes the button larger.
 * @returns {import('rollup').Plugin}
 */
function shorten() {
  const { renderChunk } = minify({
    target: 'es2022',
    legalComments: 'none',
    charset: 'utf8',
    sourceMap: false,
  });
  return {
    name: 'shorten',
    renderChunk(code, chunk, ...rest) {
      return chunk.name === 'rtc-desk' ? null : renderChunk.call(this, code, chunk, ...rest);
    },
  };
}

/**
 * Removes the texts of Lit's errors. They help authors of elements, not a page's visitors. It saves 0.2 % of the
 * call after gzip.
 * @returns {import('rollup').Plugin}
 */
const withoutErrorTexts = () => ({
  name: 'without-error-texts',
  transform(code, id) {
    if (!/\/node_modules\/(@lit\/|lit-html\/|lit-element\/)/.test(id.split(sep).join('/')))
      return null;
    return { code: code.replace(/\bError\((["'])[^"']*\1\)/g, 'Error()'), map: null };
  },
});

/** The names of chunks whose file is named after its part in its folder. */
const CHUNK_NAMES = new Map(
  Object.entries({
    'media/recorder/recordings.ts': 'recorder',
    'media/trtc/prepared.ts': 'trtc',
    'chat/tim/chat.ts': 'tim',
    'chat/desk/chat.ts': 'desk-chat',
    'call/room/pictures.ts': 'room-pictures',
  }).map(([path, name]) => [inSource(path), name]),
);

/** A worker, which is a file of its own. The recorder finds it beside the folder of the chunks. */
const RECORDER_TIMER = { 'recorder-timer': inSource('media/recorder/draw-timer-worker.ts') };

export const browser = {
  input: {
    ...entries,
    desk: inSource('embed/desk/desk.ts'),
    callback: inSource('embed/callback/callback.ts'),
    'my-call': inSource('embed/my-call/my-call.ts'),
    shared: inSource('embed/shared/shared.ts'),
    'hand-over': inSource('embed/hand-over/hand-over.ts'),
    test: inSource('embed/test/test.ts'),
    'callback-worker': inSource('embed/callback/callback-worker.ts'),
    ...RECORDER_TIMER,
  },
  plugins: [
    browserOnly(),
    nodeResolve({ browser: true, exportConditions: ['browser', 'production'] }),
    commonjs(),
    sdksForStrictPages(),
    trtcAssets(root),
    withoutErrorTexts(),
    // The parts of an icon are templates without their <svg>. There a tag without its slash would contain the next one.
    minifyTemplateLiterals({ options: { minifyOptions: { keepClosingSlash: true } } }),
    transpile(),
    litDecorators(),
    callInOrder(),
    exceptSdks(
      terser({
        module: true,
        ecma: 2022,
        compress: { passes: 3, pure_getters: true, unsafe_arrows: true, keep_fargs: false },
        format: { comments: false },
      }),
    ),
    exceptSdks(shorten()),
    chunkLoader(),
    pinnedCopy(inSource('embed/verified-chunks.ts')),
  ],
  // The modules of @lit/localize have no side effects, but its package.json does not declare it.
  treeshake: { moduleSideEffects: (id) => !id.includes('@lit/localize') },
  // rtc-desk.js has further exports: the base class of Lit's elements.
  preserveEntrySignatures: 'allow-extension',
  output: {
    dir: join(root, 'dist/browser'),
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: ({ facadeModuleId, name }) =>
      `chunks/${CHUNK_NAMES.get(facadeModuleId) ?? name}-[hash].js`,
    manualChunks: homeOf,
    hoistTransitiveImports: false,
    generatedCode: 'es2015',
  },
};

/**
 * The console at `/admin`: a bundle of its own, in the folder of the others. It shares no chunk with them, so that it
 * adds nothing to the page of a visitor or an agent.
 */
export const admin = {
  input: {
    admin: inSource('admin/admin.ts'),
    'admin-preview': inSource('admin/preview/preview.ts'),
    'admin-flow-step': inSource('admin/preview/flow-step.ts'),
  },
  plugins: [
    browserOnly(),
    nodeResolve({ browser: true, exportConditions: ['browser', 'production'] }),
    withoutErrorTexts(),
    // Web Awesome's style sheets are minified already.
    minifyTemplateLiterals({
      exclude: '**/node_modules/**',
      options: { minifyOptions: { keepClosingSlash: true } },
    }),
    transpile(),
    terser({ module: true, ecma: 2022, format: { comments: false } }),
  ],
  treeshake: { moduleSideEffects: (id) => !id.includes('@lit/localize') },
  output: {
    dir: join(root, 'dist/browser'),
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/admin/[name]-[hash].js',
    generatedCode: 'es2015',
  },
};

/** Whether an id is a package's name, and neither a file of ours nor a virtual module of a plugin. */
const isPackage = (id) => !id.startsWith('.') && !isAbsolute(id) && !id.startsWith('\0');

/** Module by module, so that a class is in another file than its registration (`sideEffects` of package.json). */
export const lib = {
  input: {
    ...Object.fromEntries(
      [...Object.values(entries), inSource('embed/elements.ts')].map((file) => [
        relative(inSource(''), file).replace(/\.ts$/, ''),
        file,
      ]),
    ),
    ...RECORDER_TIMER,
  },
  external: isPackage,
  plugins: [browserOnly(), nodeResolve({ browser: true }), transpile()],
  output: {
    dir: join(root, 'dist/lib'),
    format: 'es',
    preserveModules: true,
    preserveModulesRoot: inSource(''),
    entryFileNames: '[name].js',
  },
};

export const server = {
  input: {
    'server/main': inSource('server/main.ts'),
    'server/index': inSource('server/index.ts'),
    // Loaded by its file name, in a thread: as an entry it keeps its exports.
    'server/identity/password-thread': inSource('server/identity/password-thread.ts'),
    'server/recordings/join-thread': inSource('server/recordings/join-thread.ts'),
  },
  external: isPackage,
  plugins: [nodeResolve({ preferBuiltins: true }), transpile()],
  output: {
    dir: join(root, 'dist'),
    format: 'es',
    preserveModules: true,
    preserveModulesRoot: inSource(''),
    entryFileNames: '[name].js',
  },
};

export default [browser, admin, lib, server];
