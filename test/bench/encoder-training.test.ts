import { describe, expect, it } from 'vitest';
import { encoderCard } from './encoder-card.ts';
import { countKinPairs, measureParts, weighFaces } from './encoder-training.ts';
import { joinAlbums, partFaces, type MeasuredAlbum } from './identities.ts';
import { randomHead, separablePeople } from '../core/training/numbers.ts';

function drawnAlbum(name: string, seed: number): MeasuredAlbum {
  const { features, persons } = separablePeople(12, 4, 0.6, seed);
  // Three members a family.
  const identities = Array.from(persons, (person) => `F${Math.floor(person / 3)}/M${person}`);
  return {
    name,
    features,
    identities,
    photos: identities.map((_, row) => `${row}.jpg`),
    faces: identities.map((_, row) => `${row}.jpg`),
    pairs: [
      { a: 0, b: 1, same: true, fold: 0 },
      { a: 0, b: 47, same: false, fold: 0 },
    ],
  };
}

describe('partFaces', () => {
  it('parts neither kin nor people of one list of pairs', () => {
    const album = drawnAlbum('some', 1);
    const partOf = partFaces(album, 3, 5);
    const partsOf = (family: string) =>
      new Set([...partOf].filter((_, row) => album.identities[row]!.startsWith(family)));
    for (const family of ['F0/', 'F1/', 'F2/', 'F3/']) expect(partsOf(family).size).toBe(1);
    expect(partOf[47]).toBe(partOf[0]);
    expect(new Set(partOf).size).toBe(3);
  });
});

it('weighFaces lets pairs of one person sum to 1', () => {
  const identities = ['a', 'a', 'a', 'b', 'b', 'c'];
  const weights = weighFaces({ ...drawnAlbum('some', 1), identities });
  const pairOf = (a: number, b: number) => weights[a]! * weights[b]!;
  expect(pairOf(0, 1) + pairOf(0, 2) + pairOf(1, 2) + pairOf(3, 4)).toBeCloseTo(1, 10);
});

it('joinAlbums keeps people of different albums apart', () => {
  const joined = joinAlbums([drawnAlbum('one', 1), drawnAlbum('other', 2)]);
  expect(joined.features.length).toBe(96 * 512);
  expect(joined.identities[0]).toBe('one:F0/M0');
  expect(joined.identities[48]).toBe('other:F0/M0');
});

it('measures every part with its own head, and puts the figures on the card', () => {
  const album = drawnAlbum('some', 1);
  const partOf = partFaces(album, 2, 5);
  const figures = measureParts(album, partOf, [randomHead(1), randomHead(1)]);
  expect(figures.accepted).toBeGreaterThan(0.5);
  expect(figures.kin).toBeGreaterThan(0.5);
  expect(figures.listed).not.toBeNull();
  const card = encoderCard({
    version: 'head-9',
    seed: 4,
    parts: 2,
    recipe: { share: 0.5 } as never,
    albums: [
      { name: 'some', faces: 48, people: 12, before: { ...figures, kin: null }, after: figures },
    ],
    checks: [],
    generic: { before: [0.5], after: [0.25] },
  });
  expect(card).toContain('# head-9');
  expect(card).toContain('some, 48 faces of 12 people');
  expect(card).toContain('| population 1 | 0.5000 | 0.2500 |');
  expect(card).not.toContain('kin');
});

describe('countKinPairs', () => {
  it('counts kin for half of the pairs of two people', () => {
    const album = drawnAlbum('some', 1);
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    const alone = { ...album, identities: album.identities.map((name) => name.replace('/', ' ')) };
    const all = countKinPairs(randomHead(1), alone);
    // 12 people with 4 faces each.
    expect([sum(all.same), sum(all.different)]).toEqual([12 * 6, 66 * 16]);
    const mixed = countKinPairs(randomHead(1), album);
    expect(sum(mixed.same)).toBeCloseTo(2, 9);
    expect(sum(mixed.different)).toBeCloseTo(2, 9);
  });
});
