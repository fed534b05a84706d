/**
 * What callers can be told: the prompts that are shipped, and those of a client, uploaded or spoken at the desk. These are
 * files in the folder that the voice engine is pointed to, named by their row; a file is there before its row is.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { longestPromptMs } from '@kernlijn/contract/menu';
import type { PromptSettings, SpokenLanguage } from '@kernlijn/contract/menu';
import { audit } from '../../access/index.ts';
import type { Db, Tx } from '../../platform/db.ts';
import { append } from '../../platform/events.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { forTelephone, levelled, millisecondsOf, NotASound, readWav, writeWav } from './audio.ts';
import { clientIsThere, deletePrompt, insertPrompt, ownPrompts, playing } from './settings-store.ts';
import type { OwnPrompt, Playing } from './settings-store.ts';
import { shippedPrompts } from './shipped-prompts.ts';

const promptOf = (id: string): string => `p-${id}`;

export async function readAllPrompts(tx: Tx): Promise<PromptSettings[]> {
  const [shipped, own, players] = await Promise.all([shippedPrompts(), ownPrompts(tx), playing(tx)]);
  return [
    ...own.map((each) => settingsOf(each, players)),
    // Numbers are put together by themselves.
    ...shipped
      .filter(({ prompt }) => !/^(number|digit)-\d/.test(prompt))
      .map(({ prompt, text, milliseconds }) => ({
        id: null,
        clientId: null,
        prompt,
        name: text,
        language: prompt.endsWith('-nl') ? ('nl' as const) : prompt.endsWith('-en') ? ('en' as const) : null,
        milliseconds,
        usedBy: usersOf(prompt, players),
      })),
  ];
}

/** @throws Refusal `bad-input` naming what is wrong with the file, `not-found` for a client of others, `conflict` */
export async function addPromptOf(
  { db, folder }: { db: Db; folder: string },
  viewer: Viewer,
  given: { clientId: string; name: string; language: SpokenLanguage; file: Buffer },
): Promise<PromptSettings> {
  const samples = soundOf(given.file);
  const file = writeWav(samples);
  const { clientId, name, language } = given;
  const prompt: OwnPrompt = {
    ...{ id: newId(), clientId, name, language },
    sha256: createHash('sha256').update(file).digest('hex'),
    milliseconds: millisecondsOf(samples),
  };
  const path = join(folder, `${promptOf(prompt.id)}.wav`);
  await write(folder, path, file);
  try {
    return await db.asViewer(viewer, async (tx) => {
      if (!(await clientIsThere(tx, clientId))) throw new Refusal('not-found');
      if (!(await insertPrompt(tx, prompt, viewer.personId))) throw new Refusal('conflict', { name });
      const { id: subject, milliseconds } = prompt;
      const facts = { name, language, seconds: Math.round(milliseconds / 1_000) };
      await audit(tx, { clientId, personId: viewer.personId, action: 'prompt.added', subject, facts });
      await append(tx, clientId, { type: 'settings.changed', body: { clientId } });
      return settingsOf(prompt, []);
    });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** @throws Refusal `not-found`, `in-use` naming what plays it */
export async function removePromptOf(
  { db, folder }: { db: Db; folder: string },
  viewer: Viewer,
  id: string,
): Promise<void> {
  await db.asViewer(viewer, async (tx) => {
    const [prompt] = await ownPrompts(tx, id);
    if (prompt === undefined) throw new Refusal('not-found');
    const users = usersOf(promptOf(id), await playing(tx));
    if (users.length > 0) throw new Refusal('in-use', { by: users });
    await deletePrompt(tx, id);
    const { clientId, name } = prompt;
    await audit(tx, { clientId, personId: viewer.personId, action: 'prompt.removed', subject: id, facts: { name } });
    await append(tx, clientId, { type: 'settings.changed', body: { clientId } });
  });
  // After the commit: a row never names a file that is not there.
  await rm(join(folder, `${promptOf(id)}.wav`), { force: true });
}

/** Where the sound of a prompt that this person may hear is. @throws Refusal `not-found` */
export async function fileOfPrompt(tx: Tx, folder: string, prompt: string): Promise<string> {
  const shipped = (await shippedPrompts()).find((each) => each.prompt === prompt);
  if (shipped !== undefined) return shipped.file;
  const own = (await ownPrompts(tx)).find(({ id }) => promptOf(id) === prompt);
  if (own === undefined) throw new Refusal('not-found');
  return join(folder, `${prompt}.wav`);
}

function soundOf(file: Buffer): Float32Array {
  try {
    const sound = readWav(file);
    if (millisecondsOf(sound.channels[0] ?? new Float32Array(), sound.rate) > longestPromptMs)
      throw new Refusal('bad-input', { fields: ['file'], reason: 'long' });
    return levelled(forTelephone(sound));
  } catch (error) {
    if (error instanceof NotASound) throw new Refusal('bad-input', { fields: ['file'], reason: error.reason });
    throw error;
  }
}

/** Written aside and put in its place, synced: an engine that looks meanwhile never reads half of it. */
async function write(folder: string, path: string, bytes: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true });
  const part = `${path}.part`;
  const handle = await open(part, 'w', 0o640);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, path);
}

const settingsOf = (own: OwnPrompt, players: readonly Playing[]): PromptSettings => ({
  ...{ id: own.id, clientId: own.clientId, prompt: promptOf(own.id), name: own.name },
  ...{ language: own.language, milliseconds: own.milliseconds, usedBy: usersOf(promptOf(own.id), players) },
});

const usersOf = (prompt: string, players: readonly Playing[]): string[] => [
  ...new Set(players.flatMap(({ name, plays }) => (plays.includes(`"${prompt}"`) ? [name] : []))),
];
