import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { rollup } from 'rollup';
import { PINNED_COPY } from '../../.config/pinned-copy.mjs';
import { isSdkChunk, sdksForStrictPages } from '../../.config/sdk-chunks.mjs';
import { browserOnly } from '../../rollup.config.mjs';
import { TENCENT_HOSTS } from '../../src/server/http/tencent-hosts.ts';

const browser = 'dist/browser';
const allScripts = readdirSync(browser, { recursive: true })
  .map((name) => join(browser, String(name)))
  .filter((name) => name.endsWith('.js'));
/** The console is a bundle of its own (rollup.config.mjs). */
const isAdmin = (file: string) =>
  /\/(?:admin(?:-preview|-flow-step)?\.js$|chunks\/admin\/)/.test(file);
const scripts = allScripts.filter((file) => !isAdmin(file));
const adminScripts = allScripts.filter(isAdmin);
const read = (file: string) => readFileSync(file, 'utf8');
const gzip = (file: string) => gzipSync(readFileSync(file), { level: 9 }).length;

/** A chunk that is loaded by the function of `.config/chunk-loader.mjs`. */
const LOADED_CHUNK = /\$l\("([^"]+)"(?:,1)?\)/g;
const chunkFile = (name: string) => join(browser, 'chunks', name);

/** A script and the modules that it imports statically. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, name] of read(file).matchAll(
    /(?:^|[;}])(?:import|export)(?:[^"'()]*from)?["'](\.[^"']+)["']/g,
  )) {
    loadedWith(normalize(join(dirname(file), name!)), seen);
  }
  return seen;
}

/** The scripts that `file` imports dynamically, with their static imports. */
function loadedLater(file: string): Set<string> {
  const seen = new Set<string>();
  for (const [, name] of read(file).matchAll(LOADED_CHUNK)) loadedWith(chunkFile(name!), seen);
  // The console has no such function.
  for (const [, name] of read(file).matchAll(/\bimport\("(\.[^"]+\.js)"\)/g)) {
    loadedWith(join(dirname(file), name!), seen);
  }
  return seen;
}

/** Chunks that a visitor's call loads only on demand, and what for. */
const onDemand: Record<string, string> = {
  translation: 'a language other than English',
  'zh-CN': 'the texts in Chinese',
  'define-chat': 'the open conversation, or an unread message',
  'desk-chat': 'the open conversation, or a message',
  'define-emoji-picker': 'the open emoji picker',
  'define-picture-tools': 'a picture that somebody points at',
  'picture-tools':
    'a picture on which an agent draws, or a device of which an agent asks something',
  'follow-drawing':
    'a picture on which an agent draws, or a device of which an agent asks something',
  'show-picture-toolbar': 'the desk, when the call is connected',
  'many-tiles': 'a room of more than two, a shared screen, or a pinned tile',
  'more-tools': 'the open menu of further tools, full screen, or a message of a tool',
  'follow-captions': 'a site that shows captions',
  'define-minimised': 'a call that the visitor minimises',
  'own-picture': 'the open menu of further tools, and a picture that somebody points at',
  'small-call': 'a call that the visitor minimises',
  'small-window': 'the small window above all others',
  'send-picture': 'a photo, from the menu of further tools',
  'phone-call': 'a device with a touch screen',
  'camera-tools': 'a photo or the torch, from the menu of further tools',
  'camera-zoom': 'the zoom of the own camera, from the menu of further tools',
  'display-modes': 'full screen, or a picture in a window of its own',
  'room-notices':
    'a failure, a shared screen, sound that the browser blocks, a bad network, and a room that was left',
  'draw-outcome': 'the end of a call',
  'ask-before-leaving': 'a key that would close the panel during a call',
  adaptation:
    'a site with media profiles of its own, an agent who asks for detail, and a bad network',
  'media-modes': 'a network that is bad',
  'open-device-menu': 'the open menu of cameras and microphones',
  'room-pictures': 'a picture in the conversation',
  'browser-request': 'a picture in the conversation',
  'error-texts': 'the texts of errors',
  'own-room': 'a room that is entered with a token',
  'screen-capture': 'a shared screen',
  'before-press': 'a button with show-wait, and a visitor who waits for a callback',
  'wait-line': 'a button with show-wait',
  'run-challenge': 'a site that asks for a challenge',
  'ask-consent': 'a site that asks for consent',
  'ask-visitor': 'a site that asks for a challenge or for consent',
  'define-flow': 'a call that begins with a flow',
  'define-join': 'an agent who is there while the page is hidden',
  'open-hand-over': 'a visitor who continues on a phone',
  'define-device-notes': 'a camera or microphone that cannot be used',
  'open-device-test': 'a visitor who goes to the device test',
  'define-after-call': 'the end of a call',
  'define-recording': 'a call that is recorded, or of which the visitor is asked whether it may be',
  'title-blinker': 'the desk, and a visitor who is called back to the page',
  ring: 'a visitor who waits for a callback',
  'prepared-connection': 'the desk, while a call rings at an agent',
  trtc: 'a call whose media run on TRTC',
  tim: 'a conversation over Tencent IM',
};
const chunkOf = (file: string) => basename(file).replace(/-[\w-]{8}\.js$/, '');
/** Tencent's code. Fewer rules hold for it here; sdk-policy.test.ts tests it in a page. */
const isSdk = (file: string) =>
  isSdkChunk({ name: chunkOf(file) }) || /[\\/]trtc-assets-[^\\/]+[\\/]/.test(file);

