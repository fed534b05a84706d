/** Text from outside made fit to be kept and shown. */

/** One line: no control characters, no line ends, no invisible direction marks. */
export function oneLine(text: string, limit: number): string {
  return shorten(
    text
      .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .replace(/[\u202A-\u202E\u2066-\u2069]/g, '')
      .replace(/\s{2,}/g, ' ')
      .trim(),
    limit,
  );
}

/** PostgreSQL keeps no NUL, and the other controls show as nothing or worse. */
export function manyLines(text: string, limit: number): string {
  return shorten(text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, ''), limit).trimEnd();
}

/** What a part calls itself, as a file can be called everywhere; RFC 2183 §5 warns of paths. */
export function fileName(given: string | null, fallback: string): string {
  const name = oneLine(given ?? '', 10_000)
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '');
  if (name === '') return fallback;
  if (name.length <= longestName) return name;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  return shorten(name, longestName - extension.length) + extension;
}

const longestName = 150;

/** A cut may fall within a pair of surrogates; half a character cannot be kept as JSON. */
function shorten(text: string, limit: number): string {
  return (text.length > limit ? text.slice(0, limit) : text).toWellFormed();
}
