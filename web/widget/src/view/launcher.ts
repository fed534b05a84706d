import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { drawings, el, icon } from './dom.ts';

/** The round button in the corner, with the number of unread messages. */
export function launcher(visit: Visit, open: () => void) {
  const drawing = icon(drawings.chat);
  const count = el('span', { class: 'count', 'aria-hidden': 'true' });
  const button = el(
    'button',
    { type: 'button', class: 'launcher', 'aria-haspopup': 'dialog', part: 'launcher' },
    drawing,
    count,
  );
  button.addEventListener('click', open);
  return {
    element: button,
    show(t: Words, inCall: boolean): void {
      const name = visit.settings?.name ?? '';
      const unread = visit.unread;
      const label = inCall
        ? t('launcherCall', { name })
        : name === ''
          ? t('launcherShort')
          : t(unread > 0 ? 'launcherUnread' : 'launcher', { name, count: unread });
      button.setAttribute('aria-label', label);
      button.classList.toggle('calling', inCall);
      drawing.firstElementChild?.setAttribute('d', inCall ? drawings.phone : drawings.chat);
      button.setAttribute('aria-expanded', String(visit.isOpen));
      button.hidden = visit.isOpen;
      count.hidden = unread === 0;
      count.textContent = unread > 9 ? '9+' : String(unread);
    },
  };
}
