import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, runQuietly } from './run.ts';

/** What an app is made from; a build is as new as its newest file. */
const apps = ['desk', 'widget'].map((name) => ({
  name,
  folder: join(root, 'web', name),
  sources: [
    `web/${name}/{src,public}/**/*`,
    `web/${name}/*.*`,
    'web/ui/src/**/*',
    'contract/src/**/*.ts',
    'locales/**/*.json',
    'package-lock.json',
  ],
}));

/** Builds the apps that have no build, or one older than their sources; says nothing when there are none. Gives success. */
export async function buildStale({ all = false } = {}): Promise<boolean> {
  const stale = apps.filter(
    ({ folder, sources }) => all || newest([`web/${folder.split('/').at(-1)}/dist/**/*`]) < newest(sources),
  );
  if (stale.length === 0) return true;
  const failed = await runQuietly(
    stale.map(({ name, folder }) => ({
      name: `web/${name} is built`,
      command: ['vite', 'build', '--logLevel', 'warn'],
      cwd: folder,
    })),
  );
  return failed.length === 0;
}

/** Milliseconds; 0 when there is nothing. */
function newest(patterns: string[]): number {
  return globSync(patterns, { cwd: root, exclude: (path) => /\.test\.tsx?$/.test(path) })
    .map((path) => join(root, path))
    .filter((path) => existsSync(path))
    .reduce((latest, path) => Math.max(latest, statSync(path).mtimeMs), 0);
}
