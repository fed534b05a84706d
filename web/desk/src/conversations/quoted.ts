/** Where the writer's own words end and the quoted mail begins. */

const heads = [
  /^\s*(op|on|am|le)\b.{6,200}\b(schreef|wrote|schrieb|a écrit)\b.{0,120}:\s*$/i,
  /^\s*-{2,}\s*(oorspronkelijk bericht|original message|doorgestuurd bericht|forwarded message|ursprüngliche nachricht)\s*-{2,}/i,
  /^\s*(van|from|von):\s.+@.+/i,
];

export interface Folded {
  own: string;
  quoted: string;
}

export function foldQuoted(text: string): Folded {
  const lines = text.split('\n');
  const at = lines.findIndex((line, index) => startsQuote(line, lines, index));
  // Nothing but a quote, or no quote at all: show it as it is.
  if (at < 1 || lines.slice(0, at).join('').trim() === '') return { own: text, quoted: '' };
  return { own: lines.slice(0, at).join('\n').trimEnd(), quoted: lines.slice(at).join('\n') };
}

function startsQuote(line: string, lines: readonly string[], index: number): boolean {
  if (heads.some((head) => head.test(line))) return true;
  // A single ">" may be a remark; a block to the end is a quote.
  return line.startsWith('>') && lines.slice(index).every((rest) => rest.startsWith('>') || rest.trim() === '');
}
