/**
 * The dependency rule of .dependency-cruiser.ts, on the sources and on planted violations: a rule that lets a plant
 * through, and a parser that reads nothing, fail the check. (With TypeScript 7 and no swc, nothing is read and all is well.)
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import config, { order } from '../../.dependency-cruiser.ts';

const root = resolve(import.meta.dirname, '../..');
const areas = ['contract/src', 'server/src', 'voice/src', 'web/desk/src', 'web/ui/src', 'web/widget/src'];

interface Plant {
  file: string;
  source: string;
  /** The rule that must catch it; undefined: it is honest and must pass. */
  rule?: string;
}

/** Plants so far, by feature: each is a file of its own. */
const counts = new Map<string, number>();

const plants: readonly Plant[] = [
  plant('agents', "import { x } from '../routing/index.ts'; x;", 'agents-imports-to-its-right'),
  plant('agents', "import type { X } from '../routing/index.ts'; export type Y = X;", 'agents-imports-to-its-right'),
  plant('agents', "export { x } from '../channels/index.ts';", 'agents-imports-to-its-right'),
  plant('agents', "export const later = () => import('../service/index.ts');", 'agents-imports-to-its-right'),
  plant(
    'agents',
    "export async function f() { await using y = await import('../sales/index.ts'); return y; }",
    'agents-imports-to-its-right',
  ),
  plant('platform', "import '../access/index.ts';", 'platform-imports-to-its-right'),
  plant('agents', "import '../customers/inside.ts';", 'feature-by-its-door'),
  plant('agents', "import '../main.ts';", 'nothing-imports-the-wiring'),
  plant('agents', "import '../../demo/day.ts';", 'nothing-imports-the-wiring'),
  plant('agents', "import './thing.test.ts';", 'nothing-imports-tests'),
  plant('agents', "import './nowhere.ts';", 'imports-exist'),
  plant('agents', "import '../../../voice/src/engine.ts';", 'server-imports-contract-only'),
  plant('reporting', "import '../agents/index.ts';", 'reporting-knows-events-only'),
  plant('planning', "import '../platform/inside.ts';", 'known-features-only'),
  { file: 'server/src/main.ts', source: "import './agents/inside.ts';", rule: 'wiring-by-the-door' },
  {
    file: 'voice/src/plant.ts',
    source: "import '../../server/src/platform/inside.ts';",
    rule: 'voice-imports-contract-only',
  },
  { file: 'web/ui/src/plant.tsx', source: "import '../../desk/src/page.ts';", rule: 'ui-imports-contract-only' },
  {
    file: 'web/desk/src/plant.tsx',
    source: "import '../../widget/src/page.ts';",
    rule: 'app-imports-ui-and-contract-only',
  },
  {
    file: 'web/widget/src/plant.ts',
    source: "import '../../../server/src/platform/inside.ts';",
    rule: 'app-imports-ui-and-contract-only',
  },
  { file: 'contract/src/plant.ts', source: "import 'node:fs';", rule: 'contract-imports-zod-only' },
  plant('routing', "import '../conversations/index.ts'; import '../platform/inside.ts'; import './inside.ts';"),
  plant('reporting', "import '../platform/inside.ts'; import '@kernlijn/contract/calls';"),
  { file: 'contract/src/honest.ts', source: "import { z } from 'zod'; import './calls.ts'; z;" },
  { file: 'web/desk/src/honest.tsx', source: "import '../../ui/src/page.ts'; import '@kernlijn/contract/calls';" },
  { file: 'server/demo/honest.ts', source: "import '../src/agents/inside.ts';" },
];

function plant(feature: string, source: string, rule?: string): Plant {
  const number = (counts.get(feature) ?? 0) + 1;
  counts.set(feature, number);
  return { file: `server/src/${feature}/plant-${number}.ts`, source, ...(rule !== undefined && { rule }) };
}

const problems = [...(await judgePlants()), ...(await judgeSources())];
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);

async function judgeSources(): Promise<string[]> {
  const { modules, summary } = await read(root, [...areas, 'server/demo']);
  const empty = areas.filter((area) => !modules.some(({ source }) => source.startsWith(`${area}/`)));
  const imports = modules.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
  console.log(`${modules.length} modules with ${imports} imports read, ${plants.length} plants judged`);
  return [
    ...(imports > 0 ? [] : ['No import was read: the parser does not work.']),
    ...empty.map((area) => `No module was read in ${area}.`),
    ...summary.violations.map(({ from, to, rule }) => `${from} imports ${to}: ${commentOf(rule.name)} (${rule.name})`),
  ];
}

async function judgePlants(): Promise<string[]> {
  const garden = realpathSync(mkdtempSync(join(tmpdir(), 'kernlijn-plants-')));
  try {
    layOut(garden);
    const { summary } = await read(garden, ['contract', 'server', 'voice', 'web']);
    const caught = new Map(plants.map(({ file }) => [file, new Set<string>()]));
    for (const { from, rule } of summary.violations) caught.get(from)?.add(rule.name);
    return plants.flatMap(({ file, source, rule }) => {
      const rules = caught.get(file) ?? new Set();
      if (rule !== undefined && !rules.has(rule)) return [`The rule ${rule} does not catch ${source} in ${file}.`];
      if (rule === undefined && rules.size > 0)
        return [`${[...rules].join(', ')} wrongly refuses ${source} in ${file}.`];
      return [];
    });
  } finally {
    rmSync(garden, { recursive: true });
  }
}

/** A small copy of the shape of the sources, with the plants in it. */
function layOut(garden: string): void {
  const write = (file: string, source: string) => {
    mkdirSync(dirname(join(garden, file)), { recursive: true });
    writeFileSync(join(garden, file), source);
  };
  const plain = 'export const x = 1; export type X = number;';
  for (const feature of order) {
    write(`server/src/${feature}/index.ts`, plain);
    write(`server/src/${feature}/inside.ts`, plain);
  }
  for (const file of [
    'server/src/agents/thing.test.ts',
    'server/demo/day.ts',
    'voice/src/engine.ts',
    'contract/src/calls.ts',
  ])
    write(file, plain);
  for (const app of ['ui', 'desk', 'widget']) write(`web/${app}/src/page.ts`, plain);
  write('contract/package.json', JSON.stringify({ name: '@kernlijn/contract', exports: { './*': './src/*.ts' } }));
  mkdirSync(join(garden, 'node_modules/@kernlijn'), { recursive: true });
  symlinkSync(join(garden, 'contract'), join(garden, 'node_modules/@kernlijn/contract'));
  symlinkSync(join(root, 'node_modules/zod'), join(garden, 'node_modules/zod'));
  for (const { file, source } of plants) write(file, source);
}

async function read(baseDir: string, folders: string[]): Promise<ICruiseResult> {
  const { options, forbidden } = config;
  const settings: ICruiseOptions = { ...options, baseDir, validate: true, ruleSet: { forbidden } };
  const { output } = await cruise(folders, settings, { bustTheCache: true });
  if (typeof output === 'string') throw new Error('dependency-cruiser gave a text instead of its findings');
  return output;
}

function commentOf(rule: string): string {
  return config.forbidden.find(({ name }) => name === rule)?.comment ?? 'not allowed';
}
