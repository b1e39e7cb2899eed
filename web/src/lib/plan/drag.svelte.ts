// Dragging posts by mouse or finger. The browser's own drag and drop knows no touch, so pointer events carry it: a mouse drags after a few pixels, a finger
// after a long press (before that it scrolls). What can take a drop has `data-drop`; Alt or Ctrl while dropping copies; Esc lets go.
const START_PX = 5;
const LONG_PRESS_MS = 380;
const EDGE_PX = 56;
const SCROLL_PX = 14;

type Dropped = (ids: string[], grabbed: string, target: string, isCopy: boolean) => void;

export class Drag {
  ids = $state.raw<string[]>([]);
  over = $state('');
  isCopy = $state(false);
  x = $state(0);
  y = $state(0);
  #grabbed = '';
  #from = { x: 0, y: 0, pointer: 0 };
  #timer = 0;
  #stop = new AbortController();

  /** `with`: which posts go along with the one that is grabbed. */
  constructor(private readonly idsWith: (id: string) => string[], private readonly dropped: Dropped) {}

  get isOn() {
    return this.ids.length > 0;
  }

  /** For `onpointerdown` of what holds the posts. */
  press = (event: PointerEvent) => {
    const post = (event.target as Element).closest<HTMLElement>('[data-post][data-movable]');
    if (!post || event.button !== 0 || this.#grabbed) return;
    this.#grabbed = post.dataset.post!;
    this.#from = { x: event.clientX, y: event.clientY, pointer: event.pointerId };
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const isTouch = event.pointerType === 'touch';
    if (isTouch) this.#timer = window.setTimeout(() => this.#begin(event.clientX, event.clientY), LONG_PRESS_MS);
    window.addEventListener('pointermove', (move) => this.#move(move, isTouch), { signal });
    window.addEventListener('pointerup', (up) => this.#end(up), { signal });
    window.addEventListener('pointercancel', () => this.cancel(), { signal });
    window.addEventListener('keydown', (key) => this.#key(key), { signal, capture: true });
    window.addEventListener('keyup', (key) => this.#key(key), { signal, capture: true });
    // Scrolling and the long press's menu are the finger's until the drag begins.
    window.addEventListener('touchmove', (touch) => { if (this.isOn) touch.preventDefault(); }, { signal, passive: false });
    window.addEventListener('contextmenu', (menu) => { if (isTouch) menu.preventDefault(); }, { signal });
  };

  #begin(x: number, y: number) {
    this.ids = this.idsWith(this.#grabbed);
    document.documentElement.classList.add('dragging');
    getSelection()?.removeAllRanges();
    this.#look(x, y);
  }

  #move(event: PointerEvent, isTouch: boolean) {
    if (event.pointerId !== this.#from.pointer) return;
    const far = Math.hypot(event.clientX - this.#from.x, event.clientY - this.#from.y) > START_PX;
    if (!this.isOn && far && isTouch) return this.cancel();
    if (!this.isOn && far) this.#begin(event.clientX, event.clientY);
    if (!this.isOn) return;
    this.isCopy = event.altKey || event.ctrlKey || event.metaKey;
    this.#look(event.clientX, event.clientY);
    if (event.clientY < EDGE_PX) scrollBy(0, -SCROLL_PX);
    else if (event.clientY > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
  }

  #look(x: number, y: number) {
    this.x = x;
    this.y = y;
    this.over = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-drop]')?.dataset.drop ?? '';
  }

  #key(event: KeyboardEvent) {
    this.isCopy = event.altKey || event.ctrlKey || event.metaKey;
    if (event.type !== 'keydown' || event.key !== 'Escape' || !this.isOn) return;
    event.preventDefault();
    event.stopPropagation();
    this.cancel();
  }

  #end(event: PointerEvent) {
    const { ids, over, isCopy } = this;
    const grabbed = this.#grabbed;
    const wasOn = this.isOn;
    this.isCopy = isCopy || event.altKey || event.ctrlKey || event.metaKey;
    const copies = this.isCopy;
    this.cancel();
    if (!wasOn) return;
    // The press ends in a click on the link it began on.
    window.addEventListener('click', (click) => { click.preventDefault(); click.stopPropagation(); }, { capture: true, once: true, signal: AbortSignal.timeout(50) });
    if (over) this.dropped(ids, grabbed, over, copies);
  }

  cancel() {
    clearTimeout(this.#timer);
    this.#stop.abort();
    this.#grabbed = '';
    this.ids = [];
    this.over = '';
    this.isCopy = false;
    document.documentElement.classList.remove('dragging');
  }
}
