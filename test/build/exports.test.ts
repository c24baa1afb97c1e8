import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { build } from 'esbuild';

/** The first script of a site that has this one line, made by a bundler that obeys `sideEffects`. */
async function bundled(line: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: line, resolveDir: process.cwd(), sourcefile: 'site.js' },
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: 'none',
    entryNames: 'site',
    write: false,
    logLevel: 'error',
  });
  const entry = outputFiles.find(({ path }) => path.endsWith('site.js'));
  assert.ok(entry);
  // With its static imports.
  const seen = new Map<string, string>();
  const follow = (text: string): void => {
    for (const [, name = ''] of text.matchAll(/^(?:import|export)[^;]*?["']\.\/([^"']+)["'];/gm)) {
      const file = outputFiles.find(({ path }) => path.endsWith(name));
      if (!file || seen.has(name)) continue;
      seen.set(name, file.text);
      follow(file.text);
    }
  };
  follow(entry.text);
  return [entry.text, ...seen.values()].join('\n');
}

const registers = (script: string, tag: string): boolean =>
  new RegExp(`customElements\\.define\\(\\s*["']${tag}["']`).test(script) ||
  (script.includes(`"${tag}": `) && script.includes('customElements.define(tag'));

describe('the scripts for bundlers', () => {
  it('register the element of an entry that is imported for its effect', async () => {
    const script = await bundled(`import 'rtc-desk';`);
    assert.ok(registers(script, 'video-call-button'));
    assert.ok(registers(await bundled(`import 'rtc-desk/test';`), 'call-test'));
    const desk = await bundled(`import 'rtc-desk/agent-desk';`);
    assert.ok(registers(desk, 'agent-desk') && registers(desk, 'rtc-desk-header'));
  });

  it('give a class alone, without what registers it and without the other classes', async () => {
    const script = await bundled(`export { VideoCallButton } from 'rtc-desk/elements';`);
    assert.match(script, /class _?VideoCallButton\b/);
    assert.ok(!script.includes('customElements.define'));
    assert.doesNotMatch(script, /class _?(AgentDesk|CallRoom|CallTest)\b/);
  });

  it('give nothing of a class that is not used', async () => {
    const script = await bundled(`import { AgentDesk } from 'rtc-desk/elements';`);
    assert.ok(script.length < 200, `${script.length} characters`);
  });
});
