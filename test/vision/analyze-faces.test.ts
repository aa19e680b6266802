import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DetectedFace } from '../../electron/core/face.ts';
import { embedFeatures, type Head } from '../../electron/core/head.ts';
import { createFaceAnalyzer, type FaceAnalyzer } from '../../electron/vision/analyze-faces.ts';
import { openPhoto } from '../../electron/vision/decode/open-photo.ts';
import { shippedHead, benchLimits, modelsFolder } from '../bench/setting.ts';

const sample = (name: string) =>
  readFileSync(
    fileURLToPath(
      new URL(`../../node_modules/@vladmandic/face-api/demo/${name}.jpg`, import.meta.url),
    ),
  );
const modelsMade = existsSync(`${modelsFolder}/converted/encoder.onnx`);

describe.skipIf(!modelsMade)('face analysis (needs the converted models)', () => {
  let analyzer: FaceAnalyzer;
  let head: Head;
  const analyze = async (bytes: Buffer, minScore?: number) =>
    analyzer.analyze(
      await openPhoto(bytes, benchLimits),
      minScore === undefined ? {} : { minScore },
    );
  const similarity = (a: DetectedFace, b: DetectedFace) => {
    const [x, y] = [embedFeatures(head, a.features), embedFeatures(head, b.features)];
    return x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  };
  const byPosition = (faces: DetectedFace[]) => [...faces].sort((a, b) => a.box.x - b.box.x);

  beforeAll(async () => {
    analyzer = await createFaceAnalyzer({ modelsFolder, provider: 'cpu', threads: 1 });
    head = shippedHead();
  });

  it.each([
    ['sample1', 3],
    ['sample2', 1],
    ['sample4', 4],
    ['sample5', 5],
  ])(
    'finds the people of %s: %i',
    async (name, count) => {
      const faces = await analyze(sample(name));
      expect(faces.length).toBe(count);
      for (const { box, landmarks, detectionScore, quality, features } of faces) {
        expect(detectionScore).toBeGreaterThan(0.9);
        expect(box.width * box.height).toBeGreaterThan(0.005);
        for (const [x, y] of landmarks) {
          expect(x).toBeGreaterThan(box.x);
          expect(x).toBeLessThan(box.x + box.width);
          expect(y).toBeGreaterThan(box.y);
          expect(y).toBeLessThan(box.y + box.height);
        }
        const [left, right, nose, mouth] = landmarks;
        expect(left[0]).toBeLessThan(right[0]);
        expect(nose[1]).toBeGreaterThan(Math.min(left[1], right[1]));
        expect(mouth[1]).toBeGreaterThan(nose[1]);
        expect(quality.overall).toBeGreaterThan(0.1);
        expect(features.length).toBe(512);
      }
    },
    30_000,
  );

  it('gives the same bits twice', async () => {
    const once = await analyze(sample('sample3'));
    expect(once.length).toBeGreaterThan(1);
    expect(await analyze(sample('sample3'))).toEqual(once);
  }, 30_000);

  it('finds the same people, tilted, smaller and mirrored, with like embeddings', async () => {
    const faces = byPosition(await analyze(sample('sample5')));
    const mirrored = byPosition(await analyze(await sharp(sample('sample5')).flop().toBuffer()));
    const smaller = byPosition(
      await analyze(await sharp(sample('sample5')).resize(700).toBuffer()),
    );
    const tilted = await analyze(await sharp(sample('sample5')).rotate(15).toBuffer());
    expect(mirrored.length).toBe(faces.length);
    expect(smaller.length).toBe(faces.length);
    expect(tilted.length).toBe(faces.length);
    faces.forEach((face, i) => {
      expect(similarity(face, mirrored[faces.length - 1 - i]!)).toBeGreaterThan(0.75);
      expect(similarity(face, smaller[i]!)).toBeGreaterThan(0.75);
      expect(Math.max(...tilted.map((other) => similarity(face, other)))).toBeGreaterThan(0.6);
      // The photo shows five different people.
      faces.slice(i + 1).forEach((other) => expect(similarity(face, other)).toBeLessThan(0.55));
      expect(smaller[i]!.quality.size).toBeCloseTo((face.quality.size * 700) / 1920, -1);
    });
  }, 60_000);

  it('finds faces of 40 pixels in 24 megapixels and embeds them from their own pixels', async () => {
    const people = await analyze(sample('sample5'));
    const width = 400;
    const inset = await sharp(sample('sample5')).resize(width).toBuffer();
    const large = await sharp({
      create: { width: 6000, height: 4000, channels: 3, background: '#8a9a7b' },
    })
      .composite([{ input: inset, left: 2800, top: 1900 }])
      .jpeg({ quality: 92 })
      .toBuffer();
    const found = await analyze(large);
    expect(found.length).toBe(people.length);
    for (const face of found) {
      expect(face.quality.size).toBeGreaterThan(30);
      expect(face.quality.size).toBeLessThan(60);
      // Drawn from the view, 9 pixels wide, none would be recognised.
      expect(Math.max(...people.map((other) => similarity(face, other)))).toBeGreaterThan(0.5);
    }
  }, 60_000);

  it('finds nobody where nobody is, and the best candidates when asked for less', async () => {
    const noise = await sharp({
      create: {
        width: 640,
        height: 480,
        channels: 3,
        background: '#808080',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .png()
      .toBuffer();
    expect(await analyze(noise)).toEqual([]);
    const sure = await analyze(sample('sample1'));
    const all = await analyze(sample('sample1'), 0);
    expect(all.slice(0, sure.length)).toEqual(sure);
    for (let i = 1; i < all.length; i += 1) {
      expect(all[i]!.detectionScore).toBeLessThanOrEqual(all[i - 1]!.detectionScore);
    }
  }, 30_000);

  it('survives pictures of a few pixels', async () => {
    for (const [width, height] of [
      [1, 1],
      [5, 300],
      [12, 12],
    ] as const) {
      const tiny = await sharp({ create: { width, height, channels: 3, background: '#fff' } })
        .png()
        .toBuffer();
      expect(await analyze(tiny)).toEqual([]);
    }
  }, 30_000);
});
