import { existsSync } from 'node:fs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium of this machine: the one named by KITH_CHROMIUM, or one in a usual place; else null. */
export function findChromium(): string | null {
  const named = process.env['KITH_CHROMIUM'];
  return [...(named === undefined ? [] : [named]), ...usual].find(existsSync) ?? null;
}
