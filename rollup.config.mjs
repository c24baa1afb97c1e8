/**
 * The bundles. `dist/browser`: what a page loads from the server; `dist/lib`: the same entries for those
 * who bundle themselves; `dist/server` (with `dist/protocol` beside it): the server, module by module.
 * Run by `.config/build.mjs`, which adds what is not a bundle.
 */
import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild from 'rollup-plugin-esbuild';
import { minifyTemplateLiterals } from 'rollup-plugin-minify-template-literals';

const root = fileURLToPath(new URL('.', import.meta.url));
const inSource = (path) => join(root, 'src', path);

const transpile = () =>
  esbuild({ target: 'es2022', tsconfig: join(root, 'tsconfig.json'), sourceMap: false });

/**
 * Refuses what no browser may carry: the server's folder, and Node's own modules.
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

const present = (input) =>
  Object.fromEntries(Object.entries(input).filter(([, file]) => existsSync(file)));

const entries = {
  'rtc-desk': inSource('embed/rtc-desk.ts'),
  'call-room': inSource('embed/call-room.ts'),
  'agent-desk': inSource('embed/agent-desk.ts'),
  'crm-bridge': inSource('embed/crm-bridge.ts'),
};

/**
 * The base of Lit's elements lives in rtc-desk.js itself: the button is one request, and whatever loads
 * later takes it from the module that the page already has, so that there is one Lit on a page.
 */
const ELEMENT_BASE = /node_modules\/@lit\/reactive-element\/(reactive-element|css-tag)\.js$/;

function homeOf(id) {
  return id === entries['rtc-desk'] || ELEMENT_BASE.test(id.split(sep).join('/'))
    ? 'rtc-desk'
    : undefined;
}

export const browser = {
  input: present({ ...entries, desk: inSource('embed/desk/desk.ts') }),
  plugins: [
    browserOnly(),
    nodeResolve({ browser: true, exportConditions: ['browser', 'production'] }),
    commonjs(),
    // A drawing's parts are templates without their <svg>: without its slash a shape would hold the next one.
    minifyTemplateLiterals({ options: { minifyOptions: { keepClosingSlash: true } } }),
    transpile(),
    terser({
      module: true,
      ecma: 2022,
      compress: { passes: 3, pure_getters: true, unsafe_arrows: true, keep_fargs: false },
      format: { comments: false },
    }),
  ],
  // An entry may hold more exports than its source: the base of Lit's elements.
  preserveEntrySignatures: 'allow-extension',
  output: {
    dir: join(root, 'dist/browser'),
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    manualChunks: homeOf,
    hoistTransitiveImports: false,
    generatedCode: 'es2015',
  },
};

/** A package by its name: neither a file of ours, nor a virtual module of a plugin. */
const isPackage = (id) => !id.startsWith('.') && !isAbsolute(id) && !id.startsWith('\0');

export const lib = {
  input: present(entries),
  external: isPackage,
  plugins: [browserOnly(), nodeResolve({ browser: true }), transpile()],
  output: {
    dir: join(root, 'dist/lib'),
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
};

export const server = {
  input: present({
    'server/main': inSource('server/main.ts'),
    'server/index': inSource('server/index.ts'),
  }),
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

export default [browser, lib, server];
