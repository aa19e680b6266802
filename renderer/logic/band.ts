export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The rectangle between two corners. */
export function between(
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
): Rectangle {
  return {
    left: Math.min(a.x, b.x),
    top: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

function touch(a: Rectangle, b: Rectangle): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}

/** What a rectangle drawn over a grid chooses; items that left the page stay where they were seen. */
export class Band {
  readonly #base: readonly string[];
  readonly #places = new Map<string, Rectangle>();

  /** @param base keys chosen before, which the rectangle adds to */
  constructor(base: Iterable<string>) {
    this.#base = [...base];
  }

  see(key: string, place: Rectangle): void {
    this.#places.set(key, place);
  }

  chosen(box: Rectangle): ReadonlySet<string> {
    const touched = [...this.#places].filter(([, place]) => touch(place, box));
    return new Set([...this.#base, ...touched.map(([key]) => key)]);
  }
}
