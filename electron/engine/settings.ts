import { Settings } from '../contract/entities.ts';
import { clusteringTuning } from '../core/tuning.ts';
import type { Store } from '../store/store.ts';

const defaults: Settings = {
  theme: 'system',
  provider: 'auto',
  processes: 0,
  gentle: false,
  sureness: clusteringTuning.sureness,
  learnByItself: false,
};

export function readSettings(store: Store): Settings {
  // A value that an older or newer version wrote differently falls back to its default.
  const stored = Settings.partial().safeParse(store.settings.get('settings') ?? {});
  return { ...defaults, ...(stored.success ? withoutUndefined(stored.data) : {}) };
}

export function writeSettings(store: Store, changes: Partial<Settings>): Settings {
  const settings = { ...readSettings(store), ...changes };
  store.settings.set('settings', settings);
  return settings;
}

/** Leaves out the keys whose value is undefined, as `exactOptionalPropertyTypes` asks. */
export function withoutUndefined<T extends object>(
  values: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
