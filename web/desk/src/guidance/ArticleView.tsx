import type { Article } from '@kernlijn/contract/guidance';
import { Button } from '@mantine/core';
import { day } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ConversationDetail } from '@kernlijn/contract/conversations';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { replies, typeReply } from '../conversations/drafts.ts';
import { conversationKey } from '../conversations/queries.ts';
import { useTrouble } from '../text/trouble.ts';
import { useLocale } from '../text/use-locale.ts';
import classes from './Knowledge.module.css';
import { articleQuery } from './queries.ts';

export function ArticleView({
  articleId,
  conversationId,
  back,
}: {
  articleId: string;
  conversationId: string | undefined;
  back: () => void;
}) {
  const { t } = useTranslation(['guidance', 'shell']);
  const words = useTrouble();
  const locale = useLocale();
  const article = useQuery(articleQuery(articleId));
  return (
    <article className={classes.article}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        leftSection={<Icon name="left" size={14} />}
        onClick={back}
      >
        {t('knowledge.back')}
      </Button>
      {article.isPending && <Waiting lines={5} label={t('shell:loading')} />}
      {article.error && !article.data && <Trouble>{words(article.error)}</Trouble>}
      {article.data && (
        <div lang={article.data.language}>
          <h4 className={classes.articleTitle}>{article.data.title}</h4>
          <span className={classes.updated}>
            {t('knowledge.updated', { date: day(article.data.updatedAt, locale) })}
          </span>
          <div className={classes.body}>{article.data.body}</div>
          {conversationId && <Insert article={article.data} conversationId={conversationId} />}
        </div>
      )}
    </article>
  );
}

/** Only where an answer is being written. */
function Insert({ article, conversationId }: { article: Article; conversationId: string }) {
  const { t } = useTranslation('guidance');
  const { id: me } = useMe();
  const detail = useQueryClient().getQueryData<ConversationDetail>(conversationKey(conversationId));
  if (!detail || detail.card.channel === 'call' || detail.card.agentId !== me || detail.card.state !== 'handling')
    return null;
  const insert = () => {
    const before = replies.get()[conversationId] ?? detail.replyDraft?.text ?? '';
    typeReply(conversationId, before === '' ? article.body : `${before.trimEnd()}\n\n${article.body}`);
  };
  return (
    <Button variant="default" size="compact-xs" onClick={insert}>
      {t('knowledge.insert')}
    </Button>
  );
}
