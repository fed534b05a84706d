import type { ScreenPop } from '@kernlijn/contract/customers';
import { Refusal } from '@kernlijn/ui/call.ts';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { CustomerColumn } from '../customers/CustomerColumn.tsx';
import { CustomerEmpty } from '../customers/CustomerEmpty.tsx';
import { useOpenCard } from '../shell/use-open.ts';
import { useTrouble } from '../text/trouble.ts';
import classes from './Columns.module.css';
import { Conversation } from './Conversation.tsx';
import { ConversationHead } from './ConversationHead.tsx';
import { conversationQuery, popKey } from './queries.ts';

/** One conversation with its customer. What is known from the offer is painted before anything is read. */
export function ConversationPage({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation(['conversations', 'shell']);
  const offered = useQuery<ScreenPop>({ queryKey: popKey(conversationId), enabled: false }).data;
  const card = useOpenCard();
  // Of what rings, the rest is read as soon as the offer is painted (live/apply.ts).
  const detail = useQuery({
    ...conversationQuery(conversationId),
    enabled: offered === undefined || card?.state !== 'offered',
  });
  const words = useTrouble();
  const pop = detail.data?.screenPop ?? offered;
  const gone = detail.error instanceof Refusal && !detail.data;

  return (
    <>
      <section
        className={classes.conversation}
        id="main"
        tabIndex={-1}
        data-column="conversation"
        aria-label={t('view.label')}
      >
        {detail.data && card ? (
          <Conversation key={conversationId} detail={detail.data} card={card} />
        ) : (
          <>
            {card && !gone && <ConversationHead card={card} />}
            {gone && <Empty icon="warning" title={words(detail.error)} />}
            {detail.error && !gone && (
              <Trouble retry={() => void detail.refetch()} retryLabel={t('shell:tryAgain')}>
                {words(detail.error)}
              </Trouble>
            )}
            {detail.isPending && <Waiting lines={6} label={t('shell:loading')} />}
          </>
        )}
      </section>
      {card && pop ? <CustomerColumn key={conversationId} card={card} screenPop={pop} /> : <CustomerEmpty />}
    </>
  );
}
