// Short notes at the foot of the page. A note with undo stays longer; the newest replaces an older one of the same key.
export type Toast = { id: number; text: string; tone: 'plain' | 'danger'; undo?: () => void };

const STAY_MS = 5_000;
export const STAY_UNDO_MS = 10_000;

class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;

  show(text: string, options: { tone?: Toast['tone']; undo?: () => void } = {}) {
    const toast: Toast = { id: this.#next++, text, tone: options.tone ?? 'plain', undo: options.undo };
    this.list = [...this.list.slice(-2), toast];
    setTimeout(() => this.drop(toast.id), options.undo || toast.tone === 'danger' ? STAY_UNDO_MS : STAY_MS);
  }

  drop(id: number) {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Undoes the newest undoable change (Ctrl+Z outside a field). */
  undoLast(): boolean {
    const last = this.list.findLast((toast) => toast.undo);
    if (!last) return false;
    this.drop(last.id);
    last.undo?.();
    return true;
  }
}

export const toasts = new Toasts();
