/**
 * What `npm start` runs. JavaScript, because a Node too old for Kith cannot read TypeScript and must
 * still find the newer one that was installed with Kith. npm puts that one first by itself.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const wanted = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const start = join(root, 'build', 'start.ts');

if (Number(process.versions.node.split('.')[0]) >= wanted) {
  // The next start reads what Node compiled at this one.
  nodeModule.enableCompileCache?.(join(root, 'node_modules', '.cache', 'kith'));
  await import('./start.ts');
} else {
  const folder = join(root, 'node_modules', 'node', 'bin');
  const node = ['node', 'node.exe'].map((name) => join(folder, name)).find(existsSync);
  if (node === undefined) {
    process.stderr.write(
      `kith: Kith runs on Node ${wanted}, which "npm ci" brings along; this is ${process.version}.\n` +
        'Run "npm ci" in the folder of Kith, then "npm start" again.\n',
    );
    process.exit(1);
  }
  const child = spawn(node, [start, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}
