import { el } from './dom.ts';

/** A field with its label, a hint, and what is wrong with it. */
export function field<K extends 'input' | 'textarea'>(
  tag: K,
  label: string,
  hint: string,
  attributes: Record<string, string>,
) {
  const id = `kernlijn-${label.replace(/\W/g, '')}`;
  const input = el(tag, { id, ...attributes });
  const complaint = el('span', { id: `${id}-wrong`, class: 'wrong' });
  const element = el(
    'div',
    { class: 'field' },
    el('label', { for: id }, label, ' ', el('span', { class: 'hint' }, hint)),
    input,
    complaint,
  );
  return {
    element,
    input,
    explain(words: string): void {
      input.before(el('span', { id: `${id}-why`, class: 'hint' }, words));
      input.setAttribute('aria-describedby', `${id}-why ${id}-wrong`);
    },
    complain(words: string): void {
      complaint.textContent = words;
      input.setAttribute('aria-invalid', String(words !== ''));
      if (!input.hasAttribute('aria-describedby')) input.setAttribute('aria-describedby', `${id}-wrong`);
    },
  };
}
