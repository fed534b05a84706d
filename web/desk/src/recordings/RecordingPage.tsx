import {
  beginListening,
  deleteRecording,
  holdRecording,
  type Listening,
  type RecordingDetail,
} from '@kernlijn/contract/recordings';
import { Button } from '@mantine/core';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { call } from '@kernlijn/ui/call.ts';
import { useNow } from '@kernlijn/ui/clock.ts';
import { duration, moment } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { Waiting } from '@kernlijn/ui/Waiting.tsx';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, useMe } from '../access/queries.ts';
import { announce } from '../shell/announce.ts';
import { say, useFailure } from '../shell/notices.ts';
import { useTrouble } from '../text/trouble.ts';
import { useLocale, useNameOf } from '../text/use-locale.ts';
import { recordingQuery } from './queries.ts';
import { ReasonDialog } from './ReasonDialog.tsx';
import classes from './RecordingPage.module.css';
import { RecordingView } from './RecordingView.tsx';

export function RecordingPage() {
  const { t } = useTranslation(['recordings', 'shell']);
  const { recordingId } = useParams({ from: '/signed-in/recordings/$recordingId' });
  const read = useQuery(recordingQuery(recordingId));
  const words = useTrouble();
  return (
    <main className={classes.page} id="main" tabIndex={-1} aria-label={t('one')}>
      <div className={classes.content}>
        <Link to="/recordings" className={classes.back}>
          <Icon name="left" size={16} />
          {t('title')}
        </Link>
        {read.error && !read.data && (
          <Trouble retry={() => void read.refetch()} retryLabel={t('shell:tryAgain')}>
            {words(read.error)}
          </Trouble>
        )}
        {read.isPending && !read.error && <Waiting lines={8} label={t('shell:loading')} />}
        {read.data && <One recording={read.data} />}
      </div>
    </main>
  );
}

function One({ recording }: { recording: RecordingDetail }) {
  const { t } = useTranslation('recordings');
  const locale = useLocale();
  const nameOf = useNameOf();
  const { permissions } = useMe();
  const client = useClient(recording.clientId);
  const address = readable(recording.customerAddress, locale);
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{recording.customerName || address}</h1>
        {client && <ClientBadge name={client.name} colour={client.colour} />}
        <span className={classes.dim}>
          {[nameOf(recording.queueName), ...recording.agents.map(({ name }) => name)].join(' · ')}
        </span>
        {permissions.includes('customers.view') && (
          <Link to="/desk/c/$conversationId" params={{ conversationId: recording.conversationId }}>
            {t('openConversation')}
          </Link>
        )}
      </header>
      <section className={classes.panel} aria-label={t('player.label')}>
        <RecordingView recording={recording} />
        <Decisions recording={recording} />
      </section>
      <section className={classes.panel} aria-labelledby="who-listened">
        <h2 className={classes.subtitle} id="who-listened">
          {t('listened.title')}
        </h2>
        {recording.listenings.length === 0 ? (
          <p className={classes.none}>{t('listened.none')}</p>
        ) : (
          <ul className={classes.listenings}>
            {recording.listenings.map((listening) => (
              <Listened key={listening.id} listening={listening} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Listened({ listening: { personName, at, heard, copyReason } }: { listening: Listening }) {
  const { t } = useTranslation('recordings');
  const locale = useLocale();
  const now = useNow();
  const parts = heard.map(({ from, to }) => `${duration(from)}–${duration(to)}`).join(', ');
  return (
    <li>
      <b>{personName}</b>
      <time dateTime={at}>{moment(at, now, locale)}</time>
      <span className={classes.dim}>
        {copyReason !== null
          ? t('listened.copy', { reason: copyReason })
          : parts === ''
            ? t('listened.opened')
            : t('listened.parts', { parts })}
      </span>
    </li>
  );
}

/** What those who govern may do; each with a reason that is kept. */
function Decisions({ recording }: { recording: RecordingDetail }) {
  const { t } = useTranslation('recordings');
  const client = useQueryClient();
  const fail = useFailure();
  const [asking, setAsking] = useState<'copy' | 'hold' | 'delete'>();
  const at = { params: { recordingId: recording.id } };
  const keep = (after: RecordingDetail) => client.setQueryData(recordingQuery(recording.id).queryKey, after);
  const act = useMutation({
    mutationFn: async (reason: string) => {
      if (asking === 'copy') {
        const { listeningId } = await call(beginListening, { ...at, body: { copyReason: reason } });
        location.assign(`/api/recordings/${recording.id}/audio?listening=${listeningId}`);
        await client.invalidateQueries(recordingQuery(recording.id));
      } else keep(await call(asking === 'hold' ? holdRecording : deleteRecording, { ...at, body: { reason } }));
    },
    onSuccess: () => {
      if (asking === undefined) return;
      say(t(`decide.done.${asking}`));
      announce(t(`decide.done.${asking}`));
      setAsking(undefined);
    },
  });
  const release = useMutation({
    mutationFn: async () => keep(await call(holdRecording, { ...at, body: { reason: null } })),
    onSuccess: () => announce(t('decide.done.release')),
    onError: fail,
  });
  const { may, hold, state } = recording;
  const there = state === 'stored' || state === 'ended';
  const ask = (what: 'copy' | 'hold' | 'delete') => {
    act.reset();
    setAsking(what);
  };
  if (!there || !(may.copy || may.govern)) return null;
  return (
    <div className={classes.decisions}>
      {may.copy && (
        <Button variant="default" leftSection={<Icon name="download" size={14} />} onClick={() => ask('copy')}>
          {t('decide.copy')}
        </Button>
      )}
      {may.govern && hold === null && (
        <Button variant="default" onClick={() => ask('hold')}>
          {t('decide.hold')}
        </Button>
      )}
      {may.govern && hold !== null && (
        <Button variant="default" loading={release.isPending} onClick={() => release.mutate()}>
          {t('decide.release')}
        </Button>
      )}
      {may.govern && (
        <Button
          className={classes.delete}
          variant="subtle"
          color="red"
          disabled={hold !== null}
          title={hold === null ? undefined : t('decide.heldFirst')}
          onClick={() => ask('delete')}
        >
          {t('decide.delete')}
        </Button>
      )}
      {asking && (
        <ReasonDialog
          what={asking}
          busy={act.isPending}
          error={act.error}
          close={() => setAsking(undefined)}
          confirm={(reason) => act.mutate(reason)}
        />
      )}
    </div>
  );
}
