import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Panel } from '@kernlijn/ui/Panel.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { createStore, useStore } from '@kernlijn/ui/store.ts';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions.ts';
import { useTrouble } from '../text/trouble.ts';
import { ArticleView } from './ArticleView.tsx';
import classes from './Knowledge.module.css';
import { articlesQuery } from './queries.ts';

/** What was searched and opened, by place, so that switching between conversations keeps it. */
const places = createStore<Record<string, { text: string; article: string | undefined }>>({});
const most = 6;

export function Knowledge(props: { clientId: string; conversationId?: string }) {
  const { t } = useTranslation('guidance');
  return (
    <Panel name="knowledge" title={t('knowledge.title')}>
      <KnowledgeSearch {...props} />
    </Panel>
  );
}

export function KnowledgeSearch({ clientId, conversationId }: { clientId: string; conversationId?: string }) {
  const { t } = useTranslation('guidance');
  const words = useTrouble();
  const place = conversationId ?? clientId;
  const { text, article } = useStore(places)[place] ?? { text: '', article: undefined };
  const keep = (part: { text?: string; article?: string | undefined }) =>
    places.set((all) => ({ ...all, [place]: { text, article, ...part } }));
  const [settled] = useDebouncedValue(text.trim(), 200);
  const found = useQuery(articlesQuery(clientId, settled));
  const field = useRef<HTMLInputElement>(null);
  useAction('knowledge', () => field.current?.focus(), article === undefined);

  if (article)
    return (
      <ArticleView articleId={article} conversationId={conversationId} back={() => keep({ article: undefined })} />
    );
  return (
    <div className={classes.search}>
      <TextInput
        ref={field}
        type="search"
        aria-label={t('knowledge.search')}
        placeholder={t('knowledge.search')}
        leftSection={<Icon name="search" size={14} />}
        value={text}
        onChange={(event) => keep({ text: event.currentTarget.value })}
      />
      {found.error && !found.data && <Trouble>{words(found.error)}</Trouble>}
      {found.data?.articles.length === 0 && (
        <p className={classes.empty}>{settled ? t('knowledge.empty', { text: settled }) : t('knowledge.none')}</p>
      )}
      <ul className={classes.list}>
        {found.data?.articles.slice(0, most).map((line) => (
          <li key={line.id}>
            <button type="button" className={classes.line} onClick={() => keep({ article: line.id })}>
              <span className={classes.title} lang={line.language}>
                {line.title}
              </span>
              <span className={classes.excerpt} lang={line.language}>
                {line.excerpt}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
