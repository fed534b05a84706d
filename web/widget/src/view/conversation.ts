import type { Entry } from '../thread.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { drawings, el, icon, setText, withLinks } from './dom.ts';

/** The chat itself: what was said, who is typing, and the line to write in. */
export function conversation(visit: Visit, t: Words) {
  const log = el('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': t('log'), tabindex: '0' });
  const status = el('p', { class: 'status', role: 'status' });
  const text = el('textarea', { rows: '2', maxlength: '5000', 'aria-label': t('compose'), placeholder: t('compose') });
  const send = el('button', { type: 'submit', class: 'primary', 'aria-label': t('send') }, icon(drawings.send));
  const compose = el('form', { class: 'compose' }, text, send);
  const anew = el('button', { type: 'button', class: 'primary' }, t('startAnew'));
  const ended = el('div', { class: 'ended' }, anew);
  const element = el('section', { class: 'conversation' }, log, status, compose, ended);
  const lines = new Map<string, { entry: Entry; line: HTMLDivElement }>();
  // On a low screen the whole section scrolls, otherwise the log.
  const scrollers = [log, element];
  let following = true;
  for (const scroller of scrollers) {
    scroller.addEventListener('scroll', () => {
      if (scroller.clientHeight > 0)
        following = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
    });
  }

  text.addEventListener('input', () => {
    visit.keep.write('draft', text.value);
    if (text.value !== '') visit.typing();
  });
  text.addEventListener('keydown', (event) => {
    // While a syllable is being composed (Japanese, accents), Enter belongs to the input method.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    compose.requestSubmit();
  });
  compose.addEventListener('submit', (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (words === '') return;
    text.value = '';
    following = true;
    visit.say(words);
    text.focus();
  });
  anew.addEventListener('click', () => visit.startAnew());

  return {
    element,
    focus: (): void => (ended.hidden ? text : anew).focus(),
    show(): void {
      showEntries(visit.thread.entries);
      const isEnded = visit.thread.state === 'ended';
      const hadFocus = isEnded && !compose.hidden && compose.matches(':focus-within');
      compose.hidden = isEnded;
      ended.hidden = !isEnded;
      if (hadFocus) anew.focus();
      setText(status, statusText());
      // Typed in another tab: shown here as long as nobody types here.
      if (!document.hasFocus() || text.value === '') text.value = visit.keep.read('draft') ?? '';
      if (following) for (const scroller of scrollers) scroller.scrollTop = scroller.scrollHeight;
    },
  };

  function statusText(): string {
    const { state, refusal, agentName } = visit.thread;
    if (state === 'ended') return t('ended');
    if (refusal === 'too-many-requests') return t('tooFast');
    if (visit.typingName !== null)
      return visit.typingName === '' ? t('typingNoName') : t('typing', { agent: visit.typingName });
    if (state === 'waiting') return visit.link === 'connecting' ? '' : t('waiting');
    return agentName === null || agentName === '' ? t('talkingNoName') : t('talking', { agent: agentName });
  }

  function showEntries(entries: readonly Entry[]): void {
    const shown = new Set<string>();
    let before: Element | null = null;
    for (const entry of entries) {
      // Notes for the agent ("the visitor ended the chat"); the visitor reads the state below in words meant for him.
      if (entry.author === 'system') continue;
      const id = entry.key === '' ? `at ${entry.position}` : entry.key;
      shown.add(id);
      const known = lines.get(id);
      const line = known?.line ?? el('div');
      if (known?.entry !== entry) fill(line, entry);
      lines.set(id, { entry, line });
      // Moved only when it is not in its place already: a moved line is read out again.
      const place: ChildNode | null = before === null ? log.firstChild : before.nextSibling;
      if (place !== line) log.insertBefore(line, place);
      before = line;
    }
    for (const [id, { line }] of lines) {
      if (shown.has(id)) continue;
      line.remove();
      lines.delete(id);
    }
  }

  function fill(line: HTMLDivElement, entry: Entry): void {
    line.className = `line ${entry.author} ${entry.status}`;
    const who = entry.author === 'customer' ? t('you') : entry.authorName || t('agent');
    const time = new Intl.DateTimeFormat(visit.language, { hour: '2-digit', minute: '2-digit' }).format(
      new Date(entry.at),
    );
    const footer = el('small', {}, el('time', { datetime: entry.at }, time));
    if (entry.author === 'customer') footer.append(' ', tick(entry));
    line.replaceChildren(
      el('span', { class: entry.author === 'customer' ? 'unseen' : 'who' }, who, el('span', { class: 'unseen' }, ': ')),
      el('span', { class: 'text' }, ...withLinks(entry.text)),
      footer,
    );
  }

  function tick(entry: Entry): HTMLElement {
    if (entry.status === 'kept')
      return el(
        'span',
        { class: 'tick' },
        el('span', { 'aria-hidden': 'true' }, '✓'),
        el('span', { class: 'unseen' }, t('kept')),
      );
    if (entry.status === 'sending') return el('span', { class: 'tick' }, t('sending'));
    return el('span', { class: 'tick' }, visit.thread.refusal === 'ended' ? t('notSentEnded') : t('notSent'));
  }
}
