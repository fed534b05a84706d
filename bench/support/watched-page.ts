/** What a page of a bench saw and when, in ms since the epoch: the clock that page and bench share. */
import type { Page } from 'playwright-core';

/** Of one screen pop. */
export interface Seen {
  /** The offer came out of the socket. */
  pushedAt: number;
  /** The name stood in the document. */
  shownAt: number;
  /** The frame with it was painted. */
  paintedAt: number;
}

/** Every document of this page from now on can say when a name is painted. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(watching);
}

/** From now on the page looks for this name in `selector`; `seen` resolves when it was painted. */
export async function expectName(page: Page, selector: string, name: string): Promise<() => Promise<Seen>> {
  await page.evaluate(([where, what]) => Reflect.get(window, 'expectName')(where, what), [selector, name]);
  return () => page.evaluate(() => Reflect.get(window, 'seen'));
}

function watching(): void {
  let pushedAt = 0;
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      // Before any listener of the page.
      this.addEventListener('message', ({ data }) => {
        if (String(data).includes('"screenPop"')) pushedAt = Date.now();
      });
    }
  };
  const expectName = (selector: string, name: string) => {
    const seen = Promise.withResolvers<Seen>();
    const observer = new MutationObserver(() => {
      const found = [...document.querySelectorAll(selector)].some((each) => each.textContent.includes(name));
      if (!found) return;
      observer.disconnect();
      const shownAt = Date.now();
      requestAnimationFrame(() => {
        // The frame is painted right after its callbacks; the message is the first that is heard then.
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => seen.resolve({ pushedAt, shownAt, paintedAt: Date.now() }), {
          once: true,
        });
        port1.start();
        port2.postMessage('painted');
      });
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { seen: seen.promise });
  };
  Object.assign(window, { expectName });
}
