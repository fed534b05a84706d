import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import columns from '../conversations/Columns.module.css';
import { Knowledge } from '../guidance/Knowledge.tsx';
import { Products } from '../guidance/Products.tsx';
import { useTrouble } from '../text/trouble.ts';
import { DossierView } from './DossierView.tsx';
import { dossierQuery } from './queries.ts';
import classes from './CustomerPage.module.css';

/** A dossier that was looked up, without a conversation. */
export function CustomerPage() {
  const { t } = useTranslation(['customers', 'shell']);
  const { customerId } = useParams({ from: '/signed-in/desk/customers/$customerId' });
  const dossier = useQuery(dossierQuery(customerId));
  const words = useTrouble();
  return (
    <>
      <section
        className={columns.conversation}
        id="main"
        tabIndex={-1}
        data-column="conversation"
        aria-label={t('dossier')}
      >
        {dossier.error && !dossier.data && (
          <Trouble retry={() => void dossier.refetch()} retryLabel={t('shell:tryAgain')}>
            {words(dossier.error)}
          </Trouble>
        )}
        {dossier.isPending && <Waiting lines={8} label={t('shell:loading')} />}
        {dossier.data && (
          <div className={classes.page}>
            <DossierView key={customerId} customerId={customerId} />
          </div>
        )}
      </section>
      <section className={columns.customer} id="customer" tabIndex={-1} data-column="customer" aria-label={t('label')}>
        {dossier.data && <Knowledge clientId={dossier.data.customer.clientId} />}
        {dossier.data && <Products clientId={dossier.data.customer.clientId} />}
      </section>
    </>
  );
}
