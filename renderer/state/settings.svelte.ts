import { api, errorText } from '../api.ts';
import type { ProviderOutcome, Settings } from '../../electron/contract/entities.ts';
import { toasts } from './toasts.svelte.ts';

const themeKey = 'kith.theme';

function applyTheme(theme: Settings['theme']): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Shows the theme of last time before the engine answers, so that nothing flashes. */
export function applyRememberedTheme(): void {
  const theme = localStorage.getItem(themeKey);
  if (theme === 'light' || theme === 'dark') applyTheme(theme);
}

class SettingsState {
  current = $state.raw<Settings | null>(null);
  providers = $state.raw<readonly ProviderOutcome[]>([]);

  async load(): Promise<void> {
    try {
      this.#show(await api.call('settings.get', {}));
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }

  async loadProviders(): Promise<void> {
    try {
      this.providers = await api.call('settings.providers', {});
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }

  async set(change: Partial<Settings>): Promise<void> {
    try {
      this.#show(await api.call('settings.set', change));
      if (change.provider !== undefined) await this.loadProviders();
    } catch (error) {
      toasts.show(errorText(error), 'error');
    }
  }

  #show(settings: Settings): void {
    this.current = settings;
    applyTheme(settings.theme);
    localStorage.setItem(themeKey, settings.theme);
  }
}

export const settings = new SettingsState();
