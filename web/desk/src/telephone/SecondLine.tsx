import type { CallParty, ConversationCard } from '@kernlijn/contract/conversations';
import { putThrough, takeBackParty, talkWith } from '@kernlijn/contract/telephone';
import { Button } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Since } from '@kernlijn/ui/Since.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useTranslation } from 'react-i18next';
import { useNameOfCard } from '../conversations/card-words.ts';
import { forgetRegistration } from '../conversations/drafts.ts';
import { useAct } from '../conversations/use-act.ts';
import { useOnwards } from '../conversations/use-register.ts';
import { useAction } from '../shell/actions.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import { useLocale } from '../text/use-locale.ts';
import classes from './SecondLine.module.css';

/** Who is in the call beside the customer, who hears whom, and what can be done about it. */
export function SecondLine({
  card,
  guest,
  draft,
}: {
  card: ConversationCard;
  guest: CallParty;
  draft: { summary?: string | undefined; reasonId?: string | undefined };
}) {
  const { t } = useTranslation('telephone');
  const onwards = useOnwards(card.id);
  const nameOfGuest = useNameOfGuest();
  const at = { params: { conversationId: card.id } };
  const talk = useAct(talkWith);
  const drop = useAct(takeBackParty);
  const put = useAct(putThrough, (after) => {
    if (after.state === 'handling' && after.agentId === card.agentId) return;
    if (after.state === 'wrap-up') return;
    forgetRegistration(card.id);
    onwards();
  });
  const up = guest.state === 'up';
  const aside = card.call?.aside === true;
  const together = up && guest.room === 'main';
  const swap = () => talk.mutate({ ...at, body: { with: aside ? 'customer' : 'guest' } });
  const join = () => talk.mutate({ ...at, body: { with: 'all' } });
  const through = () =>
    put.mutate({ ...at, body: { note: (draft.summary ?? '').slice(0, 2_000), reasonId: draft.reasonId ?? null } });
  const leave = () => drop.mutate({ params: { ...at.params, partyId: guest.id } });
  const transferring = guest.purpose === 'transfer' && !up;
  useAction('swap', swap);
  useAction('together', join, up && !together);
  useAction('transfer', through, !transferring);
  useAction('dropGuest', leave);
  const name = nameOfGuest(guest);
  const customer = useNameOfCard()(card);
  return (
    <div className={classes.second} role="group" aria-label={t('guest.label')}>
      <ul className={classes.parties} aria-live="polite">
        <Party name={customer} role={t('guest.customer')} is={aside ? 'music' : 'talks'}>
          {aside ? t('guest.hearsMusic') : together ? t('guest.withBoth') : t('guest.talks')}
        </Party>
        <Party name={name} is={!up ? 'rings' : guest.room === 'hold' || (!aside && !together) ? 'music' : 'talks'}>
          {!up
            ? transferring
              ? `${t('guest.rings')}, ${t('guest.transferring')}`
              : t('guest.rings')
            : together
              ? t('guest.withBoth')
              : aside
                ? t('guest.talks')
                : t('guest.waits')}{' '}
          <Since at={guest.since} />
        </Party>
      </ul>
      <div className={classes.buttons}>
        <KeyTip label={t(aside ? 'guest.toCustomer' : 'guest.swap')} action="swap">
          <Button variant="default" loading={talk.isPending} onClick={swap}>
            {t(up ? 'guest.swap' : aside ? 'guest.toCustomer' : 'guest.swap')}
          </Button>
        </KeyTip>
        {up && !together && (
          <KeyTip label={t('guest.together')} action="together">
            <Button variant="default" disabled={talk.isPending} onClick={join}>
              {t('guest.together')}
            </Button>
          </KeyTip>
        )}
        <KeyTip label={t('guest.putThrough')} action="transfer">
          <Button
            disabled={transferring}
            loading={put.isPending}
            leftSection={<Icon name="forward" size={14} />}
            onClick={through}
          >
            {t('guest.putThrough')}
          </Button>
        </KeyTip>
        <KeyTip label={t(up ? 'guest.takeBack' : 'guest.stopRinging')} action="dropGuest">
          <Button variant="light" color="red" loading={drop.isPending} onClick={leave}>
            {t(up ? 'guest.takeBack' : 'guest.stopRinging')}
          </Button>
        </KeyTip>
      </div>
    </div>
  );
}

function Party({
  name,
  role,
  is,
  children,
}: {
  name: string;
  role?: string;
  is: 'rings' | 'talks' | 'music';
  children: React.ReactNode;
}) {
  return (
    <li className={classes.party} data-is={is}>
      <Icon name={is === 'music' ? 'pause' : is === 'rings' ? 'bell' : 'phone'} size={13} />
      <strong className={classes.name}>{name}</strong>
      {role && <span className={classes.role}>{role}</span>}
      <span className={classes.what}>{children}</span>
    </li>
  );
}

export function useNameOfGuest(): (guest: { name: string; address: string }) => string {
  const locale = useLocale();
  return ({ name, address }) => name || readable(address, locale);
}
