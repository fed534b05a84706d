type Child = Node | string;

/** A new element. Text is only ever set as text: nothing a visitor or agent writes becomes markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A decorative drawing of one path in a 24 × 24 field. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const drawn = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  drawn.setAttribute('d', path);
  svg.append(drawn);
  return svg;
}

export const drawings = {
  chat: 'M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z',
  close: 'M5.7 4.3 12 10.6l6.3-6.3 1.4 1.4-6.3 6.3 6.3 6.3-1.4 1.4-6.3-6.3-6.3 6.3-1.4-1.4 6.3-6.3-6.3-6.3z',
  phone:
    'M5 3h5l2 5.500-3 2a12 12 0 0 0 5 5l2-3 5.500 2v5a1.500 1.500 0 0 1-1.500 1.500A17 17 0 0 1 3.500 4.500 1.500 1.500 0 0 1 5 3z',
  hangUp: 'M2 15c6-6.500 14-6.500 20 0l-2.500 3.500-5-2v-3a10 10 0 0 0-5 0v3l-5 2z',
  mic: 'M12 2a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V5a3 3 0 0 1 3-3zM5 11h2a5 5 0 0 0 10 0h2a7 7 0 0 1-6 6.900V22h-2v-4.100A7 7 0 0 1 5 11z',
  micOff:
    'M3 2 22 21l-1.400 1.400-4.500-4.500a7 7 0 0 1-3.100 1V22h-2v-3.100A7 7 0 0 1 5 12h2a5 5 0 0 0 7.600 4.300L12.400 14A3 3 0 0 1 9 11v-.600L1.600 3.400zM15 11V5a3 3 0 0 0-5.900-.700z',
  pad: 'M5 4h3v3H5zM10.500 4h3v3h-3zM16 4h3v3h-3zM5 10h3v3H5zM10.500 10h3v3h-3zM16 10h3v3h-3zM5 16h3v3H5zM10.500 16h3v3h-3zM16 16h3v3h-3z',
  send: 'M3 3.5 22 12 3 20.500l2.500-7L15 12 5.500 10.500z',
} as const;

/** Sets text only when it differs: a live region must not be told the same thing twice. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Text with its web addresses as links. */
export function withLinks(text: string): Child[] {
  return text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'])/g)
    .map((part, at) =>
      at % 2 === 0 ? part : el('a', { href: part, target: '_blank', rel: 'noopener noreferrer nofollow' }, part),
    );
}
