export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Toast {
  readonly id: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly action: ToastAction | null;
}

/** Milliseconds a message stays; errors wait longer, and all wait while the pointer is on them. */
const lifetimes = { info: 6000, warning: 9000, error: 12_000 } as const;
/** More than this at once is noise. */
const shownAtMost = 3;

class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #lastId = 0;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(message: string, level: Toast['level'] = 'info', action: ToastAction | null = null): void {
    const toast: Toast = { id: ++this.#lastId, level, message, action };
    // Only the newest action can be undone in one step, and what went well needs no second look.
    for (const entry of this.list) if (entry.level === 'info') this.#forget(entry.id);
    const list = [...this.list.filter((entry) => entry.level !== 'info'), toast];
    for (const dropped of list.slice(0, -shownAtMost)) this.#forget(dropped.id);
    this.list = list.slice(-shownAtMost);
    this.resume(toast);
  }

  dismiss(id: number): void {
    this.#forget(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  hold(toast: Toast): void {
    this.#forget(toast.id);
  }

  resume(toast: Toast): void {
    this.#forget(toast.id);
    this.#timers.set(
      toast.id,
      setTimeout(() => this.dismiss(toast.id), lifetimes[toast.level]),
    );
  }

  #forget(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }
}

export const toasts = new Toasts();
