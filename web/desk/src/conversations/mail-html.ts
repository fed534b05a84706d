/** Mail that was written by others, made ready for a frame in which nothing can run. The server has sanitised it already. */

export interface FrameOptions {
  /** Address of an attachment by its content id (RFC 2392). */
  inline: (contentId: string) => string | undefined;
  quotedLabel: string;
}

const quotes = 'blockquote, .gmail_quote, .yahoo_quoted, #appendonsend, #divRplyFwdMsg';

/** The server moved their addresses aside. */
export const hasRemoteImages = (html: string): boolean => /<img\b[^>]* data-remote-src="/.test(html);

/** The same mail with those images. A page from the server, for one made here is under the desk's own policy, which lets none in. */
export const addressWithImages = (messageId: string): string => `/api/messages/${messageId}/html?images=shown`;

export function frameDocument(html: string, { inline, quotedLabel }: FrameOptions): string {
  const mail = new DOMParser().parseFromString(html, 'text/html');
  for (const active of mail.querySelectorAll('script, iframe, object, embed, form, meta, link, base')) active.remove();
  for (const image of mail.querySelectorAll('img[src^="cid:" i]')) {
    const address = inline((image.getAttribute('src') ?? '').slice(4));
    if (address) image.setAttribute('src', address);
    else image.remove();
  }
  foldQuote(mail, quotedLabel);
  // The frame is of our own origin, so that its height can be read; scripts are refused twice: by the sandbox and here.
  const policy = `default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; font-src data:`;
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><base target="_blank"><style>${style}</style></head><body>${mail.body.innerHTML}</body></html>`;
}

const style = `body{margin:0;padding:2px 14px 12px;font:14px/1.5 system-ui,sans-serif;color:#17242a;background:#fff;overflow-wrap:anywhere}
img{max-width:100%;height:auto}table{max-width:100%}a{color:#0c6670}pre{white-space:pre-wrap}
summary{display:inline-block;margin:8px 0;padding:2px 8px;border:1px solid #dde3e6;border-radius:4px;color:#54646c;font-size:12px;cursor:pointer}
blockquote{margin:0 0 0 4px;padding-left:10px;border-left:2px solid #dde3e6;color:#54646c}`;

/** Only a quote at the end is folded: an answer between the lines needs the lines. */
export function foldQuote(mail: Document, label: string): void {
  const first = [...mail.querySelectorAll(quotes)].find((quote) => quote.parentElement?.closest(quotes) === null);
  if (!first || followedByWords(first)) return;
  const details = mail.createElement('details');
  const summary = mail.createElement('summary');
  summary.textContent = label;
  first.replaceWith(details);
  details.append(summary, first);
}

function followedByWords(element: Element): boolean {
  for (let at: Element | null = element; at && at.tagName !== 'BODY'; at = at.parentElement) {
    for (let next = at.nextSibling; next; next = next.nextSibling) {
      const quoted = next instanceof Element && next.matches(quotes);
      if (!quoted && (next.textContent ?? '').trim() !== '') return true;
    }
  }
  return false;
}
