import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directionSimilarities, mean, powerLawExponent, withinFigures } from './figures.ts';
import { hash } from './hash.ts';
import { SyntheticLibrary } from './library.ts';
import { pressLibrary } from './parameters.ts';

const parameters = {
  ...pressLibrary,
  people: { exponent: 1.6, largestShare: 0.05, familySize: 2 },
  photos: { facesPerPhoto: 1.8, familyShare: 0.5 },
};

describe('a synthetic library', () => {
  it('is the same for the same seed, face by face in any order', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(199), (seed, face) => {
        const [a, b] = [
          new SyntheticLibrary(200, parameters, seed),
          new SyntheticLibrary(200, parameters, seed),
        ];
        expect(a.personOfFace).toEqual(b.personOfFace);
        const [one, other] = [new Float32Array(192), new Float32Array(192)];
        a.embed(face, one);
        b.embed((face + 1) % 200, other);
        b.embed(face, other);
        expect(one).toEqual(other);
      }),
      { numRuns: 20 },
    );
  });

  it('has unit vectors with nothing beyond the axes', () => {
    const library = new SyntheticLibrary(50, parameters, 1);
    const embeddings = library.embeddings(0, 50, 192);
    for (let face = 0; face < 50; face++) {
      const row = embeddings.subarray(face * 192, (face + 1) * 192);
      expect(Math.hypot(...row)).toBeCloseTo(1, 5);
      expect(row.subarray(library.axes).every((value) => value === 0)).toBe(true);
    }
  });

  it('shows nobody twice on one photo, and photos one after the other', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 400 }), (seed, size) => {
        const library = new SyntheticLibrary(size, parameters, seed);
        const seen = new Set<string>();
        for (let face = 0; face < size; face++) {
          const key = `${library.photoOfFace[face]} ${library.personOfFace[face]}`;
          expect(seen.has(key)).toBe(false);
          seen.add(key);
          const step = library.photoOfFace[face]! - (library.photoOfFace[face - 1] ?? 0);
          expect([0, 1]).toContain(step);
        }
        expect(new Set(library.personOfFace).size).toBe(library.people);
      }),
    );
  });

  it('has heavy-tailed people, and photos with several faces', () => {
    const library = new SyntheticLibrary(20_000, parameters, 3);
    const sizes = new Uint32Array(library.people);
    for (const person of library.personOfFace) sizes[person]!++;
    expect(powerLawExponent([...sizes])).toBeCloseTo(1.6, 1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
    // Less than asked for: a photo ends where somebody would be on it twice.
    expect(library.size / library.photos).toBeGreaterThan(1.5);
    expect(library.size / library.photos).toBeLessThan(1.9);
  });

  it('has kin who look more alike than strangers', () => {
    const kin = { mean: 0.4, deviation: 0 };
    const embedding = { ...pressLibrary.embedding, kin, strangers: 0.05 };
    const library = new SyntheticLibrary(4000, { ...parameters, embedding }, 5);
    const known = {
      embeddings: library.embeddings(0, 4000, library.axes),
      dimensions: library.axes,
      persons: Array.from(library.personOfFace, String),
      qualities: [...library.qualityOfFace],
    };
    const family = (person: string) => library.familyOfPerson[Number(person)]!;
    const ofKin = directionSimilarities(known, (a, b) => family(a) === family(b));
    const ofStrangers = directionSimilarities(known, (a, b) => family(a) !== family(b));
    expect(mean(ofKin)).toBeGreaterThan(0.3);
    expect(mean(ofKin)).toBeLessThan(0.5);
    expect(Math.abs(mean(ofStrangers) - 0.05)).toBeLessThan(0.03);
    expect(withinFigures(known).qualitySlope).toBeGreaterThan(0);
  });
});

it('hashes lists of numbers apart', () => {
  const lists = [[], [0], [0, 0], [1], [0, 1], [1, 0], [-1], [2 ** 32 - 2]];
  expect(new Set(lists.map((list) => hash(...list))).size).toBe(lists.length);
});
