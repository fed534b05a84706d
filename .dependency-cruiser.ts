import './scripts/check/swc-using.ts';
import type { IConfiguration, IRegularForbiddenRuleType } from 'dependency-cruiser';

/**
 * Which part may know which. Read from left to right: each may import itself and what stands to its right,
 * and another feature only through its index.ts. What must flow back flows as an event.
 */
export const order = [
  'channels',
  'reporting',
  'quality',
  'outreach',
  'sales',
  'service',
  'routing',
  'recordings',
  'conversations',
  'guidance',
  'agents',
  'customers',
  'compliance',
  'access',
  'platform',
];

/** Tests, their fixtures and casts see whatever they need; nothing may import them. */
const tests = ['[.]test[.]tsx?$', '[.]fixture[.]ts$', '/testing/', '^tests/'];
const anyOf = (names: readonly string[]) => `(?:${names.join('|')})`;
/** main.ts, supervisor.ts and the demo: they wire everything, and no feature imports them. */
const wiring = '^server/(?:src/[^/]+[.]ts$|src/supervisor/|demo/)';

const onlyTheRight: IRegularForbiddenRuleType[] = order.slice(1).map((feature, index) => ({
  name: `${feature}-imports-to-its-right`,
  comment: `${feature} stands to the right of ${order.slice(0, index + 1).join(', ')}: it must not know them.`,
  severity: 'error',
  from: { path: `^server/src/${feature}/`, pathNot: tests },
  to: { path: `^server/src/${anyOf(order.slice(0, index + 1))}/` },
}));

function forbid(
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType {
  return { name, comment, severity: 'error', from, to };
}

const config: IConfiguration & { forbidden: IRegularForbiddenRuleType[] } = {
  forbidden: [
    ...onlyTheRight,
    forbid(
      'feature-by-its-door',
      'A feature is entered through its index.ts; only platform is imported file by file.',
      { path: '^server/src/([^/]+)/', pathNot: tests },
      {
        path: '^server/src/[^/]+/',
        pathNot: ['^server/src/$1/', '^server/src/platform/', '^server/src/[^/]+/index[.]ts$'],
      },
    ),
    forbid(
      'wiring-by-the-door',
      'main.ts enters a feature through its index.ts as well (of channels: that of each channel).',
      { path: '^server/src/[^/]+[.]ts$', pathNot: tests },
      {
        path: '^server/src/[^/]+/',
        pathNot: [
          '^server/src/(?:platform|supervisor)/',
          '^server/src/[^/]+/index[.]ts$',
          '^server/src/channels/[^/]+/index[.]ts$',
        ],
      },
    ),
    forbid(
      'known-features-only',
      'A folder of the server that is not in the order above has no place yet: give it one.',
      { path: '^server/src/[^/]+/', pathNot: [`^server/src/${anyOf([...order, 'supervisor'])}/`] },
      {},
    ),
    forbid(
      'nothing-imports-the-wiring',
      'main.ts, the supervisor and the demo stand at the left end.',
      { path: '^(?:server/src/[^/]+/|contract/|voice/|web/)', pathNot: [...tests, wiring] },
      { path: wiring },
    ),
    forbid(
      'reporting-knows-events-only',
      'Read models are fed by events: reporting imports platform and contract.',
      { path: '^server/src/reporting/', pathNot: tests },
      { path: '^server/src/', pathNot: '^server/src/(?:reporting|platform)/' },
    ),
    forbid(
      'server-imports-contract-only',
      'Of the other workspaces the server knows the contract.',
      { path: '^server/', pathNot: tests },
      { path: '^(?:voice|web)/' },
    ),
    forbid(
      'voice-imports-contract-only',
      'The voice engine is a process of its own that knows the contract alone.',
      { path: '^voice/', pathNot: tests },
      { path: '^(?:server|web)/' },
    ),
    forbid(
      'ui-imports-contract-only',
      'web/ui is shared by the apps and knows none of them.',
      { path: '^web/ui/', pathNot: tests },
      { path: '^(?:server|voice|web)/', pathNot: '^web/ui/' },
    ),
    forbid(
      'app-imports-ui-and-contract-only',
      'An app knows the contract and web/ui.',
      { path: '^web/([^/]+)/', pathNot: [...tests, '^web/ui/'] },
      { path: '^(?:server|voice|web)/', pathNot: ['^web/ui/', '^web/$1/'] },
    ),
    forbid(
      'contract-imports-zod-only',
      'The contract is read by everything and brings nothing along.',
      { path: '^contract/', pathNot: tests },
      { pathNot: ['^contract/src/', '(?:^|/)node_modules/zod/'] },
    ),
    forbid(
      'nothing-imports-tests',
      'What the product needs does not live among its tests.',
      // The demo plays with the cast of the tests.
      { path: '^(?:contract|server/src|voice|web)/', pathNot: tests },
      { path: tests },
    ),
    forbid(
      'imports-exist',
      'A path that leads nowhere cannot be judged by the rules above.',
      { path: '^(?:contract|server|voice|web)/' },
      { couldNotResolve: true },
    ),
  ],
  options: {
    // TypeScript 7 has no compiler API: without swc no module would be read, and every rule would hold.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(?:^|/)(?:dist|public)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'browser', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mts', '.mjs', '.js', '.cjs', '.d.ts', '.json', '.css'],
    },
  },
};

export default config;
