import type { ConversationCard } from '@kernlijn/contract/conversations';
import type { ScreenPop } from '@kernlijn/contract/customers';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import classes from '../conversations/Columns.module.css';
import { Knowledge } from '../guidance/Knowledge.tsx';
import { Products } from '../guidance/Products.tsx';
import { Candidates } from './Candidates.tsx';
import { DossierView } from './DossierView.tsx';
import { LinkCustomer } from './LinkCustomer.tsx';
import { NewCustomer } from './NewCustomer.tsx';

/** Who the customer is: known, one of several, or new. Below it, what helps to answer him. */
export function CustomerColumn({ card, screenPop }: { card: ConversationCard; screenPop: ScreenPop }) {
  const { t } = useTranslation('customers');
  const { id: me } = useMe();
  const mine = card.agentId === me && card.state !== 'closed';
  return (
    <section className={classes.customer} id="customer" tabIndex={-1} data-column="customer" aria-label={t('label')}>
      {screenPop.kind === 'known' && (
        <DossierView customerId={screenPop.dossier.customer.id} openConversationId={card.id} />
      )}
      {screenPop.kind === 'candidates' && <Candidates card={card} candidates={screenPop.candidates} editable={mine} />}
      {screenPop.kind === 'new' && <NewCustomer card={card} prefill={screenPop.prefill} editable={mine} />}
      {mine && <LinkCustomer card={card} known={screenPop.kind === 'known'} />}
      {/* During a call it has the middle of the desk: there is nothing to read there. */}
      {card.channel !== 'call' && <Knowledge clientId={card.clientId} conversationId={card.id} />}
      <Products clientId={card.clientId} />
    </section>
  );
}
