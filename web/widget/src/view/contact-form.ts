import type { Contact, Visit } from '../visit.ts';
import type { WordKey, Words } from '../words.ts';
import { el, setText } from './dom.ts';
import { field } from './field.ts';

interface Kind {
  intro: WordKey;
  submit: WordKey;
  busy: WordKey;
  /** Who leaves a message must be reachable; who chats may stay anonymous. */
  mustBeReachable: boolean;
  send(contact: Contact): Promise<void>;
}

/** The form that starts a chat, or leaves a message when the chat is closed. All it holds is kept while typing. */
export function contactForm(visit: Visit, t: Words, kind: Kind) {
  const name = field('input', t('name'), kind.mustBeReachable ? '' : t('optional'), {
    autocomplete: 'name',
    maxlength: '80',
  });
  const email = field('input', t('email'), kind.mustBeReachable ? '' : t('optional'), {
    type: 'email',
    autocomplete: 'email',
    maxlength: '200',
    inputmode: 'email',
  });
  const text = field('textarea', t('question'), '', { rows: '4', maxlength: '5000' });
  if (!kind.mustBeReachable) email.explain(t('emailWhy'));
  const intro = el('p', { class: 'intro' }, t(kind.intro));
  const trouble = el('p', { class: 'trouble', role: 'alert' });
  const submit = el('button', { type: 'submit', class: 'primary' });
  const form = el('form', { novalidate: '' }, intro, name.element, email.element, text.element, trouble, submit);

  const kept = [
    { field: name, as: 'name' },
    { field: email, as: 'email' },
    { field: text, as: 'draft' },
  ];
  for (const {
    field: { input },
    as,
  } of kept)
    input.addEventListener('input', () => visit.keep.write(as, input.value));

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const contact = { name: name.input.value.trim(), email: email.input.value.trim(), text: text.input.value.trim() };
    name.complain(kind.mustBeReachable && contact.name === '' ? t('needName') : '');
    email.complain(emailComplaint(contact.email));
    text.complain(contact.text === '' ? t('needText') : '');
    const wrong = [name, email, text].find((each) => each.input.getAttribute('aria-invalid') === 'true');
    if (wrong === undefined) void kind.send(contact);
    else wrong.input.focus();
  });

  function emailComplaint(address: string): string {
    if (address === '') return kind.mustBeReachable ? t('needEmail') : '';
    return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(address) ? '' : t('wrongEmail');
  }

  return {
    element: form,
    focus: (): void => (kept.find((each) => each.field.input.value === '')?.field ?? text).input.focus(),
    show(): void {
      for (const {
        field: { input },
        as,
      } of kept)
        if (!document.hasFocus() || input.value === '') input.value = visit.keep.read(as) ?? '';
      submit.textContent = t(visit.busy ? kind.busy : kind.submit);
      // Not `disabled`: that would throw the focus away.
      submit.setAttribute('aria-disabled', String(visit.busy));
      setText(trouble, visit.trouble === null ? '' : t(visit.trouble));
      intro.textContent = [t(kind.intro), kind.mustBeReachable ? opensAt(visit, t) : '']
        .filter((part) => part !== '')
        .join(' ');
    },
  };
}

function opensAt(visit: Visit, t: Words): string {
  const opens = visit.settings?.opensAt;
  if (opens === null || opens === undefined) return '';
  const when = new Intl.DateTimeFormat(visit.language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
  return t('opensAt', { when: when.format(new Date(opens)) });
}
