import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';

const FIXTURES = 'test/build/frameworks';
const bin = (name: string): string => join('node_modules', '.bin', name);

interface Checker {
  readonly command: string;
  readonly args: (project: string) => string[];
  /** The file with the faults. */
  readonly file: string;
}
const tsc = { command: 'tsc', args: (project: string) => ['-p', project, '--pretty', 'false'] };

/** Each checks the example of `demo/frameworks` together with the faults. */
const CHECKERS: Readonly<Record<string, Checker>> = {
  react: { ...tsc, file: 'react/wrong.tsx' },
  'react-18': { ...tsc, file: 'react/wrong.tsx' },
  preact: { ...tsc, file: 'preact/wrong.tsx' },
  vue: { ...tsc, command: 'vue-tsc', file: 'vue/Wrong.vue' },
  svelte: {
    command: 'svelte-check',
    args: (project) => ['--tsconfig', join(project, 'tsconfig.json'), '--output', 'machine'],
    file: 'svelte/Wrong.svelte',
  },
  angular: {
    command: 'ngc',
    args: (project) => ['-p', join(project, 'tsconfig.json')],
    file: 'angular/wrong.ts',
  },
};

/** What a checker prints. It exits with a code above 0, because there are faults. */
const outputOf = ({ command, args }: Checker, name: string): Promise<string> =>
  new Promise((resolve) => {
    execFile(bin(command), args(join(FIXTURES, name)), (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });

/** `file:line` of each error, in the forms of these programs. */
function errorsIn(output: string): readonly string[] {
  // The colours of a terminal.
  const text = output.replaceAll(/\u001b\[\d*m/g, '');
  const forms = [
    /([\w.-]+)\((\d+),\d+\): error/g,
    /([\w.-]+):(\d+):\d+ - error/g,
    /ERROR "(?:[^"]*\/)?([\w.-]+)" (\d+):/g,
  ];
  const found = forms.flatMap((form) =>
    [...text.matchAll(form)].map(([, file, line]) => `${file}:${line}`),
  );
  return [...new Set(found)].sort();
}

/** The lines of a file that have the word `wrong`, except those that name things of the file itself. */
function wrongLines(file: string): readonly string[] {
  return readFileSync(join(FIXTURES, file), 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      /\bwrong/.test(line) && !/app-wrong/.test(line) ? [`${basename(file)}:${index + 1}`] : [],
    )
    .sort();
}

describe('the types for frameworks', () => {
  for (const [name, checker] of Object.entries(CHECKERS)) {
    it(`accept the example and refuse each wrong line in ${name}`, async () => {
      const wrong = wrongLines(checker.file);
      assert.equal(wrong.length, 4);
      const output = await outputOf(checker, name);
      assert.deepEqual(errorsIn(output), wrong, output);
    });
  }

  it('know every attribute and event of the manifest', () => {
    const { modules } = JSON.parse(readFileSync('dist/custom-elements.json', 'utf8')) as Manifest;
    const types = readFileSync('src/embed/frameworks/element-attributes.ts', 'utf8');
    const elements = modules
      .flatMap(({ declarations = [] }) => declarations)
      .filter(({ tagName = '' }) => tagName && !tagName.startsWith('rtc-'));
    assert.equal(elements.length, 4);
    for (const { tagName, attributes = [], events = [] } of elements) {
      const [, own, dispatched] = types
        .split(`'${tagName}': {`)
        .concat(types.split(`'${tagName}': Pick<`))
        .map((part) => part.split(/^ {2}[}>]/m)[0]!);
      assert.ok(own && dispatched, tagName);
      for (const { name, fieldName } of attributes) {
        // `lang` is of every element; the others are reflected to be read.
        if (['lang', 'state', 'status'].includes(name)) continue;
        assert.match(own, new RegExp(`^ *'?${name}'?\\?:`, 'm'), `${tagName} ${fieldName}`);
      }
      for (const { name } of events) {
        assert.ok(types.includes(`'${name}'`), `${tagName} ${name}`);
      }
    }
  });

  it('belong to frameworks of which this package has an example', () => {
    assert.deepEqual(readdirSync('demo/frameworks').sort(), [
      'angular',
      'html',
      'react',
      'svelte',
      'vue',
    ]);
  });
});

interface Manifest {
  readonly modules: readonly {
    readonly declarations?: readonly {
      readonly tagName?: string;
      readonly attributes?: readonly { readonly name: string; readonly fieldName?: string }[];
      readonly events?: readonly { readonly name: string }[];
    }[];
  }[];
}
