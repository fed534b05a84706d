/** A client picks any colour; text in it and on it stays readable (WCAG 2.2, 1.4.3: at least 4.5 : 1). */
export interface Palette {
  brand: string;
  /** Black or white: one of the two always has at least 4.58 : 1. */
  onBrand: '#000000' | '#ffffff';
  /** The brand colour, darkened until it reads on white. */
  brandOnWhite: string;
}

const fallback = '#1f4e79';
const readable = 4.5;

export function paletteOf(colour: string): Palette {
  const brand = /^#[0-9a-f]{6}$/i.test(colour) ? colour.toLowerCase() : fallback;
  const onBrand = contrast(brand, '#ffffff') >= contrast(brand, '#000000') ? '#ffffff' : '#000000';
  return { brand, onBrand, brandOnWhite: darkenFor('#ffffff', brand) };
}

/** Contrast ratio of two `#rrggbb` colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const a = luminance(one);
  const b = luminance(other);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function darkenFor(background: string, colour: string): string {
  let darkened = colour;
  for (let keep = 0.95; contrast(background, darkened) < readable && keep > 0; keep -= 0.05)
    darkened = toHex(channels(colour).map((channel) => channel * keep));
  return darkened;
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function toHex(parts: number[]): string {
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}
