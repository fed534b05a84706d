import type { Calling } from '../calling.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { callForm, callView } from './call.ts';
import { contactForm } from './contact-form.ts';
import { conversation } from './conversation.ts';
import { drawings, el, icon, setText } from './dom.ts';

type ScreenName = 'call-form' | 'call' | 'loading' | 'start' | 'offline' | 'received' | 'conversation';
interface Screen {
  element: HTMLElement;
  focus(): void;
  show(): void;
}

/** The dialog. It leaves the page usable beside it; on a small screen it covers the page and keeps the focus. */
export function panel(visit: Visit, calling: Calling, t: Words, close: () => void) {
  const title = el('h2', { id: 'kernlijn-title' });
  const subtitle = el('p', { class: 'subtitle' });
  const end = el('button', { type: 'button', class: 'quiet' });
  const phone = el('button', { type: 'button', class: 'quiet' }, icon(drawings.phone), el('span', {}, t('callUs')));
  const shut = el('button', { type: 'button', class: 'quiet', 'aria-label': t('close') }, icon(drawings.close));
  const notice = el('div', { class: 'notice', role: 'status' });
  const retry = el('button', { type: 'button', class: 'plain' }, t('tryNow'));
  const stage = el('div', { class: 'stage' });
  const element = el(
    'div',
    { class: 'panel', role: 'dialog', 'aria-labelledby': 'kernlijn-title', tabindex: '-1', part: 'panel' },
    el('div', { class: 'head' }, el('div', {}, title, subtitle), phone, end, shut),
    el('div', { class: 'notices' }, notice, retry),
    stage,
  );
  const small = matchMedia('(max-width: 30em), (max-height: 27em)');
  let now: { name: ScreenName; screen: Screen } | null = null;
  let sureToEnd = false;

  shut.addEventListener('click', close);
  phone.addEventListener('click', () => calling.open());
  retry.addEventListener('click', () => visit.tryNow());
  end.addEventListener('click', () => {
    if (sureToEnd) visit.leave();
    sureToEnd = !sureToEnd;
    showEnd();
  });
  end.addEventListener('blur', () => {
    sureToEnd = false;
    showEnd();
  });
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab' && small.matches) keepFocus(event);
    // Shortcuts of the page must not fire on what is typed here.
    else event.stopPropagation();
  });

  return {
    element,
    focus: (): void => now?.screen.focus(),
    show(): void {
      element.hidden = !visit.isOpen;
      element.setAttribute('aria-modal', String(small.matches));
      setText(title, visit.settings?.name ?? t('launcherShort'));
      setText(subtitle, subtitleText());
      // Where one can call, and does not already.
      phone.hidden = calling.door?.open !== true || calling.stage !== 'none';
      showEnd();
      const lost = visit.inChat ? visit.link === 'lost' && visit.thread.state !== 'ended' : visit.unreachable;
      setText(notice, lost ? t(visit.inChat ? 'lost' : 'unreachable') : '');
      retry.hidden = !lost;
      showScreen();
      if (visit.isOpen && !document.hidden) visit.markRead();
    },
  };

  function showScreen(): void {
    const name = screenFor(visit, calling);
    if (now?.name !== name) {
      const hadFocus = element.matches(':focus-within');
      now = { name, screen: screenOf(name) };
      now.screen.show();
      stage.replaceChildren(now.screen.element);
      if (hadFocus) now.screen.focus();
    }
    now.screen.show();
  }

  function screenOf(name: ScreenName): Screen {
    switch (name) {
      case 'call-form':
        return callForm(visit, calling, t);
      case 'call':
        return callView(calling, t);
      case 'conversation':
        return conversation(visit, t);
      case 'start':
        return contactForm(visit, t, {
          intro: 'intro',
          submit: 'startChat',
          busy: 'starting',
          mustBeReachable: false,
          send: (contact) => visit.start(contact),
        });
      case 'offline':
        return contactForm(visit, t, {
          intro: 'offlineIntro',
          submit: 'leaveMessage',
          busy: 'sendingMessage',
          mustBeReachable: true,
          send: (contact) => visit.leaveMessage(contact),
        });
      case 'received':
        return received();
      case 'loading': {
        const words = el('p', { class: 'intro' }, t('loading'));
        return { element: words, focus: () => element.focus(), show: () => (words.hidden = visit.unreachable) };
      }
    }
  }

  function received(): Screen {
    const another = el('button', { type: 'button', class: 'primary' }, t('anotherMessage'));
    another.addEventListener('click', () => visit.writeAnother());
    const confirmation = el(
      'p',
      { class: 'intro', role: 'status', tabindex: '-1' },
      t('received'),
      ' ',
      t('receivedMore', { email: visit.receivedFor ?? '' }),
    );
    return {
      element: el('div', { class: 'received' }, confirmation, another),
      focus: () => confirmation.focus(),
      show: () => undefined,
    };
  }

  function subtitleText(): string {
    if (calling.stage !== 'none') return t('callShort');
    if (!visit.inChat) return visit.settingsKnown && visit.settings?.open === false ? t('closedShort') : '';
    const { state, agentName } = visit.thread;
    if (state === 'ended') return t('endedShort');
    if (state === 'waiting') return visit.link === 'connected' ? t('waitingShort') : '';
    return agentName ?? '';
  }

  function showEnd(): void {
    end.hidden = calling.stage !== 'none' || !visit.inChat || visit.thread.state === 'ended';
    setText(end, t(sureToEnd ? 'endChatSure' : 'endChat'));
  }

  function keepFocus(event: KeyboardEvent): void {
    const stops = [...element.querySelectorAll<HTMLElement>('button, input, textarea, a[href], [tabindex="0"]')].filter(
      (stop) => stop.offsetParent !== null,
    );
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    const next = event.shiftKey ? stops.at(-1) : stops[0];
    if (edge === undefined || !edge.matches(':focus')) return;
    event.preventDefault();
    next?.focus();
  }
}

function screenFor(visit: Visit, { stage }: Calling): ScreenName {
  if (stage === 'form' || stage === 'asking') return 'call-form';
  if (stage !== 'none') return 'call';
  if (visit.inChat) return 'conversation';
  if (visit.receivedFor !== null) return 'received';
  if (visit.settings === null || !visit.settingsKnown) return 'loading';
  return visit.settings.open ? 'start' : 'offline';
}
