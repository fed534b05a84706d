/**
 * Asterisk 22, for the tests and benches that hold our driver and our engine against it. Debian 12 has no package of it:
 * there the one of sid is unpacked into a cache folder, beside the system and untouched by it, by its own loader and
 * libraries. Half a minute, 90 MB down, 250 MB on disk.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runAloud } from './run.ts';

export interface Asterisk {
  /** Program and first arguments. */
  command: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  modules: string;
  /** `astdatadir`: documentation, keys, sounds. */
  data: string;
  version: string;
}

const wanted = /^Asterisk (22\.\S+)/;
const cache = '/var/cache/kernlijn/asterisk-22';
const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

/** What is here already, or a sentence that says why there is none. */
export function findAsterisk(): Asterisk | string {
  const unpacked = asteriskIn(cache);
  if (unpacked !== null) return unpacked;
  const installed = asteriskOfTheSystem();
  return installed ?? 'Asterisk 22 is not here: `npm test` as root on Debian fetches it.';
}

/** Fetches it where it is missing and can be had. Gives the reason where it cannot. */
export async function provideAsterisk(): Promise<Asterisk | string> {
  const found = findAsterisk();
  if (typeof found !== 'string') return found;
  const system = readIf('/etc/os-release');
  if (!/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(system)) return 'Asterisk 22 is fetched on Debian and Ubuntu only.';
  if (process.getuid?.() !== 0) return 'Asterisk 22 is not here, and fetching it asks for root.';
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
  if (/^ID=ubuntu/m.test(system)) {
    if (!(await install('asterisk'))) return 'The package asterisk could not be installed.';
    return asteriskOfTheSystem() ?? 'The package asterisk of this release is not Asterisk 22.';
  }
  const mirror = mirrorOfThisMachine();
  if (mirror === null) return 'No Debian mirror is configured on this machine.';
  if (!(await install('mmdebstrap'))) return 'The package mmdebstrap could not be installed.';
  console.log('Fetching Asterisk 22 for the tests (half a minute)');
  return await unpack(mirror);
}

async function unpack(mirror: string): Promise<Asterisk | string> {
  const folder = `${cache}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    const succeeded = await runAloud({
      name: 'mmdebstrap',
      command: [
        'mmdebstrap',
        ...['--quiet', '--mode=root', '--variant=extract', '--include=asterisk,asterisk-core-sounds-en-gsm'],
        ...['--aptopt=APT::Install-Recommends "false"', '--aptopt=Acquire::Check-Valid-Until "false"'],
        ...['--dpkgopt=path-exclude=/usr/share/doc/*', 'sid', folder, mirror],
      ],
    });
    if (!succeeded) return 'Asterisk 22 could not be fetched from the mirror of this machine.';
    if (asteriskIn(folder) === null) return 'What the mirror has is not Asterisk 22.';
    rmSync(cache, { recursive: true, force: true });
    renameSync(folder, cache);
    return asteriskIn(cache) ?? 'Asterisk 22 does not run here.';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function asteriskIn(folder: string): Asterisk | null {
  const libraries = join(folder, `usr/lib/${architecture}-linux-gnu`);
  const loader = existsSync(libraries) ? readdirSync(libraries).find((name) => /^ld-linux-.*\.so/.test(name)) : null;
  if (!loader) return null;
  return running({
    command: [join(libraries, loader), '--library-path', libraries, join(folder, 'usr/sbin/asterisk')],
    env: {
      PATH: '/usr/bin:/bin',
      OPENSSL_MODULES: join(libraries, 'ossl-modules'),
      OPENSSL_CONF: join(folder, 'etc/ssl/openssl.cnf'),
    },
    modules: join(libraries, 'asterisk/modules'),
    data: join(folder, 'usr/share/asterisk'),
  });
}

function asteriskOfTheSystem(): Asterisk | null {
  const modules = ['/usr/lib/asterisk/modules', `/usr/lib/${architecture}-linux-gnu/asterisk/modules`].find((path) =>
    existsSync(path),
  );
  if (modules === undefined) return null;
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  return running({ command: ['asterisk'], env, modules, data: '/usr/share/asterisk' });
}

/** Only what says that it is the version we are made for. */
function running(asterisk: Omit<Asterisk, 'version'>): Asterisk | null {
  const [program, ...first] = asterisk.command;
  const { stdout } = spawnSync(program, [...first, '-V'], { encoding: 'utf8', env: asterisk.env });
  const version = wanted.exec(stdout ?? '')?.[1];
  return version === undefined ? null : { ...asterisk, version };
}

async function install(name: string): Promise<boolean> {
  if (spawnSync('dpkg', ['-s', name], { stdio: 'ignore' }).status === 0) return true;
  return await runAloud({ name, command: ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', name] });
}

function mirrorOfThisMachine(): string | null {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const texts = ['/etc/apt/sources.list', ...files.map((name) => join(folder, name))].map(readIf);
  const found = texts.map((text) => /^(?:URIs:|deb(?: \[.*?\])?) *(\S+)/m.exec(text)?.[1]);
  return found.find((uri) => uri !== undefined) ?? null;
}

function readIf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const asterisk = await provideAsterisk();
  console.log(typeof asterisk === 'string' ? asterisk : `Asterisk ${asterisk.version}: ${asterisk.command.join(' ')}`);
  process.exitCode = typeof asterisk === 'string' ? 1 : 0;
}
