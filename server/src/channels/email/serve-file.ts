/** Files of strangers, handed to a browser in ways in which they can do nothing. */
import type { FastifyReply } from 'fastify';
import type { Files, Located } from '../../platform/files.ts';
import { canBeDrawn, servedType } from './media-type.ts';

export function serveFile(
  reply: FastifyReply,
  files: Files,
  file: Located & { name: string; mediaType: string; size: number },
): FastifyReply {
  const drawn = canBeDrawn(file.mediaType);
  return reply
    .headers({
      'content-type': servedType(file.mediaType),
      'content-length': file.size,
      'content-disposition': `${drawn ? 'inline' : 'attachment'}; ${fileNameParameters(file.name)}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, max-age=3600, immutable',
    })
    .send(files.read(file));
}

/** RFC 6266 §4.3: the plain name for whoever cannot read the other. */
function fileNameParameters(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7E]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}
