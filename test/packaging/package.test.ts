import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { extractAll, listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIcons } from '../../build/icons.ts';
import { ensureMainSide, ensureRenderer } from '../../build/parts.ts';
import type { FaceRecord } from '../../electron/contract/entities.ts';
import type { RunningEngine } from '../../electron/engine/fork.ts';
import type { z } from 'zod';
import { makeElectron, readFuses } from './stand-in.ts';
import type { Target } from './stand-in.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'kith-package-'));
const unpacked = join(folder, 'dist', 'linux-unpacked');
const resources = join(unpacked, 'resources');
const archive = join(resources, 'app.asar');
const extracted = join(folder, 'extracted');
const samples = join(root, 'node_modules', '@vladmandic', 'face-api', 'demo');
const platform = `${process.platform}-${process.arch}`;
const supported = process.platform === 'linux';

/** Every file of the archive, unpacked ones included, with `/` between folders. */
let files: string[] = [];

function filesBelow(start: string): string[] {
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(start, join(entry.parentPath, entry.name)));
}

/** Builds the unpacked application against a stand-in for Electron, without a network. */
function runBuilder(target: Target, arch: string, options: readonly string[]) {
  const electron = mkdtempSync(join(folder, 'electron-'));
  makeElectron(electron, target);
  return spawnSync(
    process.execPath,
    [
      join(root, 'node_modules', 'electron-builder', 'cli.js'),
      ...[`--${target}`, `--${arch}`, '--dir', '--publish', 'never'],
      ...['--config', 'build/electron-builder.yml'],
      `-c.electronDist=${electron}`,
      `-c.directories.output=${join(folder, 'dist')}`,
      ...options,
    ],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        // A proxy that nobody runs: whatever asks the network fails.
        HTTPS_PROXY: 'http://127.0.0.1:9',
        HTTP_PROXY: 'http://127.0.0.1:9',
        CSC_IDENTITY_AUTO_DISCOVERY: 'false',
      },
    },
  );
}

