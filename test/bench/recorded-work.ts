import type { PhotoPixels, Rectangle } from '../../electron/core/image.ts';
import type { Networks } from '../../electron/vision/networks.ts';

/** One piece of decoding that the pipeline asked for. */
export type DecodeCall =
  | { readonly kind: 'view'; readonly longestSide: number }
  | { readonly kind: 'region'; readonly area: Rectangle; readonly longestSide: number };

/** One model call: for `propose` and `scan` width and height, for the others how many pictures. */
export type InferenceCall =
  | readonly [network: 'propose' | 'scan', width: number, height: number]
  | readonly [network: 'refine' | 'verify' | 'encode', count: number];

/** Sides in pixels of what the networks of fixed input size take. */
const INPUT_SIDES = { refine: 24, verify: 48, encode: 112 } as const;

/**
 * From now on notes in `groups` what a photo is asked for. Calls are in one group when none of it
 * had been answered before the others came: the decoder may serve them together.
 */
export function recordDecoding(photo: PhotoPixels, groups: DecodeCall[][]): void {
  let answered = true;
  const note = async <T>(call: DecodeCall, answer: Promise<T>): Promise<T> => {
    if (answered) groups.push([]);
    answered = false;
    groups.at(-1)?.push(call);
    try {
      return await answer;
    } finally {
      answered = true;
    }
  };
  // The very methods are replaced, so that all who hold this photo are heard.
  const view = photo.view.bind(photo);
  const region = photo.region.bind(photo);
  photo.view = (longestSide) => note({ kind: 'view', longestSide }, view(longestSide));
  photo.region = (area, longestSide) =>
    note({ kind: 'region', area, longestSide }, region(area, longestSide));
}

/** Asks a photo for what was recorded, group by group. */
export async function replayDecoding(
  photo: PhotoPixels,
  groups: readonly (readonly DecodeCall[])[],
): Promise<void> {
  for (const group of groups) {
    await Promise.all(
      group.map((call) =>
        call.kind === 'view'
          ? photo.view(call.longestSide)
          : photo.region(call.area, call.longestSide),
      ),
    );
  }
}

/** Networks that hand on every call and tell of it first. */
export function recordInference(
  networks: Networks,
  onCall: (call: InferenceCall) => void,
): Networks {
  const noteSized =
    (network: 'propose' | 'scan'): Networks['propose'] =>
    (input, width, height) => {
      onCall([network, width, height]);
      return networks[network](input, width, height);
    };
  const note = (network: 'refine' | 'verify' | 'encode', count: number) => onCall([network, count]);
  return {
    propose: noteSized('propose'),
    scan: noteSized('scan'),
    refine: (input, count) => (note('refine', count), networks.refine(input, count)),
    verify: (input, count) => (note('verify', count), networks.verify(input, count)),
    encode: (input, count) => (note('encode', count), networks.encode(input, count)),
  };
}

/** Numbers that a call takes. */
export function inputLength(call: InferenceCall): number {
  if (call[0] === 'propose' || call[0] === 'scan') return call[1] * call[2] * 3;
  return call[1] * INPUT_SIDES[call[0]] ** 2 * 3;
}

/** Makes recorded model calls again, on numbers that mean nothing. */
export function createInferenceReplay(
  networks: Networks,
): (calls: readonly InferenceCall[]) => Promise<void> {
  let numbers = new Float32Array();
  return async (calls) => {
    for (const call of calls) {
      const length = inputLength(call);
      if (numbers.length < length) {
        // Between −1 and 1 as pixels are; zeros could take a shorter way through a processor.
        numbers = Float32Array.from({ length }, (_, i) => ((i * 7919) % 255) / 127.5 - 1);
      }
      const input = numbers.subarray(0, length);
      if (call[0] === 'propose' || call[0] === 'scan') {
        await networks[call[0]](input, call[1], call[2]);
      } else await networks[call[0]](input, call[1]);
    }
  };
}
