import type { FastifyInstance, FastifyRequest } from 'fastify';
import { uploadFile } from '@kernlijn/contract/conversations';
import { readOutbox as readOutboxEndpoint } from '@kernlijn/contract/email';
import { Id } from '@kernlijn/contract/endpoint';
import { z } from 'zod';
import { audit } from '../../access/index.ts';
import type { Context } from '../../platform/context.ts';
import { permitted, route } from '../../platform/http.ts';
import { Refusal } from '../../platform/refusal.ts';
import { messagePage, messagePolicy } from './message-page.ts';
import { readOutbox } from './outgoing-store.ts';
import { serveFile } from './serve-file.ts';
import { readAttachment, readMessageHtml, readOriginal } from './store.ts';
import { largestUpload, upload } from './upload.ts';

export function emailRoutes(
  app: FastifyInstance,
  { config, db, files }: Pick<Context, 'config' | 'db' | 'files'>,
): void {
  route(app, uploadFile, 'work.handle', async ({ viewer, params, request }) => {
    const part = await request.file({ limits: { fileSize: largestUpload + 1 } }).catch(() => undefined);
    if (part === undefined) throw new Refusal('bad-input', { fields: ['file'] });
    return await upload({ db, files }, viewer, params.conversationId, { name: part.filename, content: part.file });
  });

  route(app, readOutboxEndpoint, 'work.handle', async ({ viewer }) => {
    if (!config.demo) throw new Refusal('not-found');
    const rows = await db.asReader(viewer, (tx) => readOutbox(tx, 100));
    return {
      mails: rows.map(({ messageId, at, sender, recipient, subject, text, raw }) => ({
        id: messageId,
        at: at.toISOString(),
        from: sender,
        to: recipient,
        subject,
        text,
        raw,
      })),
    };
  });

  // What follows answers with bytes, not with JSON, so it has no endpoint in the contract.
  const one = (name: string) => ({ tags: ['attachments'], params: z.object({ [name]: Id }) });
  const idIn = (request: FastifyRequest, name: string) =>
    z.record(z.string(), z.string()).parse(request.params)[name] ?? '';

  app.get(
    '/api/attachments/:attachmentId',
    {
      schema: {
        ...one('attachmentId'),
        summary: 'An attachment; images that are safe to draw are shown, all else is saved',
      },
    },
    async (request, reply) => {
      const viewer = permitted(request, 'customers.view');
      const file = await db.asViewer(viewer, async (tx) => {
        const found = await readAttachment(tx, idIn(request, 'attachmentId'));
        if (found === undefined) throw new Refusal('not-found');
        // An image within a text is seen with the text, which is in the audit.
        if (!found.inline)
          await audit(tx, {
            clientId: found.clientId,
            personId: viewer.personId,
            action: 'attachment.read',
            subject: found.id,
            facts: { name: found.name },
          });
        return found;
      });
      return serveFile(reply, files, file);
    },
  );

  app.get(
    '/api/messages/:messageId/original',
    { schema: { ...one('messageId'), summary: 'A mail as it came, byte for byte' } },
    async (request, reply) => {
      const viewer = permitted(request, 'customers.view');
      const file = await db.asViewer(viewer, async (tx) => {
        const found = await readOriginal(tx, idIn(request, 'messageId'));
        if (found === undefined) throw new Refusal('not-found');
        await audit(tx, {
          clientId: found.clientId,
          personId: viewer.personId,
          action: 'attachment.read',
          subject: found.id,
          facts: { name: found.name },
        });
        return found;
      });
      return serveFile(reply, files, file);
    },
  );

  app.get(
    '/api/messages/:messageId/html',
    {
      schema: {
        ...one('messageId'),
        querystring: z.object({ images: z.enum(['kept-out', 'shown']).default('kept-out') }),
        summary: 'The text of a mail as a page for a sandboxed frame',
      },
    },
    async (request, reply) => {
      const viewer = permitted(request, 'customers.view');
      const html = await db.asReader(viewer, (tx) => readMessageHtml(tx, idIn(request, 'messageId')));
      if (html == null) throw new Refusal('not-found');
      const shown = z.object({ images: z.string() }).parse(request.query).images === 'shown';
      return reply
        .headers({
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': messagePolicy(shown),
          'referrer-policy': 'no-referrer',
          'cache-control': 'private, no-store',
        })
        .send(messagePage(html, shown));
    },
  );
}
