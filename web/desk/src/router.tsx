/** Every address of the desk. What is open stands in the address, so a reload or a link brings it back. */
import { Refusal } from '@kernlijn/ui/call.ts';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { meQuery } from './access/queries.ts';
import { speak } from './text/language.ts';
import { NotFound } from './shell/NotFound.tsx';
import { PageTrouble } from './shell/PageTrouble.tsx';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  notFoundComponent: NotFound,
  errorComponent: PageTrouble,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { back?: string } =>
    typeof search['back'] === 'string' && search['back'].startsWith('/') && !search['back'].startsWith('//')
      ? { back: search['back'] }
      : {},
  component: lazyRouteComponent(() => import('./access/SignInPage.tsx'), 'SignInPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery);
      await speak(me.locale);
      return { me };
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not-signed-in')
        throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { back: location.href } });
      throw error;
    }
  },
  component: lazyRouteComponent(() => import('./shell/Shell.tsx'), 'Shell'),
});

const start = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context }) => {
    const { isAgent, permissions } = context.me;
    throw redirect({ to: isAgent || !permissions.includes('board.view') ? '/desk' : '/board' });
  },
});

const desk = createRoute({
  getParentRoute: () => signedIn,
  path: '/desk',
  component: lazyRouteComponent(() => import('./shell/DeskPage.tsx'), 'DeskPage'),
});
const nothingOpen = createRoute({
  getParentRoute: () => desk,
  path: '/',
  component: lazyRouteComponent(() => import('./conversations/NothingOpen.tsx'), 'NothingOpen'),
});
const conversation = createRoute({
  getParentRoute: () => desk,
  path: '/c/$conversationId', // drawn by the desk itself
});
const customer = createRoute({
  getParentRoute: () => desk,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('./customers/CustomerPage.tsx'), 'CustomerPage'),
});

/** The screens behind these keep their filters in the search part of the address. */
const anySearch = (search: Record<string, unknown>) => search;
const board = createRoute({
  getParentRoute: () => signedIn,
  path: '/board',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('./reporting/BoardPage.tsx'), 'BoardPage'),
});
const boardRows = createRoute({
  getParentRoute: () => signedIn,
  path: '/board/rows',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('./reporting/RowsPage.tsx'), 'RowsPage'),
});
const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('./access/AuditPage.tsx'), 'AuditPage'),
});
const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('./settings/QueuesPage.tsx'), 'QueuesPage'),
});
const openingHours = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/hours',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('./settings/HoursPage.tsx'), 'HoursPage'),
});
const ownNumbers = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/own-numbers',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('./settings/OwnNumbersPage.tsx'), 'OwnNumbersPage'),
});
const prompts = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/prompts',
  component: lazyRouteComponent(() => import('./settings/PromptsPage.tsx'), 'PromptsPage'),
});
const people = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/people',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('./settings/PeoplePage.tsx'), 'PeoplePage'),
});
const supervising = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/supervising',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('./settings/SupervisingPage.tsx'), 'SupervisingPage'),
});
const telephony = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/telephony',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('./settings/TelephonyPage.tsx'), 'TelephonyPage'),
});
const recordings = createRoute({
  getParentRoute: () => signedIn,
  path: '/recordings',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('./recordings/RecordingsPage.tsx'), 'RecordingsPage'),
});
const recording = createRoute({
  getParentRoute: () => signedIn,
  path: '/recordings/$recordingId',
  component: lazyRouteComponent(() => import('./recordings/RecordingPage.tsx'), 'RecordingPage'),
});
const recordingSettings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/recordings',
  validateSearch: anySearch,
  component: lazyRouteComponent(() => import('./recordings/RecordingSettingsPage.tsx'), 'RecordingSettingsPage'),
});
const numbers = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/numbers',
  component: lazyRouteComponent(() => import('./settings/NumbersPage.tsx'), 'NumbersPage'),
});
/** Demo: where mail goes that has no relay to leave by. */
const outbox = createRoute({
  getParentRoute: () => signedIn,
  path: '/demo/outbox',
  component: lazyRouteComponent(() => import('./outbox/OutboxPage.tsx'), 'OutboxPage'),
});

const routes = root.addChildren([
  signIn,
  signedIn.addChildren([
    start,
    desk.addChildren([nothingOpen, conversation, customer]),
    board,
    boardRows,
    settings,
    openingHours,
    ownNumbers,
    prompts,
    people,
    supervising,
    telephony,
    recordings,
    recording,
    recordingSettings,
    numbers,
    audit,
    outbox,
  ]),
]);

export const createDeskRouter = (queryClient: QueryClient) =>
  createRouter({ routeTree: routes, context: { queryClient }, defaultPreload: 'intent', defaultPendingMs: 300 });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createDeskRouter>;
  }
}
