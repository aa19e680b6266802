import { api, cropAddress, errorText } from '../api.ts';
import type {
  Alignment,
  FaceVerification,
  LookedPhoto,
  VerifySide,
} from '../../electron/contract/recognition.ts';
import { jpegAddress, photoBytes } from '../logic/photo-bytes.ts';
import { strings } from '../strings.ts';
import { toasts } from './toasts.svelte.ts';

/** A photo from outside the library that was looked at, and the face of it that counts. */
export class OutsidePhoto {
  fileName = $state('');
  looked = $state.raw<LookedPhoto | null>(null);
  looking = $state(false);
  /** Which of its faces. */
  at = $state(0);
  readonly face = $derived(this.looked?.faces[this.at] ?? null);
  #wish = 0;

  /** Hands the photo's bytes to the engine; what went wrong the user has been told. */
  async look(file: File): Promise<void> {
    const wish = ++this.#wish;
    this.looking = true;
    try {
      const photo = await photoBytes(file);
      if (photo === null) return toasts.show(strings.compare.tooLarge, 'error');
      const looked = await api.call('photos.look', { photo });
      if (wish !== this.#wish) return;
      this.looked = looked;
      this.fileName = file.name;
      this.at = 0;
    } catch (error) {
      if (wish === this.#wish) toasts.show(errorText(error), 'error');
    } finally {
      if (wish === this.#wish) this.looking = false;
    }
  }
}

/** One of two faces that are compared: of the library, or of a photo from outside. */
export class ComparedSide {
  faceId = $state<number | null>(null);
  readonly photo = new OutsidePhoto();
  readonly side: VerifySide | null = $derived(
    this.faceId !== null
      ? { faceId: this.faceId }
      : this.photo.face
        ? { features: this.photo.face.features }
        : null,
  );

  async look(file: File): Promise<void> {
    await this.photo.look(file);
    if (this.photo.looked) this.faceId = null;
  }

  /** The face's picture, and what brings it into position. */
  picture(alignment: Alignment | null): { address: string; alignment: Alignment | null } | null {
    if (this.faceId !== null) return { address: cropAddress(this.faceId), alignment };
    const { face } = this.photo;
    return face && { address: jpegAddress(face.picture), alignment: face.alignment };
  }
}

/** Whether two faces are one person. */
export class Comparison {
  readonly sides: readonly [ComparedSide, ComparedSide] = [new ComparedSide(), new ComparedSide()];
  result = $state.raw<FaceVerification | null>(null);
  #wish = 0;

  async verify(a: VerifySide | null, b: VerifySide | null): Promise<void> {
    const wish = ++this.#wish;
    this.result = null;
    if (!a || !b) return;
    try {
      const result = await api.call('faces.verify', { sides: [a, b] });
      if (wish === this.#wish) this.result = result;
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }
}
