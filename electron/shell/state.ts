import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Rectangle } from 'electron';
import { z } from 'zod';

const WindowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
});
/** Where the window was, in device-independent pixels of the whole desktop, when not maximized. */
export type WindowState = z.infer<typeof WindowState>;

export const smallestWindow = { width: 480, height: 400 } as const;
const firstWindow = { width: 1240, height: 820 } as const;

/** The state that was saved last, or null where there is none that can be read. */
export function readWindowState(file: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Saves the state; a disk that refuses costs the user the window's place and nothing else. */
export function saveWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(state));
  } catch {
    // The next start uses the state before this one.
  }
}

/**
 * Bounds that lie wholly on the display they overlap most, made smaller where that display is;
 * centred on the first display where they overlap none, or where nothing was saved.
 * `workAreas` are the displays without task bars, the primary one first, at least one.
 */
export function fitToDisplays(
  state: Rectangle | null,
  workAreas: readonly [Rectangle, ...Rectangle[]],
): Rectangle {
  const overlaps = state ? workAreas.map((area) => overlap(state, area)) : [];
  const most = Math.max(0, ...overlaps);
  const area = (most > 0 ? workAreas[overlaps.indexOf(most)] : undefined) ?? workAreas[0];
  const wanted = state ?? firstWindow;
  const width = Math.min(Math.max(wanted.width, smallestWindow.width), area.width);
  const height = Math.min(Math.max(wanted.height, smallestWindow.height), area.height);
  if (!state || most === 0) {
    return {
      x: area.x + Math.round((area.width - width) / 2),
      y: area.y + Math.round((area.height - height) / 2),
      width,
      height,
    };
  }
  return {
    x: Math.min(Math.max(state.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(state.y, area.y), area.y + area.height - height),
    width,
    height,
  };
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}
