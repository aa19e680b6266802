import { join } from 'node:path';
import { spawnVision } from '../../../electron/engine/spawn-vision.ts';

// Starts a vision process, tells its id, and stays until it is killed.
const child = spawnVision(() => undefined, join(import.meta.dirname, 'scripted.ts'));
child.onMessage(() => process.send?.(child.pid));
child.send({
  kind: 'configure',
  gentle: false,
  configuration: {
    modelsFolder: '',
    provider: 'cpu',
    acceptSlowProvider: false,
    cacheFolder: null,
    limits: { maxPixels: 1, millisecondsPerPhoto: 1 },
  },
});
