/** What a page of a bench saw and when, in ms since the epoch: the clock that page and bench share. */
import type { Page } from 'playwright-core';

/** Of one screen pop. */
export interface Seen {
  /** The offer came out of the socket. */
  pushedAt: number;
  /** The whole dossier stood in the document. */
  shownAt: number;
  /** The frame with it was painted. */
  paintedAt: number;
}

/** What makes a dossier complete: who it is, what is open, and what went before. */
export interface Expected {
  /** In the heading of the column of the customer. */
  name: string;
  /** Elsewhere in it, each of them. */
  words: readonly string[];
  /** Lines of the timeline. */
  lines: number;
}

/** Every document of this page from now on can say when a dossier is painted. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(watching);
}

/**
 * From now on the page looks for this dossier; `seen` resolves when it was painted.
 * @throws when what was painted first lacks what fits on the screen of it
 */
export async function expectDossier(page: Page, expected: Expected): Promise<() => Promise<Seen>> {
  await page.evaluate((what) => Reflect.get(window, 'expectDossier')(what), expected);
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
  const column = '[data-column=customer]';
  const isThere = ({ name, words, lines }: Expected): boolean => {
    if (document.querySelector(`${column} h2`)?.textContent.includes(name) !== true) return false;
    const text = document.querySelector(column)?.textContent ?? '';
    return document.querySelectorAll(`${column} ol > li`).length >= lines && words.every((word) => text.includes(word));
  };
  /** That it was not only in the document: looked at when the clock has been read. */
  const inSight = (): number =>
    [...document.querySelectorAll(`${column} ol > li`)].filter(
      (line) =>
        line.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true }) &&
        line.getBoundingClientRect().top < innerHeight,
    ).length;
  const expectDossier = (expected: Expected) => {
    const seen = Promise.withResolvers<Seen>();
    const observer = new MutationObserver(() => {
      if (!isThere(expected)) return;
      observer.disconnect();
      const shownAt = Date.now();
      requestAnimationFrame(() => {
        // The frame is painted right after its callbacks; the message is the first that is heard then.
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener(
          'message',
          () => {
            const paintedAt = Date.now();
            if (inSight() < Math.min(expected.lines, 4)) seen.reject(new Error('the timeline is not in sight'));
            else seen.resolve({ pushedAt, shownAt, paintedAt });
          },
          { once: true },
        );
        port1.start();
        port2.postMessage('painted');
      });
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { seen: seen.promise });
  };
  Object.assign(window, { expectDossier });
}
