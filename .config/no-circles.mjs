import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';

/** What each file imports, as absolute paths. One lint run reads a file once. */
const known = new Map();

/** The file that a relative import names; null if it is no code of ours. */
function sourceFile(importer, name) {
  const path = resolve(dirname(importer), name);
  return name.startsWith('.') && /\.(ts|mjs)$/.test(name) && existsSync(path) ? path : null;
}

/** Relative imports of every kind: of values, of types, and by `import()`. */
function importsOf(file, text = readFileSync(file, 'utf8')) {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => sourceFile(file, fileName))
    .filter((path) => path !== null);
}

function knownImports(file) {
  if (!known.has(file)) known.set(file, importsOf(file));
  return known.get(file);
}

/** The shortest way from `start` to `end` along imports, both included; null if there is none. */
function wayBetween(start, end) {
  const cameFrom = new Map([[start, null]]);
  for (const file of cameFrom.keys()) {
    if (file === end) {
      const way = [];
      for (let step = file; step !== null; step = cameFrom.get(step)) way.unshift(step);
      return way;
    }
    for (const next of knownImports(file)) if (!cameFrom.has(next)) cameFrom.set(next, file);
  }
  return null;
}

/**
 * Forbids circles of imports. The rules of this kind in the registry leave out imports of types; two files
 * whose types need each other are one thing in two files as well.
 * @type {import('eslint').Rule.RuleModule}
 */
export const noCircles = {
  meta: { type: 'problem', schema: [], messages: { circle: 'a circle of imports: {{way}}' } },
  create({ filename, sourceCode, cwd, report }) {
    known.set(filename, importsOf(filename, sourceCode.text));
    const check = (node) => {
      const name = node.source?.value;
      const imported = typeof name === 'string' ? sourceFile(filename, name) : null;
      const way = imported && wayBetween(imported, filename);
      if (!way) return;
      const names = [filename, ...way].map((file) => relative(cwd, file));
      report({ node: node.source, messageId: 'circle', data: { way: names.join(' → ') } });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
