import { createRandom, normal } from '../../../electron/core/random.ts';
import { describe, expect, it } from 'vitest';
import { embedFeatures } from '../../../electron/core/head.ts';
import { adamStep, createAdam } from '../../../electron/core/training/adam.ts';
import {
  backward,
  changedHead,
  chooseRows,
  forward,
  readFaces,
} from '../../../electron/core/training/head-layer.ts';
import { transposedTimes } from '../../../electron/core/matrices.ts';
import { addPull } from '../../../electron/core/training/pull.ts';
import {
  findWhitening,
  momentsOf,
  noWhitening,
  whiten,
} from '../../../electron/core/training/whitening.ts';
import { randomHead, separablePeople, slopeAt, unitVectors } from './numbers.ts';

const { features } = separablePeople(6, 5, 1, 1);
const head = randomHead(2);
const whitening = findWhitening(features, 10, 2, 3);
const random = createRandom(4);
const change = Float32Array.from({ length: 192 * 11 }, () => normal(random) / 2);

describe('the head as a layer', () => {
  it('makes what embedFeatures makes, before and after the change is folded in', () => {
    const faces = readFaces(head, whitening, features);
    const still = forward(new Float32Array(change.length), faces).embeddings;
    const moved = forward(change, faces).embeddings;
    const folded = embedFeatures(changedHead(head, whitening, change, 'new'), features);
    embedFeatures(head, features).forEach((value, i) => expect(still[i]).toBeCloseTo(value, 5));
    folded.forEach((value, i) => expect(moved[i]).toBeCloseTo(value, 4));
  });

  it('leaves the bias alone where its input is 0', () => {
    const still = { ...whitening, constant: 0 };
    const faces = readFaces(head, still, features);
    const gradient = backward(faces, forward(change, faces), unitVectors(faces.count, 192, 9));
    for (let row = 0; row < 192; row++) expect(Math.abs(gradient[row * 11 + 10]!)).toBe(0);
    const moved = forward(change, faces).embeddings;
    const folded = embedFeatures(changedHead(head, still, change, 'new'), features);
    folded.forEach((value, i) => expect(moved[i]).toBeCloseTo(value, 4));
  });

  it('is the same for chosen rows', () => {
    const faces = readFaces(head, whitening, features);
    const all = forward(change, faces).embeddings;
    const some = forward(change, chooseRows(faces, [7, 2])).embeddings;
    expect([...some]).toEqual([
      ...all.subarray(7 * 192, 8 * 192),
      ...all.subarray(2 * 192, 3 * 192),
    ]);
  });

  it('has the gradient of finite differences', () => {
    const faces = readFaces(head, whitening, features);
    const wanted = unitVectors(faces.count, 192, 9);
    const cost = (values: Float32Array) =>
      forward(values, faces).embeddings.reduce((sum, value, i) => sum + value * wanted[i]!, 0);
    const gradient = backward(faces, forward(change, faces), wanted);
    for (let index = 0; index < change.length; index += 37) {
      expect(gradient[index]).toBeCloseTo(slopeAt(cost, change, index, 1e-2), 3);
    }
  });

  it('leaves faces alone whose projection is zero', () => {
    const still = { ...head, bias: new Float32Array(192) };
    const faces = readFaces(still, noWhitening(), new Float32Array(512));
    const outputs = forward(new Float32Array(192 * 513), faces);
    expect(outputs.embeddings.every((value) => value === 0)).toBe(true);
    expect(backward(faces, outputs, unitVectors(1, 192, 1)).every((v) => v === 0)).toBe(true);
  });
});

describe('whitening', () => {
  it('gives uncorrelated inputs of deviation one', () => {
    const inputs = whiten(whitening, features);
    const count = features.length / 512;
    const products = transposedTimes(inputs, 11, inputs, 11);
    for (let i = 0; i < 10; i++) {
      for (let j = 0; j < 10; j++) {
        expect(products[i * 11 + j]! / (count - 1)).toBeCloseTo(i === j ? 1 : 0, 2);
      }
      expect(products[i * 11 + 10]! / count).toBeCloseTo(0, 3);
    }
    for (let row = 0; row < count; row++) expect(inputs[row * 11 + 10]).toBe(2);
  });

  it('finds all variance where there are few faces', () => {
    const { covariance } = momentsOf(features);
    const trace = covariance.reduce((sum, v, at) => (at % 513 === 0 ? sum + v : sum), 0);
    const full = findWhitening(features, 100, 1, 3);
    const kept = full.deviations.reduce((sum, deviation) => sum + deviation ** 2, 0);
    expect(full.rank).toBe(29);
    expect(kept / trace).toBeCloseTo(1, 3);
  });
});

it('addPull equals the trace, and its slope finite differences', () => {
  const form = transposedTimes(unitVectors(4, 3, 1), 3, unitVectors(4, 3, 1), 3);
  const values = Float32Array.from({ length: 192 * 3 }, () => normal(random));
  const slope = new Float32Array(values.length);
  const cost = (at: Float32Array) => addPull(at, 3, form, new Float32Array(values.length));
  let expected = 0;
  for (let row = 0; row < 192; row++) {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        expected += values[row * 3 + i]! * form[i * 3 + j]! * values[row * 3 + j]!;
      }
    }
  }
  expect(addPull(values, 3, form, slope)).toBeCloseTo(expected, 2);
  for (const index of [0, 100, 575]) {
    expect(slope[index]).toBeCloseTo(slopeAt(cost, values, index, 0.1), 2);
  }
});

it('addPull takes a diagonal for the form that is zero beside it', () => {
  const diagonal = Float32Array.from([2, 0.5, 3]);
  const form = Float32Array.from({ length: 9 }, (_, at) => (at % 4 === 0 ? diagonal[at / 4]! : 0));
  const values = Float32Array.from({ length: 192 * 3 }, () => normal(random));
  const [short, long] = [new Float32Array(values.length), new Float32Array(values.length)];
  expect(addPull(values, 3, diagonal, short)).toBeCloseTo(addPull(values, 3, form, long), 6);
  short.forEach((value, at) => expect(value).toBeCloseTo(long[at]!, 5));
});

describe('adam', () => {
  it('takes the published steps', () => {
    const state = createAdam(1);
    const at = Float32Array.from([1]);
    adamStep(state, at, Float32Array.from([4]), 0.1);
    expect(at[0]).toBeCloseTo(0.9, 6);
    adamStep(state, at, Float32Array.from([-2]), 0.1);
    const mean = (0.9 * 0.1 * 4 - 0.1 * 2) / (1 - 0.81);
    const square = (0.999 * 0.001 * 16 + 0.001 * 4) / (1 - 0.999 ** 2);
    expect(at[0]).toBeCloseTo(0.9 - (0.1 * mean) / Math.sqrt(square), 5);
  });

  it('refuses other lengths', () => {
    expect(() => adamStep(createAdam(2), new Float32Array(2), new Float32Array(3), 0.1)).toThrow(
      RangeError,
    );
  });
});
