import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PhotoPixels } from '../../../electron/core/image.ts';
import { openVisionPort } from '../../../electron/vision/port.ts';
import { serveVision } from '../../../electron/vision/serve.ts';
import type { LoadedModels } from '../../../electron/vision/service.ts';

/**
 * A vision process that reads real photos, with an analyzer that does what the photo's width says:
 * this is how a photo that breaks a native library looks from outside.
 */
const scripts: Record<number, () => void> = {
  101: () => process.kill(process.pid, 'SIGKILL'),
  102: () => process.kill(process.pid, 'SIGSEGV'),
  103: () => process.exit(7),
  104: () => {
    for (;;);
  },
  105: () => {
    throw new TypeError('a defect');
  },
  // An even wait that does not depend on the machine's speed: until the file is there.
  106: () => {
    const gate = process.env['KITH_TEST_GATE'] ?? '';
    while (!existsSync(gate)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  },
};

async function load({ modelsFolder }: { modelsFolder: string }): Promise<LoadedModels> {
  if (modelsFolder.endsWith('broken')) throw new Error('no such model');
  if (modelsFolder.endsWith('deadly')) process.exit(3);
  if (modelsFolder.endsWith('watched')) {
    const log = join(modelsFolder, 'loads');
    appendFileSync(log, `begin ${process.pid}\n`);
    // As long as models take: another process would begin meanwhile.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    appendFileSync(log, `end ${process.pid}\n`);
  }
  const firstTry = join(modelsFolder, 'first-try');
  if (modelsFolder.endsWith('deadly-once') && !existsSync(firstTry)) {
    writeFileSync(firstTry, '');
    process.kill(process.pid, 'SIGKILL');
  }
  return {
    analyzer: {
      place: async () => {
        throw new Error('nothing is drawn here');
      },
      analyze: async (photo: PhotoPixels) => {
        await photo.view(100);
        scripts[photo.width]?.();
        return [];
      },
    },
    outcomes: [],
  };
}

serveVision(openVisionPort(), load, () => process.exit(0));
