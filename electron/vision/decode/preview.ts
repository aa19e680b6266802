import type { PhotoPixels } from '../../core/image.ts';
import { encodeJpeg } from '../pixels.ts';
import type { VisionLimits, VisionResults } from '../protocol.ts';
import { openPhoto } from './open-photo.ts';

/**
 * An upright sRGB JPEG of a whole photo, its longest side at most `longestSide` pixels.
 *
 * @throws VisionFailure as `openPhoto` and its `view`.
 */
export async function makePreview(
  bytes: Buffer,
  longestSide: number,
  limits: Pick<VisionLimits, 'maxPixels'>,
): Promise<VisionResults['preview']> {
  return previewOf(await openPhoto(bytes, limits), longestSide);
}

export async function previewOf(
  photo: PhotoPixels,
  longestSide: number,
): Promise<VisionResults['preview']> {
  const view = await photo.view(longestSide);
  return { jpeg: await encodeJpeg(view, previewQuality), width: view.width, height: view.height };
}

/** JPEG quality, 1 to 100: no artefacts that would be seen on a screen. */
const previewQuality = 88;