describe.skipIf(!supported)(
  'the packaged application (built on Linux)',
  { timeout: 120_000 },
  () => {
    beforeAll(async () => {
      const quiet = () => undefined;
      await ensureRenderer(root, quiet);
      await ensureMainSide(root, quiet);
      await makeIcons(join(root, 'build', 'icons', 'icon.svg'), join(root, 'out', 'icons'));
      const builder = runBuilder('linux', process.arch, []);
      expect(builder.status, builder.stdout + builder.stderr).toBe(0);
      files = listPackage(archive, { isPack: false }).map((file) => file.slice(1));
      extractAll(archive, extracted);
      cpSync(join(resources, 'models'), join(extracted, 'models'), { recursive: true });
    }, 180_000);
    afterAll(() =>
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
    );

    it('holds the application, the packages it runs on, and nothing else', () => {
      const top = new Set(files.map((file) => file.split('/')[0]));
      expect([...top].sort()).toEqual(['LICENSE', 'node_modules', 'out', 'package.json']);
      const parts = new Set(
        files
          .filter((file) => /^out\/[^/]+\/[^/]+/.test(file))
          .map((file) => file.split('/').slice(0, 3).join('/')),
      );
      expect([...parts].filter((part) => !part.startsWith('out/renderer/')).sort()).toEqual(
        ['contract', 'core', 'engine', 'shell', 'store', 'vision'].map(
          (part) => `out/electron/${part}`,
        ),
      );
      const packages = new Set(
        files
          .map((file) => /^node_modules\/((?:@[^/]+\/)?[^/@][^/]*)\/./.exec(file)?.[1])
          .filter((name) => name !== undefined),
      );
      expect([...packages].sort()).toEqual(
        [
          '@img/colour',
          `@img/sharp-${platform}`,
          `@img/sharp-libvips-${platform}`,
          '@pinojs/redact',
          'atomic-sleep',
          'better-sqlite3',
          'bindings',
          'detect-libc',
          'exif-reader',
          'file-uri-to-path',
          'hnswlib-node',
          'is-any-array',
          'libheif-js',
          'ml-array-max',
          'ml-array-min',
          'ml-array-rescale',
          'ml-levenberg-marquardt',
          'ml-matrix',
          'on-exit-leak-free',
          'onnxruntime-common',
          'onnxruntime-node',
          'pino',
          'pino-abstract-transport',
          'pino-std-serializers',
          'process-warning',
          'quick-format-unescaped',
          'real-require',
          'safe-stable-stringify',
          'semver',
          'sharp',
          'sonic-boom',
          'split2',
          'thread-stream',
          'umap-js',
          'zod',
        ].sort(),
      );
    });

    it('holds no sources, tests, maps, headers or objects', () => {
      const wrong =
        /\.(ts|mts|cts|svelte|map|c|cc|cpp|h|hpp|o|a|gyp|gypi|mk|md|onnx)$|(^|\/)(tests?|bench|\.[^/]*|Makefile)(\/|$)/;
      expect(files.filter((file) => wrong.test(file) && !/LICEN[CS]E\.md$/.test(file))).toEqual([]);
    });

    it('holds native code of this platform only, outside the archive', () => {
      const outside = filesBelow(`${archive}.unpacked`);
      const native = outside
        .filter((file) => /\.(node|dylib|dll|so(\.[\d.]+)?)$/.test(file))
        .sort();
      expect(
        native.map((file) =>
          file.replace(/-\d+\.\d+\.\d+(?=\.node$)/, '-N').replace(/\.so\.[\d.]+$/, '.so'),
        ),
      ).toEqual(
        [
          `node_modules/@img/sharp-${platform}/lib/sharp-${platform}-N.node`,
          `node_modules/@img/sharp-libvips-${platform}/lib/libvips-cpp.so`,
          `node_modules/better-sqlite3/prebuilds/${platform}.node`,
          'node_modules/hnswlib-node/build/Release/addon.node',
          `node_modules/onnxruntime-node/bin/napi-v6/linux/${process.arch}/libonnxruntime.so`,
          `node_modules/onnxruntime-node/bin/napi-v6/linux/${process.arch}/onnxruntime_binding.node`,
        ].sort(),
      );
      expect(
        files.filter((file) => /\.(node|so)/.test(file)).every((file) => outside.includes(file)),
      ).toBe(true);
    });

    it('holds the weights beside the archive, and licences', () => {
      const converted = readdirSync(join(root, 'models', 'converted')).sort();
      expect(converted.length).toBeGreaterThan(3);
      expect(readdirSync(join(resources, 'models', 'converted')).sort()).toEqual(converted);
      expect(existsSync(join(resources, 'models', 'manifest.json'))).toBe(true);
      expect(readdirSync(join(resources, 'licenses')).sort()).toEqual(['@img', 'onnxruntime-node']);
      expect(readdirSync(unpacked)).toEqual(
        expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html', 'kith']),
      );
      expect(readdirSync(join(unpacked, 'locales'))).toEqual(['en-US.pak']);
    });

    it('has its switches set', () => {
      expect(readFuses(join(unpacked, 'kith'))).toEqual({
        runAsNode: true,
        enableCookieEncryption: true,
        enableNodeOptionsEnvironmentVariable: false,
        enableNodeCliInspectArguments: false,
        enableEmbeddedAsarIntegrityValidation: true,
        onlyLoadAppFromAsar: true,
        loadBrowserProcessSpecificV8Snapshot: false,
        grantFileProtocolExtraPrivileges: false,
      });
    });

    it('names nothing of the computer it was built on', () => {
      const own = filesBelow(join(extracted, 'out')).map((file) => join(extracted, 'out', file));
      expect(own.length).toBeGreaterThan(50);
      expect(own.filter((file) => readFileSync(file).includes(root))).toEqual([]);
    });

    it('holds every module that its three processes import', () => {
      const main = JSON.parse(readFileSync(join(extracted, 'package.json'), 'utf8')) as {
        main: string;
      };
      const seen = new Set<string>();
      const missing: string[] = [];
      const visit = (file: string) => {
        if (seen.has(file)) return;
        seen.add(file);
        if (!existsSync(file)) return void missing.push(relative(extracted, file));
        const source = readFileSync(file, 'utf8');
        for (const [, name = ''] of source.matchAll(
          /^(?:import|export) (?:[^'";()=]* from )?['"]([^'"]+)['"]/gm,
        )) {
          if (name.startsWith('.')) visit(join(dirname(file), name));
          else if (name !== 'electron' && !isBuiltin(name)) {
            const [scope = '', inner = ''] = name.split('/');
            const packageName = scope.startsWith('@') ? `${scope}/${inner}` : scope;
            if (!existsSync(join(extracted, 'node_modules', packageName))) missing.push(name);
          }
        }
      };
      for (const entry of [
        main.main,
        'out/electron/engine/main.js',
        'out/electron/vision/process.js',
      ]) {
        visit(join(extracted, entry));
      }
      expect(missing).toEqual([]);
      expect(seen.size).toBeGreaterThan(50);
      expect(files).toContain('out/electron/shell/preload.cjs');
      const page = readFileSync(join(extracted, 'out', 'renderer', 'index.html'), 'utf8');
      const assets = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(
        ([, asset]) => asset ?? '',
      );
      expect(assets.length).toBeGreaterThan(1);
      for (const asset of assets) expect(files).toContain(`out/renderer/${asset}`);
    });

    it('finds faces, run by plain Node with what it brings along', async () => {
      const entry = join(extracted, 'out', 'electron', 'engine', 'fork.js');
      const { forkEngine } = (await import(
        /* @vite-ignore */ pathToFileURL(entry).href
      )) as typeof import('../../electron/engine/fork.ts');
      const photos = join(folder, 'photos');
      cpSync(join(samples, 'sample1.jpg'), join(photos, 'sample1.jpg'));
      const engine: RunningEngine = await forkEngine({
        libraryFolder: join(folder, 'library'),
        modelsFolder: join(extracted, 'models'),
        samplesFolder: null,
        version: '0.0.0',
        logFile: join(folder, 'engine.log'),
        overrides: { provider: 'cpu', processes: 1 },
      });
      try {
        await engine.host.call('host.addFolder', { path: photos });
        const progress = await engine.host.call('host.idle', {});
        expect(progress).toMatchObject({ done: 1, failed: 0 });
        const faces: z.infer<typeof FaceRecord>[] = await engine.host.call('host.faces', {});
        expect(faces.length).toBeGreaterThan(0);
        const { jpeg } = await engine.host.call('host.crop', { faceId: faces[0]!.faceId });
        expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
      } finally {
        await engine.close();
      }
    });

    it('is compiled so that the browser host runs under plain Node too', () => {
      const help = spawnSync(
        process.execPath,
        [join(root, 'out', 'electron', 'browser-host', 'main.js'), '--help'],
        { encoding: 'utf8' },
      );
      expect([help.status, help.stderr]).toEqual([0, '']);
      expect(help.stdout).toContain('--library');
    });

    it('is not built for another platform, for which npm installed nothing', () => {
      const builder = runBuilder('win', 'arm64', []);
      expect(builder.status).not.toBe(0);
      expect(builder.stdout + builder.stderr).toContain('A package for win32-arm64 is built on');
    });

    it.each([
      [
        'win',
        'x64',
        'win-unpacked/resources',
        [
          'better-sqlite3/prebuilds/win32-x64.node',
          ...['DirectML.dll', 'dxcompiler.dll', 'dxil.dll', 'onnxruntime.dll'].map(
            (name) => `onnxruntime-node/bin/napi-v6/win32/x64/${name}`,
          ),
          'onnxruntime-node/bin/napi-v6/win32/x64/onnxruntime_binding.node',
        ],
      ],
      [
        'mac',
        'arm64',
        'mac-arm64/Kith.app/Contents/Resources',
        [
          'better-sqlite3/prebuilds/darwin-arm64.node',
          'onnxruntime-node/bin/napi-v6/darwin/arm64/libonnxruntime.1.dylib',
          'onnxruntime-node/bin/napi-v6/darwin/arm64/onnxruntime_binding.node',
        ],
      ],
    ] as const)(
      "chooses %s's own among the binaries that packages bring",
      (target, arch, place, own) => {
        // Looking at which files are taken works anywhere, so the hook that forbids it is set aside.
        const hook = join(folder, 'no-hook.mjs');
        writeFileSync(hook, 'export default () => undefined;');
        // Neither a resource table nor a digest can be written into a program that is none.
        const windows = ['-c.win.signAndEditExecutable=false', '-c.disableAsarIntegrity=true'];
        const options = [`-c.beforePack=${hook}`, ...(target === 'win' ? windows : [])];
        const builder = runBuilder(target, arch, options);
        expect(builder.status, builder.stdout + builder.stderr).toBe(0);
        const modules = join(folder, 'dist', place, 'app.asar.unpacked', 'node_modules');
        const native = filesBelow(modules)
          .filter((file) =>
            /^(onnxruntime-node|better-sqlite3)\/.*\.(node|dll|dylib|so[\d.]*)$/.test(file),
          )
          .sort();
        expect(native).toEqual([...own].sort());
        const top = listPackage(join(folder, 'dist', place, 'app.asar'), { isPack: false }).map(
          (file) => file.split('/')[1],
        );
        expect([...new Set(top)].sort()).toEqual([
          'LICENSE',
          'node_modules',
          'out',
          'package.json',
        ]);
      },
    );
  },
);
