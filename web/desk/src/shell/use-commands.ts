import type { IconName } from '@kernlijn/ui/Icon.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useStore } from '@kernlijn/ui/store.ts';
import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useChooseState } from '../agents/use-choose-state.ts';
import { useOwnState } from '../agents/use-own-state.ts';
import { channelIcon, useNameOfCard } from '../conversations/card-words.ts';
import { useSections } from '../conversations/use-work.ts';
import { customerSearchQuery } from '../customers/queries.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import { looksDialled } from '../telephone/looks-dialled.ts';
import { ownNumbersQuery } from '../telephone/queries.ts';
import { useDial, useMayDial } from '../telephone/use-dial.ts';
import { useOffered } from './actions.ts';
import { openDialog } from './dialog.ts';
import { keyActions, keyChoice, shown } from './keys.ts';
import { useChangeLocale, useSignOut } from './use-session.ts';

export interface Command {
  id: string;
  group: 'actions' | 'work' | 'customers';
  icon: IconName;
  label: string;
  detail?: string;
  key?: string;
  badge?: { name: string; colour: string } | undefined;
  run: () => void;
}

export function useCommands(
  text: string,
  settled: string,
): { commands: Command[]; searching: boolean; misspelt: boolean } {
  const customers = useCustomerCommands(settled);
  const own = [...useKeyCommands(), ...useStateCommands(), ...useOwnCommands()];
  const calls = useCallCommands(text);
  const work = useWorkCommands();
  const wanted = text.toLowerCase();
  const fits = (command: Command) =>
    wanted === '' || `${command.label} ${command.detail ?? ''}`.toLowerCase().includes(wanted);
  return {
    commands: [...calls, ...own.filter(fits), ...work.filter(fits), ...(settled.length >= 2 ? customers.commands : [])],
    searching: customers.searching,
    misspelt: customers.misspelt,
  };
}

/** Whatever is on screen offers its own actions. */
function useKeyCommands(): Command[] {
  const { t } = useTranslation('shell');
  const present = useOffered();
  const { map } = useStore(keyChoice);
  return keyActions.flatMap((action) => {
    const run = present[action];
    return run
      ? [
          {
            id: action,
            group: 'actions' as const,
            icon: 'right' as const,
            label: t(`action.${action}`),
            key: shown(map[action]),
            run,
          },
        ]
      : [];
  });
}

function useStateCommands(): Command[] {
  const { t } = useTranslation('shell');
  const nameOf = useNameOf();
  const own = useOwnState();
  const choose = useChooseState();
  if (!own) return [];
  const command = (id: string, label: string, run: () => void): Command => ({
    id,
    group: 'actions',
    icon: 'clock',
    label,
    run,
  });
  return [
    command('ready', t('action.ready'), () => choose('ready')),
    ...own.pauseReasons.map((reason) =>
      command(`pause ${reason.code}`, t('action.pause', { reason: nameOf(reason.name) }), () =>
        choose('paused', reason.code),
      ),
    ),
    command('offline', t('action.offline'), () => choose('offline')),
  ];
}

function useOwnCommands(): Command[] {
  const { t } = useTranslation('shell');
  const me = useMe();
  const locale = useLocale();
  const changeLocale = useChangeLocale();
  const signOut = useSignOut();
  const { toggleColorScheme } = useMantineColorScheme();
  const command = (id: string, icon: IconName, label: string, run: () => void): Command => ({
    id,
    group: 'actions',
    icon,
    label,
    run,
  });
  return [
    ...(me.isAgent ? [command('devices', 'mic', t('action.devices'), () => openDialog('devices'))] : []),
    command('language', 'chat', t('action.language'), () => changeLocale(locale === 'nl' ? 'en' : 'nl')),
    command('dark', 'sun', t('action.dark'), toggleColorScheme),
    command('sign-out', 'out', t('action.signOut'), signOut),
  ];
}

/** What is typed is a number: it can be called, for each client that has one to call with. */
function useCallCommands(text: string): Command[] {
  const { t } = useTranslation('telephone');
  const { clients } = useMe();
  const may = useMayDial();
  const { dial } = useDial();
  const able = may && looksDialled(text);
  const own = useQuery({ ...ownNumbersQuery, enabled: able }).data?.numbers ?? [];
  if (!able) return [];
  return clients
    .filter(({ id }) => own.some(({ clientId }) => clientId === id))
    .map((client) => ({
      id: `call ${client.id}`,
      group: 'actions',
      icon: 'phone',
      label: t('dial.callNumber', { number: text }),
      badge: client,
      run: () => dial({ number: text, clientId: client.id }),
    }));
}

function useWorkCommands(): Command[] {
  const navigate = useNavigate();
  const { clients } = useMe();
  const nameOf = useNameOfCard();
  const { mine, unfinished, parked } = useSections();
  return [...mine, ...unfinished, ...parked].map((card) => ({
    id: card.id,
    group: 'work',
    icon: channelIcon[card.channel],
    label: nameOf(card),
    detail: card.subject,
    badge: clients.find((client) => client.id === card.clientId),
    run: () => void navigate({ to: '/desk/c/$conversationId', params: { conversationId: card.id } }),
  }));
}

function useCustomerCommands(settled: string): { commands: Command[]; searching: boolean; misspelt: boolean } {
  const navigate = useNavigate();
  const locale = useLocale();
  const { clients, permissions } = useMe();
  const query = customerSearchQuery(settled);
  const found = useQuery({ ...query, enabled: settled.length >= 2 && permissions.includes('customers.view') });
  const commands = (found.data?.customers ?? []).slice(0, 12).map((line): Command => ({
    id: line.id,
    group: 'customers',
    icon: line.kind === 'business' ? 'business' : 'person',
    label: line.name,
    detail: [line.address, line.phone && readable(line.phone, locale), line.reference].filter(Boolean).join(' · '),
    badge: clients.find((client) => client.id === line.clientId),
    run: () => void navigate({ to: '/desk/customers/$customerId', params: { customerId: line.id } }),
  }));
  return { commands, searching: found.isFetching, misspelt: commands.length > 0 && found.data?.misspelt === true };
}
