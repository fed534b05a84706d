import type { CallParty, ConversationCard } from '@kernlijn/contract/conversations';
import { leaveCall } from '@kernlijn/contract/telephone';
import { Button } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Since } from '@kernlijn/ui/Since.tsx';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import bar from '../conversations/ActionBar.module.css';
import { useAction } from '../shell/actions.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import { useFailure } from '../shell/notices.ts';
import classes from './CallBar.module.css';

/** In the call of a colleague: who hears me, and the way out. */
export function GuestBar({ card, part }: { card: ConversationCard; part: CallParty }) {
  const { t } = useTranslation('telephone');
  const fail = useFailure();
  const leaving = useMutation({
    mutationFn: () => call(leaveCall, { params: { conversationId: card.id } }),
    onError: fail,
  });
  const leave = () => leaving.mutate();
  useAction('end', leave);
  const name = part.askedBy;
  const hears = part.room === 'main' ? 'all' : part.room === 'hold' || card.call?.aside !== true ? 'hold' : 'apart';
  return (
    <div className={bar.bar} role="group" aria-label={t('controls')}>
      <strong>{t('asked.bar', { name })}</strong>
      <span className={classes.state} role="status" data-is={hears === 'all' ? 'held' : 'talking'}>
        {t(`asked.${hears}`, { name })}
      </span>
      <Since at={part.since} />
      <KeyTip label={t('asked.leave')} action="end">
        <Button
          className={bar.end}
          variant="light"
          color="red"
          loading={leaving.isPending}
          leftSection={<Icon name="phone-off" size={14} />}
          onClick={leave}
        >
          {t('asked.leave')}
        </Button>
      </KeyTip>
    </div>
  );
}
