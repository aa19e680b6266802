import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { createRandom } from '../../electron/core/random.ts';
import { openCrops } from '../../electron/store/crops.ts';
import { openDatabase, type Connection } from '../../electron/store/database.ts';
import { migrations } from '../../electron/store/migrations/index.ts';

export interface BigLibrary {
  readonly faces: number;
  /** Groups of two faces and more; the rest of the faces are alone. */
  readonly groups: number;
  /** The largest of them, which have a name. */
  readonly people: number;
  /** Side of each face's picture, pixels: small ones keep the disk free. */
  readonly cropSide: number;
}

/** Photos to a folder, and faces to a photo. */
const photosPerFolder = 2000;
const facesPerPhoto = 2.5;
/** Different pictures of faces, shared by all of them. */
const looks = 64;

/**
 * Writes a library of nobody, as a scan and some naming would leave it: groups of heavy-tailed sizes,
 * the largest with names, a fifth of the others likely one of those. It has no features, so it is to
 * be opened without models, which leaves its groups as they are.
 */
export async function writeBigLibrary(folder: string, big: BigLibrary, seed: number) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'library.sqlite');
  // What is kept up by triggers later is worked out at once by the migration that made them.
  const before = migrations.findIndex(({ name }) => name.includes('standing'));
  const connection = openDatabase(path, migrations.slice(0, before));
  connection.pragma('synchronous = OFF');
  const photoOf = connection.transaction(() => fill(connection, big, seed))();
  connection.close();
  openDatabase(path).close();
  await writeCrops(folder, photoOf, big.cropSide);
}

/** @returns the photo of each face. */
function fill(connection: Connection, big: BigLibrary, seed: number): Uint32Array {
  const random = createRandom(seed);
  const photos = Math.ceil(big.faces / facesPerPhoto);
  connection.exec(`INSERT INTO model (model_id, fingerprint) VALUES (1, 'none')`);
  const folder = connection.prepare(
    `INSERT INTO folder (folder_id, path, status, scanned_at) VALUES (?, ?, 'done', 1)`,
  );
  for (let at = 0; at * photosPerFolder < photos; at++) folder.run(at + 1, folderPath(at));
  const photo = connection.prepare(
    `INSERT INTO photo (photo_id, sha256, byte_size, format, width, height, taken_at, model_id)
     VALUES (?, ?, ?, 'jpeg', 4000, 3000, ?, 1)`,
  );
  const file = connection.prepare(
    'INSERT INTO file (folder_id, path, byte_size, modified_at, photo_id) VALUES (?, ?, ?, 1, ?)',
  );
  for (let at = 0; at < photos; at++) {
    const taken = new Date(Date.UTC(2000, 0, 1) + (at / photos) * 8e11);
    photo.run(at + 1, sha256Of(at + 1), 1000 + at, taken.toISOString().slice(0, 19));
    const place = Math.floor(at / photosPerFolder);
    file.run(place + 1, `${folderPath(place)}/${String(at)}.jpg`, 1000 + at, at + 1);
  }
  const face = connection.prepare(
    `INSERT INTO face (face_id, photo_id, ordinal, x, y, width, height, landmarks,
       detection_score, size, sharpness, yaw, pitch, roll, quality)
     VALUES (?, ?, ?, 0.4, 0.4, 0.1, 0.13, '[[0,0],[0,0],[0,0],[0,0],[0,0]]', 1, 100, 1, 0, 0, 0, ?)`,
  );
  const photoOf = new Uint32Array(big.faces);
  for (let at = 0; at < big.faces; at++) {
    photoOf[at] = Math.floor(at / facesPerPhoto) + 1;
    const ordinal = at - Math.ceil((photoOf[at]! - 1) * facesPerPhoto);
    face.run(at + 1, photoOf[at], ordinal, 0.2 + 0.8 * random());
  }
  group(connection, big, random);
  return photoOf;
}

/** Zipf's law for the sizes; members are drawn from all photos. */
function group(connection: Connection, big: BigLibrary, random: () => number): void {
  const order = Uint32Array.from({ length: big.faces }, (_, at) => at + 1);
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  let harmonic = 0;
  for (let rank = 1; rank <= big.groups; rank++) harmonic += 1 / rank;
  const free = 0.8 * big.faces - 2 * big.groups;
  const sizeOf = (rank: number) => 2 + Math.max(0, Math.floor(free / harmonic / rank));

  const insertGroup = connection.prepare(
    'INSERT INTO face_group (face_id, cluster_id, person_id) VALUES (?, ?, ?)',
  );
  const insertLabel = connection.prepare(
    `INSERT INTO face_label (face_id, state, person_id) VALUES (?, 'confirmed', ?)`,
  );
  const insertPerson = connection.prepare('INSERT INTO person (person_id, name) VALUES (?, ?)');
  const insertEvent = connection.prepare(
    'INSERT INTO label_event (event_id, event, description, at) VALUES (?, ?, ?, 1)',
  );
  const insertDone = connection.prepare(
    `INSERT INTO label_history (event_id, changes) VALUES (?, '[]')`,
  );
  const insertSuggestion = connection.prepare(
    'INSERT INTO cluster_suggestion (cluster_id, person_id, probability) VALUES (?, ?, 0.4)',
  );
  let next = 0;
  for (let rank = 1; rank <= big.groups; rank++) {
    const members = order.subarray(next, (next += sizeOf(rank)));
    const personId = rank <= big.people ? rank : null;
    for (const faceId of members) insertGroup.run(faceId, rank, personId);
    if (personId === null) {
      if (rank % 5 === 0) insertSuggestion.run(rank, 1 + Math.floor(random() * big.people));
      continue;
    }
    const name = `Person ${String(personId)}`;
    // A tenth waits to be confirmed.
    const faceIds = [...members.subarray(0, Math.ceil(0.9 * members.length))];
    insertPerson.run(personId, name);
    for (const faceId of faceIds) insertLabel.run(faceId, personId);
    const event = { type: 'name', personId, name, faceIds };
    insertEvent.run(rank, JSON.stringify(event), `Named ${name}`);
    insertDone.run(rank);
  }
  for (let alone = big.groups + 1; next < order.length; next++, alone++) {
    insertGroup.run(order[next], alone, null);
  }
}

async function writeCrops(folder: string, photoOf: Uint32Array, side: number): Promise<void> {
  const pictures = await Promise.all(
    Array.from({ length: looks }, (_, look) => portrait(side, look)),
  );
  const crops = openCrops(join(folder, 'crops.sqlite'));
  for (let at = 0; at < photoOf.length;) {
    const photoId = photoOf[at]!;
    const ofPhoto: [number, Uint8Array][] = [];
    for (; photoOf[at] === photoId; at++) ofPhoto.push([ofPhoto.length, pictures[at % looks]!]);
    crops.put(sha256Of(photoId), ofPhoto);
  }
  crops.close();
}

function portrait(side: number, look: number): Promise<Uint8Array> {
  const hue = String((look * 360) / looks);
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">
    <rect width="24" height="24" fill="hsl(${hue} 40% 70%)"/>
    <circle cx="12" cy="${String(9 + (look % 3))}" r="6" fill="hsl(30 50% 80%)"/></svg>`;
  return sharp(Buffer.from(drawing)).resize(side, side).jpeg({ quality: 80 }).toBuffer();
}

const sha256Of = (photoId: number) => photoId.toString(16).padStart(64, '0');
const folderPath = (at: number) => `/nowhere/${String(2000 + at)}`;
