/** Pixels a second from which nobody can tell who passes by. */
const flingSpeed = 3000;
/** Milliseconds after which a fling without further scrolling is over. */
const settleTime = 90;

/** Whether a grid is being scrolled so quickly that loading its pictures would only hold it up. */
class Fling {
  active = $state(false);
  #lastOffset = 0;
  #lastTime = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param offset of the grid's view, pixels; @param time of the event, milliseconds */
  scrolled(offset: number, time: number): void {
    const seconds = (time - this.#lastTime) / 1000;
    const speed = Math.abs(offset - this.#lastOffset) / seconds;
    // The first step after a rest tells nothing.
    const quick = seconds < 0.25 && speed >= flingSpeed;
    this.#lastOffset = offset;
    this.#lastTime = time;
    if (!quick) return;
    this.active = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.active = false), settleTime);
  }
}

export const fling = new Fling();
