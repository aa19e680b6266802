/** Where a grid stood when it was left. */
export interface Place {
  /** Pixels scrolled from the top. */
  readonly offset: number;
  readonly activeKey: string | null;
}

/** Remembered for the life of the page, so that coming back finds each grid as it was. */
export const places = new Map<string, Place>();
