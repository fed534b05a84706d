import type { ConversationCard } from '@kernlijn/contract/conversations';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useTrouble } from '../text/trouble.ts';
import classes from './CallRecordings.module.css';
import { callRecordingsQuery } from './queries.ts';
import { RecordingView } from './RecordingView.tsx';

/** While one is on its way to the disk. */
const lookAgainMs = 2_000;

/** With a call that is over: what was recorded of it. */
export function CallRecordings({ card }: { card: ConversationCard }) {
  const { t } = useTranslation(['recordings', 'shell']);
  const { permissions } = useMe();
  const words = useTrouble();
  const read = useQuery({
    ...callRecordingsQuery(card.id),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.recordings.some(({ state: is }) => is === 'ending' || is === 'ended') ? lookAgainMs : false,
  });
  if (read.error && !read.data)
    return (
      <Trouble retry={() => void read.refetch()} retryLabel={t('shell:tryAgain')}>
        {words(read.error)}
      </Trouble>
    );
  const recordings = read.data?.recordings ?? [];
  if (recordings.length === 0) return null;
  return (
    <section className={classes.recordings} aria-label={t('title')}>
      {recordings.map((recording) => (
        <article key={recording.id} className={classes.recording}>
          <h2 className={classes.title}>
            {t('one')}
            {permissions.includes('recordings.listen') && (recording.may.listen || recording.may.govern) && (
              <Link to="/recordings/$recordingId" params={{ recordingId: recording.id }}>
                {t('open')}
              </Link>
            )}
          </h2>
          <RecordingView recording={recording} />
        </article>
      ))}
    </section>
  );
}
