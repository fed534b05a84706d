/**
 * A mail's text as a page of its own for a frame of the desk. A page inside the desk's document would be under the desk's
 * own policy, which lets no image of elsewhere in, also when the agent asks for it.
 */

/** Of the response: it holds whatever page the frame is put in. Scripts run nowhere; links open outside. */
export function messagePolicy(imagesShown: boolean): string {
  return [
    "default-src 'none'",
    `img-src 'self' data:${imagesShown ? ' https: http:' : ''}`,
    "style-src 'unsafe-inline'",
    "frame-ancestors 'self'",
    // The same origin, without scripts, only so that the cookie goes along for the mail's own images.
    'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
  ].join('; ');
}

/** @param html sanitised */
export function messagePage(html: string, imagesShown: boolean): string {
  const body = imagesShown
    ? html.replaceAll(/(<img\b[^>]*?) data-remote-src="/g, '$1 referrerpolicy="no-referrer" src="')
    : html;
  return `<!DOCTYPE html>\n<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>${look}</style></head><body>${body}</body></html>\n`;
}

const look =
  'body{margin:0;padding:2px 14px 12px;font:14px/1.5 system-ui,sans-serif;color:#1b1b1f;background:#fff;overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}blockquote{margin:0 0 0 .5em;padding-left:.75em;border-left:2px solid #ccc}';
