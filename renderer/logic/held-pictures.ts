/** Pictures that will be shown soon: held by someone, they stay loaded, and none is asked for twice. */
export class HeldPictures {
  readonly #address: (faceId: number) => string;
  #pictures: ReadonlyMap<number, HTMLImageElement> = new Map();

  constructor(address: (faceId: number) => string) {
    this.#address = address;
  }

  /** Loads those of these faces that are not here yet, and lets go of all others. */
  hold(faceIds: readonly number[]): void {
    const before = this.#pictures;
    this.#pictures = new Map(
      faceIds.map((faceId) => [faceId, before.get(faceId) ?? this.#load(faceId)]),
    );
  }

  #load(faceId: number): HTMLImageElement {
    const picture = new Image();
    picture.src = this.#address(faceId);
    return picture;
  }
}
