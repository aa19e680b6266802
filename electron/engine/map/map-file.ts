import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { MadeMap } from './protocol.ts';

/** A map as it is kept: a cache, made anew where it is missing, damaged or of other faces. */
export interface KeptMap extends MadeMap {
  readonly format: 1;
  readonly version: string;
  /** The same for the same faces with the same features. */
  readonly fingerprint: string;
}

const ending = (dimensions: number) => `.${dimensions}d.map`;

export function readMap(folder: string, version: string, dimensions: number): KeptMap | undefined {
  return readFile(join(folder, encodeURIComponent(version) + ending(dimensions)));
}

/** Written so that a crash leaves the old one or the new one. */
export function keepMap(folder: string, dimensions: number, map: KeptMap): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, encodeURIComponent(map.version) + ending(dimensions));
  writeFileSync(`${path}.new`, serialize(map));
  renameSync(`${path}.new`, path);
}

/** The map of any head that was made last. */
export function latestMap(folder: string, dimensions: number): KeptMap | undefined {
  const paths = listFolder(folder)
    .filter((name) => name.endsWith(ending(dimensions)))
    .map((name) => join(folder, name))
    .map((path) => ({ path, at: statSync(path).mtimeMs }))
    .sort((a, b) => b.at - a.at || (a.path < b.path ? -1 : 1));
  for (const { path } of paths) {
    const map = readFile(path);
    if (map) return map;
  }
  return undefined;
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readFile(path: string): KeptMap | undefined {
  try {
    const map = deserialize(readFileSync(path)) as KeptMap;
    const whole =
      map.format === 1 &&
      map.faceIds instanceof Uint32Array &&
      map.points instanceof Float32Array &&
      map.points.length % Math.max(1, map.faceIds.length) === 0;
    // Copies, since what is read shares one buffer that cannot be handed over.
    return whole ? { ...map, faceIds: map.faceIds.slice(), points: map.points.slice() } : undefined;
  } catch {
    return undefined;
  }
}
