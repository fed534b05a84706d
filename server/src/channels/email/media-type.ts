/** What files are, and which of them may be shown or sent. */

const extensions: Record<string, string> = {
  avif: 'image/avif',
  bmp: 'image/bmp',
  gif: 'image/gif',
  heic: 'image/heic',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  webp: 'image/webp',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
  ics: 'text/calendar',
  vcf: 'text/vcard',
  rtf: 'application/rtf',
  eml: 'message/rfc822',
  zip: 'application/zip',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
};
const ofType = new Map(Object.entries(extensions).map(([extension, type]) => [type, extension]));

/** A browser draws these without running anything. */
const drawn = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

/** As a mail declares it; what is no media type is just bytes. */
export function mediaTypeOf(declared: string): string {
  const type = declared.trim().toLowerCase();
  return /^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,100}$/.test(type) ? type : 'application/octet-stream';
}

/** For a part that has no name. */
export function nameFor(mediaType: string, number: number): string {
  if (mediaType === 'application/ms-tnef') return 'winmail.dat';
  return `${mediaType.split('/')[0] === 'image' ? 'image' : 'attachment'}-${number}.${ofType.get(mediaType) ?? 'bin'}`;
}

export const canBeDrawn = (mediaType: string): boolean => drawn.has(mediaType);

/** With which type a file is handed out: never one that a browser would run as a page of ours. */
export function servedType(mediaType: string): string {
  return ofType.has(mediaType) ? mediaType : 'application/octet-stream';
}

/**
 * What an agent may send: known by its name, since that is what the receiver's machine goes by, and not a program
 * under another name.
 * @returns null when it may not be sent
 */
export function sendableType(name: string, start: Uint8Array): string | null {
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return isProgram(start) ? null : (extensions[extension] ?? null);
}

/** MZ (Windows), ELF, Mach-O and scripts with an interpreter. */
function isProgram(start: Uint8Array): boolean {
  const hex = Buffer.from(start.subarray(0, 4)).toString('hex');
  return (
    hex.startsWith('4d5a') ||
    hex.startsWith('2321') ||
    ['7f454c46', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe'].includes(hex)
  );
}
