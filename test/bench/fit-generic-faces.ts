/**
 * Fits models of faces in general to folders of people with truth.csv, one for each, and writes them.
 *
 *     node test/bench/fit-generic-faces.ts <folder>=<cache> ... --out models/generic-faces.bin
 *
 * A cache is a folder with e.csv and f.npy, as `kith embed --index e.csv --features f.npy` writes
 * them.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  fitGenericFaces,
  GENERIC_RANK,
  packGenericFaces,
} from '../../electron/core/training/generic-faces.ts';
import { readAlbum } from './learn-album.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' } },
});
if (values.out === undefined || positionals.length === 0) {
  console.error('usage: node test/bench/fit-generic-faces.ts <folder>=<cache> ... --out <file>');
  process.exit(2);
}
const albums = positionals.map((given) => {
  const [folder = '', cache = ''] = given.split('=');
  return readAlbum(folder, cache);
});
const populations = albums.map(({ features, identities }) =>
  fitGenericFaces(features, identities, GENERIC_RANK, 1),
);
writeFileSync(values.out, packGenericFaces(populations));
for (const { name, identities } of albums) {
  console.log(`${name}: ${identities.length} faces of ${new Set(identities).size} people`);
}
