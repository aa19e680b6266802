import { Band, between, type Rectangle } from '../logic/band.ts';
import { hasCommand } from '../logic/keys.ts';

interface Options {
  readonly scroller: () => HTMLElement | undefined;
  /** Whether a band may begin where this event is. */
  readonly begins: (event: PointerEvent) => boolean;
  readonly chosen: () => ReadonlySet<string>;
  readonly choose: (keys: ReadonlySet<string>) => void;
  readonly keyAt: (index: number) => string;
}

/** Pixels that the pointer moves before it is a band and no click. */
const slack = 6;
/** Pixels from the edge where the grid begins to scroll, and how far at a time. */
const edge = 36;
const scrollStep = 14;

/** Chooses grid items by a rectangle drawn over them; with Shift, Control or Command it adds. */
export class RubberBand {
  /** In the scrolled content's own pixels; null while none is drawn. */
  box = $state.raw<Rectangle | null>(null);
  readonly #options: Options;
  #start: { readonly x: number; readonly y: number } | null = null;
  #band = new Band([]);
  #endedAt = -Infinity;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Whether the click that follows the end of a band is about to come, or just came. */
  justEnded(): boolean {
    return performance.now() - this.#endedAt < 50;
  }

  readonly begin = (event: PointerEvent): void => {
    const control = event.target instanceof Element && event.target.closest('button, input, a');
    // A finger scrolls.
    if (event.button !== 0 || event.pointerType === 'touch') return;
    if (control || !this.#options.begins(event)) return;
    const scroller = this.#options.scroller();
    // The scroll bar lies beyond the client's width.
    if (!scroller || event.offsetX > scroller.clientWidth) return;
    this.#start = this.#point(event, scroller);
    const adds = event.shiftKey || hasCommand(event);
    this.#band = new Band(adds ? this.#options.chosen() : []);
  };

  readonly move = (event: PointerEvent): void => {
    const scroller = this.#options.scroller();
    if (!this.#start || !scroller) return;
    const box = between(this.#start, this.#point(event, scroller));
    if (!this.box && Math.max(box.width, box.height) < slack) return;
    if (!this.box) scroller.setPointerCapture(event.pointerId);
    this.box = box;
    const bounds = scroller.getBoundingClientRect();
    if (event.clientY > bounds.bottom - edge) scroller.scrollTop += scrollStep;
    else if (event.clientY < bounds.top + edge) scroller.scrollTop -= scrollStep;
    this.#choose(box, scroller);
  };

  readonly end = (): void => {
    if (this.box) this.#endedAt = performance.now();
    this.#start = null;
    this.box = null;
  };

  #point(event: PointerEvent, scroller: HTMLElement): { x: number; y: number } {
    const bounds = scroller.getBoundingClientRect();
    return {
      x: event.clientX - bounds.left + scroller.scrollLeft,
      y: event.clientY - bounds.top + scroller.scrollTop,
    };
  }

  #choose(box: Rectangle, scroller: HTMLElement): void {
    const bounds = scroller.getBoundingClientRect();
    for (const item of scroller.querySelectorAll<HTMLElement>('[data-index]')) {
      const { left, top, width, height } = item.getBoundingClientRect();
      this.#band.see(this.#options.keyAt(Number(item.dataset['index'])), {
        left: left - bounds.left,
        top: top - bounds.top + scroller.scrollTop,
        width,
        height,
      });
    }
    this.#options.choose(this.#band.chosen(box));
  }
}
