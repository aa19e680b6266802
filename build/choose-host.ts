import { z } from 'zod';

export type Choice =
  | { readonly host: 'electron' }
  /** Why not Electron: a clause for "because …". */
  | { readonly host: 'browser'; readonly reason: string };

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Effective user id, or null where the platform has none. */
  readonly userId: number | null;
}

const Forced = z.enum(['browser', 'electron']).optional();

/**
 * Which host KITH_HOST asks for, or null where the choice is free. Throws a sentence where it asks
 * for one that does not exist.
 */
export function forcedHost(env: NodeJS.ProcessEnv): 'browser' | 'electron' | null {
  const parsed = Forced.safeParse(env['KITH_HOST'] || undefined);
  if (!parsed.success) throw new Error('KITH_HOST must be browser or electron.');
  return parsed.data ?? null;
}

/** Decides from the surroundings alone whether Electron is worth looking for. */
export function chooseHost({ env, platform, userId }: Surroundings): Choice {
  const forced = forcedHost(env);
  if (forced === 'electron') return { host: 'electron' };
  if (forced === 'browser') return { host: 'browser', reason: 'KITH_HOST asks for it' };
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) {
    return { host: 'browser', reason: 'this computer has no display' };
  }
  if (platform === 'linux' && userId === 0) {
    return { host: 'browser', reason: "Electron's sandbox does not work for the root user" };
  }
  return { host: 'electron' };
}
