/** What the script tag on the client's page says. */
import { isLanguage, type Language } from './words.ts';

export interface Tag {
  entrance: string;
  /** Where the widget came from is where its server is. */
  origin: string;
  /** When the page says it; otherwise the client's own setting. */
  language: Language | null;
}

export function readTag(script: HTMLScriptElement | null): Tag | null {
  const entrance = script?.dataset['entrance'];
  if (script === null || entrance === undefined || entrance === '') return null;
  const language = script.dataset['language'];
  return { entrance, origin: new URL(script.src).origin, language: isLanguage(language) ? language : null };
}

/** `https:` becomes `wss:`, `http:` becomes `ws:`. */
export function socketUrl(tag: Tag): string {
  return `${tag.origin.replace(/^http/, 'ws')}/api/chat/socket`;
}

/** `crypto.randomUUID` exists only on https pages; shops on http have visitors too. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40; // RFC 9562 §5.4: version 4
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80; // and its variant
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Without the query: that may carry what is nobody's business. */
export function currentPage(): string {
  return `${location.origin}${location.pathname}`.slice(0, 500);
}
