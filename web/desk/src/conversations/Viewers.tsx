import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import { useViewers } from './collision.ts';
import classes from './Viewers.module.css';

/** Two people must not answer the same customer. */
export function Viewers({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation('conversations');
  const viewers = useViewers(conversationId);
  return (
    <div role="status" className={classes.viewers} hidden={viewers.length === 0}>
      {viewers.map((viewer) => (
        <span key={viewer.id} className={classes.viewer} data-typing={viewer.typing}>
          <Icon name={viewer.typing ? 'edit' : 'eye'} size={14} />
          {t(viewer.typing ? 'view.typing' : 'view.viewing', { name: viewer.name })}
        </span>
      ))}
    </div>
  );
}
