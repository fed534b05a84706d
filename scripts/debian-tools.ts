import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runAloud } from './run.ts';

interface Tool {
  /** Any of these programs. */
  programs: readonly string[];
  /** The Debian package that brings it. */
  packageName: string;
  use: string;
}

export const chromium: Tool = {
  programs: ['chromium', 'chromium-browser', 'google-chrome'],
  packageName: 'chromium',
  use: 'journeys are walked in it',
};
export const sipp: Tool = {
  programs: ['sipp'],
  packageName: 'sip-tester',
  use: 'it is the other end of the SIP tests',
};
export const baresip: Tool = {
  programs: ['baresip'],
  packageName: 'baresip',
  use: 'it is the telephone that calls in the journeys',
};

const kamailio: Tool = {
  programs: ['kamailio'],
  packageName: 'kamailio',
  use: 'it stands in front of Asterisk nodes in the tests',
};

/** What the tests need beyond npm. Under systemd the package of Kamailio would start a service on the port of SIP: not by us. */
export const testTools = [chromium, sipp, baresip, ...(existsSync('/run/systemd/system') ? [] : [kamailio])];

/** Installs what is missing when we are root on Debian; gives what is missing still, each with a sentence that explains. */
export async function provideTools(tools: readonly Tool[]): Promise<string[]> {
  const missing = tools.filter((tool) => !findTool(tool));
  const canInstall = process.getuid?.() === 0 && onPath('apt-get') !== undefined;
  if (missing.length > 0 && canInstall) {
    const packages = missing.map(({ packageName }) => packageName);
    console.log(`Installing ${packages.join(', ')} for the tests`);
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages] as const;
    await runAloud({ name: 'apt-get', command: [...install] });
  }
  return missing
    .filter((tool) => !findTool(tool))
    .map(
      ({ programs, packageName, use }) =>
        `${programs[0]} is not installed (${use}): install the Debian package ${packageName}.`,
    );
}

/** The path of the program. */
export function findTool({ programs }: Tool): string | undefined {
  return programs.map(onPath).find((path) => path !== undefined);
}

function onPath(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
