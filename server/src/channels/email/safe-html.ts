/**
 * HTML of strangers made harmless: an allow-list of tags, attributes and style properties; nothing that runs, submits,
 * frames, floats over our pages or calls home. The desk shows the result in a sandboxed frame: this is the first wall.
 */
import sanitize from 'sanitize-html';
import { partAddress } from './mail.ts';

/** @param parts Content-IDs in the order of the mail's parts; null for a part without one */
export function safeHtml(html: string, parts: readonly (string | null)[] = []): string {
  const attachmentOf = new Map<string, number>();
  parts.forEach((contentId, index) => contentId !== null && attachmentOf.set(contentId.toLowerCase(), index));
  return sanitize(html, {
    ...allowed,
    transformTags: {
      a: (tagName, { href = '', title }) => ({ tagName, attribs: { ...optional('title', title), ...link(href) } }),
      img: (tagName, { src = '', alt, width, height, title, style }) => ({
        tagName,
        attribs: {
          ...optional('alt', alt),
          ...optional('width', width),
          ...optional('height', height),
          ...optional('title', title),
          ...optional('style', style),
          ...image(src, attachmentOf),
        },
      }),
    },
  });
}

/** Which Content-IDs the HTML shows. */
export function shownContentIds(html: string): Set<string> {
  const found = new Set<string>();
  for (const [, id] of html.matchAll(/\bcid:([^"'\s>)]{1,500})/gi))
    if (id !== undefined) found.add(decoded(id).toLowerCase());
  return found;
}

/** For mails that come as HTML alone. */
export function plainText(html: string): string {
  const broken = html
    .replace(/\s+/g, ' ')
    .replace(/<(br|hr|\/(?:p|div|tr|li|h[1-6]|blockquote|table|ul|ol|pre))\b[^>]*>/gi, '$&\n');
  const text = sanitize(broken, { allowedTags: [], allowedAttributes: {}, nonTextTags });
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/[ \t\u00A0]*\n[ \t\u00A0]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function link(href: string): sanitize.Attributes {
  const target = URL.canParse(href.trim()) ? new URL(href.trim()) : null; // a relative one would point into our own pages
  if (target === null || !['http:', 'https:', 'mailto:', 'tel:'].includes(target.protocol)) return {};
  return { href: target.href, target: '_blank', rel: 'noopener noreferrer' };
}

function image(src: string, attachmentOf: Map<string, number>): sanitize.Attributes {
  const address = src.trim();
  if (/^cid:/i.test(address)) {
    const part = attachmentOf.get(decoded(address.slice(4)).toLowerCase());
    return part === undefined ? {} : { src: partAddress(part) };
  }
  if (/^data:image\/(png|jpeg|jpg|gif|webp);base64,[A-Za-z0-9+/=\s]+$/i.test(address)) return { src: address };
  // Loading it tells the sender that, when and where the mail is read: only when the agent asks.
  if (/^https?:\/\//i.test(address) && URL.canParse(address)) return { 'data-remote-src': new URL(address).href };
  return {};
}

/** RFC 2392 §2: a Content-ID stands percent-encoded in a cid URL. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

const optional = (name: string, value: string | undefined): sanitize.Attributes =>
  value === undefined ? {} : { [name]: value };

const nonTextTags = [
  'script',
  'style',
  'textarea',
  'option',
  'noscript',
  'title',
  'template',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
];

const size = [/^\d{1,5}(\.\d{1,4})?(px|pt|em|rem|ex|%|in|cm|mm)?$/, /^auto$/];
const sizes = [/^(\d{1,5}(\.\d{1,4})?(px|pt|em|rem|%)?|auto)(\s+(\d{1,5}(\.\d{1,4})?(px|pt|em|rem|%)?|auto)){0,3}$/];
const colour = [/^#[0-9a-f]{3,8}$/i, /^[a-z]{3,30}$/i, /^(rgb|hsl)a?\([\d\s.,%/]{1,40}\)$/i];
const words = [/^[a-z -]{1,60}$/i];
const border = [/^[a-z0-9#.,%\s-]{1,80}$/i, /^[a-z0-9#.\s]{0,40}(rgb|hsl)a?\([\d\s.,%/]{1,40}\)$/i];

const allowed: sanitize.IOptions = {
  allowedTags: [
    'a',
    'abbr',
    'address',
    'b',
    'bdi',
    'bdo',
    'big',
    'blockquote',
    'br',
    'caption',
    'center',
    'cite',
    'code',
    'col',
    'colgroup',
    'dd',
    'del',
    'dfn',
    'div',
    'dl',
    'dt',
    'em',
    'figcaption',
    'figure',
    'font',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'hr',
    'i',
    'img',
    'ins',
    'kbd',
    'li',
    'mark',
    'ol',
    'p',
    'pre',
    'q',
    's',
    'samp',
    'small',
    'span',
    'strike',
    'strong',
    'sub',
    'sup',
    'table',
    'tbody',
    'td',
    'tfoot',
    'th',
    'thead',
    'tr',
    'tt',
    'u',
    'ul',
    'var',
    'wbr',
  ],
  // No id, class or name: what the text calls itself must not be taken for something of ours.
  allowedAttributes: {
    '*': ['dir', 'lang', 'title', 'align', 'valign', 'style'],
    a: ['href', 'target', 'rel'],
    img: ['src', 'data-remote-src', 'alt', 'width', 'height'],
    font: ['color', 'face', 'size'],
    table: ['width', 'height', 'bgcolor', 'border', 'cellpadding', 'cellspacing'],
    tr: ['bgcolor'],
    td: ['width', 'height', 'bgcolor', 'colspan', 'rowspan'],
    th: ['width', 'height', 'bgcolor', 'colspan', 'rowspan', 'scope'],
    col: ['width', 'span'],
    colgroup: ['width', 'span'],
    ol: ['start', 'type'],
    ul: ['type'],
    li: ['value'],
  },
  // No position, no url(), no content, nothing negative.
  allowedStyles: {
    '*': {
      color: colour,
      'background-color': colour,
      'font-family': [/^[\w\s,'"-]{1,200}$/],
      'font-size': [...size, ...words],
      'font-style': words,
      'font-weight': [/^([a-z]{4,8}|\d{3})$/],
      'line-height': [/^(\d{1,3}(\.\d{1,4})?(px|pt|em|%)?|normal)$/],
      'letter-spacing': size,
      'text-align': words,
      'text-decoration': words,
      'text-indent': size,
      'text-transform': words,
      'vertical-align': [...size, ...words],
      'white-space': words,
      direction: words,
      display: [/^(block|inline|inline-block|none|table|table-row|table-cell|list-item)$/],
      'list-style-type': words,
      width: size,
      'max-width': size,
      'min-width': size,
      height: size,
      padding: sizes,
      'padding-top': size,
      'padding-right': size,
      'padding-bottom': size,
      'padding-left': size,
      margin: sizes,
      'margin-top': size,
      'margin-right': size,
      'margin-bottom': size,
      'margin-left': size,
      border,
      'border-top': border,
      'border-right': border,
      'border-bottom': border,
      'border-left': border,
      'border-color': border,
      'border-style': words,
      'border-width': sizes,
      'border-radius': sizes,
      'border-collapse': words,
      'border-spacing': sizes,
    },
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['data'] },
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  nestingLimit: 100,
  nonTextTags,
};
