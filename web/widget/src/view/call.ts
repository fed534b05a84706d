import type { Calling } from '../calling.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { drawings, el, icon, setText } from './dom.ts';
import { field } from './field.ts';

/** What is asked before one calls: none of it is required. */
export function callForm(visit: Visit, calling: Calling, t: Words) {
  const name = field('input', t('name'), t('optional'), { autocomplete: 'name', maxlength: '80' });
  const number = field('input', t('callNumber'), t('optional'), {
    type: 'tel',
    autocomplete: 'tel',
    maxlength: '30',
    inputmode: 'tel',
  });
  const question = field('textarea', t('question'), t('optional'), { rows: '3', maxlength: '500' });
  number.explain(t('callNumberWhy'));
  const intro = el('p', { class: 'intro' });
  const trouble = el('p', { class: 'trouble', role: 'alert' });
  const submit = el('button', { type: 'submit', class: 'primary' });
  const back = el('button', { type: 'button', class: 'plain wide' }, t('callChatInstead'));
  const form = el(
    'form',
    { novalidate: '' },
    intro,
    name.element,
    number.element,
    question.element,
    trouble,
    submit,
    back,
  );
  const kept = [
    { input: name.input, as: 'name' },
    { input: number.input, as: 'number' },
    { input: question.input, as: 'draft' },
  ];
  for (const { input, as } of kept) input.addEventListener('input', () => visit.keep.write(as, input.value));
  back.addEventListener('click', () => calling.close());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void calling.call({
      name: name.input.value.trim(),
      number: number.input.value.trim(),
      question: question.input.value.trim(),
    });
  });
  return {
    element: form,
    focus: (): void => (kept.find(({ input }) => input.value === '')?.input ?? submit).focus(),
    show(): void {
      for (const { input, as } of kept)
        if (!document.hasFocus() || input.value === '') input.value = visit.keep.read(as) ?? '';
      const asking = calling.stage === 'asking';
      intro.textContent = t(asking ? 'callAllow' : 'callIntro');
      submit.textContent = t(asking ? 'callAsking' : 'callStart');
      submit.setAttribute('aria-disabled', String(asking));
      setText(trouble, calling.trouble === null ? '' : t(calling.trouble));
    },
  };
}

const tones = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** The call itself: how it stands, and what can be done with it. */
export function callView(calling: Calling, t: Words) {
  const status = el('p', { class: 'call-status', role: 'status', tabindex: '-1' });
  const more = el('p', { class: 'call-more' });
  // Not in the live region: a clock that is read out every second is noise.
  const clock = el('p', { class: 'call-clock', 'aria-hidden': 'true' });
  const mute = el('button', { type: 'button', class: 'control' });
  const pad = el(
    'button',
    { type: 'button', class: 'control', 'aria-expanded': 'false' },
    icon(drawings.pad),
    t('callPad'),
  );
  const end = el('button', { type: 'button', class: 'control end' }, icon(drawings.hangUp), t('callEnd'));
  const keys = el(
    'div',
    { class: 'keys', role: 'group', 'aria-label': t('callPad') },
    ...tones.map((tone) => {
      const key = el('button', { type: 'button', 'aria-label': spoken(tone, t) }, tone);
      key.addEventListener('click', () => calling.press(tone));
      return key;
    }),
  );
  const controls = el('div', { class: 'controls', role: 'group', 'aria-label': t('callControls') }, mute, pad, end);
  const again = el('button', { type: 'button', class: 'primary' }, t('callAnew'));
  const back = el('button', { type: 'button', class: 'plain wide' }, t('callToChat'));
  const over = el('div', { class: 'received' }, again, back);
  const element = el(
    'section',
    { class: 'call', 'aria-label': t('callControls') },
    status,
    more,
    clock,
    controls,
    keys,
    over,
  );
  keys.hidden = true;
  mute.addEventListener('click', () => calling.mute());
  end.addEventListener('click', () => calling.hangUp());
  again.addEventListener('click', () => calling.open());
  back.addEventListener('click', () => calling.close());
  pad.addEventListener('click', () => {
    keys.hidden = !keys.hidden;
    pad.setAttribute('aria-expanded', String(!keys.hidden));
    if (!keys.hidden) keys.querySelector('button')?.focus();
  });
  keys.addEventListener('keydown', (event) => {
    if (tones.includes(event.key)) calling.press(event.key);
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    keys.hidden = true;
    pad.setAttribute('aria-expanded', 'false');
    pad.focus();
  });
  let wasShown = false;
  const ticking = setInterval(() => {
    wasShown ||= element.isConnected;
    if (wasShown && !element.isConnected) clearInterval(ticking);
    else showClock();
  }, 1_000);

  return {
    element,
    focus: (): void => (calling.stage === 'ended' ? again : mute).focus(),
    show(): void {
      const ended = calling.stage === 'ended';
      const hadFocus = ended && !controls.hidden && element.matches(':focus-within');
      setText(status, statusText());
      setText(more, moreText());
      controls.hidden = ended;
      if (ended) keys.hidden = true;
      over.hidden = !ended;
      mute.replaceChildren(
        icon(calling.muted ? drawings.micOff : drawings.mic),
        t(calling.muted ? 'callUnmute' : 'callMute'),
      );
      mute.setAttribute('aria-pressed', String(calling.muted));
      showClock();
      if (hadFocus) again.focus();
    },
  };

  function statusText(): string {
    switch (calling.stage) {
      case 'connecting':
        return t('callConnecting');
      case 'waiting':
        return t('callWaiting');
      case 'talking':
        return calling.agentName ? t('talking', { agent: calling.agentName }) : t('talkingNoName');
      case 'held':
        return t('callHeld');
      case 'again':
        return t('callAgain');
      default:
        return t('callOver');
    }
  }

  function moreText(): string {
    if (calling.trouble !== null) return t(calling.trouble);
    if (calling.stage === 'waiting' && calling.ahead !== null)
      return calling.ahead === 0 ? t('callNext') : t('callPlace', { count: calling.ahead });
    if (calling.muted) return t('callMutedHint');
    return calling.stage === 'waiting' ? '' : calling.stage === 'again' ? t('callAgainMore') : '';
  }

  function showClock(): void {
    const seconds = calling.answeredAt === null ? null : Math.floor((Date.now() - calling.answeredAt) / 1_000);
    clock.textContent = seconds === null ? '' : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  }
}

function spoken(tone: string, t: Words): string {
  return tone === '*' ? t('callStar') : tone === '#' ? t('callHash') : tone;
}
