import { isOver } from '@kernlijn/contract/conversations';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useTrouble } from '../text/trouble.ts';
import { EditCustomer } from './EditCustomer.tsx';
import { Identity } from './Identity.tsx';
import { Notes } from './Notes.tsx';
import { dossierQuery } from './queries.ts';
import { Timeline } from './Timeline.tsx';

export function DossierView({ customerId, openConversationId }: { customerId: string; openConversationId?: string }) {
  const { t } = useTranslation(['customers', 'shell']);
  const { permissions } = useMe();
  const dossier = useQuery(dossierQuery(customerId));
  const words = useTrouble();
  const [editing, setEditing] = useState(false);
  if (!dossier.data) {
    if (!dossier.error) return <Waiting lines={6} label={t('shell:loading')} />;
    return (
      <Trouble retry={() => void dossier.refetch()} retryLabel={t('shell:tryAgain')}>
        {words(dossier.error)}
      </Trouble>
    );
  }
  const { customer, notes, timeline, openConversations } = dossier.data;
  const others =
    openConversations -
    (timeline.some((item) => item.conversationId === openConversationId && !isOver(item.state)) ? 1 : 0);
  return (
    <>
      {editing ? (
        <EditCustomer customer={customer} done={() => setEditing(false)} />
      ) : (
        <Identity
          customer={customer}
          openConversations={others}
          edit={permissions.includes('customers.edit') ? () => setEditing(true) : undefined}
        />
      )}
      <Notes customerId={customerId} notes={notes} />
      <Timeline customerId={customerId} items={timeline} openConversationId={openConversationId} />
    </>
  );
}
