import MagicString from 'magic-string';

const HELPERS = /^(var|let|const) __(defProp|getOwnPropDesc|decorateClass)\b/;
const QUERY = '\0lit-query';

/** As in lit/decorators/query.js. */
const queryModule = `export function __query({ prototype }, name, selector) {
  Object.defineProperty(prototype, name, {
    get() {
      return this.renderRoot?.querySelector(selector) ?? null;
    },
  });
}`;

/** The decorators of Lit that may be used, with the code that each stands for. */
const meanings = {
  property: (options) => ({ options: options || '{}' }),
  state: () => ({ options: '{ state: true }' }),
  query: (selector) => ({ selector }),
};

/**
 * Replaces `@property`, `@state` and `@query` by the code that they stand for, after esbuild has turned them into calls
 * of its helper. So the bundle contains neither that helper, once in each file, nor Lit's decorators.
 * An unknown decorator fails the build.
 * @returns {import('rollup').Plugin}
 */
export function litDecorators() {
  return {
    name: 'lit-decorators',
    transform(code) {
      if (!code.includes('__decorateClass')) return null;
      const text = ({ start, end }) => code.slice(start, end);
      const changed = new MagicString(code);
      const properties = new Map();
      const queries = [];
      for (const node of this.parse(code).body) {
        if (node.type === 'VariableDeclaration' && HELPERS.test(text(node))) {
          changed.remove(node.start, node.end);
          continue;
        }
        const call = node.type === 'ExpressionStatement' ? node.expression : null;
        if (call?.type !== 'CallExpression' || call.callee.name !== '__decorateClass') continue;
        const [decorators, target, name] = call.arguments;
        const [decorator, another] = decorators.elements;
        const meaning = meanings[decorator.callee?.name];
        if (!meaning || another || target.property?.name !== 'prototype') {
          this.error(`unknown decorator: ${text(call)}`, call.start);
        }
        const owner = text(target.object);
        const { options, selector } = meaning(decorator.arguments.map(text).join(', '));
        if (options) {
          properties.set(owner, [...(properties.get(owner) ?? []), `${text(name)}: ${options}`]);
        } else {
          queries.push(`__query(${owner}, ${text(name)}, ${selector});\n`);
        }
        changed.remove(node.start, node.end);
      }
      if (queries.length > 0) changed.prepend(`import { __query } from '${QUERY}';\n`);
      for (const [owner, entries] of properties) {
        changed.append(`\n${owner}.properties = { ${entries.join(', ')} };\n`);
      }
      changed.append(`\n${queries.join('')}`);
      return { code: changed.toString(), map: null };
    },
    resolveId: (id) => (id === QUERY ? QUERY : null),
    load: (id) => (id === QUERY ? queryModule : null),
  };
}
