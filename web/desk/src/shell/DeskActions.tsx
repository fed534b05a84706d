import { useNavigate } from '@tanstack/react-router';
import { useMe } from '../access/queries.ts';
import { useSections } from '../conversations/use-work.ts';
import { useAction } from './actions.ts';
import { openDialog } from './dialog.ts';
import { useOpenId } from './use-open.ts';

/** Actions that are there on every screen. */
export function DeskActions() {
  const navigate = useNavigate();
  const { permissions } = useMe();
  const { mine, unfinished, parked } = useSections();
  const open = useOpenId();
  const handles = permissions.includes('work.handle');
  const own = [...mine, ...unfinished, ...parked];

  useAction('sheet', () => openDialog('keys'));
  useAction('goWork', () => void toPlace(navigate, 'work'), handles);
  useAction('goBoard', () => void navigate({ to: '/board' }), permissions.includes('board.view'));
  useAction('goRecordings', () => void navigate({ to: '/recordings' }), permissions.includes('recordings.listen'));
  useAction('goSettings', () => void navigate({ to: '/settings' }), permissions.includes('settings.view'));
  useAction('goConversation', () => focusPlace('main'), open !== undefined);
  useAction('goCustomer', () => focusPlace('customer'), handles);
  useAction(
    'next',
    () => {
      const next = own[(own.findIndex((card) => card.id === open) + 1) % own.length];
      if (next) void navigate({ to: '/desk/c/$conversationId', params: { conversationId: next.id } });
    },
    own.length > 0,
  );
  return null;
}

/** Focus goes to the place itself, so that the next Tab is inside it. */
function focusPlace(id: string): void {
  document.getElementById(id)?.focus();
}

async function toPlace(navigate: ReturnType<typeof useNavigate>, id: string): Promise<void> {
  if (!document.getElementById(id)) await navigate({ to: '/desk' });
  focusPlace(id);
}
