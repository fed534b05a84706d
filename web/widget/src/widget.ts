/** Puts the chat on the page: one element with a shadow root, so that neither's styles reach the other. */
import { Calling } from './calling.ts';
import { paletteOf } from './colour.ts';
import { browserStorage, Keep, tabStorage } from './keep.ts';
import type { Tag } from './tag.ts';
import { launcher } from './view/launcher.ts';
import { panel } from './view/panel.ts';
import { Visit } from './visit.ts';
import { webCallsTo } from './web-calls.ts';
import { wordsIn, type Language, type Words } from './words.ts';
import css from './widget.css?inline';

const elementName = 'kernlijn-chat';

/** Returns what takes it off the page again, or null when this entrance is there already. */
export function mount(tag: Tag): (() => void) | null {
  if (
    [...document.querySelectorAll<HTMLElement>(elementName)].some((each) => each.dataset['entrance'] === tag.entrance)
  )
    return null;
  const closed = new AbortController();
  const host = document.createElement(elementName);
  host.dataset['entrance'] = tag.entrance;
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet()];

  let drawn: {
    language: Language;
    launcher: ReturnType<typeof launcher>;
    panel: ReturnType<typeof panel>;
    t: Words;
  } | null = null;
  const keep = new Keep(tag.entrance, browserStorage());
  const visit = new Visit(tag, keep, closed.signal, () => safely(show));
  // Of this tab only: another must not take the call, nor ask for the microphone.
  const calling = new Calling(
    {
      keep: new Keep(tag.entrance, tabStorage()),
      visitor: keep,
      calls: webCallsTo(tag.origin, tag.entrance),
      language: () => visit.language,
    },
    closed.signal,
    () => safely(show),
  );
  show();
  document.body.append(host);

  const options = { signal: closed.signal };
  addEventListener('online', () => safely(() => visit.tryNow()), options);
  addEventListener('pagehide', () => safely(() => visit.rest()), options);
  addEventListener('pageshow', () => safely(() => visit.wake()), options);
  document.addEventListener('visibilitychange', () => safely(whenSeen), options);

  return () => {
    closed.abort();
    host.remove();
  };

  function whenSeen(): void {
    if (document.hidden) return;
    visit.tryNow();
    show();
  }

  function show(): void {
    host.hidden = visit.nowhere || (visit.settings === null && !visit.unreachable);
    if (drawn?.language !== visit.language) drawn = draw();
    const palette = paletteOf(visit.settings?.colour ?? '');
    host.style.setProperty('--brand', palette.brand);
    host.style.setProperty('--on-brand', palette.onBrand);
    host.style.setProperty('--brand-on-white', palette.brandOnWhite);
    drawn.launcher.show(drawn.t, calling.inCall);
    drawn.panel.show();
  }

  function draw(): NonNullable<typeof drawn> {
    const { language } = visit;
    const t = wordsIn(language);
    host.lang = language;
    const parts = {
      language,
      t,
      launcher: launcher(visit, () => setOpen(true)),
      panel: panel(visit, calling, t, () => setOpen(false)),
    };
    root.replaceChildren(parts.launcher.element, parts.panel.element);
    return parts;
  }

  /** Opening moves the focus in, closing brings it back; opening by reload or from another tab moves nothing. */
  function setOpen(open: boolean): void {
    visit.setOpen(open);
    if (open) drawn?.panel.focus();
    else drawn?.launcher.element.focus();
  }
}

/** A constructed sheet works where the page's policy forbids inline styles. */
function sheet(): CSSStyleSheet {
  const constructed = new CSSStyleSheet();
  constructed.replaceSync(css);
  return constructed;
}

/** Nothing of ours may break the client's page. */
function safely(work: () => void): void {
  try {
    work();
  } catch (error) {
    console.warn('kernlijn chat', error);
  }
}
