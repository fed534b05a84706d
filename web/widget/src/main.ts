import { readTag } from './tag.ts';
import { mount } from './widget.ts';

const script =
  document.currentScript instanceof HTMLScriptElement
    ? document.currentScript
    : document.querySelector<HTMLScriptElement>('script[data-entrance][src*="widget.js"]');
try {
  const tag = readTag(script);
  if (tag === null) console.warn('kernlijn chat: the script tag has no data-entrance');
  else if (document.body !== null) mount(tag);
  else addEventListener('DOMContentLoaded', () => mount(tag), { once: true });
} catch (error) {
  // The page is the client's: it goes on without us.
  console.warn('kernlijn chat', error);
}
