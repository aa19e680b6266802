/**
 * One size of the scale benchmark, in a process of its own so that its memory is its own: groups a
 * synthetic library step by step and prints what each took as JSON.
 *
 *     node test/bench/scale-member.ts --faces <n> [--index-only] [--links <M>] [--construction <ef>] [--search <ef>] [--parts <n>]
 */
import { parseArgs } from 'node:util';
import { indexTuning } from '../../electron/core/tuning.ts';
import { clusterMeasures } from './cluster-measures.ts';
import { KithClustering, timed } from './kith-clustering.ts';
import { seededRandom } from './random.ts';
import { SyntheticLibrary } from './synthetic/library.ts';
import { homeLibrary } from './synthetic/parameters.ts';

export interface ScaleResult {
  readonly faces: number;
  readonly people: number;
  /** Seconds of each step. */
  readonly index: number;
  readonly neighbours: number;
  readonly grouping: number | null;
  /** All that `newFaces` more faces take, to the groups they are in. */
  readonly added: number | null;
  /** Share of the true 10 nearest faces that the index finds. */
  readonly recall: number;
  /** Milliseconds of one search for 10 neighbours. */
  readonly query: number;
  /** Of the process, the synthetic library included. */
  readonly peakBytes: number;
  readonly bcubed: number | null;
}

export const newFaces = 1000;

/** Faces that are looked up by brute force, and how many neighbours. */
const sampleSize = 200;
const wanted = 10;
/** Faces made at a time: making them is not measured. */
const batch = 5000;

if (import.meta.main) console.log(JSON.stringify(await measure()));

async function measure(): Promise<ScaleResult> {
  const { values } = parseArgs({
    options: {
      faces: { type: 'string', default: '10000' },
      'index-only': { type: 'boolean', default: false },
      links: { type: 'string', default: String(indexTuning.links) },
      construction: { type: 'string', default: String(indexTuning.constructionWidth) },
      search: { type: 'string', default: String(indexTuning.searchWidth) },
      parts: { type: 'string', default: String(indexTuning.parts) },
    },
  });
  // For this process alone: what is measured is the index as it is, with other parameters.
  Object.assign(indexTuning, {
    links: Number(values.links),
    constructionWidth: Number(values.construction),
    searchWidth: Number(values.search),
    parts: Number(values.parts),
  });
  const faces = Number(values.faces);
  const library = new SyntheticLibrary(faces + newFaces, homeLibrary, 1);
  const clustering = await KithClustering.create(library.axes);
  const index = await addFaces(clustering, library, 0, faces);
  const [, neighbours] = await timed(() => clustering.findNeighbours());
  const found = await recallOf(clustering, library, faces);
  const whole = values['index-only'] ? null : await groupAndAdd(clustering, library, faces);
  await clustering.close();
  return {
    faces,
    people: new Set(library.personOfFace.subarray(0, faces)).size,
    index,
    neighbours,
    ...found,
    grouping: whole?.grouping ?? null,
    added: whole?.added ?? null,
    bcubed: whole?.bcubed ?? null,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** @returns seconds, without those of making the embeddings. */
async function addFaces(
  clustering: KithClustering,
  library: SyntheticLibrary,
  from: number,
  to: number,
): Promise<number> {
  let seconds = 0;
  for (let start = from; start < to; start += batch) {
    const end = Math.min(to, start + batch);
    const embeddings = library.embeddings(start, end, library.axes);
    const [, taken] = await timed(async () => {
      for (let face = start; face < end; face++) {
        const at = (face - start) * library.axes;
        await clustering.add(library.face(face), embeddings.subarray(at, at + library.axes));
      }
      await clustering.added();
    });
    seconds += taken;
  }
  return seconds;
}

async function groupAndAdd(clustering: KithClustering, library: SyntheticLibrary, faces: number) {
  const [, grouping] = await timed(() => clustering.group());
  const { bcubed } = clusterMeasures(
    clustering.groupOfRow(),
    library.personOfFace.subarray(0, faces),
  );
  const adding = await addFaces(clustering, library, faces, faces + newFaces);
  const [, regrouping] = await timed(() => clustering.group());
  return { grouping, added: adding + regrouping, bcubed: bcubed.f };
}

/** Compares the index with brute force for some faces. */
async function recallOf(clustering: KithClustering, library: SyntheticLibrary, faces: number) {
  const random = seededRandom(7);
  const { axes } = library;
  const queries = Array.from({ length: sampleSize }, () => {
    const embedding = new Float32Array(axes);
    library.embed(random.below(faces), embedding);
    return { embedding, similarities: new Float64Array(wanted).fill(-2) };
  });
  for (let start = 0; start < faces; start += batch) {
    const end = Math.min(faces, start + batch);
    const embeddings = library.embeddings(start, end, axes);
    for (const { embedding, similarities } of queries) {
      for (let at = 0; at < embeddings.length; at += axes) {
        let dot = 0;
        for (let i = 0; i < axes; i++) dot += embedding[i]! * embeddings[at + i]!;
        if (dot <= similarities[wanted - 1]!) continue;
        similarities[wanted - 1] = dot;
        similarities.sort().reverse();
      }
    }
  }
  let hits = 0;
  const started = performance.now();
  const answers = [];
  for (const { embedding } of queries) {
    answers.push(await clustering.index.search(embedding, wanted));
  }
  const query = (performance.now() - started) / sampleSize;
  for (const [i, { similarities }] of queries.entries()) {
    // By similarity, since equally similar faces may stand for each other.
    const least = similarities[wanted - 1]! - 1e-5;
    hits += answers[i]!.similarities.filter((similarity) => similarity >= least).length;
  }
  return { recall: hits / (sampleSize * wanted), query };
}