/** The scripts of a plain call on the built-in media. `left` collects the chunks that are on demand. */
function loadedForCall(file: string, left: Set<string>, seen = new Set<string>()): Set<string> {
  for (const module of loadedWith(file)) {
    if (seen.has(module)) continue;
    seen.add(module);
    for (const [, name] of read(module).matchAll(LOADED_CHUNK)) {
      const later = chunkFile(name!);
      if (chunkOf(later) in onDemand) left.add(chunkOf(later));
      else loadedForCall(later, left, seen);
    }
  }
  return seen;
}

describe('the built scripts', () => {
  it('need at most 45,000 bytes for a plain call on the built-in media', () => {
    const left = new Set<string>();
    const loaded = [...loadedForCall(`${browser}/rtc-desk.js`, left)];
    assert.ok(loaded.some((file) => read(file).includes('RTCPeerConnection(')));
    assert.ok(loaded.some((file) => read(file).includes('rtc-call-panel')));
    assert.ok(loaded.some((file) => read(file).includes('rtc-participant-tile')));
    const size = loaded.reduce((sum, file) => sum + gzip(file), 0);
    assert.ok(size <= 45_000, `${size} bytes: ${loaded.join(', ')}`);
    const missing = ['translation', 'zh-CN', 'define-chat', 'more-tools', 'room-pictures'];
    missing.push('trtc', 'tim');
    for (const chunk of missing) assert.ok(left.has(chunk), `${chunk} is not loaded on demand`);
  });

  it('load no code of the desk for a visitor', () => {
    const visitor = [...loadedForCall(`${browser}/rtc-desk.js`, new Set())];
    for (const file of visitor) {
      assert.doesNotMatch(read(file), /agent-sessions|finishWrapUp/, file);
    }
  });

  it('load the button in one request of at most 6,000 bytes', () => {
    assert.deepEqual([...loadedWith(`${browser}/rtc-desk.js`)], [`${browser}/rtc-desk.js`]);
    const size = gzip(`${browser}/rtc-desk.js`);
    assert.ok(size <= 6_000, `${size} bytes`);
  });

  it('keep each SDK in its own chunk, which no call on the built-in media loads', () => {
    const holders = (words: string) => scripts.filter((file) => read(file).includes(words));
    assert.deepEqual(holders('trtc_schedule_cache').map(chunkOf), ['trtc-sdk']);
    assert.deepEqual(holders('JOIN_STATUS_SUCCESS').map(chunkOf), ['tim-sdk']);
    const background = 'trtc-virtual-background';
    assert.deepEqual(holders('virtual background ability').map(chunkOf), [background]);
    assert.deepEqual(holders('initVision error').map(chunkOf), [background]);
    assert.deepEqual(holders('start_cloud_transcription').map(chunkOf), ['trtc-transcriber']);
    for (const entry of ['rtc-desk', 'call-room', 'agent-desk', 'desk']) {
      const loaded = [...loadedForCall(`${browser}/${entry}.js`, new Set())];
      assert.deepEqual(loaded.filter(isSdk), [], entry);
    }
  });

  it('contain the SDKs without the code that a strict policy forbids', () => {
    const sdk = (name: string) => read(scripts.find((file) => chunkOf(file) === name)!);
    assert.doesNotMatch(sdk('trtc-sdk'), /insertAdjacentHTML|document\.write/);
    assert.doesNotMatch(sdk('tim-sdk'), /typeof Worker/);
    assert.doesNotMatch(
      sdk('trtc-virtual-background'),
      /createElement\("script"\)|createObjectURL\(d/,
    );
  });

  it('contain only the needed assets of the virtual background, in a folder named by their hash', () => {
    const [folder, ...others] = readdirSync(`${browser}/chunks`).filter((name) =>
      /^trtc-assets-[0-9a-f]{8}$/.test(name),
    );
    assert.deepEqual(others, []);
    const files = readdirSync(`${browser}/chunks/${folder}/mediapipe`).sort();
    assert.deepEqual(files, [
      'selfie_segmenter_landscape.tflite',
      'vision_wasm_internal.js',
      'vision_wasm_internal.js.br',
      'vision_wasm_internal.js.gz',
      'vision_wasm_internal.wasm.gz',
    ]);
    const asking = scripts.filter((file) => read(file).includes(folder!));
    assert.deepEqual(asking.map(chunkOf), ['hashes', 'trtc']);
  });

  it('never load the console, on any page of a visitor or an agent', () => {
    const reached = new Set<string>();
    const follow = (file: string): void => {
      for (const loaded of loadedWith(file)) {
        if (reached.has(loaded)) continue;
        reached.add(loaded);
        for (const later of loadedLater(loaded)) follow(later);
      }
    };
    for (const entry of [
      'rtc-desk',
      'call-room',
      'agent-desk',
      'call-test',
      'crm-bridge',
      'desk',
    ]) {
      follow(`${browser}/${entry}.js`);
    }
    assert.ok(reached.size > 20, `${reached.size} scripts`);
    assert.deepEqual([...reached].filter(isAdmin), []);
    const holders = scripts.filter((file) => /rtc-admin-app|wa-button/.test(read(file)));
    assert.deepEqual(holders, []);
    const texts = scripts.find((file) => chunkOf(file) === 'zh-CN')!;
    assert.doesNotMatch(read(texts), /技能组成员|审计日志/);
  });

  it('are complete for the console, which loads only scripts of its own', () => {
    const entries = ['admin', 'admin-flow-step'].map((name) => `${browser}/${name}.js`);
    const loaded = new Set(
      entries.flatMap((entry) => [...loadedWith(entry), ...loadedLater(entry)]),
    );
    assert.deepEqual(
      [...loaded].sort(),
      adminScripts.filter((file) => !/preview/.test(file)).sort(),
    );
    for (const file of adminScripts) {
      assert.doesNotMatch(
        read(file),
        /\beval\(|new Function\b|document\.write|["']node:|typebox/,
        file,
      );
    }
  });

  it('contain Lit once', () => {
    const holders = scripts.filter((file) => read(file).includes('reactiveElementVersions'));
    assert.deepEqual(holders.sort(), [`${browser}/rtc-desk.js`, `${browser}/${PINNED_COPY}`]);
    const templates = scripts.filter((file) => read(file).includes('litHtmlVersions'));
    assert.equal(templates.length, 1);
  });

  it('import only files of the build, by relative paths', () => {
    for (const file of scripts) {
      for (const other of [...loadedWith(file), ...loadedLater(file)]) {
        assert.ok(existsSync(other), `${file} imports ${other}`);
      }
      assert.doesNotMatch(
        read(file),
        /(?:^|[;}])import[^"'()]*["'](?!\.)|import\(["'](?!\.)/,
        file,
      );
    }
  });

  it('contain no code of the server or of Node, and no secret', () => {
    for (const file of scripts) {
      assert.doesNotMatch(
        read(file),
        /["']node:|typebox|TRTC_SECRET_KEY|RTC_DESK_SECRET|process\.env/i,
        file,
      );
    }
  });

  it('contain nothing about the keys with which the server signs', () => {
    for (const file of scripts) {
      const found = /TRTC_SECRET_KEY|TENCENTCLOUD_SECRET|genPrivateMapKey|TLS\.identifier/.exec(
        read(file),
      );
      assert.equal(found, null, `${file}: ${found?.[0]}`);
    }
  });

  it('run under a strict content security policy', () => {
    for (const file of scripts) {
      const text = read(file);
      assert.doesNotMatch(text, /\beval\(|new Function\b|Function\(["'`]/, file);
      if (isSdk(file)) continue;
      assert.doesNotMatch(text, /\sstyle=["'$]/, file);
      assert.doesNotMatch(text, /document\.write|\.outerHTML\s*=|insertAdjacentHTML/, file);
      assert.doesNotMatch(text, /createObjectURL|["'`]data:|["'`]blob:/, file);
    }
  });

  it('close every SVG shape, so that none becomes the child of another', () => {
    let shapes = 0;
    for (const file of scripts) {
      for (const [shape, end] of read(file).matchAll(
        /<(?:path|rect|circle|line|polyline|ellipse)\b[^<>]*?(\/?>(?:<\/)?)/g,
      )) {
        shapes++;
        assert.notEqual(end, '>', `${file}: ${shape}`);
      }
    }
    assert.ok(shapes > 30, `${shapes} shapes`);
  });

  it('have gzip and Brotli copies beside them', () => {
    for (const file of scripts) {
      assert.equal(gunzipSync(readFileSync(`${file}.gz`)).toString(), read(file));
      assert.equal(brotliDecompressSync(readFileSync(`${file}.br`)).toString(), read(file));
    }
  });

  it('add at most 400 bytes to the button for the check of their chunks', () => {
    const added = gzip(`${browser}/${PINNED_COPY}`) - gzip(`${browser}/rtc-desk.js`);
    assert.ok(added <= 400, `${added} bytes`);
  });

  it('match the integrity hash that the build wrote', () => {
    const { version, script, integrity } = JSON.parse(read(`${browser}/embed.json`)) as Record<
      string,
      string
    >;
    const hash = createHash('sha384').update(readFileSync(`${browser}/${PINNED_COPY}`));
    assert.equal(integrity, `sha384-${hash.digest('base64')}`);
    assert.equal(script, `/v/${version}/rtc-desk.js`);
  });
});

describe('the package', () => {
  const { exports, bin, customElements, dependencies } = JSON.parse(read('package.json')) as {
    dependencies: Record<string, string>;
    exports: Record<string, string | { types: string; default?: string }>;
    bin: Record<string, string>;
    customElements: string;
  };

  it('has every file that it exports, with types', () => {
    for (const target of Object.values(exports)) {
      const files = typeof target === 'string' ? [target] : Object.values(target);
      for (const file of files) assert.ok(existsSync(file), file);
    }
  });

  it('lists every package that its scripts for bundlers import as a dependency', () => {
    const files = readdirSync('dist/lib', { recursive: true })
      .map((name) => join('dist/lib', String(name)))
      .filter((name) => name.endsWith('.js'));
    const wanted = files.flatMap((file) =>
      [...read(file).matchAll(/^import [^;]*?from '([^.'][^']*)';|import\('([^.'][^']*)'\)/gm)].map(
        ([, statically, later]) => (statically ?? later)!.match(/^(@[^/]+\/)?[^/]+/)![0],
      ),
    );
    assert.ok(new Set(wanted).size >= 5, [...new Set(wanted)].join(', '));
    for (const name of wanted) assert.ok(name in dependencies, name);
  });

  it('has a program with a shebang line', () => {
    assert.match(read(bin['rtc-desk']!), /^#!\/usr\/bin\/env node\n/);
  });

  it('names no source file in its declarations', () => {
    const declarations = readdirSync('dist/types', { recursive: true })
      .map((name) => join('dist/types', String(name)))
      .filter((name) => name.endsWith('.d.ts'));
    assert.ok(declarations.length > 0);
    for (const file of declarations) assert.doesNotMatch(read(file), /from '\.[^']*\.ts'/, file);
  });

  it('describes the three elements in its manifest', () => {
    const { modules } = JSON.parse(read(customElements)) as {
      modules: {
        declarations?: { name: string; cssProperties?: unknown[]; events?: unknown[] }[];
      }[];
    };
    const found = modules.flatMap(({ declarations = [] }) => declarations);
    for (const name of ['VideoCallButton', 'CallRoom', 'AgentDesk']) {
      const element = found.find((declaration) => declaration.name === name);
      assert.ok(element, name);
      assert.ok(element.events?.length, `${name} names no events`);
    }
  });
});

describe('the build', () => {
  const virtual = (code: string) => ({
    name: 'virtual',
    resolveId: (id: string) => (id === 'entry' ? join(process.cwd(), 'src/embed/entry.js') : null),
    load: (id: string) => (id.endsWith('src/embed/entry.js') ? code : null),
  });

  for (const code of [
    `import 'node:fs';`,
    `import 'fs';`,
    `import '../server/main.ts';`,
    `import('../server/database/database.ts');`,
  ]) {
    it(`fails when the browser's graph contains ${code}`, async () => {
      await assert.rejects(
        rollup({ input: 'entry', plugins: [virtual(code), browserOnly()], onwarn: () => {} }),
        /the browser's graph reaches/,
      );
    });
  }

  for (const file of ['trtc.esm.js', 'assets/mediapipe/vision.js']) {
    it(`fails when the SDK's ${file} has changed since it was reviewed`, () => {
      const { transform } = sdksForStrictPages() as {
        transform(code: string, id: string): unknown;
      };
      const context = {
        error(message: string) {
          throw new Error(message);
        },
      };
      assert.throws(
        () => transform.call(context, 'another', `/x/node_modules/trtc-sdk-v5/${file}`),
        /has changed: check the patterns/,
      );
      assert.equal(transform.call(context, 'another', '/x/node_modules/another/index.js'), null);
    });
  }
});

describe('the list of Tencent’s hosts in the documentation', () => {
  for (const file of ['docs/tencent.md', 'docs/tencent.zh-CN.md']) {
    it(`is in ${file} the one that the desk’s own pages allow`, () => {
      assert.ok(read(file).includes(`connect-src ${TENCENT_HOSTS.join(' ')}`));
    });
  }
});
