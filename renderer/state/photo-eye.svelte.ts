import type { Box } from '../logic/draw.ts';
import { fitted, place, reveal, settle, zoomAt, type View } from '../logic/zoom.ts';

/** One press of a zoom key, and a double click. */
const step = 1.35;
const leap = 2.5;

interface Sized {
  readonly width: number;
  readonly height: number;
}

/** Which part of a photo is in sight: zoomed by keys, wheel and double click, moved by dragging. */
export class PhotoEye {
  /** Of the stage, pixels. */
  width = $state(0);
  height = $state(0);
  dragging = $state(false);
  #view = $state.raw<View>(fitted);
  readonly #photo: () => Sized | null;
  readonly #stage: () => HTMLElement | undefined;
  readonly #area = $derived({ width: this.width, height: this.height });
  /** Where the picture lies on the stage; null before both are known. */
  readonly placement = $derived.by(() => {
    const photo = this.#photo();
    return photo && this.width > 0 ? place(photo, this.#area, this.#view) : null;
  });
  readonly zoomed = $derived(this.#view.zoom > 1);

  constructor(photo: () => Sized | null, stage: () => HTMLElement | undefined) {
    this.#photo = photo;
    this.#stage = stage;
  }

  closer(): void {
    this.#zoom(step);
  }

  farther(): void {
    this.#zoom(1 / step);
  }

  fit(): void {
    this.#view = fitted;
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    this.#zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.012 : 0.002)), event);
  }

  /** All of the photo, or a closer look at a place. */
  turn(event: MouseEvent): void {
    if (this.zoomed) this.fit();
    else this.#zoom(leap, event);
  }

  grab(event: PointerEvent): void {
    this.dragging = this.zoomed;
    if (this.dragging) this.#stage()?.setPointerCapture(event.pointerId);
  }

  drag(event: PointerEvent): void {
    const photo = this.#photo();
    if (!this.dragging || !photo) return;
    const { zoom, offsetX, offsetY } = this.#view;
    this.#view = settle(photo, this.#area, {
      zoom,
      offsetX: offsetX + event.movementX,
      offsetY: offsetY + event.movementY,
    });
  }

  release(): void {
    this.dragging = false;
  }

  reveal(box: Box): void {
    const photo = this.#photo();
    if (photo) this.#view = reveal(box, photo, this.#area, this.#view);
  }

  /** @param at where the pointer is; the middle if left out */
  #zoom(factor: number, at?: MouseEvent): void {
    const photo = this.#photo();
    const bounds = this.#stage()?.getBoundingClientRect();
    if (!photo || !bounds) return;
    const place = at
      ? { x: at.clientX - bounds.left, y: at.clientY - bounds.top }
      : { x: this.width / 2, y: this.height / 2 };
    this.#view = zoomAt(photo, this.#area, this.#view, factor, place);
  }
}
