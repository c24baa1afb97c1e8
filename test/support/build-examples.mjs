/**
 * Builds the examples of `demo/frameworks` into a folder, each by its framework's own compiler and with the package's
 * scripts for bundlers. The address of the examples is replaced by that of a running desk.
 */
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { createEs2015LinkerPlugin } from '@angular/compiler-cli/linker/babel';
import {
  createCompilerHost,
  formatDiagnostics,
  performCompilation,
  readConfiguration,
} from '@angular/compiler-cli';
import { transformAsync } from '@babel/core';
import { build } from 'esbuild';
import { compile as compileSvelte, compileModule } from 'svelte/compiler';
import { compileScript, parse } from 'vue/compiler-sfc';

const SOURCES = resolve('demo/frameworks');
const ADDRESS = 'https://desk.example.com';
export const FRAMEWORKS = ['react', 'vue', 'svelte', 'angular'];
const MAIN = { react: 'main.tsx', vue: 'main.ts', svelte: 'main.ts', angular: 'main.ts' };

/** Puts `index.html` and the scripts of each framework into a folder of its name. */
export async function buildExamples({ desk, folder }) {
  await build({
    entryPoints: FRAMEWORKS.map((name) => ({
      in: join(SOURCES, name, MAIN[name]),
      out: `${name}/main`,
    })),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    conditions: ['browser', 'production'],
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      ngDevMode: 'false',
    },
    logLevel: 'error',
    plugins: [vue(desk), svelte(desk), angular(desk), react(desk)],
  });
  for (const name of FRAMEWORKS) {
    await mkdir(join(folder, name), { recursive: true });
    await copyFile(join(SOURCES, name, 'index.html'), join(folder, name, 'index.html'));
  }
}

const readSource = async (path, desk) => (await readFile(path, 'utf8')).replaceAll(ADDRESS, desk);

const react = (desk) => ({
  name: 'react',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]frameworks[\\/]react[\\/].*\.tsx$/ }, async ({ path }) => ({
      contents: await readSource(path, desk),
      loader: 'tsx',
    }));
  },
});

const vue = (desk) => ({
  name: 'vue',
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor, errors } = parse(await readSource(path, desk), { filename: path });
      if (errors.length > 0) throw errors[0];
      const { content } = compileScript(descriptor, {
        id: basename(path),
        inlineTemplate: true,
        templateOptions: { compilerOptions: { isCustomElement: (tag) => tag.includes('-') } },
      });
      return { contents: content, loader: 'ts' };
    });
  },
});

const svelte = (desk) => ({
  name: 'svelte',
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const source = await readSource(path, desk);
      const { js } = compileSvelte(source, { filename: path, generate: 'client', css: 'injected' });
      return { contents: js.code, loader: 'js' };
    });
    onLoad({ filter: /\.svelte\.js$/ }, async ({ path }) => {
      const { js } = compileModule(await readFile(path, 'utf8'), { filename: path });
      return { contents: js.code, loader: 'js' };
    });
  },
});

/** Compiles ahead of time. Angular's own packages are half compiled, and its linker does the rest. */
const angular = (desk) => ({
  name: 'angular',
  setup({ onStart, onLoad }) {
    let compiled = new Map();
    onStart(() => {
      compiled = compileAngular();
    });
    onLoad({ filter: /[\\/]frameworks[\\/]angular[\\/].*\.ts$/ }, ({ path }) => {
      const contents = compiled.get(path.replace(/\.ts$/, '.js'));
      if (contents === undefined) throw new Error(`${path} was not compiled`);
      return { contents: contents.replaceAll(ADDRESS, desk), loader: 'js' };
    });
    onLoad({ filter: /[\\/]@angular[\\/].*\.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!/ɵɵngDeclare\w+\(\{/.test(source)) return { contents: source, loader: 'js' };
      const { code } = await transformAsync(source, {
        filename: path,
        babelrc: false,
        configFile: false,
        compact: false,
        plugins: [createEs2015LinkerPlugin({ fileSystem, logger, sourceMapping: false })],
      });
      return { contents: code, loader: 'js' };
    });
  },
});

/** The scripts, by the path that they would have beside their sources. */
function compileAngular() {
  const folder = join(SOURCES, 'angular');
  // Nothing is written there. A folder with sources would be left out as one of outputs.
  const outDir = join(folder, 'dist');
  const { rootNames, options } = readConfiguration(join(folder, 'tsconfig.json'), {
    outDir,
    rootDir: folder,
    declaration: false,
    sourceMap: false,
  });
  const host = createCompilerHost({ options });
  const scripts = new Map();
  host.writeFile = (path, text) => scripts.set(join(folder, relative(outDir, path)), text);
  const { diagnostics } = performCompilation({ rootNames, options, host });
  const errors = diagnostics.filter(({ category }) => category === 1);
  if (errors.length > 0) throw new Error(formatDiagnostics(errors));
  return scripts;
}

/** What the linker asks of a file system: its own is for compiling whole programs. */
const fileSystem = { resolve, relative, exists: () => false };
const logger = { level: 3, debug() {}, info() {}, warn: console.warn, error: console.error };
