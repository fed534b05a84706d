import { createReadStream } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { done, Id } from '@kernlijn/contract/endpoint';
import * as menu from '@kernlijn/contract/menu';
import { PromptName, SpokenLanguage } from '@kernlijn/contract/menu';
import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { permitted, route } from '../../platform/http.ts';
import { Refusal } from '../../platform/refusal.ts';
import { changeNumberOf } from './numbers.ts';
import { addPromptOf, fileOfPrompt, readAllPrompts, removePromptOf } from './prompts.ts';
import { numberSettings } from './settings-store.ts';

const field = <T extends z.ZodType>(schema: T) => z.object({ value: schema });
const PromptFields = z.object({
  clientId: field(Id),
  name: field(z.string().trim().min(1).max(80)),
  language: field(SpokenLanguage),
});

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
  route(app, menu.addPrompt, 'settings.edit', async ({ viewer, request }) => {
    const part = await request.file({ limits: { fileSize: menu.largestPrompt + 1 } }).catch(() => undefined);
    if (part === undefined) throw new Refusal('bad-input', { fields: ['file'] });
    // Fields come before the file.
    const fields = PromptFields.safeParse(part.fields);
    const file = await part.toBuffer().catch(() => undefined);
    if (!fields.success)
      throw new Refusal('bad-input', { fields: fields.error.issues.map(({ path }) => String(path[0])) });
    if (file === undefined || file.length > menu.largestPrompt) throw new Refusal('too-large');
    const { clientId, name, language } = fields.data;
    const given = { clientId: clientId.value, name: name.value, language: language.value, file };
    return await addPromptOf(kept, viewer, given);
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
