/**
 * `node scripts/complete-lock.ts`, after npm install changed package-lock.json: adds the optional packages for other
 * platforms that npm left out of it (npm/cli#4828), without which npm ci refuses the file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root, runAloud } from './run.ts';

const Package = z.looseObject({ optionalDependencies: z.record(z.string(), z.string()).optional() });
const Lock = z.looseObject({ packages: z.record(z.string(), Package) });

const file = join(root, 'package-lock.json');
const lock = Lock.parse(JSON.parse(readFileSync(file, 'utf8')));

const added: string[] = [];
for (const [at, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isLocked(at, name)) continue;
    if (!/^\d+\.\d+\.\d+/.test(version))
      throw new Error(`${at} wants ${name} ${version}: only an exact version can be added.`);
    lock.packages[`node_modules/${name}`] = { version, optional: true, ...platformOf(name) };
    added.push(name);
  }
}
writeFileSync(file, JSON.stringify(lock));
console.log(added.length > 0 ? `Added ${added.join(', ')}` : 'Nothing was missing.');
// npm lays the file out as it always does.
await runAloud({ name: 'npm', command: ['npm', 'install', '--package-lock-only', '--no-audit', '--no-fund'] });

/** Whether Node would find the package from there. */
function isLocked(at: string, name: string): boolean {
  for (let folder = at; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    if (lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

/** From the name, as these packages are called everywhere: `…-linux-x64-musl`. npm skips those of other platforms by it. */
function platformOf(name: string): { os: string[]; cpu: string[]; libc?: string[] } {
  const os = /darwin|win32|linux|freebsd|android|openharmony/.exec(name)?.[0];
  const cpu = /x64|arm64|arm|ia32|ppc64|riscv64|s390x|loong64/.exec(name.slice(name.lastIndexOf('/')))?.[0];
  if (os === undefined || cpu === undefined) throw new Error(`The name ${name} does not tell its platform.`);
  const libc = /musl/.test(name) ? ['musl'] : /gnu/.test(name) ? ['glibc'] : undefined;
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc && { libc }) };
}
