import { createReadStream } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { done } from '@kernlijn/contract/endpoint';
import * as menu from '@kernlijn/contract/menu';
import { PromptName } from '@kernlijn/contract/menu';
import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { permitted, route } from '../../platform/http.ts';
import { Refusal } from '../../platform/refusal.ts';
import { changeNumberOf } from './numbers.ts';
import { addPromptOf, fileOfPrompt, readAllPrompts, removePromptOf } from './prompts.ts';
import { numberSettings } from './settings-store.ts';

/** Numbers with their menus, and prompts. */
export function voiceSettingsRoutes(app: FastifyInstance, { db, config }: Pick<Context, 'db' | 'config'>): void {
  const kept = { db, folder: config.promptsDir };
  route(
    app,
    menu.readNumbers,
    'settings.view',
    async ({ viewer }) => await db.asReader(viewer, async (tx) => ({ numbers: await numberSettings(tx) })),
  );
  route(
    app,
    menu.changeNumber,
    'settings.edit',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => changeNumberOf(tx, viewer, params.contactPointId, body)),
  );
  route(
    app,
    menu.readPrompts,
    'settings.view',
    async ({ viewer }) => await db.asReader(viewer, async (tx) => ({ prompts: await readAllPrompts(tx) })),
  );
  route(app, menu.addPrompt, 'settings.edit', async ({ viewer, query, request }) => {
    const part = await request.file({ limits: { fileSize: menu.largestPrompt + 1 } }).catch(() => undefined);
    if (part === undefined) throw new Refusal('bad-input', { fields: ['file'] });
    const file = await part.toBuffer().catch(() => undefined);
    if (file === undefined || file.length > menu.largestPrompt) throw new Refusal('too-large');
    return await addPromptOf(kept, viewer, { ...query, file });
  });
  route(app, menu.removePrompt, 'settings.edit', async ({ viewer, params }) => {
    await removePromptOf(kept, viewer, params.promptId);
    return done;
  });
  // Answers with sound, so it has no endpoint in the contract.
  app.get(
    '/api/prompts/:prompt',
    { schema: { tags: ['settings'], params: z.object({ prompt: PromptName }), summary: 'The sound of a prompt' } },
    async (request, reply) => {
      const viewer = permitted(request, 'settings.view');
      const { prompt } = z.object({ prompt: PromptName }).parse(request.params);
      const file = await db.asReader(viewer, (tx) => fileOfPrompt(tx, config.promptsDir, prompt));
      return await reply.type('audio/wav').header('cache-control', 'private, no-cache').send(createReadStream(file));
    },
  );
}
